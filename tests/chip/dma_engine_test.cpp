// SPDX-License-Identifier: Apache-2.0
// The engine's own time against memories whose time is known.
#include "sonic/chip/control/dma_engine.h"
#include "sonic/chip/memory/global_buffer.h"
#include "sonic/plan/tiling.h"
#include "sonic/protocol/checker.h"
#include "sonic/tlm/job_initiator.h"

#include <catch2/catch.hpp>

#include <array>
#include <vector>

#include <tlm_utils/simple_target_socket.h>

using namespace sonic;

namespace {

sc_core::sc_time ns(double value) {
  return {value, sc_core::SC_NS};
}

/// Takes as long for each access as it is told, by annotation or by waiting; byte i holds i modulo 251.
class known_memory : public sc_core::sc_module {
public:
  explicit known_memory(const sc_core::sc_module_name& name, bool waits = false) : sc_module(name), waits_(waits) {
    port.register_b_transport(this, &known_memory::b_transport);
    port.register_get_direct_mem_ptr(this, &known_memory::get_direct_mem_ptr);
    for (std::size_t i = 0; i < direct_.size(); ++i) {
      direct_[i] = static_cast<unsigned char>(i % 251);
    }
  }
  tlm_utils::simple_target_socket<known_memory> port{"port"};
  sc_core::sc_time latency = ns(100), direct_latency;
  bool grant_dmi = false;
  std::uint64_t accesses = 0, fails_at = ~std::uint64_t{0};

private:
  void b_transport(tlm::tlm_generic_payload& p, sc_core::sc_time& delay) {
    if (waits_) {
      wait(delay + latency);
      delay = sc_core::SC_ZERO_TIME;
    } else {
      delay += latency;
    }
    for (unsigned int i = 0; i < p.get_data_length(); ++i) {
      p.get_data_ptr()[i] = p.is_read() ? static_cast<unsigned char>((p.get_address() + i) % 251) : p.get_data_ptr()[i];
    }
    p.set_response_status(accesses++ == fails_at ? tlm::TLM_ADDRESS_ERROR_RESPONSE : tlm::TLM_OK_RESPONSE);
    p.set_dmi_allowed(grant_dmi);
  }
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& /*p*/, tlm::tlm_dmi& dmi) {
    dmi.set_dmi_ptr(direct_.data());
    dmi.set_end_address(direct_.size() - 1);
    dmi.allow_read();
    dmi.set_read_latency(direct_latency);
    return grant_dmi;
  }
  std::array<unsigned char, 8192> direct_{};
  bool waits_;
};

/// Non-blocking only: takes a request after 30 ns and answers 100 ns after it came, some by the return path.
class slow_to_accept : public sc_core::sc_module {
public:
  explicit slow_to_accept(const sc_core::sc_module_name& name)
      : sc_module(name), phases_([this](auto& payload, auto& phase, auto& delay) {
          return port->nb_transport_bw(payload, phase, delay);
        }) {
    port.register_nb_transport_fw(this, &slow_to_accept::nb_transport_fw);
  }
  tlm_utils::simple_target_socket<slow_to_accept> port{"port"};
  std::uint64_t accesses = 0;
  bool at_once = false; ///< answers by TLM_COMPLETED, 100 ns annotated

private:
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& p, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    if (phases_.ended_by(p, phase, delay)) {
      return tlm::TLM_COMPLETED;
    }
    ++accesses;
    p.set_response_status(tlm::TLM_OK_RESPONSE);
    if (at_once) {
      delay += ns(100);
      return tlm::TLM_COMPLETED;
    }
    phases_.accept_at(p, sc_core::sc_time_stamp() + ns(30));
    phases_.respond_at(p, sc_core::sc_time_stamp() + ns(100));
    return tlm::TLM_ACCEPTED;
  }
  protocol::target_phases phases_;
};

template <class memory_kind = known_memory>
class basic_bench : public sc_core::sc_module {
public:
  template <class... how>
  basic_bench(const sc_core::sc_module_name& name, const chip::dma_engine::parameters& port, how... memory_is)
      : sc_module(name), engine("engine", port), memory("memory", memory_is...), buffer("buffer", 1 << 16, {}) {
    to_engine.socket.bind(engine.control);
    engine.mem.bind(checker.target_socket);
    checker.initiator_socket.bind(memory.port);
    engine.global.socket.bind(buffer.port);
    SC_HAS_PROCESS(basic_bench);
    SC_THREAD(run);
  }

  chip::dma_engine engine;
  protocol::checker<> checker{"checker"};
  memory_kind memory;
  chip::global_buffer buffer;
  transport::job_initiator<transport::transfer_job> to_engine{"to_engine"};
  transport::transfer_job job;
  bool approximately_timed = false;
  sc_core::sc_time asked, ended;
  std::vector<std::uint8_t> found;

private:
  void run() {
    auto delay = asked;
    if (approximately_timed) {
      wait(delay);
      delay = sc_core::SC_ZERO_TIME;
      to_engine.call(job);
    } else {
      to_engine.run(job, delay);
    }
    ended = sc_core::sc_time_stamp() + delay;
    const auto in_buffer = engine.global.direct(0, job.pattern.total_bytes());
    found.assign(in_buffer.begin(), in_buffer.end());
  }
};

using bench = basic_bench<>;

/// 64 runs of 32 bytes, 100 bytes apart.
transport::transfer_pattern scattered() {
  return plan::make_pattern(7, 1, {1, 1, 64, 32}, {0, 0, 100, 1});
}

} // namespace

