# SPDX-License-Identifier: Apache-2.0
# One language standard, one set of warnings and sanitizers, and the helper that makes a folder a target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# The folders' libraries go into the installed shared library, too.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

option(SONIC_WERROR "Treat warnings as errors" OFF)
option(SONIC_COVERAGE "Instrument for coverage" OFF)
set(SONIC_SANITIZE "" CACHE STRING "Sanitizers to build with, such as address,undefined")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(sonic_options INTERFACE)
# No fused multiply-add unless the source asks for it: results must not depend on the target or the optimisation level.
target_compile_options(sonic_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                                               -ffp-contract=off)
# GCC 12 sees overlapping copies in std::string's operator+ where there are none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(sonic_options INTERFACE -Wno-restrict)
endif()
if(SONIC_WERROR)
  target_compile_options(sonic_options INTERFACE -Werror)
endif()
if(SONIC_SANITIZE)
  target_compile_options(sonic_options INTERFACE -fsanitize=${SONIC_SANITIZE} -fno-sanitize-recover=all
                                                 -fno-omit-frame-pointer)
  target_link_options(sonic_options INTERFACE -fsanitize=${SONIC_SANITIZE})
endif()
if(SONIC_COVERAGE)
  target_compile_options(sonic_options INTERFACE --coverage -O0)
  target_link_options(sonic_options INTERFACE --coverage)
endif()

# sonic_library(NAME SOURCES a.cpp ... DEPENDS target ...): the folder's target sonic_NAME, known as sonic::NAME.
# DEPENDS is the folder's whole right to include: nothing else is on its link line. What the installed shared library
# shows of it is what it marks for export.
function(sonic_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  if(arg_SOURCES)
    add_library(sonic_${name} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(sonic_${name} PRIVATE sonic_options ${arg_PRIVATE_DEPENDS})
    set_target_properties(sonic_${name} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  else()
    add_library(sonic_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(sonic::${name} ALIAS sonic_${name})
  target_include_directories(sonic_${name} ${scope} ${PROJECT_SOURCE_DIR}/hw ${PROJECT_SOURCE_DIR})
  target_link_libraries(sonic_${name} ${scope} ${arg_DEPENDS})
endfunction()
