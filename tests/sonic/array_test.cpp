// SPDX-License-Identifier: Apache-2.0
// Mistakes in arrays, labels and data folders.
#include "tests/sonic/sonic_command.h"
#include "tests/support/onnx_builder.h"

#include <catch2/catch.hpp>

#include <limits>

using namespace sonic::tests;

TEST_CASE("a damaged or unsuited input array is refused in one sentence") {
  const scratch_folder folder;
  write_good_files(folder);
  const std::vector<float> four{1, 2, 3, 4};
  struct bad_array {
    std::string name, content;
    std::vector<std::string> words;
  };
  const auto with = [&](float value) { return npy_bytes("<f4", "1, 4", float_bytes({1, 2, 3, value})); };
  const std::vector<bad_array> arrays{
      {"empty.npy", "", {"empty.npy", "format is not known", "npz"}},
      {"text.npy", "1 2 3 4\n", {"text.npy", "format is not known"}},
      {"head.npy", npy_bytes("<f4", "1, 4", "").substr(0, 30), {"head.npy", "truncated"}},
      {"short.npy", npy_bytes("<f4", "2, 4", float_bytes(four)), {"short.npy", "16 bytes", "2x4"}},
      {"long.npy", npy_bytes("<f4", "1, 3", float_bytes(four)), {"long.npy", "16 bytes", "1x3"}},
      {"huge.npy", npy_bytes("<f4", "1000000, 1000000, 1000000, 1000000", ""), {"huge.npy", "too large"}},
      {"wrap.npy", npy_bytes("<f4", "4294967296, 4294967296, 4", float_bytes(four)), {"wrap.npy", "too large"}},
      {"negative.npy", npy_bytes("<f4", "-1, 4", float_bytes(four)), {"negative.npy"}},
      {"type.npy", npy_bytes("<c8", "1, 2", float_bytes(four)), {"type.npy", "type '<c8'", "supported"}},
      {"nan.npy", with(std::numeric_limits<float>::quiet_NaN()), {"nan.npy", "NaN"}},
      {"inf.npy", with(std::numeric_limits<float>::infinity()), {"inf.npy", "infinity"}},
      {"cut.npz", "PK\x03\x04 cut here", {"cut.npz", "damaged"}},
      {"cut.png", "\x89PNG\r\n\x1a\n cut here", {"cut.png"}},
      {"cut.pgm", "P5 4 4 255\nab", {"cut.pgm", "needs"}},
      {"cut.bin", std::string(100, 'a'), {"cut.bin", "100 bytes", "3073"}},
      {"cut.pb", "\x08\xff\xff", {"cut.pb", "TensorProto"}},
      {"shape.npy", npy_bytes("<f4", "2, 2", float_bytes(four)), {"'x'", "2x2", "expected 1x4", "multiple"}},
      {"rank.npy", npy_bytes("<f4", "4,", float_bytes(four)), {"'x'", "is 4", "expected 1x4"}},
      {"scalar.npy", npy_bytes("<f4", "", float_bytes({1})), {"'x'", "expected 1x4"}},
      {"none.npy", npy_bytes("<f4", "0, 4", ""), {"0x4"}},
  };
  for (const auto& [name, content, words] : arrays) {
    folder.write(name, content);
    check_refused(folder, {{"run", "good.onnx", "--input", name}, words});
    check_refused(folder, {{"run", "good.onnx", "--input", "good.npy", "--calibrate", name}, words});
  }
}

TEST_CASE("unsuited labels are refused in one sentence") {
  const scratch_folder folder;
  write_good_files(folder);
  struct bad_labels {
    std::string content;
    std::vector<std::string> words;
  };
  const std::vector<bad_labels> labels{
      {npy_bytes("<f4", "2,", float_bytes({0, 1})), {"labels", "2 labels", "6 frames"}},
      {npy_bytes("<f4", "6,", float_bytes({0, 1, 2, 0, 1, -1})), {"labels.npy", "label is -1", "whole numbers"}},
      {npy_bytes("<f4", "6,", float_bytes({0, 1, 2, 0, 1, 0.5F})), {"labels.npy", "label is 0.5", "whole numbers"}},
      {npy_bytes("<f4", "6,", float_bytes({0, 1, 2, 0, 1, 3})), {"--labels", "label is 3", "3 classes"}},
      {npy_bytes("<f4", "6,", float_bytes({0, 1, 2, 0, 1, 3e30F})), {"labels.npy", "label is"}},
      {"none", {"labels.npy", "format is not known"}},
  };
  for (const auto& [content, words] : labels) {
    folder.write("labels.npy", content);
    check_refused(folder, {{"run", "good.onnx", "--input", "good.npy", "--labels", "labels.npy"}, words});
  }
  check_refused(folder, {{"run", "good.onnx", "--input", "good.npy", "--labels", "gone.npy"}, {"gone.npy", "no such"}});
}

TEST_CASE("an unsuited data folder is refused in one sentence") {
  const scratch_folder folder;
  write_good_files(folder);
  onnx_builder digits(13);
  digits.input("x", {-1, 1, 2, 2}).output("y").node("Relu", {"x"}, {"y"}).save(folder / "digits.onnx");
  onnx_builder pair(13);
  pair.input("a", {1, 1, 2, 2}).input("b", {1, 1, 2, 2}).output("y").node("Add", {"a", "b"}, {"y"});
  pair.save(folder / "pair.onnx");
  const auto make = [&](const std::string& name, const std::string& images, const std::string& labels) {
    std::filesystem::create_directory(folder / name);
    folder.write(name + "/t10k-images-idx3-ubyte", images);
    folder.write(name + "/t10k-labels-idx1-ubyte", labels);
  };
  const std::string images(std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02", 16) + "abcdefgh");
  const std::string labels(std::string("\0\0\x08\x01\0\0\0\x02", 8) + std::string("\x01\x02", 2));
  std::filesystem::create_directory(folder / "bare");
  make("good", images, labels);
  make("cut", images.substr(0, 18), labels);
  make("head", images.substr(0, 7), labels);
  make("three", images, std::string("\0\0\x08\x01\0\0\0\x03", 8) + "\x01\x02\x03");
  make("swapped", labels, images);
  make("absurd", std::string("\0\0\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16) + "a", labels);
  const std::vector<mistake> mistakes{
      {{"run", "digits.onnx", "--data", "gone"}, {"gone", "no such"}},
      {{"run", "digits.onnx", "--data", "bare"}, {"bare", "no images", "images-idx3-ubyte"}},
      {{"run", "digits.onnx", "--data", "cut"}, {"cut/t10k-images-idx3-ubyte", "2 bytes", "needs 8"}},
      {{"run", "digits.onnx", "--data", "head"}, {"head/t10k-images-idx3-ubyte", "truncated"}},
      {{"run", "digits.onnx", "--data", "three"}, {"2 images", "3 labels"}},
      {{"run", "digits.onnx", "--data", "swapped"}, {"swapped/t10k-images-idx3-ubyte", "rank", "three axes"}},
      {{"run", "digits.onnx", "--data", "absurd"}, {"absurd/t10k-images-idx3-ubyte", "too large"}},
      {{"run", "good.onnx", "--data", "good"}, {"good"}},
      {{"run", "pair.onnx", "--data", "good"}, {"--data", "several inputs", "--input NAME=FILE"}},
  };
  for (const auto& m : mistakes) {
    check_refused(folder, m);
  }
}