TEST_CASE("short runs take runs / outstanding x latency") {
  bench eight("eight", {1024, 8, 0.0});
  bench one("one", {1024, 1, 0.0});
  bench later("later", {1024, 8, 0.0});
  for (auto* b : {&eight, &one, &later}) {
    b->job.pattern = scattered();
  }
  later.asked = ns(50);
  sc_core::sc_start();
  CHECK(eight.ended == ns(8 * 100));
  CHECK(one.ended == ns(64 * 100));
  CHECK(later.ended == ns(50 + 8 * 100));
  CHECK(eight.memory.accesses == 64);
  CHECK(eight.checker.observed().violations() == 0);
  for (std::size_t i = 0; i < eight.found.size(); ++i) {
    REQUIRE(eight.found[i] == (7 + i / 32 * 100 + i % 32) % 251);
  }
}

TEST_CASE("a long run is cut into transactions and takes latency and bytes at the port's rate") {
  bench b("b", {1000, 32, 0.05});
  b.job.pattern = plan::make_pattern(0, 1, {1, 1, 1, 4500}, {0, 0, 0, 1});
  sc_core::sc_start();
  CHECK(b.memory.accesses == 5);
  // All are asked for at once. The memory has each at 100 ns; the first has passed the port as it arrived, and the
  // others follow one after the other.
  CHECK(b.ended == ns(100 + 3500 * 0.05));
}

TEST_CASE("a memory that waits is charged its waiting, one transaction after the other") {
  bench b("b", {1024, 8, 0.0}, true);
  b.job.pattern = scattered();
  sc_core::sc_start();
  CHECK(b.ended == ns(64 * 100));
  CHECK(sc_core::sc_time_stamp() == b.ended);
}

TEST_CASE("by DMI a transaction takes the latency that the grant names") {
  bench one("one", {1024, 1, 0.0});
  bench eight("eight", {1024, 8, 0.0});
  bench none("none", {1024, 8, 0.0});
  for (auto* b : {&one, &eight, &none}) {
    b->memory.grant_dmi = true;
    b->memory.direct_latency = b == &none ? ns(0) : ns(10);
    b->job.pattern = scattered();
  }
  sc_core::sc_start();
  CHECK(one.ended == ns(100 + 63 * 10));
  CHECK(eight.ended == ns(100 + 7 * 10)); // the first one, by b_transport, holds its place for 100 ns
  CHECK(none.ended == ns(100));
  for (auto* b : {&one, &eight, &none}) {
    CHECK(b->memory.accesses == 1);
    CHECK(b->checker.observed().violations() == 0);
    for (std::size_t i = 0; i < b->found.size(); ++i) {
      REQUIRE(b->found[i] == (7 + i / 32 * 100 + i % 32) % 251);
    }
  }
}

TEST_CASE("an error of any transaction ends the transfer") {
  bench b("b", {1024, 8, 0.0});
  b.job.pattern = scattered();
  b.memory.fails_at = 17;
  sc_core::sc_start();
  CHECK(b.job.bus_error);
  CHECK(b.memory.accesses == 18);
}

TEST_CASE("approximately timed, a memory that only has b_transport takes one transaction after the other") {
  bench annotated("annotated", {1024, 8, 0.0});
  bench waiting("waiting", {1024, 8, 0.0}, true);
  bench one("one", {1024, 1, 0.0});
  bench wide("wide", {1000, 32, 0.05});
  for (auto* b : {&annotated, &waiting, &one, &wide}) {
    b->approximately_timed = true;
    b->job.pattern = scattered();
  }
  wide.job.pattern = plan::make_pattern(0, 1, {1, 1, 1, 4500}, {0, 0, 0, 1});
  sc_core::sc_start();
  // The convenience socket, which translates, accepts a request only with its answer.
  CHECK(annotated.ended == ns(64 * 100));
  CHECK(waiting.ended == ns(64 * 100));
  CHECK(one.ended == ns(64 * 100));
  CHECK(wide.ended == ns(5 * 100)); // 1000 bytes pass the port in 50
  for (auto* b : {&annotated, &waiting, &one}) {
    CHECK(b->checker.observed().violations() == 0);
    for (std::size_t i = 0; i < b->found.size(); ++i) {
      REQUIRE(b->found[i] == (7 + i / 32 * 100 + i % 32) % 251);
    }
  }
}

TEST_CASE("approximately timed, a memory's END_REQ holds up the next request, and its answer may come at once") {
  basic_bench<slow_to_accept> slow("slow", {1024, 8, 0.0});
  basic_bench<slow_to_accept> completed("completed", {1024, 8, 0.0});
  completed.memory.at_once = true;
  for (auto* b : {&slow, &completed}) {
    b->approximately_timed = true;
    b->job.pattern = scattered();
  }
  sc_core::sc_start();
  CHECK(slow.ended == ns(63 * 30 + 100));
  CHECK(completed.ended == ns(64 * 100)); // TLM_COMPLETED accepts and answers at the same time
  CHECK(slow.memory.accesses == 64);
  CHECK(slow.checker.observed().violations() == 0);
  CHECK(completed.checker.observed().violations() == 0);
}

TEST_CASE("approximately timed, an error ends the transfer when what was asked for has been answered") {
  bench b("b", {1024, 8, 0.0});
  b.approximately_timed = true;
  b.job.pattern = scattered();
  b.memory.fails_at = 17;
  sc_core::sc_start();
  CHECK(b.job.bus_error);
  CHECK(b.memory.accesses >= 18);
  CHECK(b.memory.accesses <= 18 + 8);
  CHECK(b.checker.observed().violations() == 0);
}
