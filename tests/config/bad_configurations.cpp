// SPDX-License-Identifier: Apache-2.0
// Each mistake gives its one sentence: where, what is wrong, what would be right.
#include "sonic/config/load.h"
#include "sonic/config/suggest.h"
#include "sonic/core/error.h"
#include "tests/config/scratch.h"

#include <catch2/catch.hpp>

#include <random>

namespace config = sonic::config;
using sonic::tests::read_text;
using sonic::tests::replaced;
using sonic::tests::scratch_folder;

namespace {

const std::filesystem::path sonic_yaml = std::filesystem::path(SONIC_SOURCE_DIR) / "configs" / "sonic.yaml";

/// The message, with the scratch folder cut away; "accepted" if there is none.
std::string message_of(const std::filesystem::path& file, const std::vector<std::string>& overrides = {}) {
  try {
    config::load_architecture(file, overrides);
  } catch (const sonic::core::user_error& error) {
    std::string text = error.what();
    const std::string folder = file.parent_path().string() + "/";
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
      text.erase(at, folder.size());
    }
    return text;
  }
  return "accepted";
}

/// A complete configuration in few lines, for cases that need a short file: values from the shipped one.
std::string on_top_of_sonic(const std::string& text) {
  return "base: " + sonic_yaml.string() + "\n" + text;
}

} // namespace

