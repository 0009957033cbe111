#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the C++ table, the firmware header and the documentation from registers.yaml and descriptor.yaml.

Usage: generate.py REGISTERS DESCRIPTOR {cpp|c|markdown} OUTPUT
The output is written to a temporary file and renamed. Overlaps, misalignment and unknown keys are errors (exit code 2).
"""
import os
import sys

import yaml

TYPES = {"u8": (1, "uint8_t"), "u32": (4, "uint32_t"), "i32": (4, "int32_t"), "u64": (8, "uint64_t"),
         "i64": (8, "int64_t"), "f32": (4, "float"), "f64": (8, "double")}
REGISTER_KEYS = {"name", "offset", "access", "reset", "mask", "description", "fields"}
ACCESS = ("ro", "rw", "w1s", "w1c")


class Mistake(Exception):
    """A contradiction in the sources, as one sentence."""


def check_registers(regs):
    seen = {}
    for reg in regs["registers"]:
        where = f"register {reg.get('name')}"
        unknown = set(reg) - REGISTER_KEYS
        if unknown:
            raise Mistake(f"{where}: unknown key {sorted(unknown)[0]}; expected one of {sorted(REGISTER_KEYS)}")
        if reg["access"] not in ACCESS:
            raise Mistake(f"{where}: access {reg['access']}; expected one of {ACCESS}")
        if reg["offset"] % 4 or reg["offset"] + 4 > regs["size"]:
            raise Mistake(f"{where}: offset {reg['offset']:#x}; expected a multiple of 4 below {regs['size']:#x}")
        if reg["offset"] in seen:
            raise Mistake(f"{where}: offset {reg['offset']:#x} is also {seen[reg['offset']]}'s")
        seen[reg["offset"]] = reg["name"]


def check_fields(what, fields, size):
    end = 0
    for field in fields:
        width = TYPES[field["type"]][0]
        if field["offset"] % width:
            raise Mistake(f"{what}.{field['name']}: offset {field['offset']}; expected a multiple of {width}")
        if field["offset"] < end:
            raise Mistake(f"{what}.{field['name']}: offset {field['offset']} overlaps the field before it")
        end = field["offset"] + width
    if end > size:
        raise Mistake(f"{what}: its fields end at byte {end}; expected at most {size}")


def structs(descriptor):
    """(name, size, fields) of every record that lies in memory."""
    with_types = [dict(f, type=f["type"]) for f in descriptor["panel"]["fields"]]
    parameters = descriptor["parameters"]
    return [("descriptor", descriptor["size"], descriptor["fields"]),
            ("panel", descriptor["panel"]["size"], with_types),
            ("parameters_code16", parameters["size"], parameters["code16"]),
            ("parameters_float32", parameters["size"], parameters["float32"])]


def struct_members(size, fields, indent, std):
    lines, end, pad = [], 0, 0
    for field in fields:
        if field["offset"] > end:
            lines.append(f"{indent}{std}uint8_t reserved_{pad}[{field['offset'] - end}];")
            pad += 1
        width, ctype = TYPES[field["type"]]
        note = f" ///< {field['description']}" if field["description"] else ""
        lines.append(f"{indent}{std if ctype.endswith('_t') else ''}{ctype} {field['name']};{note}")
        end = field["offset"] + width
    if end < size:
        lines.append(f"{indent}{std}uint8_t reserved_{pad}[{size - end}];")
    return lines


def cpp(regs, descriptor):
    out = ["// SPDX-License-Identifier: Apache-2.0", "// Generated from hw/regs/*.yaml; do not edit.", "#pragma once", "",
           "#include <array>", "#include <bit>", "#include <cstddef>", "#include <cstdint>", "",
           "namespace sonic::regs {", "",
           'static_assert(std::endian::native == std::endian::little, "memory images are little-endian");', "",
           "enum class access { ro, rw, w1s, w1c };", "",
           "struct register_info {", "  const char* name;", "  std::uint32_t offset;", "  access mode;",
           "  std::uint32_t reset;", "  std::uint32_t mask; ///< writable bits", "};", "",
           f"inline constexpr std::uint32_t bank_size = {regs['size']:#x};", "",
           "/// Register addresses, and masks of their fields as register_field.", "namespace at {"]
    for reg in regs["registers"]:
        out.append(f"inline constexpr std::uint32_t {reg['name']} = {reg['offset']:#05x}; ///< {reg['description']}")
        for field in reg.get("fields", []):
            out.append(f"inline constexpr std::uint32_t {reg['name']}_{field['name']} = {1 << field['bit']:#x}; "
                       f"///< {field['description']}")
    out += ["} // namespace at", "", f"inline constexpr std::array<register_info, {len(regs['registers'])}> table{{{{"]
    for reg in regs["registers"]:
        mask = reg.get("mask", sum(1 << f["bit"] for f in reg.get("fields", [])) or 0xFFFFFFFF)
        out.append(f'    {{"{reg["name"]}", {reg["offset"]:#05x}, access::{reg["access"]}, '
                   f"{reg['reset']:#x}, {mask:#x}}},")
    out += ["}};", "", "enum class error_code : std::uint32_t {"]
    out += [f"  {e['name']} = {e['value']}, ///< {e['description']}" for e in regs["error_codes"]]
    out += ["};", "", f"inline constexpr std::array<const char*, {len(regs['error_codes'])}> error_descriptions{{{{"]
    out += [f'    "{e["description"]}",' for e in regs["error_codes"]]
    out += ["}};", "", "enum class operation : std::uint8_t {"]
    out += [f"  {e['name']} = {e['value']}, ///< {e['description']}" for e in descriptor["operations"]]
    out += ["};", ""]
    out += [f"inline constexpr std::uint8_t flag_{e['name']} = {e['value']:#x}; ///< {e['description']}"
            for e in descriptor["flags"]]
    for name, size, fields in structs(descriptor):
        out += ["", f"struct {name} {{"] + struct_members(size, fields, "  ", "std::") + ["};"]
        out.append(f"static_assert(sizeof({name}) == {size});")
        out += [f"static_assert(offsetof({name}, {f['name']}) == {f['offset']});" for f in fields]
    return out + ["", "} // namespace sonic::regs"]


def c(regs, descriptor):
    out = ["/* SPDX-License-Identifier: Apache-2.0 */", "/* Generated from the YAML files in hw/regs; do not edit. */",
           "#ifndef SONIC_REGS_H", "#define SONIC_REGS_H", "", "#include <stdint.h>", "",
           f"#define SONIC_BANK_SIZE {regs['size']:#x}u"]
    for reg in regs["registers"]:
        out.append(f"#define SONIC_{reg['name'].upper()} {reg['offset']:#05x}u /* {reg['description']} */")
        for field in reg.get("fields", []):
            out.append(f"#define SONIC_{reg['name'].upper()}_{field['name'].upper()} {1 << field['bit']:#x}u")
    out.append("")
    out += [f"#define SONIC_ERROR_{e['name'].upper()} {e['value']}u /* {e['description']} */" for e in regs["error_codes"]]
    out += [f"#define SONIC_OPERATION_{e['name'].upper()} {e['value']}u" for e in descriptor["operations"]]
    out += [f"#define SONIC_FLAG_{e['name'].upper()} {e['value']}u" for e in descriptor["flags"]]
    for name, size, fields in structs(descriptor):
        out += ["", f"struct sonic_{name} {{"]
        out += [line.replace("///<", "/*") + (" */" if "///<" in line else "")
                for line in struct_members(size, fields, "  ", "")] + ["};"]
        out.append(f"#define SONIC_{name.upper()}_SIZE {size}u")
    return out + ["", "#endif"]


def markdown(regs, descriptor):
    out = ["<!-- SPDX-License-Identifier: Apache-2.0 -->", "<!-- Generated from hw/regs/*.yaml; do not edit. -->",
           "# Registers and descriptors", "",
           "32-bit registers behind `cfg`, little-endian. ro = read only, rw = read and write, w1s = write one to set "
           "(reads 0), w1c = write one to clear.", "", "| offset | register | access | reset | what |", "|---|---|---|---|---|"]
    for reg in regs["registers"]:
        out.append(f"| {reg['offset']:#05x} | {reg['name']} | {reg['access']} | {reg['reset']:#x} | {reg['description']} |")
        out += [f"| | .{f['name']} | bit {f['bit']} | | {f['description']} |" for f in reg.get("fields", [])]
    out += ["", "## Error codes", "", "| value | name | meaning |", "|---|---|---|"]
    out += [f"| {e['value']} | {e['name']} | {e['description']} |" for e in regs["error_codes"]]
    out += ["", "## Operations and flags", "", "| value | name | meaning |", "|---|---|---|"]
    out += [f"| {e['value']} | {e['name']} | {e['description']} |" for e in descriptor["operations"]]
    out += [f"| flag {e['value']} | {e['name']} | {e['description']} |" for e in descriptor["flags"]]
    for name, size, fields in structs(descriptor):
        out += ["", f"## Record: {name} ({size} bytes)", "", "| offset | type | field | what |", "|---|---|---|---|"]
        out += [f"| {f['offset']} | {f['type']} | {f['name']} | {f['description']} |" for f in fields]
    return out


def main(argv):
    if len(argv) != 5 or argv[3] not in ("cpp", "c", "markdown"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(argv[1]) as f:
            regs = yaml.safe_load(f)
        with open(argv[2]) as f:
            descriptor = yaml.safe_load(f)
        check_registers(regs)
        for name, size, fields in structs(descriptor):
            check_fields(name, fields, size)
        lines = {"cpp": cpp, "c": c, "markdown": markdown}[argv[3]](regs, descriptor)
    except (Mistake, KeyError, OSError, yaml.YAMLError) as mistake:
        print(f"generate.py: {mistake}", file=sys.stderr)
        return 2
    temporary = f"{argv[4]}.tmp"
    with open(temporary, "w") as f:
        f.write("\n".join(lines) + "\n")
    os.replace(temporary, argv[4])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
