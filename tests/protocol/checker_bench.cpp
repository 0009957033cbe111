// SPDX-License-Identifier: Apache-2.0
#include "tests/protocol/checker_bench.h"

#include <utility>

namespace sonic::tests {

namespace {

void collect(const sc_core::sc_report& report, const sc_core::sc_actions& /*actions*/) {
  reported().emplace_back(report.get_msg_type());
}

} // namespace

void collect_reports() {
  sc_core::sc_report_handler::set_handler(collect);
}

std::vector<std::string>& reported() {
  static std::vector<std::string> ids;
  return ids;
}

checker_bench::checker_bench(const sc_core::sc_module_name& name, script what)
    : sc_module(name), checker("checker"), script_(std::move(what)) {
  out.bind(checker.target_socket);
  checker.initiator_socket.bind(in);
  out.register_nb_transport_bw(this, &checker_bench::backward);
  in.register_b_transport(this, &checker_bench::blocking);
  in.register_nb_transport_fw(this, &checker_bench::forward);
  in.register_get_direct_mem_ptr(this, &checker_bench::direct);
  in.register_transport_dbg(this, &checker_bench::debug);
  SC_HAS_PROCESS(checker_bench);
  SC_THREAD(run);
  SC_METHOD(call_from_method);
  sensitive << method_event;
  dont_initialize();
}

tlm_generic_payload& checker_bench::request() {
  auto& p = pool.acquire();
  held.push_back(&p);
  p.set_command(tlm::TLM_WRITE_COMMAND);
  p.set_address(16);
  p.set_data_ptr(data.data());
  p.set_data_length(4);
  p.set_streaming_width(4);
  return p;
}

void checker_bench::run() {
  reported().clear();
  script_(*this);
  wait(sc_core::sc_time(10, sc_core::SC_NS));
  ids = reported();
  for (auto* p : held) {
    p->release();
  }
}

} // namespace sonic::tests
