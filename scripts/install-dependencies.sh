#!/usr/bin/env bash
# Installs the Debian packages that are missing, and says which and why.
#
#   scripts/install-dependencies.sh build            to build and run
#   scripts/install-dependencies.sh build test       ... and to test
#
# Groups: build, test, package, bench, check. Nothing is asked of the network when nothing is missing.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# packages_of GROUP: lines of `package reason`.
packages_of() {
  case "$1" in
    build)
      cat <<'LIST'
g++-12 the compiler
cmake the build
ninja-build the build
pkg-config the build finds toml++ with it
ccache a second build is fast
mold links fast
libboost-dev HTTP server (Beast, Asio), stack traces
libphonenumber-dev line types and regions of phone numbers
libhowardhinnant-date-dev what clocks show in a time zone
tzdata the time zones
libsqlitecpp-dev the store
libsqlite3-dev the store
nlohmann-json3-dev JSON
libtomlplusplus-dev the settings file
libcli11-dev the command line
libspdlog-dev logs
prometheus-cpp-dev metrics
zlib1g-dev metrics, compressed on request
libcurl4-openssl-dev HTTP client
libssl-dev signatures
ca-certificates the carrier's TLS certificate is verified against these
libgtest-dev tests, which the build knows of
libgmock-dev tests
librapidcheck-dev property tests
libexpat1-dev the practice carrier reads TwiML with it, and tests judge ours
curl make run talks to the practice carrier with it
LIST
      ;;
    test)
      cat <<'LIST'
sqlite3 tests look into the database from outside
procps tests watch processes
binutils a test reads the symbols of our archives
e2fsprogs tests break and repair disks of their own
git mutants are patches of a copy of the work tree
prometheus the alerts of deploy/ are judged by it
prometheus-alertmanager brings these alerts to people
caddy the web server's examples are judged by the web servers
nginx-light the other one
openssl makes a throw-away authority for them
systemd judges the service unit; it need not run
dpkg-dev the package is made and taken apart by it
lintian judges the package
debootstrap a Debian of its own, in which the package is installed
LIST
      # A machine may have these from elsewhere than Debian.
      command -v node >/dev/null || echo "nodejs tests of structure, and independent judges"
      command -v npm >/dev/null || echo "npm installs the judges"
      ;;
    package)
      cat <<'LIST'
dpkg-dev which libraries the package needs
binutils the program is stripped
LIST
      ;;
    bench)
      cat <<'LIST'
wrk generates load
nginx-light the ceiling that we compare with
libbenchmark-dev small benchmarks
sqlite3 counts what is in the ledger afterwards
LIST
      command -v node >/dev/null || echo "nodejs runs the measurements"
      ;;
    check)
      cat <<'LIST'
clang-19 the second compiler
clang-tidy-19 lint
clang-format-19 formatting
libclang-rt-19-dev sanitizers and libFuzzer
LIST
      ;;
    *) fail "There is no group of packages '$1'; the groups are build, test, package, bench and check." ;;
  esac
}

[ $# -gt 0 ] || fail "Name the groups to install: build, test, package, bench, check."

missing=()
for group in "$@"; do
  list="$(packages_of "$group")"
  while read -r package reason; do
    case " ${missing[*]-} " in *" $package "*) continue ;; esac
    if ! command -v dpkg-query >/dev/null; then
      missing+=("$package")
    elif [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      say "Missing for '$group': $package ($reason)"
      missing+=("$package")
    fi
  done <<<"$list"
done

if [ ${#missing[@]} -eq 0 ]; then
  say "Every package needed to $* is installed"
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  say "This is not Debian: nothing is installed. Debian's names of what is needed: ${missing[*]}"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "Neither root nor sudo: run as root: apt-get install ${missing[*]}"
  as_root=(sudo)
fi
# Some packages bring a service that would be started at once: tests start their own. Debian asks this file whether it may.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi
say "Installing ${#missing[@]} packages with apt-get: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
# Nor at the next start of the machine, where it was us who brought them.
for service in prometheus prometheus-alertmanager caddy nginx; do
  case " ${missing[*]} " in *" $service "* | *" $service-light "*)
    "${as_root[@]}" systemctl disable --quiet "$service" 2>/dev/null || true ;;
  esac
done
say "Installed"
