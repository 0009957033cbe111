// SPDX-License-Identifier: Apache-2.0
// Damaged files: one sentence each, naming the file.
#include "array_support.h"

#include "tb/workload/dataset.h"
#include "tests/support/onnx_builder.h"

#include <catch2/catch.hpp>

#include <zlib.h>

#include <cmath>
#include <random>

using namespace sonic::tests;
using namespace sonic::workload;

TEST_CASE("Damaged arrays are refused in one sentence", "[arrays]") {
  const scratch_folder folder;
  const std::string good = npy("<f4", "False", "2,", bytes({0, 0, 0x80, 0x3F, 0, 0, 0, 0}));
  const auto [name, content, sentence] = GENERATE_COPY(table<std::string, std::string, std::string>({
      {"empty.npy", "", ": its format is not known"},
      {"text.npy", "hello", ": its format is not known"},
      {"cut.npy", good.substr(0, 8), ": it is no npy array of version 1, 2 or 3, or truncated"},
      {"head.npy", good.substr(0, 30), ": its npy header is truncated"},
      {"data.npy", good.substr(0, good.size() - 1), ": it holds 7 bytes of data, but its shape 2 needs 8"},
      {"long.npy", good + "x", ": it holds 9 bytes of data"},
      {"version.npy", "\x93NUMPY" + bytes({9, 0, 0, 0}) + good, ": it is no npy array of version"},
      {"record.npy", npy("|V8", "False", "1,", "12345678"), ": its elements have the type '|V8'"},
      {"complex.npy", npy("<c8", "False", "1,", "12345678"), ": its elements have the type '<c8'"},
      {"object.npy", npy("|O", "False", "1,", "12345678"), ": its elements have the type '|O'"},
      {"order.npy", npy("<f4", "Maybe", "1,", "1234"), ": its npy header is damaged"},
      {"shape.npy", npy("<f4", "False", "1, x", "1234"), ": its npy header is damaged"},
      {"negative.npy", npy("<f4", "False", "-1,", "1234"), ": its shape -1 has the extent -1"},
      {"zero.npy", npy("<f4", "False", "0,", ""), ": its shape 0 has the extent 0"},
      {"huge.npy", npy("|u1", "False", "4000000000, 4000000000", "1"), "is too large"},
      {"overflow.npy", npy("|u1", "False", "99999999999999999999,", "1"), ": its npy header is damaged"},
      {"large.npy", npy("|u1", "False", "1000000000,", "1"), ": its shape 1000000000 is too large"},
      {"nan.npy", npy("<f4", "False", "1,", bytes({0, 0, 0xC0, 0x7F})), ": it holds a NaN"},
      {"inf.npy", npy("<f4", "False", "1,", bytes({0, 0, 0x80, 0xFF})), ": it holds an infinity"},
      {"beyond.npy", npy("<f8", "False", "1,", bytes({0, 0, 0, 0, 0, 0, 0xF0, 0x7E})),
       ": it holds a number beyond the range of float32"},
      {"a.npz", "PK\x03\x04 rubbish", ": it is damaged or no npz archive"},
      {"a.pb", "rubbish", ": it is no ONNX TensorProto"},
      {"short.pb", float_tensor("x", {3}, {1, 2}).SerializeAsString(), ": it holds 8 bytes, but its shape 3 needs 12"},
      {"nan.pb", float_tensor("x", {1}, {std::nanf("")}).SerializeAsString(), ": element 0 is NaN"},
      {"cut-idx", bytes({0, 0, 8, 3, 0, 0}), ": its idx header is truncated"},
      {"short-idx", bytes({0, 0, 8, 1, 0, 0, 0, 3, 1, 2}), ": it holds 2 bytes of data, but its shape 3 needs 3"},
      {"huge-idx", bytes({0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}), "is too large"},
      {"empty-idx", bytes({0, 0, 8, 1, 0, 0, 0, 0}), ": its shape 0 has the extent 0"},
      {"float-idx", bytes({0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0}), ": it is no idx file of unsigned bytes"},
      {"a.gz", bytes({0x1F, 0x8B, 8, 0, 0, 0}), "damaged or truncated"},
      {"cut.bin", std::string(3072, '\0'), ": it has 3072 bytes; CIFAR-10 records have 3073 bytes each"},
      {"label.bin", std::string(3073, '\x0A'), ": record 0 has the label 10"},
      {"none.bin", "", ": it has 0 bytes"},
      {"a.png", "\x89PNG\r\n\x1a\n rubbish", ": it is a damaged or truncated PNG image"},
      {"cut.pgm", "P5\n2 2 255\n123", ": it holds 3 bytes of samples, but needs 4"},
      {"cut.ppm", "P3\n1 1 255\n1 2", ": it is truncated"},
      {"above.pgm", "P2\n1 1 10\n11", ": it is truncated, or a number is malformed or above 10"},
      {"above2.pgm", "P5\n1 1 10\nx", ": a sample exceeds its largest, 10"},
      {"size.pgm", "P5\n99999 1 255\nx", "above 32768"},
      {"none.pgm", "P5\n0 1 255\nx", ": its size is 0 x 1"},
      {"depth.pgm", "P5\n1 1 0\nx", ": its largest sample is 0"},
  }));
  CAPTURE(name);
  const std::string text = refusal_of(folder.write(name, content));
  CHECK_THAT(text, Catch::Contains(sentence));
  CHECK(text.find('\n') == std::string::npos);
}

