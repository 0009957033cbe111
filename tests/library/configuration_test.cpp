// SPDX-License-Identifier: Apache-2.0
#include "sonic/configuration.h"

#include "sonic/accelerator.h"
#include "sonic/core/error.h"
#include "tests/library/shipped_configurations.h"
#include "tests/support/scratch_folder.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <string>

using sonic::configuration;
using sonic::core::user_error;

namespace {

std::string refusal(const std::string& name_or_file, const std::vector<std::string>& overrides = {}) {
  try {
    configuration::load(name_or_file, overrides);
  } catch (const user_error& mistake) {
    return mistake.what();
  }
  return "nothing was refused";
}

} // namespace

TEST_CASE("a configuration is loaded by name or as a file, and copies are the same") {
  sonic::tests::use_shipped_configurations();
  const auto named = configuration::load("small");
  const auto file = configuration::load(SONIC_SOURCE_DIR "/configs/small.yaml");
  CHECK(named.name() == "small");
  CHECK(named.yaml() == file.yaml());
  CHECK(configuration::load().name() == "sonic");
  const auto changed = configuration::load("small", {"run.timing=functional", "run.timing=approximately_timed"});
  const auto copy = changed; // NOLINT(performance-unnecessary-copy-initialization): what is tested
  CHECK(copy.value("run.timing") == "approximately_timed");
  CHECK(copy.value("conv_array.vdus") == "4");
}

TEST_CASE("the folder that SONIC_CONFIGS names goes first") {
  sonic::tests::use_shipped_configurations();
  const sonic::tests::scratch_folder scratch;
  scratch.write("small.yaml", "base: " SONIC_SOURCE_DIR "/configs/small.yaml\nname: mine\n");
  ::setenv("SONIC_CONFIGS", scratch.path().c_str(), 1);
  CHECK(configuration::load("small").name() == "mine");
  CHECK(configuration::load("sonic").name() == "sonic"); // the next folder that has it
}

TEST_CASE("what is no configuration is refused in one sentence") {
  sonic::tests::use_shipped_configurations();
  CHECK(refusal("smal") ==
        "configuration 'smal': no folder of configurations has it; expected a file, or one of small, "
        "sonic, sonic_physical, sonic_rtl");
  CHECK(refusal("/nowhere/small.yaml").find("/nowhere/small.yaml") == 0);
  CHECK(refusal("sonic", {"run.optics=dim"}).find("--set run.optics") == 0);
  const auto chip = configuration::load("sonic");
  CHECK_THROWS_WITH(chip.value("run.optic"),
                    "run.optic: is not a key of a configuration; expected one of docs/configuration_keys.md");
}

TEST_CASE("a chip with RTL in the place of blocks is the command's: the library refuses it in one sentence") {
  sonic::tests::use_shipped_configurations();
  const auto chip = configuration::load("sonic_rtl");
  CHECK_THROWS_WITH(
      sonic::accelerator("chip", chip),
      "chip: index_decoder.model asks for RTL, and the accelerator was given none; expected twins with this "
      "block, or the model transaction");
}