TEST_CASE("mistakes in a file name file, line, column and key") {
  struct mistake {
    std::string text, message;
  };
  const auto [text, message] = GENERATE(values<mistake>({
      {"conv_aray:\n  vdus: 3\n", "c.yaml:2:1: conv_aray: unknown key; did you mean 'conv_array'?"},
      {"devices:\n  adc:\n    latancy: 14 ns\n",
       "c.yaml:4:5: devices.adc.latancy: unknown key; did you mean 'devices.adc.latency'?"},
      {"adc:\n  latency: 14 ns\n", "c.yaml:2:1: adc: unknown key; did you mean 'devices.adc'?"},
      {"devices:\n  adc: {colour: blue}\n",
       "c.yaml:3:9: devices.adc.colour: unknown key; expected one of bits, latency, power, effective_bits"},
      {"packing: kernel_slice\ngating: none\npacking: whole_kernel\n",
       "c.yaml:4:1: packing: given twice, first in line 2; expected each key once"},
      {"base: other.yaml\n", "c.yaml:2:1: base: given twice, first in line 1; expected each key once"},
      {"packing: whole\n", "c.yaml:2:10: packing: 'whole' is not a choice; expected kernel_slice or whole_kernel"},
      {"gating: [vcsel]\n", "c.yaml:2:9: gating: is a list; expected none, vcsel or vcsel_and_dac"},
      {"name:\n", "c.yaml:2:1: name: has no value; expected a text, such as 'sonic'"},
      {"name: ''\n", "c.yaml:2:7: name: has no value; expected a text, such as 'sonic'"},
      {"devices: 14 ns\n", "c.yaml:2:10: devices: is a plain value; expected a map of keys"},
      {"devices:\n", "c.yaml:2:1: devices: has no value; expected a map of keys"},
      {"devices: {adc: {latency: 14}}\n",
       "c.yaml:2:26: devices.adc.latency: '14' has no unit; expected a time in ps, ns, us, ms or s, such as '14 ns'"},
      {"devices: {adc: {latency: 14 mW}}\n",
       "c.yaml:2:26: devices.adc.latency: '14 mW' is a power; expected a time in ps, ns, us, ms or s, such as '14 ns'"},
      {"devices: {adc: {latency: 14 parsec}}\n", "c.yaml:2:26: devices.adc.latency: the unit 'parsec' is not known; "
                                                 "expected a time in ps, ns, us, ms or s, such as '14 ns'"},
      {"devices: {adc: {latency: fast}}\n", "c.yaml:2:26: devices.adc.latency: 'fast' is not a time; expected a time "
                                            "in ps, ns, us, ms or s, such as '14 ns'"},
      {"devices: {adc: {latency: nan ns}}\n", "c.yaml:2:26: devices.adc.latency: 'nan ns' is not a time; expected a "
                                              "time in ps, ns, us, ms or s, such as '14 ns'"},
      {"devices: {adc: {latency: 1e999 ns}}\n",
       "c.yaml:2:26: devices.adc.latency: '1e999 ns' is beyond any number that the model can hold; expected a time in "
       "ps, ns, us, ms or s, such as '14 ns'"},
      {"devices: {adc: {latency: -1 ns}}\n",
       "c.yaml:2:26: devices.adc.latency: -1 ns is out of range; expected above 0 and at most 1000000000 ns"},
      {"devices: {adc: {latency: 0 ns}}\n",
       "c.yaml:2:26: devices.adc.latency: 0 ns is out of range; expected above 0 and at most 1000000000 ns"},
      {"devices: {adc: {bits: 17}}\n", "c.yaml:2:23: devices.adc.bits: 17 is out of range; expected from 2 to 16"},
      {"devices: {adc: {bits: 15.5}}\n",
       "c.yaml:2:23: devices.adc.bits: '15.5' is not a whole number; expected a whole "
       "number of bits, such as '16'"},
      {"conv_array:\n  vdus: 0\n", "c.yaml:3:9: conv_array.vdus: 0 is out of range; expected from 1 to 4096"},
      {"conv_array:\n  lanes: 99999999999999999999\n", "c.yaml:3:10: conv_array.lanes: 99999999999999999999 is out of "
                                                       "range; expected from 1 to 1024"},
      {"conv_array:\n  lanes: 5 nm\n",
       "c.yaml:3:10: conv_array.lanes: '5 nm' is a length; expected a whole number, such as '50'"},
      {"buffers: {weight_buffer: {capacity: 64 KB}}\n", "c.yaml:2:37: buffers.weight_buffer.capacity: the unit 'KB' is "
                                                        "not known; expected a size in B, KiB, MiB or GiB, "
                                                        "such as '64 KiB'"},
      {"buffers: {weight_buffer: {capacity: 1024.5 B}}\n",
       "c.yaml:2:37: buffers.weight_buffer.capacity: '1024.5 B' is not a whole number of bytes; expected a size in B, "
       "KiB, MiB or GiB, such as '64 KiB'"},
      {"devices: {adc: {power: {value: 62 mW, source: here}}}\n",
       "c.yaml:2:24: devices.adc.power: has no kind; expected value, source and kind"},
      {"devices: {adc: {power: {value: 62 mW, source: here, kind: rumour}}}\n",
       "c.yaml:2:59: devices.adc.power.kind: 'rumour' is not a kind of source; expected published, derived or "
       "estimated"},
      {"devices: {adc: {power: {value: 62 mW, sauce: here}}}\n",
       "c.yaml:2:39: devices.adc.power.sauce: unknown key; expected value, source and kind"},
      {"devices: {adc: {power: {value: [62 mW], source: here, kind: derived}}}\n",
       "c.yaml:2:32: devices.adc.power.value: is a list; expected a plain value"},
      {"a.b: 1\n",
       "c.yaml:2:1: a.b: unknown key; expected one of name, packing, compression, modulator, gating, "
       "batch_norm, idle_power_fraction, adc_headroom, conv_array, fc_array, step, devices, buffers, digital, "
       "index_decoder, accumulator, post_processor, dma, memory, "
       "tuning, receiver, area, path, ambient, effects, faults, run, base"},
  }));
  const scratch_folder folder;
  CAPTURE(text);
  CHECK(message_of(folder.write("c.yaml", on_top_of_sonic(text))) == message);
}

