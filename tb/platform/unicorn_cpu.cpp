// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/unicorn_cpu.h"

#include "tb/platform/machine_state.h"

#include <unicorn/unicorn.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

namespace sonic::platform {

namespace {

constexpr std::uint64_t address_space = std::uint64_t{1} << 32U;
constexpr std::uint32_t opcode_mask = 0x7f;
constexpr std::uint32_t opcode_system = 0x73; ///< CSR accesses, mret, wfi, ecall, ebreak
constexpr std::uint32_t opcode_atomic = 0x2f;
constexpr std::uint32_t word_wfi = 0x10500073;
constexpr std::uint32_t word_ebreak = 0x00100073;
constexpr std::uint32_t word_c_ebreak = 0x9002;

void check(uc_err error, const char* doing) {
  if (error != UC_ERR_OK) {
    throw std::runtime_error(std::string("Unicorn failed to ") + doing + ": " + uc_strerror(error));
  }
}

class unicorn_cpu : public cpu {
public:
  unicorn_cpu(std::uint32_t ram_base, std::span<std::uint8_t> ram, cpu_bus& bus);
  ~unicorn_cpu() override { uc_close(engine_); }
  unicorn_cpu(const unicorn_cpu&) = delete;
  unicorn_cpu& operator=(const unicorn_cpu&) = delete;

  cpu_stop run(std::uint64_t most, bool over_breakpoint) override;
  [[nodiscard]] std::uint64_t executed() const override { return executed_; }
  void end_run() override { limit_ = executed_; }
  void set_pending(std::uint32_t pending) override;
  [[nodiscard]] bool wakes() const override { return (read(UC_RISCV_REG_MIE) & pending_) != 0; }
  [[nodiscard]] std::uint32_t get(unsigned int number) const override;
  void set(unsigned int number, std::uint32_t value) override;
  [[nodiscard]] const trap_record& last_trap() const override { return last_trap_; }
  void set_breakpoint(std::uint32_t address, bool on) override;
  void forget_code(std::uint32_t address, std::uint32_t bytes) override;

private:
  struct fault {
    exception cause;
    std::uint32_t value;
  };
  /// MMIO callbacks get offsets from the start of their region.
  struct region {
    unicorn_cpu* owner;
    std::uint32_t base;
  };

  static void before_instruction(uc_engine* engine, std::uint64_t address, std::uint32_t size, void* self);
  static void on_exception(uc_engine* engine, std::uint32_t number, void* self);
  static std::uint64_t on_load(uc_engine* engine, std::uint64_t offset, unsigned int bytes, void* place);
  static void on_store(uc_engine* engine, std::uint64_t offset, unsigned int bytes, std::uint64_t value, void* place);

  void map_bus(region& place, std::uint64_t base, std::uint64_t end);
  [[nodiscard]] std::uint32_t read(int id) const {
    std::uint32_t value = 0;
    uc_reg_read(engine_, id, &value);
    return value;
  }
  void write(int id, std::uint32_t value) { uc_reg_write(engine_, id, &value); }
  [[nodiscard]] bool in_ram(std::uint32_t address) const { return address - ram_base_ < ram_.size(); }
  [[nodiscard]] std::uint32_t word_at(std::uint32_t address) const;
  [[nodiscard]] machine_state state() const;
  bool trap(std::uint32_t cause, std::uint32_t at, std::uint32_t value);
  bool deliver_exception(uc_err error);

  uc_engine* engine_ = nullptr;
  std::uint32_t ram_base_;
  std::span<std::uint8_t> ram_;
  cpu_bus& bus_;
  region below_{}, above_{};
  std::set<std::uint32_t> breakpoints_;
  std::uint32_t pending_ = 0;
  trap_record last_trap_;

