// SPDX-License-Identifier: Apache-2.0
// Mistakes on the command line.
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>

using namespace sonic::tests;

TEST_CASE("a wrong command line is refused in one sentence") {
  const scratch_folder folder;
  write_good_files(folder);
  std::filesystem::create_directory(folder / "empty");
  const std::vector<mistake> mistakes{
      {{}, {"run, compare, explore, lower, inspect and platform", "sonic --help"}},
      {{"fly"}, {"fly", "sonic --help"}},
      {{"run"}, {"model is required", "sonic --help"}},
      {{"run", "good.onnx", "--input", "good.npy", "--colour", "blue"}, {"--colour", "sonic --help"}},
      {{"run", "good.onnx", "good.onnx", "--input", "good.npy"}, {"good.onnx", "sonic --help"}},
      {{"run", "good.onnx"}, {"--input", "no input is given", "--data FOLDER"}},
      {{"run", "good.onnx", "--input"}, {"--input", "missing"}},
      {{"run", "good.onnx", "--input", "good.npy", "--count", "0"}, {"--count", "'0'", "from 1"}},
      {{"run", "good.onnx", "--input", "good.npy", "--count", "-3"}, {"--count", "'-3'", "from 1"}},
      {{"run", "good.onnx", "--input", "good.npy", "--count", "abc"}, {"--count", "abc"}},
      {{"run", "good.onnx", "--input", "good.npy", "--count", "99999999999999999999"}, {"--count"}},
      {{"run", "good.onnx", "--input", "good.npy", "--compare", "-1"}, {"--compare"}},
      {{"run", "good.onnx", "--input", "good.npy", "--seed", "red"}, {"--seed", "red"}},
      {{"run", "good.onnx", "--input", "good.npy", "--seed", "-1"}, {"--seed"}},
      {{"run", "good.onnx", "--input", "good.npy", "--optics", "magic"}, {"run.optics", "'magic'", "ideal"}},
      {{"run", "good.onnx", "--input", "good.npy", "--timing", "exact"}, {"run.timing", "'exact'", "functional"}},
      {{"run", "good.onnx", "--input", "good.npy", "--accounting", "fair"}, {"run.accounting", "'fair'", "published"}},
      {{"run", "good.onnx", "--input", "good.npy", "--data", "empty"}, {"--data", "--input", "one of the two"}},
      {{"run", "good.onnx", "--dataset", "svhn"}, {"--dataset", "svhn", "mnist", "cifar10"}},
      {{"run", "good.onnx", "--dataset", "mnist"}, {"--dataset mnist", "no data folder", "scripts/fetch-data mnist"}},
      {{"run", "good.onnx", "--input", "good.npy", "--dataset", "mnist"}, {"--dataset", "--input", "--data FOLDER"}},
      {{"run", "good.onnx", "--input", "good.npy", "--mean", "0.5"}, {"--mean", "--input", "--data FOLDER"}},
      {{"run", "good.onnx", "--data", "empty", "--std", "0"}, {"--std", "0"}},
      {{"run", "good.onnx", "--data", "empty", "--mean", "red"}, {"--mean", "red"}},
      {{"run", "good.onnx", "--input", "good.npy", "--jobs", "0"}, {"--jobs", "0"}},
      {{"run", "good.onnx", "--input", "good.npy", "--jobs", "many"}, {"--jobs", "many"}},
      {{"run", "none.onnx", "--input", "good.npy"}, {"none.onnx", "no such file"}},
      {{"run", "empty", "--input", "good.npy"}, {"empty", "no such file"}},
      {{"run", "", "--input", "good.npy"}, {"no such file"}},
      {{"run", "good.onnx", "--input", "none.npy"}, {"none.npy", "no such file"}},
      {{"run", "good.onnx", "--input", "empty"}, {"empty", "no such file"}},
      {{"run", "good.onnx", "--input", "q=good.npy"}, {"q=good.npy", "no input 'q'", "x (1x4)"}},
      {{"run", "good.onnx", "--input", "good.npy", "--arch", "none.yaml"}, {"none.yaml"}},
      {{"run", "good.onnx", "--input", "good.npy", "--json", "no/folder/r.json"}, {"no/folder/r.json", "written"}},
      {{"run", "good.onnx", "--input", "good.npy", "--json", "empty"}, {"empty", "written"}},
      {{"run", "good.onnx", "--input", "good.npy", "--output", "no/folder/o.npz"}, {"no/folder/o.npz", "written"}},
      {{"run", "good.onnx", "--input", "good.npy", "--output", "empty"}, {"empty", "written"}},
      {{"inspect", "--arch", "none.yaml"}, {"none.yaml"}},
      {{"inspect", "--set", "packing"}, {"packing", "="}},
  };
  for (const auto& m : mistakes) {
    check_refused(folder, m);
  }
}