TEST_CASE("keys that contradict each other are named together") {
  struct mistake {
    std::string text, message;
  };
  const auto [text, message] = GENERATE(values<mistake>({
      {"buffers: {activation_buffer: {capacity: 1 KiB}}\nfc_array: {lanes: 1024}\n",
       "c.yaml:2:41: buffers.activation_buffer.capacity: 1024 B cannot hold two vectors of 1024 elements; expected at "
       "least 8192 B"},
      {"buffers: {weight_buffer: {capacity: 1 KiB}}\nconv_array: {lanes: 129}\n",
       "c.yaml:2:37: buffers.weight_buffer.capacity: 1024 B cannot hold two vectors of 129 elements; expected at least "
       "1032 B"},
      {"buffers: {global_buffer: {capacity: 1 KiB}}\nfc_array: {lanes: 100}\n",
       "c.yaml:2:37: buffers.global_buffer.capacity: 1024 B cannot hold weights and activations, two vectors of 100 "
       "elements each; expected at least 1600 B"},
      {"buffers: {activation_buffer: {capacity: 1 KiB}}\nfc_array: {lanes: 200}\n",
       "c.yaml:2:41: buffers.activation_buffer.capacity: 1024 B cannot hold two vectors of 200 elements; expected at "
       "least 1600 B"},
      {"buffers: {partial_sum_buffer: {capacity: 2 KiB}}\nconv_array: {vdus: 300}\n",
       "c.yaml:2:42: buffers.partial_sum_buffer.capacity: 2048 B cannot hold two partial sums for each of 300 units; "
       "expected at least 4800 B"},
      {"devices: {electro_optic_tuning: {maximum_shift: 9 nm}}\n",
       "c.yaml:2:49: devices.electro_optic_tuning.maximum_shift: 9 nm reaches half of "
       "devices.microring.free_spectral_range, where a ring nears its next resonance; expected less than 9 nm"},
      {"tuning: {fabrication_drift: 10 nm}\n", "c.yaml:2:29: tuning.fabrication_drift: 10 nm is more than half of "
                                               "devices.microring.free_spectral_range: the "
                                               "next resonance is nearer; expected at most 9 nm"},
      {"devices: {microring: {quality_factor: 50}}\n",
       "c.yaml:2:39: devices.microring.quality_factor: the linewidth, 31 nm, is as wide as "
       "devices.microring.free_spectral_range; expected more than 86.11"},
      {"accumulator: {model: rtl}\n",
       "c.yaml:2:22: accumulator.model: RTL takes time, and accumulator.accumulators is 0; expected "
       "accumulator.accumulators of at least 1"},
      {"post_processor: {processors: 1, model: lock_step}\nrun: {optics: ideal}\n",
       "c.yaml:2:40: post_processor.model: RTL works on codes, and ideal optics have elements of float32; expected "
       "run.optics quantised or physical"},
      {"post_processor: {processors: 2}\nrun: {optics: ideal}\n",
       "c.yaml:2:30: post_processor.processors: cycles are those of codes, and ideal optics have elements of float32; "
       "expected 0, or run.optics quantised or physical"},
      {"index_decoder: {sources: a.sv}\n",
       "c.yaml:2:26: index_decoder.sources: nothing uses them; expected index_decoder.model rtl or lock_step"},
      {"fc_array: {waveguides: 51}\n",
       "c.yaml:2:24: fc_array.waveguides: 51 waveguides have 50 lanes; expected at most 50"},
      {"devices: {microring: {spacing: 0.5 nm}}\n",
       "c.yaml:2:32: devices.microring.spacing: 50 lanes of a waveguide of the fc_array at 0.5 nm pass one free "
       "spectral range; expected at most 0.36 nm"},
      {"compression: none\ndevices: {weight_dac: {bits: 8}}\n",
       "c.yaml:3:30: devices.weight_dac.bits: beside the levels of 8 bits, a stored zero has no code of 8 bits; "
       "expected "
       "at most 7, or compression both"},
      {"run: {optics: physical}\nmodulator: microring\n",
       "c.yaml:3:12: modulator: physical optics describe lasers that are modulated themselves; expected run.optics "
       "ideal or quantised"},
      {"run: {optics: physical}\ndevices: {microring: {slices: 8}}\n",
       "c.yaml:3:31: devices.microring.slices: physical optics describe one ring for each value; expected run.optics "
       "ideal or quantised"},
      {"run: {optics: physical}\nstep: {passes: 2}\n",
       "c.yaml:3:16: step.passes: physical optics describe symbols that pass once; expected run.optics ideal or "
       "quantised"},
      {"run: {optics: physical}\ndevices: {vcsel: {power: 1 uW}}\n",
       "c.yaml:3:26: devices.vcsel.power: the link of the conv_array does not close: -38.24 dBm of light less 5.57 dB "
       "of "
       "losses is 20.07 dB less than the -23.73 dBm that 4 bits need; expected at least 0.102 mW, or less of the "
       "largest "
       "loss, 3.01 dB of splitting: see receiver.arms"},
      {"run: {optics: physical}\npath: {waveguide_limit: 5 mW}\n",
       "c.yaml:3:25: path.waveguide_limit: 50 lasers of 0.195 mW in a waveguide of the fc_array are 2.90 dB above 5 "
       "mW, where it is no longer linear; expected lasers of at most 0.1 mW, or lanes on 2 waveguides"},
      {"run: {optics: physical}\nreceiver: {arms: 1}\n",
       "c.yaml:3:18: receiver.arms: physical optics carry the sign by two arms; expected 2"},
      {"run: {optics: physical}\ndevices: {electro_optic_tuning: {maximum_shift: 1 pm}}\n",
       "c.yaml:3:49: devices.electro_optic_tuning.maximum_shift: 0.001 nm is next to nothing of a linewidth of 0.1938 "
       "nm: "
       "rings could hold nothing; expected at least 0.00969 nm"},
      {"run: {optics: physical}\ndevices: {weight_dac: {nonlinearity: 16}}\n",
       "c.yaml:3:38: devices.weight_dac.nonlinearity: with 16 steps of nonlinearity its output no longer rises; "
       "expected "
       "less than 15.75, a quarter of its 63 steps"},
      {"run: {optics: physical}\ndevices: {photodetector: {responsivity: 1e-13 A/W}}\n",
       "c.yaml:3:41: devices.photodetector.responsivity: 1e-13 A/W give the conv_array no 4 bits at any power; "
       "expected "
       "about 1 A/W"},
      {"run: {optics: physical}\ntuning: {predistortion: on}\ndevices: {microring: {quality_factor: 500}}\n",
       "c.yaml:3:25: tuning.predistortion: crosstalk of the fc_array is too strong to be made up for: rings would hold "
       "1.3e-06 "
       "of what is wanted; expected a higher devices.microring.quality_factor, lanes further apart or on more "
       "waveguides"},
      {"run: {optics: physical}\nreceiver: {required_bits: 11}\n",
       "c.yaml:3:27: receiver.required_bits: no light gives the conv_array 11 bits: devices.vcsel.intensity_noise "
       "leaves 10.17; expected less than 10.17, a quieter laser or a longer step"},
  }));
  const scratch_folder folder;
  CAPTURE(text);
  CHECK(message_of(folder.write("c.yaml", on_top_of_sonic(text))) == message);
}

