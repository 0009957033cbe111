// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/register_adversary.h"

#include <algorithm>
#include <cstring>
#include <sstream>

namespace sonic::tests {

namespace at = regs::at;
using ::tlm::tlm_generic_payload;

namespace {

constexpr std::size_t most_transactions = 8;
const sc_core::sc_time tick{1.0, sc_core::SC_PS};

/// Whoever does not know a phase ignores it.
DECLARE_EXTENDED_PHASE(hearsay);

/// Whoever does not know an extension ignores it.
struct remark : ::tlm::tlm_extension<remark> {
  ::tlm::tlm_extension_base* clone() const override { return new remark; }
  void copy_from(const ::tlm::tlm_extension_base& /*other*/) override {}
};

} // namespace

register_adversary::register_adversary(const sc_core::sc_module_name& name, std::uint64_t seed)
    : sc_module(name), out("out"), random_(seed) {
  out.register_nb_transport_bw(this, &register_adversary::nb_transport_bw);
  SC_HAS_PROCESS(register_adversary);
  SC_METHOD(look_when_due);
  sensitive << due_;
  dont_initialize();
}

void register_adversary::look_when_due() {
  keep(look());
}

sc_core::sc_time register_adversary::some_time(double longest_ns) {
  return static_cast<double>(random_.integer(0, static_cast<std::int64_t>(longest_ns * 1e3))) * tick;
}

void register_adversary::differ(const std::string& what, const register_access& access) {
  std::ostringstream text;
  text << "action " << actions_ << " at " << sc_core::sc_time_stamp() << ": " << what << " (command " << access.command
       << ", address 0x" << std::hex << access.address << std::dec << ", " << access.data.size() << " bytes, "
       << access.enables.size() << " enables, streaming width " << access.streaming_width << ")";
  differences_.push_back(text.str());
}

register_access register_adversary::some_access() {
  register_access a;
  const auto kind = random_.integer(0, 19);
  a.command = kind == 0 ? ::tlm::TLM_IGNORE_COMMAND : kind < 10 ? ::tlm::TLM_READ_COMMAND : ::tlm::TLM_WRITE_COMMAND;
  const auto place = random_.integer(0, 19);
  const bool aligned = random_.chance(0.4);
  if (place < 14) {
    a.address = static_cast<std::uint64_t>(random_.integer(0, 0x7F));
  } else if (place < 18) {
    a.address = static_cast<std::uint64_t>(random_.integer(0x78, regs::bank_size + 0x10));
  } else if (place == 18) {
    a.address = (std::uint64_t{1} << 32U) + static_cast<std::uint64_t>(random_.integer(-8, 0x40));
  } else {
    a.address = ~std::uint64_t{0} - static_cast<std::uint64_t>(random_.integer(0, 8));
  }
  if (aligned) {
    a.address = a.address / 4 * 4;
  }
  const auto longest = random_.chance(0.05) ? regs::bank_size + 16 : random_.chance(0.5) ? 8 : 40;
  a.data.resize(aligned && random_.chance(0.6) ? 4 : static_cast<std::size_t>(random_.integer(1, longest)));
  for (auto& byte : a.data) {
    byte = static_cast<std::uint8_t>(random_.integer(0, 255));
  }
  const auto length = static_cast<std::int64_t>(a.data.size());
  if (random_.chance(0.4)) {
    a.enables.resize(static_cast<std::size_t>(random_.integer(1, random_.chance(0.3) ? length + 5 : 8)));
    const double share = random_.chance(0.2) ? 0.0 : 0.6;
    for (auto& enable : a.enables) {
      enable = random_.chance(share) ? TLM_BYTE_ENABLED : TLM_BYTE_DISABLED;
    }
  }
  const auto width = random_.integer(0, 9);
  a.streaming_width = static_cast<unsigned int>(width == 0   ? random_.integer(1, length)
                                                : width == 1 ? length + random_.integer(0, 1000)
                                                             : length);
  return a;
}

void register_adversary::describe(tlm_generic_payload& payload, register_access& access,
                                  std::vector<std::uint8_t>& buffer) {
  buffer = access.data;
  payload.set_command(access.command);
  payload.set_address(access.address);
  payload.set_data_ptr(buffer.data());
  payload.set_data_length(static_cast<unsigned int>(buffer.size()));
  payload.set_streaming_width(access.streaming_width);
  payload.set_byte_enable_ptr(access.enables.empty() ? nullptr : access.enables.data());
  payload.set_byte_enable_length(static_cast<unsigned int>(access.enables.size()));
  payload.set_dmi_allowed(false);
  payload.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
}

register_model::bank register_adversary::look() {
  tlm_generic_payload payload;
  register_model::bank words{};
  payload.set_command(::tlm::TLM_READ_COMMAND);
  payload.set_address(0);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(words.data()));
  payload.set_data_length(sizeof(words));
  payload.set_streaming_width(sizeof(words));
  if (out->transport_dbg(payload) != sizeof(words)) {
    differ("a debug read of the bank does not read it", {});
  }
  return words;
}

