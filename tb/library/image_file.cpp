// SPDX-License-Identifier: Apache-2.0
// The image as a file: CBOR (RFC 8949), whose first entry names the format.
#include "sonic/core/error.h"
#include "tb/library/image_builder.h"
#include "tb/report/run_report.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

namespace sonic {

namespace {

using json = nlohmann::ordered_json;

constexpr const char* format = "sonic-image-1";

json tensor_json(const image_tensor& t) {
  return {{"name", t.name},
          {"extents", t.extents},
          {"address", t.address},
          {"bytes", t.bytes},
          {"kind", static_cast<int>(t.kind)},
          {"bits", t.bits},
          {"scale", t.scale},
          {"zero_point", t.zero_point}};
}

image_tensor tensor_of(const json& j) {
  image_tensor t;
  j.at("name").get_to(t.name);
  j.at("extents").get_to(t.extents);
  j.at("address").get_to(t.address);
  j.at("bytes").get_to(t.bytes);
  t.kind = j.at("kind").get<int>() == 0 ? image_tensor::element::code16 : image_tensor::element::float32;
  j.at("bits").get_to(t.bits);
  j.at("scale").get_to(t.scale);
  j.at("zero_point").get_to(t.zero_point);
  return t;
}

json step_json(const image_step& s) {
  return {{"kind", static_cast<int>(s.what)},
          {"address", s.address},
          {"count", s.count},
          {"input", s.input},
          {"output", s.output},
          {"first_axis", s.first_axis},
          {"last_axis", s.last_axis},
          {"log", s.logarithm}};
}

image_step step_of(const json& j) {
  image_step s;
  s.what = j.at("kind").get<int>() == 0 ? image_step::kind::program : image_step::kind::softmax;
  j.at("address").get_to(s.address);
  j.at("count").get_to(s.count);
  j.at("input").get_to(s.input);
  j.at("output").get_to(s.output);
  j.at("first_axis").get_to(s.first_axis);
  j.at("last_axis").get_to(s.last_axis);
  j.at("log").get_to(s.logarithm);
  return s;
}

/// What the numbers of a file must keep to, so that nobody who trusts them leaves the memory.
bool consistent(const program_image& image) {
  const auto inside = [&image](std::uint64_t address, std::uint64_t bytes) {
    return address <= image.size() && bytes <= image.size() - address;
  };
  const auto is_tensor = [&image](std::size_t index) { return index < image.tensors().size(); };
  const auto tensor_fits = [&](const image_tensor& t) {
    constexpr int most_bits = 16;
    std::uint64_t elements = 1;
    for (const auto extent : t.extents) {
      if (extent < 1 || static_cast<std::uint64_t>(extent) > image.size() / elements) {
        return false;
      }
      elements *= static_cast<std::uint64_t>(extent);
    }
    return t.elements() == elements && t.bits >= 1 && t.bits <= most_bits && inside(t.address, t.bytes);
  };
  const auto step_fits = [&](const image_step& s) {
    if (s.what == image_step::kind::program) {
      constexpr std::uint64_t descriptor_bytes = 256;
      return inside(s.address, s.count * descriptor_bytes);
    }
    return is_tensor(s.input) && is_tensor(s.output) && s.first_axis >= 0 && s.first_axis <= s.last_axis &&
           s.last_axis < static_cast<std::int64_t>(image.tensors()[s.input].extents.size()) &&
           image.tensors()[s.input].extents == image.tensors()[s.output].extents;
  };
  return image.bytes().size() <= image.size() &&
         std::all_of(image.tensors().begin(), image.tensors().end(), tensor_fits) &&
         std::all_of(image.inputs().begin(), image.inputs().end(), is_tensor) &&
         std::all_of(image.outputs().begin(), image.outputs().end(), is_tensor) &&
         std::all_of(image.steps().begin(), image.steps().end(), step_fits);
}

} // namespace

std::vector<std::uint8_t> image_builder::encode(const program_image& image) {
  json j{{"format", format},        {"size", image.size_},       {"bytes", json::binary(image.bytes_)},
         {"inputs", image.inputs_}, {"outputs", image.outputs_}, {"tensors", json::array()},
         {"steps", json::array()},  {"layers", json::array()}};
  for (const auto& t : image.tensors_) {
    j["tensors"].push_back(tensor_json(t));
  }
  for (const auto& s : image.steps_) {
    j["steps"].push_back(step_json(s));
  }
  for (const auto& l : image.layers_) {
    j["layers"].push_back({l.name, l.operation});
  }
  return json::to_cbor(j);
}

program_image image_builder::decode(const std::vector<std::uint8_t>& bytes) {
  auto j = json::from_cbor(bytes);
  program_image image;
  if (j.at("format") != format) {
    throw json::other_error::create(501, "another format", nullptr);
  }
  j.at("size").get_to(image.size_);
  image.bytes_ = std::move(j.at("bytes").get_binary());
  j.at("inputs").get_to(image.inputs_);
  j.at("outputs").get_to(image.outputs_);
  for (const auto& t : j.at("tensors")) {
    image.tensors_.push_back(tensor_of(t));
  }
  for (const auto& s : j.at("steps")) {
    image.steps_.push_back(step_of(s));
  }
  for (const auto& l : j.at("layers")) {
    image.layers_.push_back({l.at(0).get<std::string>(), l.at(1).get<std::string>()});
  }
  return image;
}

program_image program_image::load(const std::string& file) {
  constexpr const char* expected = "expected one that program_image::save has written";
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw core::user_error(file, "cannot be read", expected);
  }
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
  try {
    auto image = image_builder::decode(bytes);
    if (consistent(image)) {
      return image;
    }
  } catch (const json::exception&) {
    throw core::user_error(file, "is not a program image of this version", expected);
  }
  throw core::user_error(file, "is a damaged program image", expected);
}

void program_image::save(const std::string& file) const {
  const auto bytes = image_builder::encode(*this);
  report::write_file(file, {bytes.begin(), bytes.end()});
}

} // namespace sonic