TEST_CASE("a missing key is reported at the section that should hold it") {
  const scratch_folder folder;
  const auto text = replaced(read_text(sonic_yaml),
                             "    bits: {value: 16, kind: published, source: \"arXiv 2109.04459, Table 2\"}\n"
                             "    latency: {value: 14 ns, kind: published, source: \"arXiv 2109.04459, Table 2\"}\n",
                             "    bits: 16\n");
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("    bits: 16\n")), '\n');
  CHECK(message_of(folder.write("c.yaml", text)) ==
        "c.yaml:" + std::to_string(line) +
            ":5: devices.adc.latency: missing; expected a time in ps, ns, us, ms or s, such as '14 ns'");
  CHECK(message_of(folder.write("d.yaml", "packing: kernel_slice\n")) ==
        "d.yaml:1:1: name: missing; expected a text, such as 'sonic'");
  CHECK(message_of(folder.write("e.yaml", "name: e\n")) ==
        "e.yaml:1:1: conv_array.vdus: missing; expected a whole number, such as '50'");
}

TEST_CASE("mistakes on the command line name the option") {
  struct mistake {
    std::string text, message;
  };
  const auto [text, message] = GENERATE(values<mistake>({
      {"step.mode", "--set step.mode: this is not key=value; expected a key and its value, such as "
                    "devices.adc.latency=10 ns"},
      {"=3", "--set =3: this is not key=value; expected a key and its value, such as devices.adc.latency=10 ns"},
      {"step.mode=serail",
       "--set step.mode: 'serail' is not a choice; expected pipelined, retune_every_step or serial"},
      {"stp.mode=serial", "--set stp.mode: unknown key; did you mean 'step'?"},
      {"step.mod=serial", "--set step.mod: unknown key; did you mean 'step.mode'?"},
      {"base=x.yaml", "--set base: only a file may start from another; expected --arch with that file"},
      {"devices.adc.latency=", "--set devices.adc.latency: has no value; expected a time in ps, ns, us, ms or s, such "
                               "as '14 ns'"},
      {"devices.adc=3", "--set devices.adc: is a plain value; expected a map of keys"},
      {"devices.adc={bits: 8, bits: 8}", "--set devices.adc.bits: given twice; expected each key once"},
      {"devices.adc={bits", "--set devices.adc: not valid YAML: end of map flow not found; expected key: value"},
      {"run.seed=-1", "--set run.seed: -1 is out of range; expected from 0 to 9007199254740991"},
      {"..=1",
       "--set ..: unknown key; expected one of name, packing, compression, modulator, gating, batch_norm, "
       "idle_power_fraction, adc_headroom, "
       "conv_array, fc_array, step, devices, buffers, digital, index_decoder, accumulator, post_processor, dma, "
       "memory, tuning, receiver, area, path, "
       "ambient, effects, "
       "faults, run, base"},
  }));
  CAPTURE(text);
  CHECK(message_of(sonic_yaml, {text}) == message);
}

