// SPDX-License-Identifier: Apache-2.0
// What contends waits, in closed form: the memory's bus, a buffer's banks, a unit. Every hop is held to the protocol.
#include "sonic/chip/control/dma_engine.h"
#include "sonic/chip/memory/global_buffer.h"
#include "sonic/chip/memory/weight_buffer.h"
#include "sonic/plan/tiling.h"
#include "sonic/protocol/checker.h"
#include "sonic/tlm/job_initiator.h"
#include "tb/host/memory.h"

#include <catch2/catch.hpp>

#include <functional>
#include <vector>

using namespace sonic;

namespace {

sc_core::sc_time ns(double value) {
  return {value, sc_core::SC_NS};
}

/// Runs a plain function as a thread.
class thread : public sc_core::sc_module {
public:
  thread(const sc_core::sc_module_name& name, std::function<void()> work) : sc_module(name), work_(std::move(work)) {
    SC_HAS_PROCESS(thread);
    SC_THREAD(run);
  }

private:
  void run() { work_(); }
  std::function<void()> work_;
};

constexpr double latency_ns = 100.0;
constexpr double ns_per_byte = 0.04;

class bench : public sc_core::sc_module {
public:
  bench(const sc_core::sc_module_name& name, bool shared, double row_miss_ns)
      : sc_module(name), engine("engine", {1024, 32, 0.0}),
        memory("memory", 1 << 16,
               {host::dram_timing::parameters{100000, static_cast<std::uint64_t>(row_miss_ns * 1e3), 40.0, 16, 8192,
                                              shared},
                false}),
        buffer("buffer", 1 << 16, {}) {
    to_engine.socket.bind(control_checker.target_socket);
    control_checker.initiator_socket.bind(engine.control);
    engine.mem.bind(checker.target_socket);
    checker.initiator_socket.bind(memory.port);
    engine.global.socket.bind(buffer.port);
  }
  chip::dma_engine engine;
  protocol::checker<> checker{"checker"}, control_checker{"control_checker"};
  host::memory memory;
  chip::global_buffer buffer;
  transport::job_initiator<transport::transfer_job> to_engine{"to_engine"};
};

transport::transfer_job transfer(bool store, std::uint64_t address, std::uint64_t bytes) {
  transport::transfer_job job;
  job.store = store;
  job.pattern = plan::make_pattern(address, 1, {1, 1, 1, bytes}, {0, 0, 0, 1});
  job.buffer_offset = store ? 0x8000 : 0;
  return job;
}

/// A weight buffer with a stream's and a fill's initiator.
class buffer_bench : public sc_core::sc_module {
public:
  explicit buffer_bench(const sc_core::sc_module_name& name) : sc_module(name) {
    stream.socket.bind(checker.target_socket);
    checker.initiator_socket.bind(weights.port);
    fill.socket.bind(fill_checker.target_socket);
    fill_checker.initiator_socket.bind(weights.port);
    weights.upstream.socket.bind(global.port);
  }
  chip::global_buffer global{"global", 1 << 16, {}};
  chip::weight_buffer weights{"weights", 1 << 16, {ns(1), 0.5, 1, 1}, ns(2)};
  protocol::checker<> checker{"checker"}, fill_checker{"fill_checker"};
  transport::job_initiator<transport::stream_job> stream{"stream"};
  transport::job_initiator<transport::fill_job> fill{"fill"};
};

} // namespace

TEST_CASE("a load and a store that meet share the bus of the memory, apart they do not wait") {
  constexpr std::uint64_t bytes = 8192;
  bench together("together", true, 0.0);
  bench apart("apart", false, 0.0);
  std::vector<transport::transfer_job> jobs;
  for (int i = 0; i < 2; ++i) {
    jobs.push_back(transfer(false, 0, bytes));
    jobs.push_back(transfer(true, 0x4000, bytes));
  }
  const thread a("a", [&] { together.to_engine.call(jobs[0]); });
  const thread b("b", [&] { together.to_engine.call(jobs[1]); });
  const thread c("c", [&] { apart.to_engine.call(jobs[2]); });
  const thread d("d", [&] { apart.to_engine.call(jobs[3]); });
  sc_core::sc_start();
  // All requests come at once, load and store in turn: the last bytes of both are the last but one and the last.
  CHECK(jobs[0].ended == ns(latency_ns + (2 * bytes - 1024) * ns_per_byte));
  CHECK(jobs[1].ended == ns(latency_ns + 2 * bytes * ns_per_byte));
  CHECK(jobs[2].ended == ns(latency_ns + bytes * ns_per_byte));
  CHECK(jobs[3].ended == jobs[2].ended);
  CHECK(together.memory.contended() == 15); // all but the first
  CHECK(apart.memory.contended() == 0);
  for (auto* each : {&together, &apart}) {
    CHECK(each->checker.observed().violations() == 0);
    CHECK(each->control_checker.observed().violations() == 0);
  }
}

TEST_CASE("a row stays open for the direction that opened it while the other uses another bank") {
  bench b("b", true, 27.5);
  auto load = transfer(false, 0, 1024);
  auto again = transfer(false, 1024, 1024);
  auto store = transfer(true, 0x8000, 1024); // row 4, in another of the 16 banks
  const thread run("run", [&] {
    b.to_engine.call(load);
    b.to_engine.call(store);
    b.to_engine.call(again);
  });
  sc_core::sc_start();
  const double one = latency_ns + 1024 * ns_per_byte;
  CHECK(load.ended == ns(27.5 + one));
  CHECK(store.ended == load.ended + ns(27.5 + one));
  CHECK(again.ended == store.ended + ns(one)); // its row is still open
  CHECK(b.memory.contended() == 0);
}

TEST_CASE("a stream ends later by the fills that come while it lasts") {
  buffer_bench b("b");
  transport::stream_job first, second;
  first.bytes = 1000; // 500 ns at one bank
  second.bytes = 200; // 100 ns
  transport::fill_job early, late;
  early.bytes = 80; // 40 ns
  late.bytes = 60;  // 30 ns
  const thread one("one", [&] { b.stream.call(first); });
  const thread two("two", [&] { b.stream.call(second); });
  const thread fills("fills", [&] {
    sc_core::wait(ns(300));
    early.from = early.until = ns(300);
    b.fill.call(early);
    sc_core::wait(ns(650) - sc_core::sc_time_stamp());
    late.from = late.until = ns(650);
    b.fill.call(late);
  });
  sc_core::sc_start();
  CHECK(first.ended == ns(500 + 40));
  CHECK(second.ended == ns(540 + 100)); // over before the late fill
  CHECK(second.held_up == ns(40));
  CHECK(early.ended == ns(300 + 40 + 2 + 1));
  CHECK(late.ended == ns(650 + 30 + 2 + 1));
  CHECK(b.checker.observed().violations() == 0);
  CHECK(b.fill_checker.observed().violations() == 0);
}
