#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The register map has one source: the documentation is what the generator makes, and contradictions are refused."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import yaml

REGS = pathlib.Path(__file__).resolve().parents[2] / "hw" / "regs"
DOCS = REGS.parents[1] / "docs" / "registers.md"


def generate(registers, descriptor, kind, output):
    return subprocess.run([sys.executable, str(REGS / "generate.py"), str(registers), str(descriptor), kind, str(output)],
                          capture_output=True, text=True, check=False)


class generator(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.registers = yaml.safe_load((REGS / "registers.yaml").read_text())
        self.descriptor = yaml.safe_load((REGS / "descriptor.yaml").read_text())

    def changed(self):
        """Runs the generator on the changed sources."""
        for name in ("registers", "descriptor"):
            (self.folder / f"{name}.yaml").write_text(yaml.safe_dump(getattr(self, name), sort_keys=False))
        return generate(self.folder / "registers.yaml", self.folder / "descriptor.yaml", "cpp", self.folder / "out.h")

    def refused(self, *words):
        result = self.changed()
        self.assertEqual(result.returncode, 2, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertFalse((self.folder / "out.h").exists())

    def test_documentation_is_up_to_date(self):
        result = generate(REGS / "registers.yaml", REGS / "descriptor.yaml", "markdown", self.folder / "registers.md")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual((self.folder / "registers.md").read_text(), DOCS.read_text(),
                         "run hw/regs/generate.py ... markdown docs/registers.md")

    def test_headers_name_the_same_registers(self):
        for kind in ("cpp", "c"):
            generate(REGS / "registers.yaml", REGS / "descriptor.yaml", kind, self.folder / kind)
        cpp, c = (self.folder / "cpp").read_text(), (self.folder / "c").read_text()
        for register in self.registers["registers"]:
            self.assertIn(f"{register['name']} = {register['offset']:#05x};", cpp)
            self.assertIn(f"SONIC_{register['name'].upper()} {register['offset']:#05x}u", c)
        self.assertIn("SONIC_DESCRIPTOR_SIZE 256u", c)

    def test_constants_are_the_same_in_every_language(self):
        for kind in ("cpp", "c", "sv"):
            generate(REGS / "registers.yaml", REGS / "descriptor.yaml", kind, self.folder / kind)
        cpp, c, sv = ((self.folder / kind).read_text() for kind in ("cpp", "c", "sv"))
        self.assertTrue(self.descriptor["constants"])
        for constant in self.descriptor["constants"]:
            name, value = constant["name"], constant["value"]
            self.assertIn(f"inline constexpr std::int32_t {name} = {value};", cpp)
            self.assertIn(f"#define SONIC_{name.upper()} {value} ", c)
            self.assertIn(f"localparam int {name.upper()} = {value};", sv)

    def test_rtl_takes_its_constants_from_the_package(self):
        generate(REGS / "registers.yaml", REGS / "descriptor.yaml", "sv", self.folder / "sv")
        offered = set(re.findall(r"localparam int (\w+)", (self.folder / "sv").read_text()))
        text = (REGS.parent / "rtl" / "post_processor.sv").read_text()
        asked = set(re.findall(r"sonic_regs_pkg::(\w+)", text))
        self.assertEqual(asked, offered)
        for constant in self.descriptor["constants"]:
            if constant["value"] > 100:
                self.assertNotRegex(text, rf"\b{constant['value']}\b")

    def test_constant_that_is_there_twice(self):
        self.descriptor["constants"].append(dict(self.descriptor["constants"][0]))
        self.refused("constant largest_code", "twice")

    def test_constant_that_is_no_integer(self):
        self.descriptor["constants"][0]["value"] = 0.5
        self.refused("constant largest_code", "value 0.5", "integer")

    def test_two_registers_at_one_address(self):
        self.registers["registers"][1]["offset"] = 0
        self.refused("register version", "is also id's")

    def test_register_outside_the_bank(self):
        self.registers["registers"][0]["offset"] = 0x200
        self.refused("register id", "offset 0x200")

    def test_unaligned_register(self):
        self.registers["registers"][0]["offset"] = 2
        self.refused("register id", "multiple of 4")

    def test_unknown_key(self):
        self.registers["registers"][0]["colour"] = "blue"
        self.refused("register id", "unknown key colour")

    def test_unknown_access(self):
        self.registers["registers"][0]["access"] = "maybe"
        self.refused("access maybe")

    def test_overlapping_fields(self):
        self.descriptor["fields"][5]["offset"] = 0
        self.refused("descriptor.input_address", "overlaps")

    def test_unaligned_field(self):
        self.descriptor["fields"][5]["offset"] = 12
        self.refused("descriptor.input_address", "multiple of 8")

    def test_field_beyond_the_record(self):
        self.descriptor["size"] = 200
        self.refused("descriptor", "expected at most 200")


if __name__ == "__main__":
    unittest.main()
