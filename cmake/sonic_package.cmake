# SPDX-License-Identifier: Apache-2.0
# `cpack -G DEB` in the build folder, once `sonic` and `sonic_integration` are built: one Debian package of everything
# that is installed. What it depends on follows from the libraries that are linked.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON) # tests and benchmarks are no part of it
set(CPACK_PACKAGE_NAME sonic-tlm)
set(CPACK_PACKAGE_CONTACT "The authors of sonic-tlm <sonic-tlm@localhost>")
set(CPACK_PACKAGE_VENDOR "The authors of sonic-tlm")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "The command sonic, the library libsonic-tlm with headers, and configurations.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
# To build against the library; and to put RTL in the place of blocks.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libsystemc-dev")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, pkg-config, verilator, g++, make")
# Debian has another command of that name, for speech.
set(CPACK_DEBIAN_PACKAGE_CONFLICTS "sonic")
include(CPack)