void register_adversary::keep(const register_model::bank& words) {
  history_.push_back({sc_core::sc_time_stamp(), words});
  const auto oldest = under_way_.empty() ? sc_core::sc_time_stamp() : under_way_.front().begun;
  while (history_.size() > 1 && history_[1].when < oldest) {
    history_.pop_front();
  }
}

/// Registers that only accesses change are the model's; the model learns of the others.
void register_adversary::compare(const std::string& what, const register_access& access,
                                 const register_model::bank& found) {
  for (std::size_t word = 0; word < found.size(); ++word) {
    if (!register_model::changed_by_chip(word) && found[word] != model_.words[word]) {
      std::ostringstream text;
      text << what << ": register 0x" << std::hex << word * 4 << " is 0x" << found[word] << ", expected 0x"
           << model_.words[word];
      differ(text.str(), access);
    }
  }
  model_.words = found; // a difference is told once
  keep(found);
}

void register_adversary::settle() {
  while (std::any_of(under_way_.begin(), under_way_.end(),
                     [](const transaction& t) { return !t.done && t.due == sc_core::sc_time_stamp(); })) {
    wait(tick);
  }
  apply_due();
  if (!known_) {
    known_ = true;
    for (const auto offset :
         {at::conv_vdus, at::conv_lanes, at::fc_vdus, at::fc_lanes, at::weight_buffer_bytes, at::elements}) {
      model_.constants[offset / 4] = look()[offset / 4];
    }
    model_.reset();
  }
  compare("before", {}, look());
}

void register_adversary::apply_due() {
  for (auto& t : under_way_) { // in the order of their times
    if (t.done || t.due >= sc_core::sc_time_stamp()) {
      continue;
    }
    t.done = true;
    const bool good = *t.allowed.begin() == ::tlm::TLM_OK_RESPONSE && t.access.command != ::tlm::TLM_IGNORE_COMMAND;
    if (good && t.access.command == ::tlm::TLM_WRITE_COMMAND) {
      model_.write(t.access);
    } else if (good) {
      for (std::size_t i = 0; i < t.access.data.size(); ++i) {
        t.expected.push_back(model_.read(t.access, i));
      }
    }
  }
}

void register_adversary::write(std::uint32_t offset, std::uint32_t value) {
  register_access a{::tlm::TLM_WRITE_COMMAND, offset, std::vector<std::uint8_t>(4), {}, 4};
  std::memcpy(a.data.data(), &value, sizeof(value));
  do_blocking(a);
}

void register_adversary::blocking() {
  do_blocking(some_access());
}

void register_adversary::do_blocking(const register_access& wanted) {
  settle();
  auto access = wanted;
  std::vector<std::uint8_t> buffer;
  tlm_generic_payload own;
  const bool managed = random_.chance(0.3);
  auto& payload = managed ? pool_.acquire() : own;
  describe(payload, access, buffer);
  remark said;
  const bool remarks = !managed && random_.chance(0.2);
  if (remarks) {
    payload.set_extension(&said);
  }
  const auto allowed = model_.responses(access);
  const auto asked = random_.chance(0.3) ? sc_core::SC_ZERO_TIME : some_time(1000.0);
  auto delay = asked;
  const auto now = sc_core::sc_time_stamp();
  out->b_transport(payload, delay);
  if (sc_core::sc_time_stamp() + delay < now + asked) {
    differ("the delay became shorter", access);
  }
  if (allowed.count(payload.get_response_status()) == 0) {
    differ("the response is " + payload.get_response_string(), access);
  }
  if (payload.is_dmi_allowed()) {
    differ("DMI is offered", access);
  }
  ++counts_["blocking, " + payload.get_response_string()];
  const bool done = payload.is_response_ok() && access.command != ::tlm::TLM_IGNORE_COMMAND;
  for (std::size_t i = 0; i < buffer.size(); ++i) {
    const auto expected = done && payload.is_read() ? model_.read(access, i).value_or(access.data[i]) : access.data[i];
    if (buffer[i] != expected) {
      differ("byte " + std::to_string(i) + " is " + std::to_string(buffer[i]) + ", expected " +
                 std::to_string(expected),
             access);
      break;
    }
  }
  if (done && payload.is_write()) {
    model_.write(access);
  }
  // At the same moment: even what the chip changes by itself is as the access left it.
  const auto found = look();
  for (const auto offset : {at::status, at::irq_status, at::program_number}) {
    if (found[offset / 4] != model_.words[offset / 4]) {
      differ("after: register " + std::to_string(offset) + " is " + std::to_string(found[offset / 4]) + ", expected " +
                 std::to_string(model_.words[offset / 4]),
             access);
    }
  }
  compare("after", access, found);
  if (remarks) {
    payload.clear_extension(&said);
  }
  if (managed) {
    payload.release();
  }
  if (random_.chance(0.5)) {
    wait(delay);
  }
}

