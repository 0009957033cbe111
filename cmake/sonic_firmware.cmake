# SPDX-License-Identifier: Apache-2.0
# Firmware for the platform's processor is cross-compiled by custom commands beside the host's build, if the compiler and
# its C library are installed: SONIC_FIRMWARE says so.
set(SONIC_FIRMWARE OFF)
find_program(RISCV_CC riscv64-unknown-elf-gcc)
if(RISCV_CC)
  execute_process(COMMAND ${RISCV_CC} -print-file-name=picolibc.specs OUTPUT_VARIABLE specs OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(IS_ABSOLUTE "${specs}")
    set(SONIC_FIRMWARE ON)
  endif()
endif()
if(NOT SONIC_FIRMWARE)
  message(STATUS "gcc-riscv64-unknown-elf or picolibc-riscv64-unknown-elf is not installed: no firmware (scripts/setup platform)")
endif()

# The older instruction-set specification has the CSR instructions in its base: with the newer one this compiler takes
# the C library of another processor, or refuses them.
set(sonic_firmware_root ${CMAKE_CURRENT_LIST_DIR}/../firmware)
set(sonic_firmware_flags
    -misa-spec=2.2 -mcmodel=medany -O2 -g -std=gnu11 -ffunction-sections -fdata-sections -Wall -Wextra -Wshadow
    --specs=picolibc.specs -I${sonic_firmware_root} -I${PROJECT_BINARY_DIR}/hw/regs/include)
if(SONIC_WERROR)
  list(APPEND sonic_firmware_flags -Werror)
endif()
set(sonic_firmware_rv32 -march=rv32imac -mabi=ilp32 ${sonic_firmware_flags} -DPICOLIBC_INTEGER_PRINTF_SCANF)
set(sonic_firmware_sources platform/start.S platform/accelerator.c platform/machine.c platform/trap.c platform/uart.c
                           driver/sonic.c driver/sonic_mmio.c)
list(TRANSFORM sonic_firmware_sources PREPEND ${sonic_firmware_root}/)
file(GLOB sonic_firmware_headers CONFIGURE_DEPENDS ${sonic_firmware_root}/*/*.h)
list(APPEND sonic_firmware_headers ${PROJECT_BINARY_DIR}/hw/regs/include/sonic_regs/sonic_regs.h)

# sonic_firmware(NAME SOURCES a.c ... [FLAGS ...] [DEPENDS files]): the target firmware_NAME makes
# PROJECT_BINARY_DIR/firmware/NAME.elf.
function(sonic_firmware name)
  cmake_parse_arguments(arg "" "" "SOURCES;FLAGS;DEPENDS" ${ARGN})
  list(TRANSFORM arg_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  set(elf ${PROJECT_BINARY_DIR}/firmware/${name}.elf)
  set(script ${sonic_firmware_root}/platform/link.ld)
  add_custom_command(
    OUTPUT ${elf}
    COMMAND ${RISCV_CC} ${sonic_firmware_rv32} ${arg_FLAGS} -nostartfiles -Wl,--gc-sections,--no-warn-rwx-segments -T
            ${script} ${sonic_firmware_sources} ${arg_SOURCES} -o ${elf}
    DEPENDS ${sonic_firmware_sources} ${arg_SOURCES} ${sonic_firmware_headers} ${script} ${arg_DEPENDS}
    COMMENT "Compiling the firmware ${name}"
    VERBATIM)
  add_custom_target(firmware_${name} ALL DEPENDS ${elf})
  add_dependencies(firmware_${name} sonic_regs_headers)
endfunction()
