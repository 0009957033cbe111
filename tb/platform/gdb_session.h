// SPDX-License-Identifier: Apache-2.0
// The gdb remote serial protocol, plain C++: packets as text, and what their commands do to a target.
#pragma once

#include "tb/platform/debugger.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace sonic::platform {

/// "$content#checksum", with what must not stand in a packet escaped.
std::string gdb_packet(std::string_view content);

/// Finds packets in a stream of bytes.
class gdb_reader {
public:
  struct item {
    bool interrupt = false; ///< the byte 3, else a packet
    bool damaged = false;   ///< its checksum is wrong
    std::string content;
  };
  void add(std::string_view bytes) { waiting_.append(bytes); }
  /// The next packet or interrupt, acknowledgements left out; none: more bytes are needed.
  std::optional<item> next();
  /// Whether an interrupt is among the bytes; it is taken out.
  bool take_interrupt();

private:
  std::string waiting_;
};

/// One user's session with a processor that stands.
class gdb_session {
public:
  struct reply {
    std::optional<std::string> content;      ///< none: no answer now
    std::optional<debug_action> action = {}; ///< the processor goes on
    bool detached = false;                   ///< and nobody listens any more
  };
  /// What the processor stands for, for '?' and as the answer to a command that let it go on.
  static std::string stop_text(debug_reason why);
  static std::string end_text(int exit_code);

  reply handle(const std::string& packet, debug_target& target, debug_reason why);
  /// Takes out what the session left in the target.
  void leave(debug_target& target);

private:
  std::set<std::uint32_t> breakpoints_;
};

} // namespace sonic::platform
