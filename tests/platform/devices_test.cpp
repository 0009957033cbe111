// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/interrupt_controller.h"
#include "tb/platform/simulation_control.h"
#include "tb/platform/timer.h"
#include "tb/platform/uart.h"
#include "tests/platform/device_bench.h"

#include <catch2/catch.hpp>

#include <optional>
#include <random>
#include <string>

using namespace sonic::platform;
using sc_core::sc_time;
using sc_core::wait;
using sonic::tests::device_bench;

namespace {

constexpr std::uint64_t failed = ~std::uint64_t{0};

sc_time ps(double value) {
  return {value, sc_core::SC_PS};
}

/// Random numbers whose seed is printed when a check fails.
struct random_numbers {
  unsigned int seed = std::random_device{}();
  std::mt19937_64 engine{seed};
  std::uint64_t below(std::uint64_t limit) { return engine() % limit; }
};

} // namespace

TEST_CASE("the timer counts ticks, and its interrupt rises exactly at the tick that it waits for") {
  constexpr std::uint64_t tick = 100000; // 10 MHz
  timer clint("clint", tick);
  device_bench bench("bench");
  sc_core::sc_signal<bool> timer_irq("timer_irq"), software_irq("software_irq");
  clint.timer_irq.bind(timer_irq);
  clint.software_irq.bind(software_irq);
  bench.port.bind(clint.port);
  random_numbers random;
  unsigned int waits = 0;
  bench.script = [&] {
    CHECK(bench.read(0xbff8, 8) == 0);
    CHECK(bench.read(0x4000, 8) == failed); // all ones: nothing is due
    wait(ps(99999));
    CHECK(bench.read(0xbff8, 8) == 0);
    wait(ps(1));
    CHECK(bench.read(0xbff8, 8) == 1);
    std::uint64_t value = 0;
    CHECK(bench.access(::tlm::TLM_READ_COMMAND, 0xbff8, 8, value, ps(5 * tick)) == ::tlm::TLM_OK_RESPONSE);
    CHECK(value == 6); // at the local time of whoever asks
    for (int i = 0; i < 200; ++i) {
      wait(ps(static_cast<double>(random.below(3 * tick))));
      const std::uint64_t now = bench.read(0xbff8, 8);
      const std::uint64_t due = now + 1 + random.below(50);
      CHECK(bench.write(0x4000, due, 8));
      wait(sc_core::SC_ZERO_TIME);
      wait(sc_core::SC_ZERO_TIME);
      CHECK_FALSE(timer_irq.read());
      wait(timer_irq.posedge_event());
      CHECK(sc_core::sc_time_stamp() == ps(static_cast<double>(due * tick)));
      ++waits;
    }
    CHECK(bench.write(0x4000, failed, 8));
    wait(ps(1));
    CHECK_FALSE(timer_irq.read());
    // Halves, and setting the time.
    CHECK(bench.write(0xbff8, 0xfffffff0, 4));
    CHECK(bench.write(0xbffc, 7, 4));
    CHECK(bench.read(0xbff8, 8) == 0x7fffffff0);
    CHECK(bench.write(0x4004, 7, 4));
    CHECK(bench.write(0x4000, 0xfffffff8, 4));
    const auto begin = sc_core::sc_time_stamp();
    wait(timer_irq.posedge_event());
    const double elapsed = (sc_core::sc_time_stamp() - begin) / ps(tick);
    CAPTURE(elapsed);
    CHECK(elapsed > 7.0);
    CHECK(elapsed <= 8.0);
    CHECK(bench.write(0, 1));
    wait(ps(1));
    CHECK(software_irq.read());
    CHECK(bench.read(0) == 1);
    CHECK(bench.write(0, 0));
    wait(ps(1));
    CHECK_FALSE(software_irq.read());
    for (const std::uint64_t nothing : {0x8U, 0x3ff8U, 0x4008U, 0xbff0U, 0xc000U}) {
      CHECK(bench.read(nothing) == failed);
      CHECK_FALSE(bench.write(nothing, 0));
    }
    CHECK(bench.read(0xbff9, 4) == failed); // no multiple of its size
    CHECK(bench.read(0xbff8, 3) == failed);
  };
  CAPTURE(random.seed);
  sc_core::sc_start();
  CHECK(waits == 200);
}