TEST_CASE("damaged and hostile files give one sentence") {
  struct mistake {
    std::string text, message;
  };
  const auto [text, message] = GENERATE(values<mistake>({
      {"", "c.yaml:1:1: the configuration: has no value; expected a map of keys"},
      {"# only a remark\n", "c.yaml:1:1: the configuration: has no value; expected a map of keys"},
      {"- a\n- b\n", "c.yaml:1:1: the configuration: is a list; expected a map of keys"},
      {"sonic\n", "c.yaml:1:1: the configuration: is a plain value; expected a map of keys"},
      {std::string("name: \0x\n", 9), "c.yaml: this is not text; expected YAML in UTF-8"},
      {"\x7f"
       "ELF\x02\x01\x01",
       "c.yaml: this is not text; expected YAML in UTF-8"},
      {"name: a\n\tpacking: b\n",
       "c.yaml:2:1: not valid YAML: illegal tab when looking for indentation; expected key: value"},
      {"name: a\n  packing: b\n", "c.yaml:2:10: not valid YAML: illegal map value; expected key: value"},
      {"name: @a\n", "c.yaml:1:7: not valid YAML: unknown token; expected key: value"},
      {"{name: a\n", "c.yaml:2:1: not valid YAML: end of map flow not found; expected key: value"},
      {"a: &x [1]\nb: *x\n", "c.yaml:1:4: anchors (&name) are not supported; expected the value itself"},
      {"a: *x\n", "c.yaml:1:4: not valid YAML: the referenced anchor is not defined; expected key: value"},
      {"name: !!binary aGk=\n", "c.yaml:1:7: tags (!name) are not supported; expected the value itself"},
      {"name: a\n---\nname: b\n", "c.yaml:2:1: a second document starts here; expected one document per file"},
      {"? {a: b}\n: c\n", "c.yaml:1:3: a key is not a word; expected key: value"},
      {std::string(100000, '['), "c.yaml:1:9: nested too deeply; expected at most 16 levels"},
      {"a: " + std::string(100000, '{'), "c.yaml:1:19: nested too deeply; expected at most 16 levels"},
      {std::string((std::size_t{1} << 20) + 1, '#'), "c.yaml: larger than 1 MiB; expected a configuration file"},
      {std::string(1000, 'a') + ": 1\n",
       "c.yaml:1:1: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...: unknown key; expected one of name, packing, "
       "compression, modulator, gating, "
       "batch_norm, idle_power_fraction, adc_headroom, conv_array, fc_array, step, devices, buffers, digital, "
       "index_decoder, accumulator, post_processor, dma, "
       "memory, "
       "tuning, receiver, area, path, ambient, effects, faults, run, base"},
      {"base: [a]\n", "c.yaml:1:7: base: is not a file name; expected the file to start from"},
      {"base: nowhere.yaml\n",
       "c.yaml:1:7: base: there is no file 'nowhere.yaml'; expected a file, relative to the folder of this one"},
      {"base: c.yaml\n", "c.yaml:1:7: base: 'c.yaml' starts from this file again; expected files that do not form a "
                         "circle"},
  }));
  const scratch_folder folder;
  CAPTURE(text.substr(0, 60));
  CHECK(message_of(folder.write("c.yaml", text)) == message);
}

