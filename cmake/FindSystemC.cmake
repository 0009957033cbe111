# SPDX-License-Identifier: Apache-2.0
# Finds SystemC in SYSTEMC_HOME, then as package config, then by pkg-config, and names it SystemC::systemc; a target of
# that name is taken as it is. Used by this project's own build and, installed, by those who use the library. Gives
#   SONIC_SYSTEMC_PROBLEM   one sentence if there is none that links, else empty
#   SONIC_SYSTEMC_VERSION   such as 2.3.4
#   SONIC_SYSTEMC_STANDARD  of C++ for which the library was built, such as 201703L
#   SONIC_SYSTEMC_WHERE     in words, for messages
# SystemC's headers demand the C++ standard that the library was built with. The kernel's own knob SC_CPLUSPLUS names
# the library's standard; a link probe finds the value, so that a mismatch is one plain sentence and not an undefined
# sc_api_version symbol at the end of the build.
set(SYSTEMC_HOME "$ENV{SYSTEMC_HOME}" CACHE PATH "Install folder of SystemC; empty: search the system")
set(SONIC_SYSTEMC_PROBLEM "")
set(SONIC_SYSTEMC_WHERE "the system's folders")

if(TARGET SystemC::systemc)
  set(SONIC_SYSTEMC_WHERE "the project's own target SystemC::systemc")
elseif(SYSTEMC_HOME)
  set(SONIC_SYSTEMC_WHERE "${SYSTEMC_HOME}")
  find_path(SYSTEMC_INCLUDE_DIR systemc HINTS ${SYSTEMC_HOME}/include NO_DEFAULT_PATH)
  find_library(SYSTEMC_LIBRARY systemc HINTS ${SYSTEMC_HOME} PATH_SUFFIXES lib lib64 lib-linux64 NO_DEFAULT_PATH)
  if(NOT SYSTEMC_INCLUDE_DIR OR NOT SYSTEMC_LIBRARY)
    set(SONIC_SYSTEMC_PROBLEM
        "SYSTEMC_HOME is ${SYSTEMC_HOME}, but there is no include/systemc or no systemc library in it")
    return()
  endif()
  add_library(SystemC::systemc INTERFACE IMPORTED GLOBAL)
  target_include_directories(SystemC::systemc SYSTEM INTERFACE ${SYSTEMC_INCLUDE_DIR})
  target_link_libraries(SystemC::systemc INTERFACE ${SYSTEMC_LIBRARY})
else()
  find_package(SystemCLanguage QUIET CONFIG)
  if(SystemCLanguage_FOUND)
    set_target_properties(SystemC::systemc PROPERTIES IMPORTED_GLOBAL TRUE)
  else()
    find_package(PkgConfig QUIET)
    if(PKG_CONFIG_FOUND)
      pkg_check_modules(SYSTEMC QUIET IMPORTED_TARGET GLOBAL systemc>=2.3.3 tlm)
    endif()
    if(NOT SYSTEMC_FOUND)
      set(SONIC_SYSTEMC_PROBLEM
          "SystemC was not found: install libsystemc-dev, or set SYSTEMC_HOME to its install folder")
      return()
    endif()
    add_library(SystemC::systemc INTERFACE IMPORTED GLOBAL)
    target_link_libraries(SystemC::systemc INTERFACE PkgConfig::SYSTEMC)
  endif()
endif()

set(_standard ${CMAKE_CXX_STANDARD})
if(NOT _standard OR _standard LESS 17 OR _standard EQUAL 98)
  set(_standard 17)
endif()
set(_probe ${CMAKE_BINARY_DIR}/systemc_probe.cpp)

# The version stands in the symbol that the probe would not find, so it is read first.
file(WRITE ${_probe} "#include <systemc>\n"
                     "#define SONIC_TEXT_OF(x) #x\n#define SONIC_TEXT(x) SONIC_TEXT_OF(x)\n"
                     "extern const char sonic_version[];\n"
                     "const char sonic_version[] = \"SONIC:\" SONIC_TEXT(SC_VERSION_MAJOR) \".\" "
                     "SONIC_TEXT(SC_VERSION_MINOR) \".\" SONIC_TEXT(SC_VERSION_PATCH) \":\";\n"
                     "int sc_main(int, char**) { return sonic_version[sc_core::sc_is_running()]; }\n")
unset(SONIC_SYSTEMC_STANDARD)
unset(SONIC_SYSTEMC_VERSION)
foreach(standard ${SONIC_SYSTEMC_FIRST} 201703L 202002L 201402L 202302L)
  try_compile(SONIC_SYSTEMC_${standard} ${CMAKE_BINARY_DIR}/systemc_probe SOURCES ${_probe}
              COMPILE_DEFINITIONS -DSC_CPLUSPLUS=${standard} LINK_LIBRARIES SystemC::systemc
              CXX_STANDARD ${_standard} CXX_STANDARD_REQUIRED ON
              COPY_FILE ${CMAKE_BINARY_DIR}/systemc_probe_${standard} COPY_FILE_ERROR _not_copied)
  if(SONIC_SYSTEMC_${standard})
    set(SONIC_SYSTEMC_STANDARD ${standard})
    if(NOT _not_copied)
      file(STRINGS ${CMAKE_BINARY_DIR}/systemc_probe_${standard} _version REGEX "SONIC:[0-9.]+:")
      string(REGEX REPLACE ".*SONIC:([0-9.]+):.*" "\\1" _version "${_version}")
      set(SONIC_SYSTEMC_VERSION ${_version} CACHE INTERNAL "Version of the SystemC that was found")
    endif()
    break()
  endif()
endforeach()
set(SONIC_SYSTEMC_VERSION $CACHE{SONIC_SYSTEMC_VERSION})
if(NOT SONIC_SYSTEMC_STANDARD)
  set(SONIC_SYSTEMC_PROBLEM
      "SystemC was found in ${SONIC_SYSTEMC_WHERE}, but a one-line sc_main does not link against it under C++14, 17, 20 or 23: its library and headers do not belong together, or it was built for another C++ standard")
endif()