TEST_CASE("A truncated gzip stream is refused", "[arrays]") {
  const scratch_folder folder;
  gzFile stream = gzopen((folder / "whole.gz").c_str(), "wb");
  std::string content = bytes({0, 0, 8, 1, 0, 0, 0x10, 0});
  for (int i = 0; i < 4096; ++i) {
    content += static_cast<char>(i * i / 7);
  }
  REQUIRE(gzwrite(stream, content.data(), static_cast<unsigned>(content.size())) > 0);
  REQUIRE(gzclose(stream) == Z_OK);
  CHECK(load_arrays(folder / "whole.gz")[0].second.values.size() == 4096);
  std::ifstream back(folder / "whole.gz", std::ios::binary);
  const std::string packed(std::istreambuf_iterator<char>(back), {});
  CHECK_THAT(refusal_of(folder.write("cut.gz", packed.substr(0, packed.size() / 2))),
             Catch::Contains(": its compressed data is damaged or truncated"));
}

TEST_CASE("Of a CIFAR-10 file, what is not asked for is measured all the same", "[arrays]") {
  const scratch_folder folder;
  const std::string record(3073, '\1');
  const auto first = [](const std::filesystem::path& file) { load_images_with_labels(file, dataset_kind::cifar10, 1); };
  const bool packed = GENERATE(false, true);
  CAPTURE(packed);
  const auto write = [&](const std::string& content) {
    gzFile stream = gzopen((folder / "a.bin").c_str(), packed ? "wb" : "wbT");
    REQUIRE(gzwrite(stream, content.data(), static_cast<unsigned>(content.size())) > 0);
    REQUIRE(gzclose(stream) == Z_OK);
    return folder / "a.bin";
  };
  CHECK(refusal_of(write(record + record), first).empty());
  CHECK_THAT(refusal_of(write(record + record + "x"), first), Catch::Contains(": it has 6147 bytes"));
  CHECK_THAT(refusal_of(write(record.substr(1)), first), Catch::Contains(": it has 3072 bytes"));
}

TEST_CASE("Missing files and folders are refused", "[arrays]") {
  const scratch_folder folder;
  CHECK_THAT(refusal_of(folder / "nothing.npy"), Catch::Contains(": there is no such file"));
  CHECK_THAT(refusal_of(folder.path()), Catch::Contains(": there is no such file"));
  CHECK_THROWS_AS(load_images_with_labels(folder / "nothing", dataset_kind::mnist), sonic::core::user_error);
  CHECK_THROWS_AS(load_images_with_labels(folder.path(), dataset_kind::cifar10), sonic::core::user_error);
  CHECK_THROWS_AS(save_npy(folder / "none" / "a.npy", {{1}, {0}}), sonic::core::user_error);
  CHECK_THROWS_AS(save_npz(folder / "none" / "a.npz", {{"x", {{1}, {0}}}}), sonic::core::user_error);
  CHECK_THROWS_AS(save_npz(folder / "a.npz", {{"x", {{1}, {0}}}, {"x", {{1}, {0}}}}), sonic::core::user_error);
  CHECK(!std::filesystem::exists(folder / "a.npz"));
}

TEST_CASE("Any byte of a file may be wrong: it is read or refused", "[arrays]") {
  const unsigned seed = GENERATE(range(0U, 40U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const scratch_folder folder;
  save_npz(folder / "a.npz", {{"x", {{2, 2}, {1, 2, 3, 4}}}, {"y", {{3}, {5, 6, 7}}}});
  save_npy(folder / "a.npy", {{2, 2}, {1, 2, 3, 4}});
  folder.write("a.pb", float_tensor("x", {2, 2}, {1, 2, 3, 4}).SerializeAsString());
  folder.write("a.ppm", "P3\n2 1 255\n1 2 3 4 5 6\n");
  for (const char* name : {"a.npz", "a.npy", "a.pb", "a.ppm"}) {
    std::ifstream stream(folder / name, std::ios::binary);
    std::string content(std::istreambuf_iterator<char>(stream), {});
    for (int change = 0; change < 3; ++change) {
      content[random() % content.size()] = static_cast<char>(random());
    }
    CAPTURE(name);
    const std::filesystem::path damaged = folder.write(name, content.substr(0, 1 + random() % (2 * content.size())));
    try {
      for (const auto& [array_name, array] : load_arrays(damaged)) {
        CHECK(static_cast<std::int64_t>(array.values.size()) == element_count(array.extents, array_name));
      }
    } catch (const sonic::core::user_error& error) {
      CHECK_THAT(error.what(), Catch::StartsWith(damaged.string()));
    }
  }
}
