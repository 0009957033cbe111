// SPDX-License-Identifier: Apache-2.0
#include "tests/protocol/checker_bench.h"

#include <catch2/catch.hpp>

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

using sonic::protocol::info_of;
using sonic::protocol::rule;
using sonic::protocol::rule_count;
using sonic::tests::reported;
using sonic::tests::script;
using tlm::tlm_generic_payload;
using bench = sonic::tests::checker_bench;

namespace {

const sc_core::sc_time ns(1, sc_core::SC_NS);

/// Breaks a request before it is sent, by b_transport.
script sent(const std::function<void(bench&, tlm_generic_payload&)>& damage) {
  return [damage](bench& b) {
    auto& p = b.request();
    damage(b, p);
    b.send_blocking(p);
  };
}

/// Breaks a payload in the target's b_transport.
script travelling(const std::function<void(bench&, tlm_generic_payload&)>& damage) {
  return [damage](bench& b) {
    auto& p = b.request();
    b.on_blocking = [&](auto& there) {
      there.set_response_status(tlm::TLM_OK_RESPONSE);
      damage(b, there);
    };
    b.send_blocking(p);
  };
}

script granting(const std::function<void(bench&, tlm_generic_payload&, tlm::tlm_dmi&)>& grant) {
  return [grant](bench& b) {
    auto& p = b.request();
    tlm::tlm_dmi dmi;
    b.on_direct = [&](auto& asked, auto& given) {
      given.set_dmi_ptr(b.data.data());
      given.set_end_address(255);
      given.allow_read_write();
      grant(b, asked, given);
      return true;
    };
    b.out->get_direct_mem_ptr(p, dmi);
  };
}

struct mark : tlm::tlm_extension<mark> {
  tlm::tlm_extension_base* clone() const override { return new mark; }
  void copy_from(const tlm::tlm_extension_base& /*other*/) override {}
};

/// For each rule, an initiator and target that break this rule and no other.
std::map<rule, script> offences() {
  std::map<rule, script> all;
  all[rule::null_data_pointer] = sent([](auto&, auto& p) { p.set_data_ptr(nullptr); });
  all[rule::zero_data_length] = sent([](auto&, auto& p) { p.set_data_length(0); });
  all[rule::zero_byte_enable_length] = sent([](auto& b, auto& p) { p.set_byte_enable_ptr(b.enables.data()); });
  all[rule::zero_streaming_width] = sent([](auto&, auto& p) { p.set_streaming_width(0); });
  all[rule::dmi_allowed_set] = sent([](auto&, auto& p) { p.set_dmi_allowed(true); });
  all[rule::response_not_incomplete] = sent([](auto&, auto& p) { p.set_response_status(tlm::TLM_OK_RESPONSE); });
  all[rule::option_not_minimal] = sent([](auto&, auto& p) { p.set_gp_option(tlm::TLM_FULL_PAYLOAD); });
  all[rule::no_memory_manager] = [](bench& b) {
    static tlm_generic_payload unmanaged;
    unmanaged.deep_copy_from(b.request());
    unmanaged.set_data_ptr(b.data.data());
    unmanaged.set_command(tlm::TLM_IGNORE_COMMAND);
    b.send(unmanaged, tlm::BEGIN_REQ);
  };
  all[rule::no_reference] = [](bench& b) {
    struct manager : tlm::tlm_mm_interface {
      void free(tlm_generic_payload* /*p*/) override {}
    };
    static manager nobody;
    static tlm_generic_payload loose(&nobody);
    loose.set_command(tlm::TLM_IGNORE_COMMAND);
    loose.set_streaming_width(4);
    b.send(loose, tlm::BEGIN_REQ);
  };
  all[rule::command_modified] = travelling([](auto&, auto& p) { p.set_command(tlm::TLM_READ_COMMAND); });
  all[rule::data_pointer_modified] = travelling([](auto& b, auto& p) { p.set_data_ptr(b.enables.data()); });
  all[rule::data_length_modified] = travelling([](auto&, auto& p) { p.set_data_length(2); });
  all[rule::data_modified] = travelling([](auto& b, auto&) { b.data[3] ^= 1U; });
  all[rule::byte_enable_modified] = [](bench& b) {
    auto& p = b.request();
    b.enables.fill(TLM_BYTE_ENABLED);
    p.set_byte_enable_ptr(b.enables.data());
    p.set_byte_enable_length(4);
    b.on_blocking = [&](auto& there) {
      b.enables[1] = TLM_BYTE_DISABLED;
      there.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    b.send_blocking(p);
  };
  all[rule::streaming_width_modified] = travelling([](auto&, auto& p) { p.set_streaming_width(2); });
  all[rule::option_modified] = travelling([](auto&, auto& p) { p.set_gp_option(tlm::TLM_FULL_PAYLOAD_ACCEPTED); });
  all[rule::extension_left] = [](bench& b) {
    tlm_generic_payload unmanaged;
    mark left;
    unmanaged.set_command(tlm::TLM_IGNORE_COMMAND);
    unmanaged.set_streaming_width(1);
    b.on_blocking = [&](auto& there) {
      there.set_extension(&left);
      there.set_response_status(tlm::TLM_OK_RESPONSE);
    };
    b.send_blocking(unmanaged);
    unmanaged.clear_extension(&left);
  };
  all[rule::no_response] = travelling([](auto&, auto& p) { p.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE); });
  all[rule::phase_on_wrong_path] = [](bench& b) {
    auto& p = b.request();
    b.send(p, tlm::BEGIN_REQ);
    b.send(p, tlm::END_REQ);
  };
  all[rule::phase_out_of_sequence] = [](bench& b) {
    auto& p = b.request();
    b.send(p, tlm::BEGIN_REQ);
    b.answer(p, tlm::END_REQ);
    b.answer(p, tlm::END_REQ);
  };
  all[rule::request_exclusion] = [](bench& b) {
    b.send(b.request(), tlm::BEGIN_REQ);
    b.send(b.request(), tlm::BEGIN_REQ);
  };
  all[rule::response_exclusion] = [](bench& b) {
    auto &first = b.request(), &second = b.request();
    b.send(first, tlm::BEGIN_REQ);
    b.answer(first, tlm::END_REQ);
    b.send(second, tlm::BEGIN_REQ);
    b.respond(first);
    b.respond(second);
  };
  all[rule::accepted_but_modified] = [](bench& b) {
    b.on_forward = [](auto&, auto& phase, auto&) {
      phase = tlm::END_REQ;
      return tlm::TLM_ACCEPTED;
    };
    b.send(b.request(), tlm::BEGIN_REQ);
  };
  all[rule::completed_out_of_sequence] = [](bench& b) {
    auto& p = b.request();
    b.send(p, tlm::BEGIN_REQ);
    p.set_response_status(tlm::TLM_OK_RESPONSE);
    b.on_backward = [](auto&, auto&, auto&) { return tlm::TLM_COMPLETED; };
    b.answer(p, tlm::END_REQ);
  };
  all[rule::time_decreases] = [](bench& b) {
    auto& p = b.request();
    b.send(p, tlm::BEGIN_REQ, 5 * ns);
    b.answer(p, tlm::END_REQ, 4 * ns);
  };
  all[rule::waits_in_nonblocking_call] = [](bench& b) {
    b.on_forward = [](auto&, auto&, auto&) {
      sc_core::wait(ns);
      return tlm::TLM_ACCEPTED;
    };
    b.send(b.request(), tlm::BEGIN_REQ);
  };
  all[rule::mixed_transports] = [](bench& b) {
    auto& p = b.request();
    b.send(p, tlm::BEGIN_REQ);
    b.send_blocking(p);
  };
  all[rule::blocking_in_method] = [](bench& b) { b.method_event.notify(); };
  all[rule::dmi_not_initialised] = [](bench& b) {
    tlm::tlm_dmi dmi;
    dmi.set_end_address(255);
    b.out->get_direct_mem_ptr(b.request(), dmi);
  };
  all[rule::dmi_without_pointer] = granting([](auto&, auto&, auto& dmi) { dmi.set_dmi_ptr(nullptr); });
  all[rule::dmi_outside_range] = granting([](auto&, auto&, auto& dmi) { dmi.set_end_address(15); });
  all[rule::dmi_less_than_asked] = granting([](auto&, auto&, auto& dmi) { dmi.allow_read(); });
  all[rule::debug_null_data_pointer] = [](bench& b) {
    auto& p = b.request();
    p.set_data_ptr(nullptr);
    b.out->transport_dbg(p);
  };
  all[rule::debug_too_many_bytes] = [](bench& b) {
    b.debug_answer = 5;
    b.out->transport_dbg(b.request());
  };
  return all;
}

} // namespace

