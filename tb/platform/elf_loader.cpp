// SPDX-License-Identifier: Apache-2.0
#include "tb/platform/elf_loader.h"

#include "sonic/core/error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

namespace sonic::platform {

namespace {

constexpr const char* right = "expected a statically linked 32-bit little-endian RISC-V executable";

/// Closes a file descriptor at the end of its life.
struct descriptor {
  int number;
  explicit descriptor(int given) : number(given) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number >= 0) {
      ::close(number);
    }
  }
};

} // namespace

std::uint32_t load_elf(const std::filesystem::path& file, std::uint32_t ram_base, std::span<std::uint8_t> ram) {
  const auto refuse = [&](const std::string& problem, const std::string& expected) {
    throw core::user_error(file.string(), problem, expected);
  };
  elf_version(EV_CURRENT);
  const descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.number < 0) {
    refuse(std::string("cannot be read: ") + std::strerror(errno), right);
  }
  const std::unique_ptr<Elf, decltype(&elf_end)> elf(elf_begin(opened.number, ELF_C_READ, nullptr), elf_end);
  GElf_Ehdr header{};
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF || gelf_getehdr(elf.get(), &header) == nullptr) {
    refuse("this is not an ELF file", right);
  }
  if (header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != EM_RISCV || header.e_type != ET_EXEC) {
    refuse("this ELF file is not for this processor", right);
  }
  std::size_t file_bytes = 0;
  const char* content = elf_rawfile(elf.get(), &file_bytes);
  std::size_t count = 0;
  if (content == nullptr || elf_getphdrnum(elf.get(), &count) != 0) {
    refuse("its program headers cannot be read", right);
  }
  const std::uint64_t ram_end = std::uint64_t{ram_base} + ram.size();
  bool loaded = false;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr segment{};
    if (gelf_getphdr(elf.get(), static_cast<int>(i), &segment) == nullptr) {
      refuse(fmt::format("its program header {} cannot be read", i), right);
    }
    if (segment.p_type != PT_LOAD || segment.p_memsz == 0) {
      continue;
    }
    if (segment.p_filesz > segment.p_memsz || segment.p_offset > file_bytes ||
        segment.p_filesz > file_bytes - segment.p_offset) {
      refuse(fmt::format("segment {} ends beyond the end of the file", i), "expected a whole file");
    }
    if (segment.p_paddr < ram_base || segment.p_paddr >= ram_end || segment.p_memsz > ram_end - segment.p_paddr) {
      refuse(fmt::format("segment {} lies at {:#x} to {:#x}", i, segment.p_paddr, segment.p_paddr + segment.p_memsz),
             fmt::format("expected it in RAM, {:#x} to {:#x}", ram_base, ram_end));
    }
    const auto place = ram.subspan(segment.p_paddr - ram_base, segment.p_memsz);
    std::memcpy(place.data(), content + segment.p_offset, segment.p_filesz);
    std::fill(place.begin() + static_cast<std::ptrdiff_t>(segment.p_filesz), place.end(), std::uint8_t{0});
    loaded = true;
  }
  if (!loaded || header.e_entry < ram_base || header.e_entry >= ram_end) {
    refuse(loaded ? fmt::format("its entry point {:#x} is not in RAM", header.e_entry) : "it has nothing to load",
           right);
  }
  return static_cast<std::uint32_t>(header.e_entry);
}

} // namespace sonic::platform