TEST_CASE("files that start from each other in a circle are refused") {
  const scratch_folder folder;
  folder.write("a.yaml", "base: b.yaml\n");
  folder.write("b.yaml", "# remark\nbase: ./a.yaml\n");
  CHECK(message_of(folder.path() / "a.yaml") == "b.yaml:2:7: base: './a.yaml' starts from this file again; expected "
                                                "files that do not form a circle");
  for (int link = 0; link < 20; ++link) {
    folder.write("chain" + std::to_string(link) + ".yaml", "base: chain" + std::to_string(link + 1) + ".yaml\n");
  }
  folder.write("chain20.yaml", "name: end\n");
  CHECK(message_of(folder.path() / "chain0.yaml") ==
        "chain15.yaml:1:7: base: too many files start from each other; expected at most 16");
}

TEST_CASE("a file that is not there, and a folder, are refused") {
  const scratch_folder folder;
  CHECK(message_of(folder.path() / "nowhere.yaml") ==
        "nowhere.yaml: cannot be opened; expected a readable configuration file");
  std::filesystem::create_directory(folder.path() / "deeper");
  CHECK(message_of(folder.path() / "deeper") == "deeper: this is a folder; expected a configuration file");
  CHECK(message_of("/dev/zero") == "zero: larger than 1 MiB; expected a configuration file");
}

TEST_CASE("a mistake in the file that another starts from is reported there") {
  const scratch_folder folder;
  folder.write("one.yaml", on_top_of_sonic("\n\nstep: {mode: fast}\n"));
  CHECK(message_of(folder.write("two.yaml", "base: one.yaml\n")) ==
        "one.yaml:4:14: step.mode: 'fast' is not a choice; expected pipelined, retune_every_step or serial");
}

TEST_CASE("no damage to a file does worse than one sentence") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string good = read_text(sonic_yaml);
  const scratch_folder folder;
  int refused = 0;
  for (int trial = 0; trial < 300; ++trial) {
    std::string text = good;
    const auto at = [&] { return std::uniform_int_distribution<std::size_t>(0, text.size() - 1)(random); };
    switch (trial % 4) {
    case 0:
      text.resize(at());
      break;
    case 1:
      text[at()] = static_cast<char>(std::uniform_int_distribution<>(0, 255)(random));
      break;
    case 2:
      text.erase(at(), 40);
      break;
    default:
      text.insert(at(), std::string(5, "{}[]:-&*!|>'\"%@,\n #?"[std::uniform_int_distribution<>(0, 19)(random)]));
    }
    const std::string message = message_of(folder.write("c.yaml", text));
    CAPTURE(trial, message);
    CHECK(message.find('\n') == std::string::npos);
    refused += message == "accepted" ? 0 : 1;
  }
  WARN(refused << " of 300 damaged files refused, the others still say something complete");
  CHECK(refused > 150);
}

TEST_CASE("edit distance") {
  CHECK(config::edit_distance("", "abc") == 3);
  CHECK(config::edit_distance("kitten", "sitting") == 3);
  CHECK(config::edit_distance("adc", "adc") == 0);
  CHECK(config::edit_distance("latancy", "latency") == 1);
}