  // Of the current run.
  std::uint64_t executed_ = 0, limit_ = 0;
  std::uint32_t at_ = 0; ///< the last instruction begun
  bool watches_enables_ = false;
  bool at_breakpoint_ = false, over_breakpoint_ = false;
  std::optional<fault> fault_;
  std::optional<std::uint32_t> exception_; ///< Unicorn's number
  std::exception_ptr thrown_;              ///< by the bus: it must not pass through Unicorn's C
};

unicorn_cpu::unicorn_cpu(std::uint32_t ram_base, std::span<std::uint8_t> ram, cpu_bus& bus)
    : ram_base_(ram_base), ram_(ram), bus_(bus) {
  check(uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &engine_), "start");
  check(uc_mem_map_ptr(engine_, ram_base, ram.size(), UC_PROT_ALL, ram.data()), "map the RAM");
  map_bus(below_, 0, ram_base);
  map_bus(above_, ram_base + std::uint64_t{ram.size()}, address_space);
  uc_hook hook = 0;
  // A run's length is counted here, not by Unicorn: only so is it known in the middle of a run. The end of the range
  // lies below its begin: every address.
  check(uc_hook_add(engine_, &hook, UC_HOOK_CODE, reinterpret_cast<void*>(&before_instruction), this, 1, 0), "hook");
  check(uc_hook_add(engine_, &hook, UC_HOOK_INTR, reinterpret_cast<void*>(&on_exception), this, 1, 0), "hook");
}

void unicorn_cpu::map_bus(region& place, std::uint64_t base, std::uint64_t end) {
  place = {this, static_cast<std::uint32_t>(base)};
  if (end > base) {
    check(uc_mmio_map(engine_, base, end - base, &on_load, &place, &on_store, &place), "map the bus");
  }
}

std::uint32_t unicorn_cpu::word_at(std::uint32_t address) const {
  const std::size_t offset = address - ram_base_;
  std::uint32_t word = 0;
  if (offset < ram_.size()) {
    std::memcpy(&word, ram_.data() + offset, std::min(sizeof(word), ram_.size() - offset));
  }
  constexpr std::uint32_t low_half = 0xffff;
  return (word & 3U) == 3U ? word : word & low_half;
}

void unicorn_cpu::before_instruction(uc_engine* engine, std::uint64_t address, std::uint32_t /*size*/, void* self) {
  auto& me = *static_cast<unicorn_cpu*>(self);
  const auto here = static_cast<std::uint32_t>(address);
  if (me.executed_ >= me.limit_) {
    uc_emu_stop(engine);
    return;
  }
  if (!me.breakpoints_.empty() && !(me.over_breakpoint_ && me.executed_ == 0) && me.breakpoints_.contains(here)) {
    me.at_breakpoint_ = true;
    uc_emu_stop(engine);
    return;
  }
  ++me.executed_;
  me.at_ = here;
  if (me.watches_enables_ && (me.word_at(here) & opcode_mask) == opcode_system) {
    me.limit_ = me.executed_;
  }
}

void unicorn_cpu::on_exception(uc_engine* engine, std::uint32_t number, void* self) {
  static_cast<unicorn_cpu*>(self)->exception_ = number;
  uc_emu_stop(engine);
}

std::uint64_t unicorn_cpu::on_load(uc_engine* engine, std::uint64_t offset, unsigned int bytes, void* place) {
  const auto& where = *static_cast<region*>(place);
  auto& me = *where.owner;
  const std::uint32_t address = where.base + static_cast<std::uint32_t>(offset);
  std::uint32_t value = 0;
  if (me.fault_ || me.thrown_) {
    return 0; // another part of an access that is already given up
  }
  try {
    if (!me.bus_.load(address, bytes, value)) {
      me.fault_ = {exception::load_access_fault, address};
      uc_emu_stop(engine);
    }
  } catch (...) {
    me.thrown_ = std::current_exception();
    uc_emu_stop(engine);
  }
  return value;
}

void unicorn_cpu::on_store(uc_engine* engine, std::uint64_t offset, unsigned int bytes, std::uint64_t value,
                           void* place) {
  const auto& where = *static_cast<region*>(place);
  auto& me = *where.owner;
  const std::uint32_t address = where.base + static_cast<std::uint32_t>(offset);
  if (me.fault_ || me.thrown_) {
    return;
  }
  try {
    if (!me.bus_.store(address, bytes, static_cast<std::uint32_t>(value))) {
      me.fault_ = {exception::store_access_fault, address};
      uc_emu_stop(engine);
    }
  } catch (...) {
    me.thrown_ = std::current_exception();
    uc_emu_stop(engine);
  }
}

machine_state unicorn_cpu::state() const {
  return {read(UC_RISCV_REG_MSTATUS), read(UC_RISCV_REG_MIE),    read(UC_RISCV_REG_MTVEC),
          read(UC_RISCV_REG_MEPC),    read(UC_RISCV_REG_MCAUSE), read(UC_RISCV_REG_MTVAL)};
}

/// @returns false if the handler is not in RAM
bool unicorn_cpu::trap(std::uint32_t cause, std::uint32_t at, std::uint32_t value) {
  auto registers = state();
  const std::uint32_t handler = enter_trap(registers, cause, at, value);
  if ((cause & interrupt_cause) == 0) {
    last_trap_ = {cause, at, value};
  }
  write(UC_RISCV_REG_MSTATUS, registers.mstatus);
  write(UC_RISCV_REG_MEPC, registers.mepc);
  write(UC_RISCV_REG_MCAUSE, registers.mcause);
  write(UC_RISCV_REG_MTVAL, registers.mtval);
  write(UC_RISCV_REG_PC, handler);
  return in_ram(handler);
}

void unicorn_cpu::set_pending(std::uint32_t pending) {
  pending_ = pending;
  if (pending == 0) {
    watches_enables_ = false;
    return;
  }
  const auto number = interrupt_to_take(state(), pending);
  if (number) {
    trap(*number | interrupt_cause, read(UC_RISCV_REG_PC), 0);
  }
  watches_enables_ = true;
}

/// Delivers what stopped the engine, if that was an exception.
/// @returns false if the handler is not in RAM
bool unicorn_cpu::deliver_exception(uc_err error) {
  if (fault_) {
    return trap(static_cast<std::uint32_t>(fault_->cause), at_, fault_->value);
  }
  constexpr std::uint32_t first_call = 8;
  constexpr std::uint32_t last_call = 11;
  const std::uint32_t word = word_at(at_);
  if (exception_) {
    std::uint32_t cause = *exception_;
    std::uint32_t value = 0;
    if (cause >= first_call && cause <= last_call) { // Unicorn names the call of another mode
      cause = static_cast<std::uint32_t>(exception::machine_call);
    } else if (cause == static_cast<std::uint32_t>(exception::illegal_instruction)) {
      value = word;
    } else if ((word & opcode_mask) == opcode_atomic) {
      constexpr std::uint32_t first_source = 15;
      constexpr std::uint32_t register_mask = 31;
      value = get(word >> first_source & register_mask);
    }
    return trap(cause, at_, value);
  }
  if (error == UC_ERR_OK) {
    return true;
  }
  if (executed_ > 0 && (word == word_ebreak || word == word_c_ebreak) && read(UC_RISCV_REG_PC) == at_) {
    return trap(static_cast<std::uint32_t>(exception::breakpoint), at_, at_);
  }
  const std::uint32_t here = read(UC_RISCV_REG_PC);
  if (!in_ram(here)) {
    return trap(static_cast<std::uint32_t>(exception::instruction_access_fault), here, here);
  }
  throw std::runtime_error(std::string("Unicorn stopped: ") + uc_strerror(error));
}

cpu_stop unicorn_cpu::run(std::uint64_t most, bool over_breakpoint) {
  executed_ = 0;
  limit_ = most;
  at_breakpoint_ = false;
  over_breakpoint_ = over_breakpoint;
  fault_.reset();
  exception_.reset();
  thrown_ = nullptr;
  const std::uint32_t begin = read(UC_RISCV_REG_PC);
  // Never a count here, and never a stop address: an instruction cannot lie at an odd one.
  const uc_err error = uc_emu_start(engine_, begin, ~std::uint64_t{0}, 0, 0);
  if (thrown_) {
    std::rethrow_exception(thrown_);
  }
  if (at_breakpoint_) {
    return cpu_stop::breakpoint;
  }
  if (!deliver_exception(error)) {
    return cpu_stop::lost;
  }
  constexpr std::uint32_t wfi_bytes = 4;
  const bool waits =
      executed_ > 0 && !fault_ && !exception_ && word_at(at_) == word_wfi && read(UC_RISCV_REG_PC) == at_ + wfi_bytes;
  return waits ? cpu_stop::waits : cpu_stop::ran;
}

std::uint32_t unicorn_cpu::get(unsigned int number) const {
  return number == program_counter ? read(UC_RISCV_REG_PC) : read(UC_RISCV_REG_X0 + static_cast<int>(number));
}

void unicorn_cpu::set(unsigned int number, std::uint32_t value) {
  if (number != 0) {
    write(number == program_counter ? UC_RISCV_REG_PC : UC_RISCV_REG_X0 + static_cast<int>(number), value);
  }
}

void unicorn_cpu::set_breakpoint(std::uint32_t address, bool on) {
  if (on) {
    breakpoints_.insert(address);
  } else {
    breakpoints_.erase(address);
  }
}

void unicorn_cpu::forget_code(std::uint32_t address, std::uint32_t bytes) {
  if (bytes > 0) {
    uc_ctl_remove_cache(engine_, std::uint64_t{address}, std::uint64_t{address} + bytes);
  }
}

} // namespace

std::unique_ptr<cpu> make_unicorn_cpu(std::uint32_t ram_base, std::span<std::uint8_t> ram, cpu_bus& bus) {
  return std::make_unique<unicorn_cpu>(ram_base, ram, bus);
}

} // namespace sonic::platform
