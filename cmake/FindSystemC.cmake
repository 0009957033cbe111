# SPDX-License-Identifier: Apache-2.0
# Finds SystemC in SYSTEMC_HOME, then as package config, then by pkg-config, and names it SystemC::systemc.
# SystemC's headers demand the C++ standard that the library was built with; the model is C++20. The kernel's own knob
# SC_CPLUSPLUS names the library's standard; a link probe finds the value, so that a mismatch is one plain sentence
# here and not an undefined sc_api_version symbol at the end of the build.
set(SYSTEMC_HOME "$ENV{SYSTEMC_HOME}" CACHE PATH "Install folder of SystemC; empty: search the system")

if(SYSTEMC_HOME)
  find_path(SYSTEMC_INCLUDE_DIR systemc HINTS ${SYSTEMC_HOME}/include NO_DEFAULT_PATH)
  find_library(SYSTEMC_LIBRARY systemc HINTS ${SYSTEMC_HOME} PATH_SUFFIXES lib lib64 lib-linux64 NO_DEFAULT_PATH)
  if(NOT SYSTEMC_INCLUDE_DIR OR NOT SYSTEMC_LIBRARY)
    message(FATAL_ERROR "SYSTEMC_HOME is ${SYSTEMC_HOME}, but there is no include/systemc or no systemc library in it")
  endif()
  add_library(SystemC::systemc INTERFACE IMPORTED GLOBAL)
  target_include_directories(SystemC::systemc SYSTEM INTERFACE ${SYSTEMC_INCLUDE_DIR})
  target_link_libraries(SystemC::systemc INTERFACE ${SYSTEMC_LIBRARY})
else()
  find_package(SystemCLanguage QUIET CONFIG)
  if(SystemCLanguage_FOUND)
    set_target_properties(SystemC::systemc PROPERTIES IMPORTED_GLOBAL TRUE)
  else()
    pkg_check_modules(SYSTEMC QUIET IMPORTED_TARGET GLOBAL systemc>=2.3.3 tlm)
    if(NOT SYSTEMC_FOUND)
      message(FATAL_ERROR "SystemC was not found: install libsystemc-dev, or set SYSTEMC_HOME to its install folder")
    endif()
    add_library(SystemC::systemc INTERFACE IMPORTED GLOBAL)
    target_link_libraries(SystemC::systemc INTERFACE PkgConfig::SYSTEMC)
  endif()
endif()

set(_probe ${CMAKE_BINARY_DIR}/systemc_probe.cpp)
file(WRITE ${_probe} "#include <systemc>\nint sc_main(int, char**) { return sc_core::sc_is_running(); }\n")
foreach(standard 201703L 202002L 201402L)
  try_compile(SONIC_SYSTEMC_${standard} ${CMAKE_BINARY_DIR}/systemc_probe SOURCES ${_probe}
              COMPILE_DEFINITIONS -DSC_CPLUSPLUS=${standard} LINK_LIBRARIES SystemC::systemc
              CXX_STANDARD ${CMAKE_CXX_STANDARD} CXX_STANDARD_REQUIRED ON)
  if(SONIC_SYSTEMC_${standard})
    set(SONIC_SYSTEMC_STANDARD ${standard})
    break()
  endif()
endforeach()
if(NOT SONIC_SYSTEMC_STANDARD)
  message(FATAL_ERROR "SystemC was found, but a one-line sc_main does not link against it under C++14, 17 or 20: "
                      "its library and headers do not belong together, or it was built for another C++ standard")
endif()
message(STATUS "SystemC: library built for C++ ${SONIC_SYSTEMC_STANDARD}")
target_compile_definitions(SystemC::systemc INTERFACE SC_CPLUSPLUS=${SONIC_SYSTEMC_STANDARD})
