// SPDX-License-Identifier: Apache-2.0
// The `sonic` command. Exit codes: 0 done and matched, 1 a result differs from the reference, 2 the user's mistake.
#include "sonic/config/load.h"
#include "sonic/config/locate.h"
#include "sonic/core/error.h"
#include "tb/report/run_report.h"
#include "tb/sonic/comparison_session.h"
#include "tb/sonic/explore.h"
#include "tb/sonic/lower_network.h"
#include "tb/sonic/run_options.h"
#include "tb/sonic/session.h"
#include "tb/sonic/start_platform.h"

#include <CLI/CLI.hpp>
#include <systemc>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <malloc.h>
#include <unistd.h>

namespace {

constexpr int matched = 0;
constexpr int mismatch = 1;
constexpr int mistake = 2;
constexpr int max_jobs = 1024;

/// Accepts whole numbers from @p least on that fit 64 bits.
CLI::Validator whole_number_from(std::int64_t least) {
  const auto judge = [least](const std::string& text) {
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool good = fault == std::errc() && end == text.data() + text.size() && value >= least;
    return good ? std::string()
                : "'" + text + "' is not possible; expected a whole number from " + std::to_string(least) + " to " +
                      std::to_string(std::numeric_limits<std::int64_t>::max());
  };
  return {judge, "", ""};
}

/// Refuses a file that cannot be written before any work is done.
void check_writable(const char* option, const std::string& file) {
  namespace fs = std::filesystem;
  if (file.empty()) {
    return;
  }
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) {
    throw sonic::core::user_error(std::string(option) + " " + file, "it cannot be written: it is a folder",
                                  "expected the name of a file");
  }
  const auto folder = fs::absolute(file).parent_path();
  if (!fs::is_directory(folder, ignored) || ::access(folder.c_str(), W_OK) != 0) {
    throw sonic::core::user_error(std::string(option) + " " + file, "it cannot be written",
                                  "expected an existing folder that you may write to");
  }
}

int run(const sonic::command::run_options& options) {
  check_writable("--json", options.json);
  check_writable("--output", options.output);
  check_writable("--trace", options.trace);
  check_writable("--vcd", options.vcd);
  check_writable("--waves", options.waves);
  check_writable("--html", options.html);
  const auto report = sonic::command::run_session(options);
  if (!options.json.empty()) {
    sonic::report::write_file(options.json, sonic::report::to_json(report));
  }
  std::cout << sonic::report::to_text(report);
  return report.passed ? matched : mismatch;
}

/// What network on which input, for which chip.
void add_network(CLI::App& command, sonic::command::run_options& o, std::string& data) {
  command.add_option("model", o.model, "ONNX network")->required();
  command.add_option("--input", o.inputs,
                     "Input array: FILE or NAME=FILE (.npy, .npz, .pb, MNIST idx, CIFAR-10 .bin, .png, .pgm)");
  command.add_option("--data", data,
                     "Folder with the MNIST or CIFAR-10 test set (default: SONIC_DATA, if no --input is given)");
  command
      .add_option("--dataset", o.dataset,
                  "Evaluate this labelled test set of --data: mnist or cifar10 (default: as the input's channels say)")
      ->check(CLI::IsMember({"mnist", "cifar10"}));
  command.add_option("--mean", o.mean, "Subtracted from the test set's pixels / 255, one number or one by channel")
      ->delimiter(',')
      ->check(CLI::Number);
  command.add_option("--std", o.std, "What is left is divided by this, one number or one by channel")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  command.add_option("--labels", o.labels, "Labels of the input, to report the accuracy");
  command.add_option("--calibrate", o.calibration,
                     "Inputs that set the ranges (default: the model's own, else the inputs)");
  command.add_option("--count", o.count, "Run only the first N frames")->check(whole_number_from(1));
  command.add_option("--arch", o.architecture, "Configuration: a file, or the name of a shipped one (default: sonic)");
  command.add_option("--set", o.overrides, "Replace a key of the configuration: key.path=value");
  command.add_option("--optics", o.optics, "ideal, quantised or physical");
  command.add_option("--timing", o.timing, "functional, loosely_timed or approximately_timed");
}

void add_run(CLI::App& app, sonic::command::run_options& o, std::string& data) {
  auto* run = app.add_subcommand("run", "Run a network on the accelerator and compare every layer with the reference");
  add_network(*run, o, data);
  run->add_option("--compare", o.compare, "Compare only the first N runs layer by layer (default: all)")
      ->check(whole_number_from(0));
  run->add_option("--jobs", o.jobs, "Processes, each with a chip of its own (results do not depend on it)")
      ->check(CLI::Range(1, max_jobs));
  run->add_option("--output", o.output, "Write the network's outputs to this .npz");
  run->add_option("--json", o.json, "Write the report to this file (docs/report.schema.json)");
  run->add_option("--html", o.html, "Write the report as a web page of its own to this file, with charts");
  run->add_option("--vcd", o.vcd, "Write what works when in the first frame to this .vcd file, for a waveform viewer");
  run->add_option(
      "--waves", o.waves,
      "Write the same and all signals of RTL to this .fst or .vcd file; needs --timing approximately_timed");
  run->add_option("--trace", o.trace,
                  "Write what each unit did for the first frame to this file, which ui.perfetto.dev opens");
  run->add_option("--accounting", o.accounting, "published or full");
  run->add_option("--seed", o.seed, "Seed of everything random")->check(whole_number_from(0));
}

