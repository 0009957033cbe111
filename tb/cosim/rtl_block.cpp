// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/rtl_block.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <dlfcn.h>
#include <fmt/format.h>

namespace sonic::cosim {

namespace {

template <class function>
void look_up(void* library, const char* name, function& into) {
  into = reinterpret_cast<function>(::dlsym(library, name));
}

/// Bytes that Verilator keeps a port of this width in.
std::size_t bytes_of(unsigned width) {
  return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : width <= 64 ? 8 : (width + 31) / 32 * 4;
}

} // namespace

rtl_block::rtl_block(contract ports, const std::filesystem::path& library)
    : ports_(std::move(ports)), clk_(ports_.index_of("clk")),
      library_(::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  const auto refuse = [&](std::string_view problem) {
    throw core::user_error(library.string(), problem, "expected a library that this version built: delete the file");
  };
  if (library_ == nullptr) {
    refuse(std::string("cannot be loaded: ") + ::dlerror());
  }
  look_up(library_, "sonic_rtl_create", call_.create);
  look_up(library_, "sonic_rtl_destroy", call_.destroy);
  look_up(library_, "sonic_rtl_eval", call_.eval);
  look_up(library_, "sonic_rtl_pin", call_.pin);
  look_up(library_, "sonic_rtl_open_waves", call_.open_waves);
  look_up(library_, "sonic_rtl_dump_waves", call_.dump_waves);
  look_up(library_, "sonic_rtl_close_waves", call_.close_waves);
  if (call_.create == nullptr || call_.destroy == nullptr || call_.eval == nullptr || call_.pin == nullptr) {
    ::dlclose(library_);
    refuse("is no block of RTL");
  }
  block_ = call_.create();
  for (std::uint32_t i = 0; i < ports_.ports.size(); ++i) {
    pins_.push_back(call_.pin(block_, i));
  }
  const auto reset = ports_.index_of("rst_n");
  set(clk_, 0);
  set(reset, 0);
  for (int i = 0; i < 2; ++i) {
    settle();
    clock();
  }
  set(reset, 1);
  settle();
  cycles_ = 0;
}

rtl_block::~rtl_block() {
  close_waves();
  call_.destroy(block_);
  ::dlclose(library_);
}

std::span<std::uint8_t> rtl_block::bytes(std::size_t port) const {
  return {static_cast<std::uint8_t*>(pins_[port]), bytes_of(ports_.ports[port].width)};
}

void rtl_block::set(std::size_t port, std::uint64_t value) {
  const auto room = bytes(port);
  assert(room.size() <= sizeof(value));
  std::memcpy(room.data(), &value, room.size());
}

void rtl_block::set(std::size_t port, std::span<const std::uint32_t> words) {
  const auto room = bytes(port);
  assert(room.size() == words.size_bytes());
  std::memcpy(room.data(), words.data(), room.size());
}

void rtl_block::clear(std::size_t port) {
  std::ranges::fill(bytes(port), std::uint8_t{0});
}

std::uint64_t rtl_block::get(std::size_t port) const {
  const auto from = bytes(port);
  assert(from.size() <= sizeof(std::uint64_t));
  std::uint64_t value = 0;
  std::memcpy(&value, from.data(), from.size());
  return value;
}

std::uint32_t rtl_block::get(std::size_t port, unsigned begin, unsigned width) const {
  const auto from = bytes(port);
  std::uint32_t word = 0;
  const std::size_t at = begin / 32 * sizeof(word);
  std::memcpy(&word, from.data() + at, std::min(sizeof(word), from.size() - at));
  return static_cast<std::uint32_t>(word >> begin % 32 & ((std::uint64_t{1} << width) - 1));
}

std::string rtl_block::text_of(std::size_t port) const {
  const auto from = bytes(port);
  std::string text;
  for (std::size_t i = from.size(); i-- > 0;) {
    text += fmt::format("{:02x}", from[i]);
  }
  const auto first = text.find_first_not_of('0');
  return first == std::string::npos ? "0" : text.substr(first);
}

void rtl_block::settle() {
  call_.eval(block_);
  dump(0);
}

void rtl_block::clock() {
  set(clk_, 1);
  call_.eval(block_);
  dump(1);
  set(clk_, 0);
  ++cycles_;
  next_ps_ += period_ps_;
}

void rtl_block::open_waves(const std::filesystem::path& path, double clock_ghz) {
  if (call_.open_waves == nullptr) {
    throw std::logic_error("a library without waves");
  }
  call_.open_waves(block_, path.c_str());
  constexpr double ps_per_ns = 1e3;
  period_ps_ = std::max<std::uint64_t>(2, static_cast<std::uint64_t>(ps_per_ns / clock_ghz));
}

void rtl_block::close_waves() {
  if (period_ps_ != 0) {
    call_.close_waves(block_);
    period_ps_ = next_ps_ = 0;
  }
}

void rtl_block::dump(std::uint64_t of_period) {
  if (period_ps_ != 0) {
    call_.dump_waves(block_, next_ps_ + of_period * period_ps_ / 2);
  }
}

} // namespace sonic::cosim
