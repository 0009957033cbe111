// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/onnx_text.h"

namespace sonic::workload {

std::string printable(const std::string& text, std::size_t longest) {
  std::string clean;
  for (const char c : text.substr(0, longest)) {
    clean += c >= ' ' && c < 127 ? c : '?';
  }
  return clean + (text.size() > longest ? "..." : "");
}

std::string in_quotes(const std::string& name) {
  return "'" + printable(name) + "'";
}

std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return printable(line, 400);
}

std::string describe(const onnx::NodeProto& node) {
  return "node " + in_quotes(node.name()) + " (" + printable(node.op_type()) + ")";
}

} // namespace sonic::workload
