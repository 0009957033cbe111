# SPDX-License-Identifier: Apache-2.0
# Every outside library, found in one place and given one target name. docs/building.md says what each is for.
find_package(PkgConfig REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
include(FindSystemC)
if(SONIC_SYSTEMC_PROBLEM)
  message(FATAL_ERROR "${SONIC_SYSTEMC_PROBLEM}")
endif()
message(STATUS "SystemC ${SONIC_SYSTEMC_VERSION}: library built for C++ ${SONIC_SYSTEMC_STANDARD}")
target_compile_definitions(SystemC::systemc INTERFACE SC_CPLUSPLUS=${SONIC_SYSTEMC_STANDARD})
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Protobuf REQUIRED)
find_package(ONNX REQUIRED CONFIG)
find_package(PNG REQUIRED)
find_package(pugixml REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)

add_library(sonic_onnx INTERFACE)
target_link_libraries(sonic_onnx INTERFACE onnx onnx_proto protobuf::libprotobuf)

# What of Eigen is under its own licence, the MPL 2, alone.
add_library(sonic_eigen INTERFACE)
target_link_libraries(sonic_eigen INTERFACE Eigen3::Eigen)
target_compile_definitions(sonic_eigen INTERFACE EIGEN_MPL2_ONLY)

find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
add_library(sonic_random123 INTERFACE)
target_include_directories(sonic_random123 SYSTEM INTERFACE ${RANDOM123_INCLUDE_DIR})