void register_adversary::begin_nonblocking() {
  if (under_way_.size() >= most_transactions) {
    return;
  }
  settle();
  auto& t = under_way_.emplace_back();
  t.access = some_access();
  t.allowed = model_.responses(t.access);
  t.payload = &pool_.acquire();
  describe(*t.payload, t.access, t.buffer);
  if (random_.chance(0.2)) {
    t.payload->set_auto_extension(new remark);
  }
  t.begun = sc_core::sc_time_stamp();
  // A request begins after the one before it has ended, at its annotated time, and at a time of its own.
  t.due = std::max(t.begun, last_due_) + (random_.chance(0.3) ? tick : some_time(400.0) + tick);
  last_due_ = t.due;
  auto delay = t.due - t.begun;
  due_.notify(delay);
  ::tlm::tlm_phase phase = ::tlm::BEGIN_REQ;
  most_under_way_ = std::max(most_under_way_, under_way_.size());
  const auto status = out->nb_transport_fw(*t.payload, phase, delay);
  if (status == ::tlm::TLM_COMPLETED) {
    answered(*t.payload);
    t.ended = true;
    ++counts_["non-blocking, completed at once"];
  } else if (status == ::tlm::TLM_UPDATED && phase == ::tlm::BEGIN_RESP) {
    answered(*t.payload);
  } else if (status == ::tlm::TLM_ACCEPTED || phase != ::tlm::END_REQ) {
    differ("the request is not accepted at once", t.access);
  }
}

::tlm::tlm_sync_enum register_adversary::nb_transport_bw(tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                                                         sc_core::sc_time& delay) {
  if (phase != ::tlm::BEGIN_RESP) {
    return ::tlm::TLM_ACCEPTED;
  }
  answered(payload);
  auto& t = *std::find_if(under_way_.begin(), under_way_.end(),
                          [&](const transaction& each) { return each.payload == &payload; });
  const auto way = random_.integer(0, 2);
  if (way == 0) {
    ++counts_["response ended by TLM_COMPLETED"];
    t.ended = true;
    return ::tlm::TLM_COMPLETED;
  }
  if (way == 1) {
    ++counts_["response ended by TLM_UPDATED"];
    phase = ::tlm::END_RESP;
    delay += random_.chance(0.5) ? sc_core::SC_ZERO_TIME : some_time(200.0);
    t.ended = true;
    return ::tlm::TLM_UPDATED;
  }
  return ::tlm::TLM_ACCEPTED; // END_RESP follows, some time
}

void register_adversary::answered(tlm_generic_payload& payload) {
  auto& t = *std::find_if(under_way_.begin(), under_way_.end(),
                          [&](const transaction& each) { return each.payload == &payload; });
  t.answered = true;
  keep(look());
  if (sc_core::sc_time_stamp() < t.due) {
    differ("the answer comes before the request", t.access);
  }
  ++counts_["non-blocking, " + payload.get_response_string()];
}

