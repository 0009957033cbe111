// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <unordered_map>
#include <utility>

namespace sonic::estimate {

/// One number of several.
constexpr std::size_t mixed(std::initializer_list<std::uint64_t> numbers) {
  std::uint64_t sum = 0;
  for (const std::uint64_t n : numbers) {
    sum = (sum ^ n) * 0x9E3779B97F4A7C15U; // the golden ratio's fraction, in 64 bits
    sum ^= sum >> 29U;
  }
  return sum;
}

/// What was made for keys seen lately. Full, it forgets everything.
/// @tparam key has hash(), and is compared
/// @tparam made has bytes(), about what it takes
template <class key, class made>
class cache {
public:
  explicit cache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  /// What is kept for a key; else what make() gives. Stays until another key is asked for that is not kept.
  template <class maker>
  made& operator()(const key& of, const maker& make) {
    if (last_ != nullptr && last_->first == of) {
      return last_->second;
    }
    auto found = entries_.find(of);
    if (found == entries_.end()) {
      if (bytes_ >= most_bytes_) {
        last_ = nullptr;
        bytes_ = 0;
        entries_.clear();
      }
      found = entries_.emplace(of, make()).first;
      bytes_ += sizeof(*found) + found->second.bytes();
    }
    last_ = &*found;
    return found->second;
  }

private:
  struct hash_of {
    std::size_t operator()(const key& of) const { return of.hash(); }
  };

  std::size_t most_bytes_, bytes_ = 0;
  std::unordered_map<key, made, hash_of> entries_;
  std::pair<const key, made>* last_ = nullptr;
};

} // namespace sonic::estimate
