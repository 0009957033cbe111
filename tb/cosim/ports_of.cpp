// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/ports_of.h"

#include "sonic/core/error.h"
#include "tb/cosim/process.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace sonic::cosim {

namespace {

std::string text_of(unsigned width) {
  return fmt::format("{} bit{}", width, width == 1 ? "" : "s");
}

} // namespace

std::string first_error(const std::string& output) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("%Error") || line.find("error:") != std::string::npos) {
      return line;
    }
  }
  return output.substr(0, output.find('\n'));
}

std::vector<std::string> module_options(const contract& block, const std::vector<std::filesystem::path>& sources) {
  std::vector<std::string> options{"--top-module", std::string(block.module), "-Wno-fatal"};
  for (const auto& [name, value] : block.parameters) {
    options.push_back(fmt::format("-G{}={}", name, value));
  }
  for (const auto& path : sources) {
    const auto whole = std::filesystem::absolute(path);
    options.push_back("-I" + whole.parent_path().string());
    options.push_back(whole.string());
  }
  return options;
}

rtl_sources read_sources(const contract& block, const std::vector<std::filesystem::path>& sources,
                         const std::filesystem::path& folder, const std::string& where) {
  const auto xml = folder / "ports.xml";
  std::vector<std::string> command{"verilator", "--xml-only", "--Mdir", folder.string(), "--xml-output", xml.string()};
  const auto options = module_options(block, sources);
  command.insert(command.end(), options.begin(), options.end());
  const auto done = run_process(command);
  if (done.status == 127) {
    throw core::user_error(
        where, "RTL in the place of a block needs Verilator, which is not installed",
        fmt::format("install Debian's package verilator, or say {}.model: transaction", block.module));
  }
  pugi::xml_document document;
  if (done.status != 0 || !document.load_file(xml.c_str())) {
    throw core::user_error(
        where, fmt::format("Verilator refuses the sources of {}: {}", block.module, first_error(done.output)),
        fmt::format("expected SystemVerilog with the module of {}", block.page));
  }
  const auto root = document.child("verilator_xml");
  rtl_sources found;
  for (const auto& file : root.child("files").children("file")) {
    const std::string name = file.attribute("filename").value();
    if (!name.starts_with('<')) {
      found.files.emplace_back(name);
    }
  }
  std::map<std::string, unsigned> widths; // by type
  for (const auto& type : root.child("netlist").child("typetable").children("basicdtype")) {
    const int left = type.attribute("left").as_int(), right = type.attribute("right").as_int();
    widths[type.attribute("id").value()] = static_cast<unsigned>(std::abs(left - right)) + 1;
  }
  for (const auto& module : root.child("netlist").children("module")) {
    if (!module.attribute("topModule").as_bool()) {
      continue;
    }
    for (const auto& variable : module.children("var")) {
      if (variable.attribute("pinIndex")) {
        const auto width = widths.find(variable.attribute("dtype_id").value());
        found.ports.push_back({variable.attribute("origName").value(), variable.attribute("dir").value(),
                               width == widths.end() ? 0 : width->second});
      }
    }
  }
  return found;
}

void check_ports(const contract& block, const std::vector<rtl_port>& ports, const std::string& where) {
  const auto refuse = [&](std::string_view name, const std::string& problem, const std::string& right) {
    throw core::user_error(fmt::format("{}: port {} of {}", where, name, block.module), problem,
                           fmt::format("expected {} ({})", right, block.page));
  };
  for (const auto& wanted : block.ports) {
    const std::string_view direction = wanted.output ? "output" : "input";
    const auto right = fmt::format("an {} of {}", direction, text_of(wanted.width));
    const auto found =
        std::find_if(ports.begin(), ports.end(), [&](const rtl_port& p) { return p.name == wanted.name; });
    if (found == ports.end()) {
      refuse(wanted.name, "is missing", right);
    }
    if (found->direction != direction) {
      refuse(wanted.name, fmt::format("is an {}", found->direction), right);
    }
    if (found->width != wanted.width) {
      refuse(wanted.name, found->width == 0 ? "is no plain vector" : fmt::format("has {}", text_of(found->width)),
             right);
    }
  }
  for (const auto& p : ports) {
    if (std::none_of(block.ports.begin(), block.ports.end(), [&](const port& known) { return known.name == p.name; })) {
      refuse(p.name, "is not in the contract", "the contract's ports alone");
    }
  }
}

} // namespace sonic::cosim
