// SPDX-License-Identifier: Apache-2.0
#include "sonic/config/document.h"

#include "sonic/core/error.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace sonic::config {

namespace {

constexpr std::size_t largest_file_bytes = std::size_t{1} << 20;
constexpr std::size_t deepest_level = 16;
constexpr std::size_t longest_shown = 40;

position position_of(const YAML::Mark& mark) {
  return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
}

/// Builds the tree from the parser's events; refuses what is outside the subset as soon as it appears, so that no
/// input can make it grow beyond the text's own size.
class tree_builder : public YAML::EventHandler {
public:
  explicit tree_builder(document& target) : target_(target) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) {
      refuse(mark, "a second document starts here", "one document per file");
    }
    started_ = true;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "", anchor);
    add({document_node::type::empty, position_of(mark), {}, {}});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases (*name) are not supported", "the value itself");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    add({document_node::type::scalar, position_of(mark), value, {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(document_node::type::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(document_node::type::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

private:
  struct level {
    document_node node;
    bool has_key = false;
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string_view problem, std::string_view right) const {
    throw core::user_error(target_.where(position_of(mark)), problem, "expected " + std::string(right));
  }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0) {
      refuse(mark, "anchors (&name) are not supported", "the value itself");
    }
    if (tag.size() > 1) { // "?" and "!" are the parser's own marks for plain and quoted scalars
      refuse(mark, "tags (!name) are not supported", "the value itself");
    }
  }

  void open(document_node::type type, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check(mark, tag, anchor);
    if (levels_.size() == deepest_level) {
      refuse(mark, "nested too deeply", "at most " + std::to_string(deepest_level) + " levels");
    }
    levels_.push_back({{type, position_of(mark), {}, {}}});
  }

  void close() {
    document_node done = std::move(levels_.back().node);
    levels_.pop_back();
    add(std::move(done));
  }

  void add(document_node node) {
    if (levels_.empty()) {
      target_.root = std::move(node);
      return;
    }
    auto& [parent, has_key] = levels_.back();
    if (parent.is == document_node::type::list) {
      parent.members.push_back({{}, node.at, std::move(node)});
      return;
    }
    if (has_key) {
      document_member& member = parent.members.back();
      if (node.is == document_node::type::empty) {
        node.at = member.at; // nothing was written: the parser's mark is that of the next word
      }
      member.value = std::move(node);
    } else if (node.is == document_node::type::scalar) {
      parent.members.push_back({std::move(node.text), node.at, {}});
    } else {
      throw core::user_error(target_.where(node.at), "a key is not a word", "expected key: value");
    }
    has_key = !has_key;
  }

  document& target_;
  std::vector<level> levels_;
  bool started_ = false;
};

bool is_text(std::string_view bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return (code < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || code == 0x7f;
  });
}

} // namespace

std::string document::where(position at) const {
  return has_positions ? label + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) : label;
}

std::string locate(std::string_view where, std::string_view key) {
  std::string place(where);
  return place.append(where == "--set" ? " " : ": ").append(key);
}

std::string shown(std::string_view text) {
  std::string line(text.substr(0, longest_shown));
  while (line.size() < text.size() && !line.empty() && (static_cast<unsigned char>(text[line.size()]) & 0xC0) == 0x80) {
    line.pop_back(); // do not cut a UTF-8 sequence
  }
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return line + (line.size() < text.size() ? "..." : "");
}

std::string in_quotes(std::string_view text) {
  return std::string("'").append(shown(text)).append("'");
}

document parse_document(std::string_view text, std::string label, bool has_positions) {
  document parsed{std::move(label), has_positions, {}};
  if (!is_text(text)) {
    throw core::user_error(parsed.label, "this is not text", "expected YAML in UTF-8");
  }
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    tree_builder builder(parsed);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    throw core::user_error(parsed.where(position_of(error.mark)),
                           std::string("not valid YAML: ").append(shown(error.msg)), "expected key: value");
  }
  return parsed;
}

document read_document(const std::filesystem::path& path) {
  const auto refuse = [&](std::string_view problem, std::string_view right) {
    throw core::user_error(path.string(), problem, right);
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    refuse("this is a folder", "expected a configuration file");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    refuse("cannot be opened", "expected a readable configuration file");
  }
  std::string text;
  std::array<char, 1 << 14> piece;
  while (text.size() <= largest_file_bytes && (file.read(piece.data(), piece.size()) || file.gcount() > 0)) {
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (text.size() > largest_file_bytes) {
    refuse("larger than 1 MiB", "expected a configuration file");
  }
  return parse_document(text, path.string(), true);
}

} // namespace sonic::config
