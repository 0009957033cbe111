// SPDX-License-Identifier: Apache-2.0
// Files written byte by byte, and read.
#include "array_support.h"

#include "tb/workload/dataset.h"
#include "tests/support/onnx_builder.h"

#include <catch2/catch.hpp>

#include <png.h>
#include <zlib.h>

#include <random>

using namespace sonic::tests;
using namespace sonic::workload;
using list = std::vector<float>;

namespace {

tensor only_array(const std::filesystem::path& file, const std::string& name) {
  const std::vector<named_tensor> arrays = load_arrays(file);
  REQUIRE(arrays.size() == 1);
  CHECK(arrays[0].first == name);
  return arrays[0].second;
}

void write_gzip(const std::filesystem::path& file, const std::string& content) {
  gzFile stream = gzopen(file.c_str(), "wb");
  REQUIRE(gzwrite(stream, content.data(), static_cast<unsigned>(content.size())) == static_cast<int>(content.size()));
  REQUIRE(gzclose(stream) == Z_OK);
}

const std::string two_images = bytes({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255});
const std::string two_labels = bytes({0, 0, 8, 1, 0, 0, 0, 2, 7, 200});

} // namespace

TEST_CASE("npy: element types and byte orders", "[arrays]") {
  const scratch_folder folder;
  const auto [type, data, expected] = GENERATE(table<std::string, std::string, list>({
      {"<f4", bytes({0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0}), {1, -2.5}},
      {">f4", bytes({0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0}), {1, -2.5}},
      {"<f8", bytes({0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 4, 0xC0}), {1, -2.5}},
      {">f8", bytes({0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 4, 0, 0, 0, 0, 0, 0}), {1, -2.5}},
      {"<f2", bytes({0, 0x3C, 1, 0}), {1, 0x1p-24F}},
      {">f2", bytes({0x3C, 0, 0xFB, 0xFF}), {1, -65504}},
      {"|i1", bytes({127, 0x80}), {127, -128}},
      {"|u1", bytes({127, 0x80}), {127, 128}},
      {"<i2", bytes({0, 0x80, 1, 0}), {-32768, 1}},
      {">u2", bytes({0x80, 0, 0, 1}), {32768, 1}},
      {"<i4", bytes({0xFE, 0xFF, 0xFF, 0xFF, 0, 1, 0, 0}), {-2, 256}},
      {"<u4", bytes({0, 0, 0, 0x80, 0, 1, 0, 0}), {0x1p31F, 256}},
      {">i8", bytes({255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 1, 0}), {-1, 256}},
      {"|b1", bytes({0, 1}), {0, 1}},
  }));
  CAPTURE(type);
  const tensor array = only_array(folder.write("data.npy", npy(type, "False", "2,", data)), "data");
  CHECK(array.extents == shape{2});
  CHECK(array.values == expected);
}

TEST_CASE("npy: Fortran order, scalars, other header layouts", "[arrays]") {
  const scratch_folder folder;
  SECTION("column-major") {
    const tensor array = only_array(folder.write("a.npy", npy("|u1", "True", "2, 3", bytes({0, 3, 1, 4, 2, 5}))), "a");
    CHECK(array.extents == shape{2, 3});
    CHECK(array.values == list{0, 1, 2, 3, 4, 5});
  }
  SECTION("column-major, three axes") {
    const tensor array = only_array(folder.write("a.npy", npy("|u1", "True", "2, 1, 2", bytes({0, 2, 1, 3}))), "a");
    CHECK(array.values == list{0, 1, 2, 3});
  }
  SECTION("scalar") {
    const tensor array = only_array(folder.write("a.b.npy", npy("|u1", "False", "", bytes({9}))), "a");
    CHECK(array.extents.empty());
    CHECK(array.values == list{9});
  }
  SECTION("version 2, keys in another order") {
    const std::string text = "{\"shape\":(1,),\"fortran_order\":False,\"descr\":\"|u1\"}";
    const std::string file = "\x93NUMPY" + bytes({2, 0, static_cast<int>(text.size()), 0, 0, 0}) + text + bytes({5});
    CHECK(only_array(folder.write("a.npy", file), "a").values == list{5});
  }
}