void add_explore(CLI::App& command, sonic::command::explore_options& o) {
  command.add_option("study", o.study, "YAML file of the study (docs/explore.md); without it, go on with the folder's");
  command.add_option("--into", o.folder, "Folder that keeps jobs and results: what is there is not done again")
      ->required();
  command.add_option("--jobs", o.jobs, "Processes (results do not depend on it)")->check(CLI::Range(1, max_jobs));
  command.add_option("--data", o.data, "Folder with the MNIST or CIFAR-10 test set (default: SONIC_DATA)");
  command.add_option("--input", o.inputs, "Frames of a network of the study: NETWORK=FILE");
  command.add_option("--set", o.overrides, "Replace a key of the base, and so of every design: key.path=value");
  command.add_flag("--plan", o.only_plan, "Search and write the tasks to the folder, but run none");
  command.add_option("--tasks", o.tasks,
                     "Run only these tasks of a folder with a plan, FIRST-LAST; the command without it collects them");
}

void complete(sonic::command::explore_options& o) {
  const auto refuse = [](const char* option, const char* other) {
    throw sonic::core::user_error(option, std::string("is given together with ") + other, "expected one of the two");
  };
  if (!o.tasks.empty() && !o.study.empty()) {
    refuse("--tasks", "a study, which the folder has already");
  }
  if (o.study.empty() && !o.overrides.empty()) {
    throw sonic::core::user_error("--set", "is given without a study", "expected the YAML file of one");
  }
  if (!o.tasks.empty() && o.only_plan) {
    refuse("--tasks", "--plan");
  }
  if (const char* named = std::getenv("SONIC_DATA"); o.data.empty() && named != nullptr) {
    o.data = {named};
  }
}

/// Where the pictures and tables of `sonic compare` go.
struct comparison_files {
  std::string json, html, svg;
};

void add_compare(CLI::App& compare, sonic::command::comparison_options& o, comparison_files& files) {
  compare.add_option("file", o.file, "Networks, accelerators, published ratios and assumptions (docs/compare.md)")
      ->required();
  compare.add_option("--data", o.frames.data,
                     "Folder with the MNIST or CIFAR-10 test set, may be repeated (default: SONIC_DATA; without data, "
                     "synthetic images)");
  compare.add_option("--input", o.frames.inputs, "NAME=FILE: frames of the network of this name, instead");
  compare.add_option("--count", o.frames.count, "Frames of each network (default: 1)")->check(whole_number_from(1));
  compare.add_option("--seed", o.frames.seed, "Seed of synthetic images (default: 1)")->check(whole_number_from(0));
  compare.add_option("--jobs", o.jobs, "Simulations at once, each a process (results do not depend on it)")
      ->check(CLI::Range(1, max_jobs));
  compare.add_flag("--sensitivity", o.sensitivity, "Each assumption's choices, and all their combinations");
  compare.add_option("--json", files.json, "Write the comparison to this file (docs/compare.schema.json)");
  compare.add_option("--html", files.html, "Write it as a web page of its own, with charts");
  compare.add_option("--svg", files.svg, "Write PREFIX_ratios.svg and PREFIX_energy.svg");
}

int compare(sonic::command::comparison_options options, const comparison_files& files) {
  const std::string ratios = files.svg.empty() ? "" : files.svg + "_ratios.svg";
  const std::string energy = files.svg.empty() ? "" : files.svg + "_energy.svg";
  check_writable("--json", files.json);
  check_writable("--html", files.html);
  check_writable("--svg", ratios);
  check_writable("--svg", energy);
  if (const char* named = std::getenv("SONIC_DATA"); named != nullptr && options.frames.data.empty()) {
    options.frames.data = {named};
  }
  const auto report = sonic::command::run_comparison(options);
  const auto write = [&](const std::string& file, const auto& make) {
    if (!file.empty()) {
      sonic::report::write_file(file, make(report));
    }
  };
  write(files.json, [](const auto& r) { return sonic::report::to_json(r); });
  write(files.html, [](const auto& r) { return sonic::report::to_html(r); });
  write(ratios, sonic::report::ratios_svg);
  write(energy, sonic::report::energy_svg);
  std::cout << sonic::report::to_text(report);
  return report.passed ? matched : mismatch;
}

