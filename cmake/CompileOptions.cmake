# How every file is compiled. Warnings are errors: a warning that may stay is a warning nobody reads.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set_property(GLOBAL PROPERTY TARGET_MESSAGES OFF)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror
                    -Werror=switch -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these in its own library and in std::variant at -O2; clang and the sanitizers look too.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds
                      -Wno-dangling-pointer)
endif()

set(JOBRUN_SANITIZER "" CACHE STRING "address,undefined or thread")
if(JOBRUN_SANITIZER)
  add_compile_options(-fsanitize=${JOBRUN_SANITIZER} -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${JOBRUN_SANITIZER})
endif()

option(JOBRUN_FUZZ "Build the libFuzzer targets (clang only)" OFF)

find_program(JOBRUN_CCACHE ccache)
if(JOBRUN_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${JOBRUN_CCACHE})
endif()
find_program(JOBRUN_MOLD mold)
if(JOBRUN_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
