#!/usr/bin/env bash
# Makes the Debian package of the release build, in build/package.
#
# The same tree and compiler make the same bytes: times inside are SOURCE_DATE_EPOCH, which is the changelog's own date
# unless set. A new version is told in deploy/debian/changelog and in CMakeLists.txt.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/install-dependencies.sh build package
configure_and_build release jobrun package_pages
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(dpkg-parsechangelog -l deploy/debian/changelog -S Timestamp)}"
export SOURCE_DATE_EPOCH
umask 022
rm -rf build/package
say "Packing (cpack)"
cpack --config build/release/CPackConfig.cmake -B build/package >build/package.log || {
  cat build/package.log
  fail "cpack failed."
}
rm -r build/package/_CPack_Packages
say "Made $(ls build/package/*.deb); install it with: apt-get install ./$(ls build/package/*.deb)"
