#!/usr/bin/env bash
# Copies what JobRun keeps while it runs, into a folder of its own that is whole or not there.
#
#   deploy/backup.sh /var/lib/jobrun/jobrun.db /var/backups/jobrun
#
# Run it as the service's user; where the spool is elsewhere, with JOBRUN_SPOOL_DIR set. Prints the new folder. How to
# put it back: docs/OPERATIONS.md, "Back up and restore".
set -euo pipefail
umask 077

fail() {
  printf 'backup: %s\n' "$*" >&2
  exit 1
}

[ $# -eq 2 ] || fail "Name the database and the folder for backups: $0 /var/lib/jobrun/jobrun.db /var/backups/jobrun"
database="$1" folder="$2" spool="${JOBRUN_SPOOL_DIR:-$1.spool}"
command -v sqlite3 >/dev/null || fail "sqlite3 is missing: apt-get install sqlite3"
[ -s "$database" ] || fail "There is no database $database, or it is empty."
case "$folder" in *"'"*) fail "The folder's name must have no quote in it: $folder" ;; esac

mkdir -p "$folder"
target="$folder/jobrun-$(date -u +%Y%m%dT%H%M%SZ)"
work="$(mktemp -d "$folder/partial.XXXXXX")"
trap 'rm -rf "$work"' EXIT

# The spool before the database: an event that leaves the spool meanwhile is in the database by then. The other way
# round it could be in neither. One that is in both is taken once.
if [ -d "$spool" ]; then
  mkdir "$work/jobrun.db.spool"
  for file in "$spool"/*; do
    case "$file" in */lock | */\*) continue ;; esac
    cp --preserve=timestamps "$file" "$work/jobrun.db.spool/" 2>/dev/null || [ ! -e "$file" ] ||
      fail "$file cannot be copied."
  done
fi
for beside in directory guard; do
  [ ! -e "$database.$beside" ] || cp --preserve=timestamps "$database.$beside" "$work/jobrun.db.$beside"
done

# One moment of the database, with what its log holds; the service goes on writing.
sqlite3 -cmd '.timeout 10000' "$database" "VACUUM INTO '$work/jobrun.db'" >/dev/null
[ "$(sqlite3 "$work/jobrun.db" 'PRAGMA integrity_check')" = ok ] ||
  fail "The copy is damaged, and so the database may be: run 'jobrun doctor'. Older backups are left alone."

sync "$work"/jobrun.db "$work"
[ ! -e "$target" ] || fail "There is a backup of this second already: $target"
mv -T "$work" "$target"
sync "$folder"
printf '%s\n' "$target"
