#!/usr/bin/env bash
# Installs the independent judges (npm packages, exactly those of the lock file) into tests/judges, unless
# they are there already.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd tests/judges

stamp=node_modules/.installed-from
if [ -f "$stamp" ] && cmp -s "$stamp" package-lock.json; then
  say "The judges in tests/judges are installed"
  exit 0
fi
say "Installing the judges in tests/judges (npm ci: exactly the versions of package-lock.json)"
npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
cp package-lock.json "$stamp"