void choose_input(sonic::command::run_options& o, const std::string& data) {
  if (!data.empty() && !o.inputs.empty()) {
    throw sonic::core::user_error("--data", "is given together with --input", "expected one of the two");
  }
  if (!o.inputs.empty() && (!o.dataset.empty() || !o.mean.empty() || !o.std.empty())) {
    throw sonic::core::user_error(!o.dataset.empty() ? "--dataset" : "--mean, --std", "is given together with --input",
                                  "expected the test set of a data folder: --data FOLDER");
  }
  o.data = data;
  if (o.data.empty() && o.inputs.empty()) {
    if (const char* named = std::getenv("SONIC_DATA")) {
      o.data = named;
    } else if (!o.dataset.empty()) {
      throw sonic::core::user_error("--dataset " + o.dataset, "no data folder is given",
                                    "expected --data FOLDER or SONIC_DATA; `scripts/fetch-data " + o.dataset +
                                        " FOLDER` gets the files");
    } else {
      throw sonic::core::user_error("--input", "no input is given", "expected --input FILE or --data FOLDER");
    }
  }
}

int command(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "platform") {
    sonic::command::start_platform(argv + 2);
  }
  CLI::App app("SONIC: a sparse photonic neural-network accelerator, as a SystemC model", "sonic");
  sonic::command::run_options options;
  std::string data;
  add_run(app, options, data);
  std::string prefix;
  auto* lower = app.add_subcommand("lower", "Write a network as a memory image, with inputs, for firmware");
  add_network(*lower, options, data);
  lower->add_option("--to", prefix, "Write PREFIX.bin, PREFIX_inputs.bin, PREFIX_expected.bin and PREFIX.h")
      ->required();
  auto* inspect = app.add_subcommand("inspect", "Print the configuration in force, with descriptions and sources");
  inspect->add_option("--arch", options.architecture,
                      "Configuration: a file, or the name of a shipped one (default: sonic)");
  inspect->add_option("--set", options.overrides, "Replace a key: key.path=value");
  sonic::command::explore_options exploring;
  auto* explore = app.add_subcommand("explore", "Search a space of configurations, and simulate the best of them");
  add_explore(*explore, exploring);
  sonic::command::comparison_options compared;
  comparison_files compared_files;
  auto* comparing = app.add_subcommand(
      "compare", "Run networks on several accelerators and compare what they cost with what was published");
  add_compare(*comparing, compared, compared_files);
  app.add_subcommand("platform", "Run firmware on a RISC-V platform with accelerators: sonic platform --help");
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) {
      throw CLI::RequiredError("One of the commands run, compare, explore, lower, inspect and platform");
    }
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
      return app.exit(e);
    }
    std::cerr << "sonic: " << e.what() << "; see sonic --help\n";
    return mistake;
  }
  if (inspect->parsed()) {
    const auto file = sonic::config::find_architecture(options.architecture);
    std::cout << sonic::config::effective_yaml(sonic::config::load_architecture(file, options.overrides));
    return matched;
  }
  if (explore->parsed()) {
    complete(exploring);
    return sonic::command::run_explore(exploring) ? matched : mismatch;
  }
  if (comparing->parsed()) {
    return compare(compared, compared_files);
  }
  choose_input(options, data);
  if (lower->parsed()) {
    check_writable("--to", prefix + ".bin");
    sonic::command::lower_network(options, prefix);
    return matched;
  }
  return run(options);
}

/// Tensors and tables of megabytes come and go: their memory is kept for the next ones, instead of being returned to
/// the system, which would have to clear it again.
void keep_memory() {
#ifdef __GLIBC__
  constexpr int own_mapping = 32 << 20; // from here on, an array is returned as soon as it is freed
  ::mallopt(M_MMAP_THRESHOLD, own_mapping);
  ::mallopt(M_TRIM_THRESHOLD, 2 * own_mapping);
#endif
}

} // namespace

int sc_main(int argc, char** argv) {
  try {
    return command(argc, argv);
  } catch (const sonic::core::user_error& e) {
    std::cerr << "sonic: " << e.what() << '\n';
  } catch (const sonic::core::mismatch& e) {
    std::cerr << "sonic: " << e.what() << '\n';
    return mismatch;
  } catch (const std::bad_alloc&) {
    std::cerr << "sonic: not enough memory for this network and input; expected a smaller network or fewer frames\n";
  } catch (const std::length_error&) {
    std::cerr
        << "sonic: a table for this network and input would pass all memory; expected a smaller network or input\n";
  } catch (const std::exception& e) {
    std::cerr << "sonic: this model cannot be built or run: " << e.what() << '\n';
  }
  return mistake;
}

/// Calls SystemC without its banner, which would mix with the command's own output.
int main(int argc, char** argv) {
  keep_memory();
  ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
  return sc_core::sc_elab_and_sim(argc, argv);
}