TEST_CASE("the interrupt controller has the registers of a PLIC") {
  interrupt_controller plic("plic", 40);
  device_bench bench("bench");
  sc_core::sc_vector<sc_core::sc_signal<bool>> lines("line", 40);
  sc_core::sc_signal<bool> irq("irq");
  plic.lines.bind(lines);
  plic.irq.bind(irq);
  bench.port.bind(plic.port);
  bool done = false;
  bench.script = [&] {
    const auto settle = [] { wait(ps(1)); };
    CHECK(bench.write(4 * 33, 3));
    CHECK(bench.read(4 * 33) == 3);
    CHECK(bench.read(0) == 0);
    CHECK_FALSE(bench.write(0, 1));
    CHECK_FALSE(bench.write(4 * 41, 1)); // no such source
    CHECK(bench.write(0x2004, 2));
    CHECK(bench.read(0x2004) == 2);
    lines[32].write(true);
    settle();
    CHECK(irq.read());
    CHECK(bench.read(0x1004) == 2);
    CHECK(bench.write(0x200000, 3));
    settle();
    CHECK_FALSE(irq.read());
    CHECK(bench.write(0x200000, 0));
    settle();
    CHECK(irq.read());
    CHECK(bench.read(0x200004) == 33);
    settle();
    CHECK_FALSE(irq.read());
    CHECK(bench.write(0x200004, 33));
    settle();
    CHECK(irq.read()); // still high
    CHECK(bench.read(0x200004) == 33);
    lines[32].write(false);
    settle();
    CHECK(bench.write(0x200004, 33));
    settle();
    CHECK_FALSE(irq.read());
    CHECK(bench.read(0x200004) == 0);
    for (const std::uint64_t nothing : {0x1008U, 0x2008U, 0x200008U, 0x3fffffcU}) {
      CHECK(bench.read(nothing) == failed);
      CHECK_FALSE(bench.write(nothing, 0));
    }
    CHECK(bench.read(4 * 33, 1) == failed); // words alone
    done = true;
  };
  sc_core::sc_start();
  CHECK(done);
}

TEST_CASE("the UART sends at once, and receives what has arrived, by polling and by interrupt") {
  std::string sent;
  std::string arriving = "ab";
  bool ended = false;
  uart serial("uart", {[&](char c) { sent += c; },
                       [&]() -> std::optional<std::string> {
                         return ended ? std::nullopt : std::optional(std::exchange(arriving, ""));
                       }});
  device_bench bench("bench");
  sc_core::sc_signal<bool> irq("irq");
  serial.irq.bind(irq);
  bench.port.bind(serial.port);
  bool done = false;
  bench.script = [&] {
    CHECK(bench.read(5, 1) == 0x61);
    for (const char c : std::string("hello")) {
      CHECK(bench.write(0, static_cast<unsigned char>(c), 1));
    }
    CHECK(sent == "hello");
    CHECK(bench.read(0, 1) == 'a');
    CHECK(bench.read(0, 1) == 'b');
    CHECK(bench.read(5, 1) == 0x60);
    CHECK(bench.read(0, 1) == 0);
    // The divisor is kept and sends nothing.
    CHECK(bench.write(3, 0x80, 1));
    CHECK(bench.write(0, 0x12, 1));
    CHECK(bench.read(0, 1) == 0x12);
    CHECK(bench.write(3, 3, 1));
    CHECK(sent == "hello");
    CHECK(bench.write(7, 0x5a, 1));
    CHECK(bench.read(7, 1) == 0x5a);
    wait(ps(1));
    CHECK_FALSE(irq.read());
    CHECK(bench.write(1, 1, 1)); // receive interrupt
    wait(ps(1));
    CHECK_FALSE(irq.read());
    arriving = "c";
    wait(irq.posedge_event());
    CHECK(bench.read(2, 1) == 4);
    CHECK(bench.read(0, 1) == 'c');
    wait(ps(1));
    CHECK_FALSE(irq.read());
    CHECK(bench.write(1, 2, 1)); // transmitter empty
    wait(ps(1));
    CHECK(irq.read());
    CHECK(bench.read(2, 1) == 2); // which answers it
    wait(ps(1));
    CHECK_FALSE(irq.read());
    CHECK(bench.write(1, 1, 1));
    ended = true;
    CHECK(bench.read(8, 1) == failed);
    CHECK(bench.read(0, 4) == failed);
    done = true;
  };
  sc_core::sc_start(); // ends by itself: nothing can arrive any more
  CHECK(done);
}

TEST_CASE("the simulation control knows pass and fail, and refuses the rest") {
  std::vector<int> codes;
  simulation_control control("control", [&](int code) { codes.push_back(code); });
  device_bench bench("bench");
  bench.port.bind(control.port);
  bench.script = [&] {
    CHECK(bench.write(0, 0x5555));
    CHECK(bench.write(0, 0x3333 | 7U << 16));
    CHECK(bench.write(0, 0x3333 | 0xffffU << 16));
    CHECK_FALSE(bench.write(0, 0x1234));
    CHECK_FALSE(bench.write(4, 0x5555));
    CHECK_FALSE(bench.write(0, 0x55, 1));
    CHECK(bench.read(0) == 0);
  };
  sc_core::sc_start();
  CHECK(codes == std::vector<int>{0, 7, 0xffff});
}
