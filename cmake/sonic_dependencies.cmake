# SPDX-License-Identifier: Apache-2.0
# Every outside library, found in one place and given one target name. docs/building.md says what each is for.
find_package(PkgConfig REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
include(FindSystemC)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(ONNX REQUIRED CONFIG)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)

add_library(sonic_onnx INTERFACE)
target_link_libraries(sonic_onnx INTERFACE onnx onnx_proto protobuf::libprotobuf)
