// SPDX-License-Identifier: Apache-2.0
#include "sonic/core/error.h"
#include "tb/platform/elf_loader.h"
#include "tests/support/scratch_folder.h"

#include <catch2/catch.hpp>

#include <elf.h>
#include <random>
#include <vector>

using sonic::core::user_error;
using sonic::platform::load_elf;

namespace {

constexpr std::uint32_t ram_base = 0x80000000;

template <class record>
std::string bytes_of(const record& r) {
  return {reinterpret_cast<const char*>(&r), sizeof(r)};
}

struct executable {
  Elf32_Ehdr head{};
  Elf32_Phdr segment{};
  std::string content = "code";

  executable() {
    head.e_ident[0] = 0x7f;
    head.e_ident[1] = 'E';
    head.e_ident[2] = 'L';
    head.e_ident[3] = 'F';
    head.e_ident[EI_CLASS] = ELFCLASS32;
    head.e_ident[EI_DATA] = ELFDATA2LSB;
    head.e_ident[EI_VERSION] = EV_CURRENT;
    head.e_type = ET_EXEC;
    head.e_machine = EM_RISCV;
    head.e_version = EV_CURRENT;
    head.e_entry = ram_base + 16;
    head.e_phoff = sizeof(head);
    head.e_ehsize = sizeof(head);
    head.e_phentsize = sizeof(segment);
    head.e_phnum = 1;
    segment.p_type = PT_LOAD;
    segment.p_offset = sizeof(head) + sizeof(segment);
    segment.p_paddr = segment.p_vaddr = ram_base + 16;
    segment.p_filesz = 4;
    segment.p_memsz = 8;
  }
  [[nodiscard]] std::string file() const { return bytes_of(head) + bytes_of(segment) + content; }
};

std::string refusal(const std::string& file) {
  const sonic::tests::scratch_folder folder;
  std::vector<std::uint8_t> ram(0x1000);
  try {
    load_elf(folder.write("fw.elf", file), ram_base, ram);
  } catch (const user_error& e) {
    return e.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("a segment lies where it says, with zeros behind it") {
  const sonic::tests::scratch_folder folder;
  std::vector<std::uint8_t> ram(0x1000, 0xee);
  CHECK(load_elf(folder.write("fw.elf", executable().file()), ram_base, ram) == ram_base + 16);
  CHECK(std::string(ram.begin() + 15, ram.begin() + 25) == std::string("\xee"
                                                                       "code\0\0\0\0\xee",
                                                                       10));
}

TEST_CASE("what is no firmware for this platform is refused") {
  executable good;
  CHECK(refusal(good.file()) == "accepted");
  CHECK_THAT(refusal("text"), Catch::Contains("not an ELF file") && Catch::Contains("fw.elf"));
  CHECK_THAT(refusal(""), Catch::Contains("not an ELF file"));
  auto bad = good;
  bad.head.e_machine = EM_X86_64;
  CHECK_THAT(refusal(bad.file()), Catch::Contains("not for this processor"));
  bad = good;
  bad.head.e_ident[EI_CLASS] = ELFCLASS64;
  CHECK(refusal(bad.file()) != "accepted");
  bad = good;
  bad.segment.p_paddr = ram_base - 4;
  CHECK_THAT(refusal(bad.file()), Catch::Contains("expected it in RAM, 0x80000000 to 0x80001000"));
  bad = good;
  bad.segment.p_memsz = 0x1000;
  CHECK_THAT(refusal(bad.file()), Catch::Contains("expected it in RAM"));
  bad = good;
  bad.segment.p_filesz = bad.segment.p_memsz = 0x100;
  CHECK_THAT(refusal(bad.file()), Catch::Contains("beyond the end of the file"));
  bad = good;
  bad.segment.p_type = PT_NOTE;
  CHECK_THAT(refusal(bad.file()), Catch::Contains("nothing to load"));
  bad = good;
  bad.head.e_entry = 0;
  CHECK_THAT(refusal(bad.file()), Catch::Contains("entry point"));
  CHECK_THROWS_AS(load_elf("/nowhere/fw.elf", ram_base, {}), user_error);
}

TEST_CASE("random damage is refused or loads within the RAM") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string good = executable().file();
  unsigned int accepted = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string file = good;
    for (int change = 0; change < 3; ++change) {
      file[random() % file.size()] = static_cast<char>(random());
    }
    file.resize(file.size() - random() % 8);
    accepted += refusal(file) == "accepted" ? 1U : 0U;
  }
  CAPTURE(accepted);
  CHECK(accepted < 2000);
}
