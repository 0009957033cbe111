// SPDX-License-Identifier: Apache-2.0
#include "tb/cosim/chip_twins.h"

#include <string>

namespace sonic::cosim {

namespace {

template <class twin>
std::shared_ptr<twin> twin_of(const config::architecture& a, const config::counted_block& block, bool waves) {
  return has_rtl(block) ? std::make_shared<twin>(a, waves) : nullptr;
}

std::filesystem::path waves_in(const std::filesystem::path& folder, const std::string& block) {
  return folder / (block + ".fst");
}

} // namespace

chip_twins::chip_twins(const config::architecture& a, bool waves)
    : index_decoder(twin_of<decoder_twin>(a, a.index_decoder, waves)),
      accumulator(twin_of<accumulator_twin>(a, a.accumulator, waves)),
      post_processor(twin_of<post_twin>(a, a.post_processor, waves)) {}

std::vector<std::pair<const char*, twin*>> chip_twins::all() const {
  std::vector<std::pair<const char*, twin*>> found;
  const auto add = [&found](const char* name, twin* each) {
    if (each != nullptr) {
      found.emplace_back(name, each);
    }
  };
  add("index_decoder", index_decoder.get());
  add("accumulator", accumulator.get());
  add("post_processor", post_processor.get());
  return found;
}

void chip_twins::rethrow() const {
  for (const auto& [name, each] : all()) {
    each->rethrow();
  }
}

void chip_twins::open_waves(const std::filesystem::path& folder, double clock_ghz,
                            const std::function<std::uint64_t()>& now) {
  waves_ = folder;
  for (const auto& [name, each] : all()) {
    each->open_waves(waves_in(folder, name), clock_ghz, now);
  }
}

std::vector<named_waves> chip_twins::close_waves() {
  std::vector<named_waves> written;
  for (const auto& [name, each] : all()) {
    each->close_waves();
    written.push_back({std::string("rtl_") + name, waves_in(waves_, name)});
  }
  return written;
}

void prepare_twins(const config::architecture& a, bool waves) {
  const auto prepare = [&](const char* section, const config::counted_block& block, const contract& ports) {
    if (has_rtl(block)) {
      build_rtl(ports, request_of(a, section, block, waves));
    }
  };
  prepare("index_decoder", a.index_decoder, index_decoder_contract(static_cast<unsigned>(a.index_decoder.lanes)));
  prepare("accumulator", a.accumulator,
          accumulator_contract(static_cast<unsigned>(a.accumulator.lanes), accumulator_twin::words_of(a)));
  prepare("post_processor", a.post_processor, post_processor_contract(static_cast<unsigned>(a.post_processor.lanes)));
}

} // namespace sonic::cosim