TEST_CASE("npz and npy: what is saved is loaded, and equal arrays give equal bytes", "[arrays]") {
  const scratch_folder folder;
  const unsigned seed = GENERATE(1U, 2U, 3U);
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> real(-1e6F, 1e6F);
  std::vector<named_tensor> arrays;
  for (const shape& extents : {shape{}, shape{1}, shape{7}, shape{2, 3, 5}, shape{1, 1, 4, 1}}) {
    tensor array{extents, {}};
    array.values.resize(static_cast<std::size_t>(element_count(extents, "test")));
    for (float& value : array.values) {
      value = real(random);
    }
    arrays.emplace_back("array/" + std::to_string(arrays.size()), array);
  }
  save_npz(folder / "a.npz", arrays);
  save_npz(folder / "b.npz", arrays);
  const std::vector<named_tensor> loaded = load_arrays(folder / "a.npz");
  REQUIRE(loaded.size() == arrays.size());
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    CHECK(loaded[i].first == arrays[i].first);
    CHECK(loaded[i].second.extents == arrays[i].second.extents);
    CHECK(loaded[i].second.values == arrays[i].second.values);
    save_npy(folder / "one.npy", arrays[i].second);
    CHECK(load_arrays(folder / "one.npy")[0].second.values == arrays[i].second.values);
    CHECK(std::filesystem::file_size(folder / "one.npy") % 64 == arrays[i].second.values.size() * 4 % 64);
  }
  const auto content = [&](const char* name) {
    std::ifstream stream(folder / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  CHECK(content("a.npz") == content("b.npz"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 3); // no temporary files stay
}

TEST_CASE("ONNX TensorProto", "[arrays]") {
  const scratch_folder folder;
  std::ofstream(folder / "x.pb", std::ios::binary) << float_tensor("image", {1, 2}, {3, -4}).SerializeAsString();
  const tensor array = only_array(folder / "x.pb", "image");
  CHECK(array.extents == shape{1, 2});
  CHECK(array.values == list{3, -4});
  std::ofstream(folder / "y.pb", std::ios::binary) << integer_tensor("", {1}, {5}).SerializeAsString();
  CHECK(only_array(folder / "y.pb", "y").values == list{5});
}

TEST_CASE("idx: images and labels, raw and compressed", "[arrays]") {
  const scratch_folder folder;
  const list expected{0, 0.2F, 0.4F, 0.6F, 0.8F, 1};
  write_gzip(folder / "set-images-idx3-ubyte.gz", two_images);
  folder.write("set-labels-idx1-ubyte", two_labels);
  const tensor images = only_array(folder / "set-images-idx3-ubyte.gz", "set-images-idx3-ubyte");
  CHECK(images.extents == shape{2, 1, 1, 3});
  CHECK(images.values == expected);
  CHECK(only_array(folder / "set-labels-idx1-ubyte", "set-labels-idx1-ubyte").values == list{7, 200});
  for (const auto& path : {folder.path(), folder / "set-images-idx3-ubyte.gz"}) {
    const labelled_images set = load_images_with_labels(path, dataset_kind::mnist);
    CHECK(set.images.values == expected);
    CHECK(set.labels == std::vector<std::int64_t>{7, 200});
    const labelled_images first = load_images_with_labels(path, dataset_kind::mnist, 1);
    CHECK(first.images.extents == shape{1, 1, 1, 3});
    CHECK(first.images.values == list{0, 0.2F, 0.4F});
    CHECK(first.labels == std::vector<std::int64_t>{7});
    CHECK(load_images_with_labels(path, dataset_kind::mnist, 3).labels.size() == 2);
  }
}

TEST_CASE("mnist folder: the t10k set wins, two other sets are ambiguous", "[arrays]") {
  const scratch_folder folder;
  const auto load = [](const std::filesystem::path& path) {
    return load_images_with_labels(path, dataset_kind::mnist);
  };
  CHECK_THAT(refusal_of(folder.path(), load), Catch::Contains("the folder holds no images"));
  for (const std::string name : {"a", "train"}) {
    folder.write(name + "-images-idx3-ubyte", two_images);
    folder.write(name + "-labels-idx1-ubyte", two_labels);
  }
  CHECK_THAT(refusal_of(folder.path(), load), Catch::Contains("several sets"));
  folder.write("t10k-images-idx3-ubyte", bytes({0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 255}));
  write_gzip(folder / "t10k-labels-idx1-ubyte.gz", bytes({0, 0, 8, 1, 0, 0, 0, 1, 3}));
  CHECK(load(folder.path()).labels == std::vector<std::int64_t>{3});
  folder.write("train-labels-idx1-ubyte", bytes({0, 0, 8, 1, 0, 0, 0, 1, 3}));
  CHECK_THAT(refusal_of(folder / "train-images-idx3-ubyte", load),
             Catch::Contains("2 images") && Catch::Contains("1 labels"));
}

TEST_CASE("CIFAR-10 records", "[arrays]") {
  const scratch_folder folder;
  std::string record(3073, '\0');
  record[0] = 9;
  record[1] = static_cast<char>(255); // red, row 0, column 0
  record[1 + 1024 + 33] = 51;         // green, row 1, column 1
  folder.write("test_batch.bin", record + record);
  for (const auto& path : {folder.path(), folder / "test_batch.bin"}) {
    const labelled_images set = load_images_with_labels(path, dataset_kind::cifar10);
    CHECK(set.images.extents == shape{2, 3, 32, 32});
    CHECK(set.images.values[0] == 1.0F);
    CHECK(set.images.values[3072 + 1024 + 33] == 0.2F);
    CHECK(set.labels == std::vector<std::int64_t>{9, 9});
    const labelled_images first = load_images_with_labels(path, dataset_kind::cifar10, 1);
    CHECK(first.images.extents == shape{1, 3, 32, 32});
    CHECK(first.images.values.size() == 3072);
    CHECK(first.labels.size() == 1);
    CHECK(load_images_with_labels(path, dataset_kind::cifar10, 3).labels.size() == 2);
  }
  const std::vector<named_tensor> arrays = load_arrays(folder / "test_batch.bin");
  REQUIRE(arrays.size() == 2);
  CHECK(arrays[0].first == "images");
  CHECK(arrays[1].second.values == list{9, 9});
}

TEST_CASE("Portable anymaps: text and binary, grey and colour, one and two bytes", "[arrays]") {
  const scratch_folder folder;
  const auto [content, extents, expected] = GENERATE(table<std::string, shape, list>({
      {"P2 # comment\n2 1\n10\n0 5\n", {1, 1, 1, 2}, {0, 0.5}},
      {"P3\n1 2 4\n0 1 2\n3 4 0", {1, 3, 2, 1}, {0, 0.75, 0.25, 1, 0.5, 0}},
      {"P5\n2 1 255\n" + bytes({51, 255}), {1, 1, 1, 2}, {0.2F, 1}},
      {"P5\n1 1 65535\n" + bytes({0x33, 0x33}), {1, 1, 1, 1}, {0.2F}},
      {"P6 1 1 100 " + bytes({10, 20, 50}), {1, 3, 1, 1}, {0.1F, 0.2F, 0.5F}},
  }));
  CAPTURE(content);
  const tensor image = only_array(folder.write("image.pgm", content), "image");
  CHECK(image.extents == extents);
  CHECK(image.values == expected);
}

TEST_CASE("PNG: every colour type and depth", "[arrays]") {
  const auto [type, depth, pixel, expected] = GENERATE(table<int, int, std::string, list>({
      {PNG_COLOR_TYPE_GRAY, 8, bytes({51}), {0.2F}},
      {PNG_COLOR_TYPE_GRAY, 1, bytes({0x80}), {1}},
      {PNG_COLOR_TYPE_GRAY, 4, bytes({0x30}), {0.2F}},
      {PNG_COLOR_TYPE_GRAY, 16, bytes({0x33, 0x33}), {0.2F}},
      {PNG_COLOR_TYPE_GRAY_ALPHA, 8, bytes({51, 7}), {0.2F}},
      {PNG_COLOR_TYPE_RGB, 8, bytes({51, 102, 255}), {0.2F, 0.4F, 1}},
      {PNG_COLOR_TYPE_RGB_ALPHA, 8, bytes({51, 102, 255, 0}), {0.2F, 0.4F, 1}},
      {PNG_COLOR_TYPE_PALETTE, 8, bytes({1}), {0.4F, 0.2F, 0}},
  }));
  CAPTURE(type, depth);
  const scratch_folder folder;
  std::FILE* stream = std::fopen((folder / "i.png").c_str(), "wb");
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, stream);
  png_set_IHDR(png, info, 1, 1, depth, type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  const png_color palette[2] = {{0, 0, 0}, {102, 51, 0}};
  if (type == PNG_COLOR_TYPE_PALETTE) {
    png_set_PLTE(png, info, palette, 2);
  }
  png_set_gAMA(png, info, 1.0); // samples are taken as they are, whatever the file says about their meaning
  png_write_info(png, info);
  std::string row = pixel;
  png_write_row(png, reinterpret_cast<png_bytep>(row.data()));
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  std::fclose(stream);

  const tensor image = only_array(folder / "i.png", "i");
  CHECK(image.extents == shape{1, static_cast<std::int64_t>(expected.size()), 1, 1});
  CHECK(image.values == expected);

  std::ifstream back(folder / "i.png", std::ios::binary);
  const std::string content(std::istreambuf_iterator<char>(back), {});
  for (std::size_t length = 8; length + 12 < content.size(); length += 3) { // IEND is 12 bytes
    CAPTURE(length);
    CHECK_THAT(refusal_of(folder.write("cut.png", content.substr(0, length))), Catch::Contains("damaged or truncated"));
  }
}
