// SPDX-License-Identifier: Apache-2.0
// Mistakes in a comparison's file and on its command line: one sentence, exit code 2, nothing written.
#include "tests/baselines/compare_plan.h"
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace sonic::tests;

namespace {

/// The plan with one piece of text replaced, the first occurrence.
std::string changed(const std::string& from, const std::string& to) {
  auto plan = small_plan();
  const auto at = plan.find(from);
  REQUIRE(at != std::string::npos);
  return plan.replace(at, from.size(), to);
}

void check_sentence(const scratch_folder& folder, const std::vector<std::string>& more, const std::string& words) {
  std::vector<std::string> arguments{"compare", "plan.yaml", "--json", "out.json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto found = run_sonic(folder, arguments);
  CAPTURE(arguments, found.err);
  CHECK(found.exit_code == 2);
  CHECK(found.out.empty());
  CHECK(found.err.rfind("sonic: ", 0) == 0);
  CHECK(found.err.find('\n') == found.err.size() - 1);
  CHECK_THAT(found.err, Catch::Contains(words));
  CHECK_FALSE(std::filesystem::exists(folder / "out.json"));
}

} // namespace

TEST_CASE("mistakes in the file of a comparison") {
  struct mistake {
    std::string from, to, words;
  };
  const auto [from, to, words] = GENERATE(values<mistake>({
      {"name: small", "nome: small", "plan.yaml:1:1: nome: unknown key; expected one of name, networks, accelerators"},
      {"reference: sonic", "reference: sonnic",
       "reference: 'sonnic' is no accelerator of this file; expected one of sonic, crosslight, nullhop, rsnn"},
      {"reference: sonic", "reference: nullhop", "reference: is an electronic baseline"},
      {"{model: ", "{modell: ", "networks.mnist.modell: unknown key; expected one of model, dataset, input"},
      {"mnist.onnx", "gone.onnx", "networks.mnist.model: there is no file"},
      {"dataset: mnist", "dataset: svhn",
       "networks.mnist.dataset: 'svhn' is not a choice; expected one of mnist, cifar10"},
      {"sonic: {configuration", "sonic: {electronic", "reference: is an electronic baseline"},
      {"crosslight: {configuration", "crosslight: {file", "accelerators.crosslight.file: unknown key"},
      {"sonic: {configuration:", "photonic: {configuration:", "stands for every configuration"},
      {"published:\n  nullhop:", "published:\n  nulhop:", "published.nulhop: 'nulhop' is no accelerator of this file"},
      {"published:\n  nullhop:", "published:\n  sonic:", "published.sonic: is the reference"},
      {"value: 8.4, kind: published", "value: 8.4", "published.nullhop.energy_per_bit.kind: missing"},
      {"{value: 5.81, kind: published, source: a paper}", "5.81",
       "published.nullhop.fps_per_watt: does not say where it comes from"},
      {"accelerator: nullhop, gop", "accelerator: nul, gop", "absolute.own.accelerator: 'nul' is no accelerator"},
      {", gop_per_s_per_watt: {value: 3000, kind: published, source: a paper}", "", "absolute.own: has no figure"},
      {"none: {set: {sonic: {gating: none}}}", "none: {set: {sonic: {gatting: none}}}", "gatting"},
      {"none: {set: {sonic: {gating: none}}}", "none: {set: {nullhop: {gating: none}}}",
       "assumptions.gating.choices.none.set.null...: an electronic baseline has no keys to set"},
      {"      none: {set: {sonic: {gating: none}}}\n", "", "assumptions.gating.choices: has 1 of them"},
      {"energy_per_bit: parameter", "energy_per_bit: byte",
       "plan.yaml:36:35: assumptions.bits.choices.parameter.energ...: 'byte' is not a choice"},
      {"activation_zeros: 0.5", "activation_zeros: 1.5",
       "plan.yaml:44:32: assumptions.zeros.choices.half.activatio...: 1.5 is out of range; expected 0 to 0.999\n"},
  }));
  const scratch_folder folder;
  folder.write("plan.yaml", changed(from, to));
  check_sentence(folder, {"--sensitivity"}, words);
}

TEST_CASE("mistakes on the command line of a comparison") {
  const scratch_folder folder;
  folder.write("plan.yaml", small_plan());
  check_sentence(folder, {"--input", "mnits=a.npy"},
                 "--input mnits=a.npy: names no network; expected NAME=FILE with one of mnist, svhn");
  check_sentence(folder, {"--input", "mnist=gone.npy"}, "gone.npy");
  check_sentence(folder, {"--count", "0"}, "--count");
  check_sentence(folder, {"--html", "no/folder.html"}, "--html no/folder.html: it cannot be written");
  write_good_files(folder); // no convolution, and NullHop computes nothing else
  folder.write("plan.yaml", changed(shipped("workloads/svhn_standin.onnx"), "good.onnx"));
  check_sentence(folder, {}, "network svhn: it has nothing that nullhop computes");
  folder.write("timeless.yaml", "base: " + shipped("sonic.yaml") + "\nrun: {timing: functional}\n");
  folder.write("plan.yaml", changed(shipped("sonic.yaml"), "timeless.yaml"));
  check_sentence(folder, {}, "timeless.yaml: run.timing is functional: no time passes");
  const auto missing = run_sonic(folder, {"compare", "gone.yaml"});
  CHECK(missing.exit_code == 2);
  CHECK_THAT(missing.err, Catch::Contains("gone.yaml: cannot be opened"));
}