/// Sends the END_RESP that is owed, and forgets what has ended.
void register_adversary::end_responses() {
  for (auto& t : under_way_) {
    if (!t.ended && random_.chance(0.2)) {
      ++counts_["an ignorable phase"];
      ::tlm::tlm_phase phase = hearsay;
      sc_core::sc_time delay;
      if (out->nb_transport_fw(*t.payload, phase, delay) != ::tlm::TLM_ACCEPTED) {
        differ("an ignorable phase is not ignored", t.access);
      }
    }
    if (t.answered && !t.ended && random_.chance(0.8)) {
      ++counts_["response ended by END_RESP"];
      ::tlm::tlm_phase phase = ::tlm::END_RESP;
      auto delay = random_.chance(0.5) ? sc_core::SC_ZERO_TIME : some_time(200.0);
      t.ended = true;
      out->nb_transport_fw(*t.payload, phase, delay);
    }
  }
  settle();
  for (auto t = under_way_.begin(); t != under_way_.end();) {
    if (t->ended && t->done) {
      check_nonblocking(*t);
      t->payload->release();
      t = under_way_.erase(t);
    } else {
      ++t;
    }
  }
}

void register_adversary::check_nonblocking(const transaction& t) {
  if (t.allowed.count(t.payload->get_response_status()) == 0) {
    differ("the response is " + t.payload->get_response_string(), t.access);
  }
  bool exact = true;
  for (std::size_t i = 0; i < t.buffer.size(); ++i) {
    const auto address = t.access.address + i;
    const bool read = i < t.expected.size() && t.expected[i].has_value();
    if (read && register_model::changed_by_chip(address / 4)) {
      // One of the values that the register had meanwhile.
      std::set<std::uint8_t> values;
      for (const auto& s : history_) {
        values.insert(static_cast<std::uint8_t>(s.words[address / 4] >> (address % 4 * 8)));
      }
      exact = exact && values.size() == 1;
      if (values.count(t.buffer[i]) == 0) {
        differ("byte " + std::to_string(i) + " has a value that the register did not have", t.access);
      }
    } else if (t.buffer[i] != (read ? *t.expected[i] : t.access.data[i])) {
      differ("byte " + std::to_string(i) + " is " + std::to_string(t.buffer[i]), t.access);
    }
  }
  ++counts_[exact ? "non-blocking, predicted" : "non-blocking, predicted but for registers that changed meanwhile"];
}

void register_adversary::debug() {
  settle();
  register_access a = some_access();
  if (random_.chance(0.1)) {
    a.data.clear();
  }
  tlm_generic_payload payload;
  std::vector<std::uint8_t> buffer;
  describe(payload, a, buffer);
  const auto before = model_;
  unsigned int expected = 0;
  if (a.command != ::tlm::TLM_IGNORE_COMMAND && a.address < regs::bank_size) {
    expected = static_cast<unsigned int>(std::min<std::uint64_t>(a.data.size(), regs::bank_size - a.address));
  }
  if (out->transport_dbg(payload) != expected) {
    differ("debug transport does not move as many bytes as there are", a);
  }
  if (a.command == ::tlm::TLM_WRITE_COMMAND) {
    model_.debug_write(a.address, a.data);
    ++counts_["debug write"];
  } else {
    for (unsigned int i = 0; i < expected && a.command == ::tlm::TLM_READ_COMMAND; ++i) {
      const auto address = a.address + i;
      if (buffer[i] != static_cast<std::uint8_t>(before.words[address / 4] >> (address % 4 * 8))) {
        differ("debug read of byte " + std::to_string(i), a);
      }
    }
    ++counts_["debug read or ignored"];
  }
  compare("after debug", a, look());
}

void register_adversary::ask_for_dmi() {
  tlm_generic_payload payload;
  auto a = some_access();
  std::vector<std::uint8_t> buffer;
  describe(payload, a, buffer);
  ::tlm::tlm_dmi dmi;
  if (out->get_direct_mem_ptr(payload, dmi)) {
    differ("DMI is granted for registers", a);
  }
  ++counts_["DMI asked for"];
}

void register_adversary::reset_by_pin() {
  ++counts_["reset by its pin"];
  model_.reset();
  compare("after a reset by the pin", {}, look());
}

void register_adversary::act() {
  ++actions_;
  const auto what = random_.integer(0, 99);
  if (what < 40) {
    blocking();
  } else if (what < 75) {
    begin_nonblocking();
  } else if (what < 80) {
    debug();
  } else if (what < 82) {
    ask_for_dmi();
  } else if (what < 90) {
    wait(some_time(what == 82 ? 5000.0 : 100.0));
  } else {
    end_responses();
  }
}

void register_adversary::drain() {
  while (!under_way_.empty()) {
    end_responses();
    wait({10.0, sc_core::SC_NS});
  }
}

} // namespace sonic::tests
