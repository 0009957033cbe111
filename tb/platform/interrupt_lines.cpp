// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/interrupt_lines.h"

#include <algorithm>

namespace sonic::platform {

namespace {

constexpr unsigned int word_bits = 32;

} // namespace

interrupt_lines::interrupt_lines(unsigned int sources) : lines_(sources + 1) {}

void interrupt_lines::set_level(unsigned int source, bool high) {
  auto& l = lines_[source];
  l.high = high;
  if (high && !l.in_service) {
    l.pending = true;
  }
}

unsigned int interrupt_lines::best(std::uint32_t above) const {
  unsigned int found = 0;
  std::uint32_t highest = above;
  for (unsigned int source = 1; source < lines_.size(); ++source) {
    const auto& l = lines_[source];
    if (l.pending && l.enabled && l.priority > highest) {
      highest = l.priority;
      found = source;
    }
  }
  return found;
}

unsigned int interrupt_lines::claim() {
  const unsigned int source = best(0); // the threshold masks the interrupt, not the claim
  if (source != 0) {
    lines_[source].pending = false;
    lines_[source].in_service = true;
  }
  return source;
}

void interrupt_lines::complete(unsigned int source) {
  if (source == 0 || source >= lines_.size() || !lines_[source].enabled) {
    return;
  }
  lines_[source].in_service = false;
  lines_[source].pending = lines_[source].pending || lines_[source].high;
}

void interrupt_lines::set_priority(unsigned int source, std::uint32_t value) {
  lines_[source].priority = std::min(value, highest_priority);
}

void interrupt_lines::set_threshold(std::uint32_t value) {
  threshold_ = std::min(value, highest_priority);
}

std::uint32_t interrupt_lines::pending(unsigned int word) const {
  std::uint32_t bits = 0;
  for (unsigned int i = 0; i < word_bits && word * word_bits + i < lines_.size(); ++i) {
    bits |= lines_[word * word_bits + i].pending ? 1U << i : 0U;
  }
  return bits;
}

std::uint32_t interrupt_lines::enabled(unsigned int word) const {
  std::uint32_t bits = 0;
  for (unsigned int i = 0; i < word_bits && word * word_bits + i < lines_.size(); ++i) {
    bits |= lines_[word * word_bits + i].enabled ? 1U << i : 0U;
  }
  return bits;
}

void interrupt_lines::set_enabled(unsigned int word, std::uint32_t bits) {
  for (unsigned int i = 0; i < word_bits && word * word_bits + i < lines_.size(); ++i) {
    const unsigned int source = word * word_bits + i;
    lines_[source].enabled = source != 0 && (bits >> i & 1U) != 0;
  }
}

} // namespace sonic::platform
