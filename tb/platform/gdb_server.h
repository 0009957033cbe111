// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/platform/gdb_session.h"

#include <cstdint>
#include <string>

namespace sonic::platform {

/// Serves one gdb by TCP on localhost: `target remote :PORT`. The simulation stands while gdb's user thinks.
class gdb_server : public debugger {
public:
  /// Listens.
  /// @param port 0: any free one
  /// @throws core::user_error if it cannot be had
  explicit gdb_server(std::uint16_t port);
  gdb_server(const gdb_server&) = delete;
  gdb_server& operator=(const gdb_server&) = delete;
  ~gdb_server() override;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  debug_action stopped(debug_target& target, debug_reason why) override;
  bool interrupts() override;
  [[nodiscard]] bool listens() const override { return user_ >= 0; }
  void ended(int exit_code) override;

private:
  void accept_user();
  bool receive(bool wait);
  void send(std::string_view bytes);
  void close_user();

  int listener_ = -1;
  int user_ = -1;
  std::uint16_t port_ = 0;
  unsigned int skipped_ = 0; ///< calls of interrupts() since the socket was asked
  bool gone_ = false;        ///< the user left: nobody else is let in
  bool running_ = false;     ///< the user waits for the processor to stand again
  gdb_reader reader_;
  gdb_session session_;
};

} // namespace sonic::platform
