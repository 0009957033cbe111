// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

namespace sonic::estimate {

/// What was made for keys seen lately. Full, it forgets everything.
template <class key, class made>
class cache {
public:
  explicit cache(std::size_t most) : most_(most) {}

  /// What is kept for a key; else what make() gives. References stay until forget() or until more than `most` keys have
  /// been asked for.
  template <class maker>
  made& operator()(const key& of, const maker& make) {
    if (last_ != nullptr && last_->first == of) {
      return last_->second;
    }
    for (auto& entry : entries_) {
      if (entry.first == of) {
        last_ = &entry;
        return entry.second;
      }
    }
    if (entries_.size() == most_) {
      forget();
    }
    last_ = &entries_.emplace_back(of, make());
    return last_->second;
  }
  void forget() {
    entries_.clear();
    last_ = nullptr;
  }

private:
  std::size_t most_;
  std::deque<std::pair<key, made>> entries_;
  std::pair<key, made>* last_ = nullptr;
};

} // namespace sonic::estimate
