# The Debian package: what is installed where, and what the package says of itself. `scripts/package.sh` makes it.
#
# Only of the release build: one made of another would install, and be slow or depend on what nobody has.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU" OR JOBRUN_SANITIZER)
  set(JOBRUN_IS_PACKAGED OFF)
  return()
endif()
set(JOBRUN_IS_PACKAGED ON)

set(package_from ${CMAKE_SOURCE_DIR}/deploy/debian)
set(package_pages ${CMAKE_BINARY_DIR}/package_pages)

# What the program says of itself, so that it cannot differ from the program.
file(MAKE_DIRECTORY ${package_pages})
add_custom_command(
  OUTPUT ${package_pages}/jobrun.1.gz
  COMMAND jobrun man > jobrun.1
  COMMAND gzip -9nf jobrun.1
  COMMAND jobrun completion bash > jobrun
  COMMAND jobrun completion zsh > _jobrun
  COMMAND jobrun completion fish > jobrun.fish
  WORKING_DIRECTORY ${package_pages}
  DEPENDS jobrun)
add_custom_command(
  OUTPUT ${package_pages}/changelog.gz
  COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/CHANGELOG.md > changelog.gz
  COMMAND gzip -9nc ${package_from}/changelog > changelog.Debian.gz
  WORKING_DIRECTORY ${package_pages}
  DEPENDS ${CMAKE_SOURCE_DIR}/CHANGELOG.md ${package_from}/changelog)
add_custom_target(package_pages ALL DEPENDS ${package_pages}/jobrun.1.gz ${package_pages}/changelog.gz)

# The unit of deploy/systemd runs what was installed by hand, and begins by telling how; the package's does neither.
file(READ ${CMAKE_SOURCE_DIR}/deploy/systemd/jobrun.service unit)
string(REGEX REPLACE "^#[^[]*\\[Unit\\]" "[Unit]" unit "${unit}")
string(REPLACE "/usr/local/bin/jobrun" "/usr/bin/jobrun" unit "${unit}")
string(REPLACE "[Unit]\n" "[Unit]\nDocumentation=man:jobrun(1) file:///usr/share/doc/jobrun/OPERATIONS.md\n" unit "${unit}")
file(WRITE ${package_pages}/jobrun.service "${unit}")
set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS deploy/systemd/jobrun.service)

# Every path from the root: the package has files outside of /usr.
set(document_folder usr/share/doc/jobrun)
install(TARGETS jobrun RUNTIME DESTINATION usr/bin)
install(FILES deploy/jobrun.toml DESTINATION etc/jobrun)
install(FILES ${package_pages}/jobrun.service DESTINATION lib/systemd/system)
install(FILES ${package_pages}/jobrun.1.gz DESTINATION usr/share/man/man1)
install(FILES ${package_pages}/jobrun DESTINATION usr/share/bash-completion/completions)
install(FILES ${package_pages}/_jobrun DESTINATION usr/share/zsh/vendor-completions)
install(FILES ${package_pages}/jobrun.fish DESTINATION usr/share/fish/vendor_completions.d)
install(FILES ${package_from}/copyright ${package_pages}/changelog.gz ${package_pages}/changelog.Debian.gz
              README.md docs/OPERATIONS.md docs/SETTINGS.md
        DESTINATION ${document_folder})
install(FILES ${package_from}/lintian-overrides DESTINATION usr/share/lintian/overrides RENAME jobrun)
install(DIRECTORY deploy/caddy deploy/nginx deploy/grafana deploy/journald deploy/prometheus
        DESTINATION ${document_folder}/examples
        FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ
        PATTERN "*_test.yml" EXCLUDE)
install(PROGRAMS deploy/backup.sh DESTINATION ${document_folder}/examples)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME jobrun)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR JobRun)
set(CPACK_PACKAGE_CONTACT "JobRun <jobrun@example.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "answers the calls that a business misses")
set(CPACK_PACKAGE_DESCRIPTION
    "JobRun stands behind the phone numbers of businesses. Whoever calls one and is
not answered is texted, asked what the job is, and the owner is alerted. No
call ends in silence: what was promised is on disk before a carrier is
answered, and leaves again after a crash.
.
It needs an account at a carrier that calls webhooks. A practice carrier is
part of it, so that it can be tried without one.")
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What dpkg-shlibdeps cannot see: certificates to know the carrier by, the hours that businesses keep, the kill by which the
# unit reloads, and what the maintainer scripts run.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, init-system-helpers (>= 1.54), procps, tzdata")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "caddy | nginx, prometheus, prometheus-alertmanager, sqlite3")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${package_from}/postinst ${package_from}/prerm ${package_from}/postrm
                                       ${package_pages}/conffiles)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(WRITE ${package_pages}/conffiles "/etc/jobrun/jobrun.toml\n")
include(CPack)
