// SPDX-License-Identifier: Apache-2.0
// Legal traffic in every form that the base protocol has, at random: the checker stays silent and changes nothing.
#include "sonic/protocol/checker.h"
#include "sonic/protocol/payload_pool.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <map>
#include <random>
#include <set>

#include <tlm_utils/peq_with_get.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

using sonic::protocol::payload_pool;
template <unsigned int width = 32>
using checked = sonic::protocol::checker<width>;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;
using tlm::tlm_sync_enum;

namespace {

using generator = std::mt19937_64;

sc_core::sc_time some_time(generator& random) {
  return sc_core::sc_time(static_cast<double>(random() % 5), sc_core::SC_NS);
}

/// A memory of 256 bytes that answers each request in one of the legal ways.
class target : public sc_core::sc_module {
public:
  target(const sc_core::sc_module_name& name, std::uint64_t seed)
      : sc_module(name), requests_("requests"), random_(seed) {
    in.register_b_transport(this, &target::blocking);
    in.register_nb_transport_fw(this, &target::forward);
    SC_HAS_PROCESS(target);
    SC_THREAD(serve);
  }
  tlm_utils::simple_target_socket<target> in{"in"};
  std::array<unsigned char, 256> bytes{};
  std::map<std::string, int> ways;

private:
  void access(tlm_generic_payload& p) {
    auto* here = bytes.data() + p.get_address();
    p.is_write() ? std::memcpy(here, p.get_data_ptr(), p.get_data_length())
                 : std::memcpy(p.get_data_ptr(), here, p.get_data_length());
    p.set_response_status(tlm::TLM_OK_RESPONSE);
  }
  void blocking(tlm_generic_payload& p, sc_core::sc_time& delay) {
    if (random_() % 2 == 0) {
      wait(some_time(random_));
    }
    delay += some_time(random_);
    access(p);
  }
  tlm_sync_enum forward(tlm_generic_payload& p, tlm_phase& phase, sc_core::sc_time& delay) {
    if (phase == tlm::END_RESP) {
      end_response_.notify(delay);
      return random_() % 2 == 0 ? tlm::TLM_ACCEPTED : tlm::TLM_COMPLETED;
    }
    switch (random_() % 4) {
    case 0: // at once
      ++ways["completed"];
      access(p);
      delay += some_time(random_);
      return tlm::TLM_COMPLETED;
    case 1: // END_REQ on the way back
      ++ways["end of request returned"];
      phase = tlm::END_REQ;
      delay += some_time(random_);
      p.acquire();
      ended_.insert(&p);
      requests_.notify(p, delay + some_time(random_));
      return tlm::TLM_UPDATED;
    case 2: // END_REQ as a call
      ++ways["end of request called"];
      break;
    default: // BEGIN_RESP ends the request
      ++ways["end of request implied"];
      ended_.insert(&p);
    }
    p.acquire();
    requests_.notify(p, delay + some_time(random_));
    return tlm::TLM_ACCEPTED;
  }
  void serve() {
    while (true) {
      auto* p = requests_.get_next_transaction();
      if (p == nullptr) {
        wait(requests_.get_event());
        continue;
      }
      tlm_phase phase = tlm::END_REQ;
      auto delay = sc_core::SC_ZERO_TIME;
      if (ended_.erase(p) == 0) {
        CHECK(in->nb_transport_bw(*p, phase, delay) == tlm::TLM_ACCEPTED);
        wait(some_time(random_));
      }
      access(*p);
      phase = tlm::BEGIN_RESP;
      delay = some_time(random_);
      const auto status = in->nb_transport_bw(*p, phase, delay);
      if (status == tlm::TLM_ACCEPTED) {
        wait(end_response_);
      } else {
        wait(delay);
      }
      p->release();
    }
  }

  tlm_utils::peq_with_get<tlm_generic_payload> requests_;
  sc_core::sc_event end_response_;
  std::set<tlm_generic_payload*> ended_; ///< whose request has ended, or will with the response
  generator random_;
};

/// Sends reads and writes and compares with a copy of the memory.
class initiator : public sc_core::sc_module {
public:
  initiator(const sc_core::sc_module_name& name, std::uint64_t seed, int count)
      : sc_module(name), random_(seed), count_(count) {
    out.register_nb_transport_bw(this, &initiator::backward);
    SC_HAS_PROCESS(initiator);
    SC_THREAD(run);
  }
  tlm_utils::simple_initiator_socket<initiator> out{"out"};
  payload_pool pool;
  int done = 0, wrong = 0;

private:
  tlm_sync_enum backward(tlm_generic_payload& /*p*/, tlm_phase& phase, sc_core::sc_time& delay) {
    if (phase == tlm::END_REQ) {
      request_ended_ = true;
      return tlm::TLM_ACCEPTED;
    }
    switch (random_() % 3) {
    case 0:
      answered_.notify(delay);
      return tlm::TLM_COMPLETED;
    case 1:
      phase = tlm::END_RESP;
      delay += some_time(random_);
      answered_.notify(delay);
      return tlm::TLM_UPDATED;
    default:
      send_end_ = true;
      answered_.notify(delay);
      return tlm::TLM_ACCEPTED;
    }
  }
  void nonblocking(tlm_generic_payload& p) {
    tlm_phase phase = tlm::BEGIN_REQ;
    auto delay = some_time(random_);
    send_end_ = false;
    if (out->nb_transport_fw(p, phase, delay) == tlm::TLM_COMPLETED) {
      wait(delay);
      return;
    }
    wait(answered_);
    if (send_end_) {
      phase = tlm::END_RESP;
      delay = some_time(random_);
      out->nb_transport_fw(p, phase, delay);
    }
  }
  void run() {
    std::array<unsigned char, 256> copy{};
    std::array<unsigned char, 16> data{};
    for (done = 0; done < count_; ++done) {
      auto& p = pool.acquire();
      const bool write = random_() % 2 == 0;
      const unsigned int length = 1 + random_() % 16;
      const std::uint64_t address = random_() % (256 - length);
      for (auto& byte : data) {
        byte = static_cast<unsigned char>(random_());
      }
      p.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
      p.set_address(address);
      p.set_data_ptr(data.data());
      p.set_data_length(length);
      p.set_streaming_width(length);
      if (random_() % 3 == 0) {
        auto delay = some_time(random_);
        out->b_transport(p, delay);
        wait(delay);
      } else {
        nonblocking(p);
      }
      if (write) {
        std::memcpy(copy.data() + address, data.data(), length);
      }
      wrong += std::memcmp(copy.data() + address, data.data(), length) != 0 || !p.is_response_ok() ? 1 : 0;
      wait(some_time(random_));
      p.release();
    }
  }

  sc_core::sc_event answered_;
  bool request_ended_ = false, send_end_ = false;
  generator random_;
  int count_;
};

} // namespace

TEST_CASE("legal traffic at random passes the checker unchanged and without a report") {
  const std::uint64_t seed = 4242;
  CAPTURE(seed);
  constexpr int count = 20000;
  initiator from("from", seed, count);
  checked<> checker("checker");
  target to("to", seed + 1);
  from.out.bind(checker.target_socket);
  checker.initiator_socket.bind(to.in);
  sc_core::sc_start();
  CHECK(from.done == count);
  CHECK(from.wrong == 0);
  CHECK(checker.observed().transactions() == count);
  CHECK(checker.observed().violations() == 0);
  CHECK(checker.observed().in_flight() == 0);
  CHECK(from.pool.outstanding() == 0);
  CHECK(to.ways.size() == 4);
}
