# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where. Nothing of it knows the prefix: the tree may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(SONIC_CONFIGS_INSTALL_DIR ${CMAKE_INSTALL_DATADIR}/sonic-tlm/configs)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/sonic-tlm)

install(TARGETS sonic RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
install(TARGETS sonic_integration EXPORT sonic-tlm
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT sonic-tlm NAMESPACE sonic:: FILE sonic-tlmTargets.cmake DESTINATION ${package_dir} COMPONENT development)

configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/sonic-tlmConfig.cmake.in ${PROJECT_BINARY_DIR}/package/sonic-tlmConfig.cmake
  INSTALL_DESTINATION ${package_dir} PATH_VARS SONIC_CONFIGS_INSTALL_DIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/sonic-tlmConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/package/sonic-tlmConfig.cmake
              ${PROJECT_BINARY_DIR}/package/sonic-tlmConfigVersion.cmake ${CMAKE_CURRENT_LIST_DIR}/FindSystemC.cmake
        DESTINATION ${package_dir} COMPONENT development)

set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH SONIC_PC_TO_PREFIX /prefix/${pc_dir} /prefix)
string(REGEX REPLACE "/$" "" SONIC_PC_TO_PREFIX "${SONIC_PC_TO_PREFIX}")
configure_file(${CMAKE_CURRENT_LIST_DIR}/sonic-tlm.pc.in ${PROJECT_BINARY_DIR}/package/sonic-tlm.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/sonic-tlm.pc DESTINATION ${pc_dir} COMPONENT development)

# Experiments and examples name files of the source tree, so they stay there.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs/ DESTINATION ${SONIC_CONFIGS_INSTALL_DIR} COMPONENT runtime
        PATTERN experiments EXCLUDE PATTERN examples EXCLUDE)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime RENAME copyright)
install(FILES ${PROJECT_SOURCE_DIR}/docs/report.schema.json ${PROJECT_SOURCE_DIR}/docs/registers.md
              ${PROJECT_SOURCE_DIR}/docs/configuration_keys.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