TEST_CASE("each rule of the base protocol is caught under its own id, and nothing else is reported") {
  sonic::tests::collect_reports();
  const auto all = offences();
  REQUIRE(all.size() == rule_count);
  std::deque<bench> benches;
  sc_core::sc_time start;
  for (const auto& [broken, what] : all) {
    // One after the other, so that a report belongs to one script.
    const auto mine = start;
    benches.emplace_back(sc_core::sc_gen_unique_name("bench"), [mine, what = what](bench& b) {
      sc_core::wait(mine + ns);
      reported().clear();
      what(b);
    });
    start += 20 * ns;
  }
  sc_core::sc_start(start + 100 * ns);
  auto b = benches.begin();
  for (const auto& [broken, what] : all) {
    INFO(info_of(broken).id);
    CHECK(std::set<std::string>(b->ids.begin(), b->ids.end()) == std::set<std::string>{info_of(broken).id});
    CHECK(b->checker.observed().violations() >= 1);
    ++b;
  }
}

TEST_CASE("a violation throws a SystemC report unless the user chooses otherwise") {
  bool thrown = false;
  bench b("bench", [&](bench& mine) {
    auto& p = mine.request();
    p.set_streaming_width(0);
    try {
      mine.send_blocking(p);
    } catch (const sc_core::sc_report& report) {
      thrown = true;
      CHECK(std::string(report.get_msg_type()) == "/sonic/protocol/zero_streaming_width");
      CHECK(std::string(report.get_msg()) ==
            "bench.checker at 0 s: the streaming width is 0; expected that the streaming width is at least 1 "
            "(IEEE Std 1666-2011, 14.15 f)");
    }
  });
  sc_core::sc_start(20 * ns);
  CHECK(thrown);
}
