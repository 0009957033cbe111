#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a C++ source that holds files: embed.py OUT NAME=FILE...; each NAME becomes a std::string_view."""
import sys
from pathlib import Path

lines = ["#include <string_view>"]
for given in sys.argv[2:]:
    name, _, path = given.partition("=")
    content = Path(path).read_bytes()
    lines.append(f"static const unsigned char {name}_bytes[] = {{{','.join(map(str, content))}}};")
    lines.append(f"extern const std::string_view {name};")
    lines.append(f"const std::string_view {name}{{reinterpret_cast<const char*>({name}_bytes), {len(content)}}};")
Path(sys.argv[1]).write_text("\n".join(lines) + "\n")
