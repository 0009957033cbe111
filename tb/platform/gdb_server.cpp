// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/gdb_server.h"

#include "sonic/core/error.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sonic::platform {

namespace {

/// The socket is asked once in so many slices of the processor.
constexpr unsigned int slices_between_polls = 64;

} // namespace

gdb_server::gdb_server(std::uint16_t port) {
  const auto refuse = [&](const char* doing) {
    const std::string problem = std::string(doing) + ": " + std::strerror(errno);
    if (listener_ >= 0) {
      ::close(listener_);
    }
    throw core::user_error("--gdb " + std::to_string(port), problem, "expected a free TCP port, or 0 for any");
  };
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener_ < 0) {
    refuse("there is no socket");
  }
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  place.sin_port = htons(port);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&place), sizeof(place)) != 0 || ::listen(listener_, 1) != 0) {
    refuse("it cannot be listened on");
  }
  socklen_t size = sizeof(place);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&place), &size);
  port_ = ntohs(place.sin_port);
}

gdb_server::~gdb_server() {
  close_user();
  if (listener_ >= 0) {
    ::close(listener_);
  }
}

void gdb_server::close_user() {
  if (user_ >= 0) {
    ::close(user_);
    user_ = -1;
    gone_ = true;
  }
}

void gdb_server::accept_user() {
  user_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (user_ < 0) {
    gone_ = true;
    return;
  }
  const int on = 1;
  ::setsockopt(user_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/// @returns false if nothing came, or the user is gone
bool gdb_server::receive(bool wait) {
  if (user_ < 0) {
    return false;
  }
  pollfd asked{user_, POLLIN, 0};
  if (::poll(&asked, 1, wait ? -1 : 0) <= 0) {
    return false;
  }
  std::array<char, 4096> part;
  const auto count = ::recv(user_, part.data(), part.size(), 0);
  if (count <= 0) {
    close_user();
    return false;
  }
  reader_.add({part.data(), static_cast<std::size_t>(count)});
  return true;
}

void gdb_server::send(std::string_view bytes) {
  while (user_ >= 0 && !bytes.empty()) {
    const auto count = ::send(user_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      close_user();
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

debug_action gdb_server::stopped(debug_target& target, debug_reason why) {
  if (user_ < 0 && !gone_) {
    accept_user();
  }
  if (running_) {
    send(gdb_packet(gdb_session::stop_text(why)));
    running_ = false;
  }
  while (user_ >= 0) {
    const auto packet = reader_.next();
    if (!packet) {
      receive(true);
      continue;
    }
    if (packet->interrupt) {
      continue; // it stands already
    }
    send(packet->damaged ? "-" : "+");
    if (packet->damaged) {
      continue;
    }
    const auto reply = session_.handle(packet->content, target, why);
    if (reply.content) {
      send(gdb_packet(*reply.content));
    }
    if (reply.detached) {
      close_user();
    }
    if (reply.action) {
      running_ = user_ >= 0;
      return *reply.action;
    }
  }
  session_.leave(target);
  return debug_action::go;
}

bool gdb_server::interrupts() {
  if (user_ < 0 || ++skipped_ < slices_between_polls) {
    return false;
  }
  skipped_ = 0;
  while (receive(false)) {
  }
  return user_ < 0 ? false : reader_.take_interrupt();
}

void gdb_server::ended(int exit_code) {
  if (running_) {
    send(gdb_packet(gdb_session::end_text(exit_code)));
  }
  close_user();
}

} // namespace sonic::platform
