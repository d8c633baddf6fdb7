# One folder of the house: a static library with its own include root, linking only what its row allows,
# and its tests beside it.
#
#   jobrun_folder(flow USES base)
#   jobrun_folder(net USES base PACKAGES Boost::headers CURL::libcurl)
#
# Sources are the folder's *.cpp except *_test.cpp; those become `<name>_test`, one ctest entry per test.
function(jobrun_folder name)
  cmake_parse_arguments(ARG "" "" "USES;PACKAGES;TEST_USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(test_sources ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER test_sources INCLUDE REGEX "_test\\.cpp$")

  add_library(jobrun_${name} STATIC ${sources})
  target_include_directories(jobrun_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include)
  # Private headers, found relative to the folder.
  target_include_directories(jobrun_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM ARG_USES PREPEND jobrun_ OUTPUT_VARIABLE used)
  target_link_libraries(jobrun_${name} PUBLIC ${used} PRIVATE ${ARG_PACKAGES})

  if(test_sources)
    add_executable(${name}_test ${test_sources})
    list(TRANSFORM ARG_TEST_USES PREPEND jobrun_ OUTPUT_VARIABLE test_used)
    target_include_directories(${name}_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(${name}_test PRIVATE jobrun_${name} ${test_used} ${ARG_PACKAGES} GTest::gmock_main
                          ${RAPIDCHECK_LIBRARY} Threads::Threads)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." NO_PRETTY_VALUES DISCOVERY_MODE PRE_TEST
                         PROPERTIES LABELS ${name} TIMEOUT 120)
  endif()
endfunction()

include(GoogleTest)
