// SPDX-License-Identifier: Apache-2.0
// `sonic compare` on the shipped networks with synthetic images: no test needs data.
#include "tests/baselines/compare_plan.h"
#include "tests/report/schema.h"
#include "tests/sonic/sonic_command.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

using namespace sonic::tests;
using nlohmann::json;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

json compared(const scratch_folder& folder, const std::string& plan, const std::vector<std::string>& more = {}) {
  folder.write("plan.yaml", plan);
  std::vector<std::string> words{"compare", "plan.yaml", "--json", "out.json"};
  words.insert(words.end(), more.begin(), more.end());
  const auto found = run_sonic(folder, words);
  INFO(found.err);
  REQUIRE(found.exit_code == 0);
  return json::parse(text_of(folder / "out.json"));
}

const json& named(const json& all, const std::string& key, const std::string& name) {
  return *std::find_if(all.begin(), all.end(), [&](const json& each) { return each[key] == name; });
}

const json& ratio(const json& report, const std::string& accelerator, const std::string& kind) {
  const auto& all = report["ratios"];
  return *std::find_if(all.begin(), all.end(),
                       [&](const json& r) { return r["accelerator"] == accelerator && r["kind"] == kind; });
}

json run_alone(const scratch_folder& folder, const std::string& model, const std::vector<std::string>& more) {
  std::vector<std::string> words{"run", shipped("workloads/" + model), "--json", "run.json"};
  words.insert(words.end(), more.begin(), more.end());
  const auto found = run_sonic(folder, words);
  INFO(found.err);
  REQUIRE(found.exit_code == 0);
  return json::parse(text_of(folder / "run.json"));
}

/// The plan with the second of an assumption's two choices as the first.
std::string swapped(const std::string& plan, const std::string& assumption) {
  const std::string head = "  " + assumption + ":\n    choices:\n";
  const auto first = plan.find(head) + head.size();
  const auto second = plan.find('\n', first) + 1;
  const auto end = plan.find('\n', second) + 1;
  return plan.substr(0, first) + plan.substr(second, end - second) + plan.substr(first, second - first) +
         plan.substr(end);
}

} // namespace

TEST_CASE("a comparison's JSON fits its schema, and its ratios follow from its figures") {
  const scratch_folder folder;
  const auto r = compared(folder, small_plan(), {"--sensitivity", "--count", "2"});
  CHECK(schema_problems(r, "compare") == std::vector<std::string>{});
  CHECK(gaps_of_schema("compare").places == std::vector<std::string>{});
  CHECK(r["passed"] == true);
  for (const auto& n : r["networks"]) {
    CHECK(n["synthetic"] == true);
    CHECK(n["frames"] == 2);
  }
  // MNIST: 25 x 24 x 24 x 128, 3200 x 8 x 8 x 96, 1536 x 768, 768 x 10 products.
  CHECK(r["networks"][0]["products"] == 1843200 + 19660800 + 1179648 + 7680);
  const auto& sonic = r["accelerators"][0]["networks"];
  for (const auto& line : r["ratios"]) {
    const auto& other = named(r["accelerators"], "name", line["accelerator"])["networks"];
    const bool speed = line["kind"] == "fps_per_watt";
    const char* key = speed ? "frames_per_second_per_watt" : "pj_per_operand_bit";
    std::vector<double> ratios;
    double ours = 0.0, theirs = 0.0;
    for (std::size_t n = 0; n < 2; ++n) {
      const double a = sonic[n][key], b = other[n][key];
      ratios.push_back(speed ? a / b : b / a);
      ours += a;
      theirs += b;
      CHECK(line["by_network"][n] == Approx(ratios.back()).epsilon(1e-12));
      CHECK(other[n]["frames_per_second_per_watt"] == Approx(1e12 / other[n]["energy_pj"].get<double>()));
    }
    CHECK(line["mean_of_ratios"] == Approx((ratios[0] + ratios[1]) / 2).epsilon(1e-12));
    CHECK(line["ratio_of_means"] == Approx(speed ? ours / theirs : theirs / ours).epsilon(1e-12));
    if (line.contains("published")) {
      CHECK(line["deviation"] ==
            Approx(line["mean_of_ratios"].get<double>() / line["published"].get<double>() - 1).epsilon(1e-12));
    }
  }
  CHECK(ratio(r, "crosslight", "fps_per_watt")["published"] == 2.94);
  CHECK(ratio(r, "nullhop", "energy_per_bit")["published"] == 8.4);
  CHECK_FALSE(ratio(r, "crosslight", "energy_per_bit").contains("published"));
}

TEST_CASE("photonic figures are those of sonic run, electronic ones closed forms of what it counts") {
  const scratch_folder folder;
  const auto r = compared(folder, small_plan());
  CHECK(named(r["networks"], "name", "mnist")["synthetic"] == true);
  const auto input = shipped("workloads/digit-7.png");
  folder.write("ungated.yaml", "base: " + shipped("sonic.yaml") + "\nname: ungated\ngating: none\n");
  folder.write("laser.yaml",
               "base: " + shipped("sonic.yaml") + "\nname: laser\ngating: vcsel\nrun: {accounting: full}\n");
  auto plan = small_plan();
  const std::string place = "accelerators:\n";
  plan.insert(plan.find(place) + place.size(),
              "  ungated: {configuration: ungated.yaml}\n  laser: {configuration: laser.yaml}\n");
  const auto again = compared(folder, plan, {"--input", "mnist=" + input});
  CHECK(named(again["networks"], "name", "mnist")["synthetic"] == false);
  CHECK(named(again["networks"], "name", "mnist")["images"] == "digit-7.png");
  for (const char* name : {"sonic", "crosslight", "ungated", "laser"}) {
    const auto alone = run_alone(folder, "mnist.onnx",
                                 {"--input", input, "--arch", named(again["accelerators"], "name", name)["file"]});
    const auto& here = named(again["accelerators"], "name", name)["networks"][0];
    CAPTURE(name);
    CHECK(here["frames_per_second"] == Approx(alone["frames_per_second"].get<double>()).epsilon(1e-9));
    CHECK(here["power_w"] == Approx(alone["power_w"].get<double>()).epsilon(1e-9));
    CHECK(here["energy_pj"] == Approx(alone["energy_pj"]["mean"].get<double>()).epsilon(1e-9));
  }
  // NullHop computes the products of convolutions whose activation is not zero; the dense machine counts them as lanes
  // that are not gated.
  const auto dense = run_alone(folder, "mnist.onnx", {"--input", input, "--set", "compression=none"});
  double products = 0.0;
  for (const auto& layer : dense["layers"]) {
    products += layer["conv"]["stream_lane_symbols"].get<double>() - layer["conv"]["gated_lane_symbols"].get<double>();
  }
  const auto& nullhop = named(again["accelerators"], "name", "nullhop")["networks"][0];
  CHECK(nullhop["frames_per_second"] == Approx(128 * 0.98 * 60e6 / products).epsilon(1e-9));
  CHECK(nullhop["power_w"] == Approx(2.3).epsilon(1e-9));
  // RSNN is calibrated: no speed, and 1.445 times the frames per joule.
  const auto& rsnn = named(again["accelerators"], "name", "rsnn");
  CHECK(rsnn["calibrated"] == true);
  CHECK(rsnn["networks"][0]["frames_per_second"].is_null());
  CHECK(rsnn["networks"][0]["frames_per_second_per_watt"] ==
        Approx(1.445 * nullhop["frames_per_second_per_watt"].get<double>()).epsilon(1e-9));
}

TEST_CASE("CrossLight takes the steps of its vectors, zeros or not, on a whole network") {
  const scratch_folder folder;
  const auto r =
      run_alone(folder, "mnist.onnx",
                {"--input", shipped("workloads/digit-7.png"), "--arch", shipped("baselines/crosslight.yaml")});
  CHECK(r["verdict"]["passed"] == true);
  // 5 x 5 kernels of 1 and of 128 channels in vectors of 20; fully connected layers in vectors of 150.
  const std::vector<std::pair<std::string, double>> symbols{
      {"conv", 24 * 24 * 128 * 2.0}, {"conv", 8 * 8 * 96 * 160.0}, {"fc", 768 * 11.0}, {"fc", 10 * 6.0}};
  std::size_t at = 0;
  for (const auto& layer : r["layers"]) {
    if (layer["dense_macs"] == 0) {
      continue;
    }
    const auto& [array, expected] = symbols.at(at++);
    CAPTURE(layer["name"]);
    CHECK(layer[array]["symbols"] == expected);
    CHECK(layer[array]["stream_lane_symbols"] == layer["dense_macs"]);
    CHECK(layer["deleted_products"] == 0);
    const double units = array == "conv" ? 100 : 60;
    const double steps = layer[array]["steps"].get<double>();
    CHECK(steps >= std::ceil(expected / units));
    CHECK(steps <= std::ceil(expected / units) + 40); // a tile rounds up by itself
  }
  CHECK(at == 4);
}

TEST_CASE("what a choice moves is what the keys that it sets move") {
  const scratch_folder folder;
  const auto r = compared(folder, small_plan(), {"--sensitivity"});
  const auto& s = r["sensitivity"];
  // In the order of the accelerators, whatever the file's.
  REQUIRE(s["ratios"].size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& line = ratio(r, s["ratios"][i]["accelerator"], s["ratios"][i]["kind"]);
    CHECK(s["ratios"][i]["published"] == line["published"]);
    for (const auto& a : s["assumptions"]) {
      CHECK(a["choices"][0]["ratios"][i] == line["mean_of_ratios"]);
    }
  }
  // By hand: the same file with another default.
  const auto choice = [&](const std::string& assumption, std::size_t which) {
    return named(s["assumptions"], "name", assumption)["choices"][which]["ratios"];
  };
  const auto with = [&](std::string plan, const std::string& from, const std::string& to) {
    plan.replace(plan.find(from), from.size(), to);
    return compared(folder, plan);
  };
  folder.write("ungated.yaml", "base: " + shipped("sonic.yaml") + "\nname: ungated\ngating: none\n");
  const auto ungated = with(small_plan(), shipped("sonic.yaml"), "ungated.yaml");
  folder.write("serial.yaml", "base: " + shipped("sonic.yaml") + "\nname: serial\nstep: {mode: serial}\n");
  folder.write("serial_crosslight.yaml",
               "base: " + shipped("baselines/crosslight.yaml") + "\nname: serial\nstep: {mode: serial}\n");
  auto slow = small_plan();
  const auto crosslight = shipped("baselines/crosslight.yaml");
  slow.replace(slow.find(crosslight), crosslight.size(), "serial_crosslight.yaml");
  const auto serial = with(slow, shipped("sonic.yaml"), "serial.yaml");
  const auto asic = with(small_plan(), shipped("baselines/nullhop_fpga.yaml"), shipped("baselines/nullhop_asic.yaml"));
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string accelerator = s["ratios"][i]["accelerator"];
    const std::string kind = s["ratios"][i]["kind"];
    CAPTURE(accelerator, kind);
    CHECK(choice("gating", 1)[i] ==
          Approx(ratio(ungated, accelerator, kind)["mean_of_ratios"].get<double>()).epsilon(1e-9));
    CHECK(choice("step", 1)[i] ==
          Approx(ratio(serial, accelerator, kind)["mean_of_ratios"].get<double>()).epsilon(1e-9));
    CHECK(choice("step", 1)[i] != Approx(choice("step", 0)[i].get<double>()).epsilon(1e-3));
    CHECK(choice("point", 1)[i] ==
          Approx(ratio(asic, accelerator, kind)["mean_of_ratios"].get<double>()).epsilon(1e-9));
    CHECK(choice("average", 1)[i] == Approx(ratio(r, accelerator, kind)["ratio_of_means"].get<double>()).epsilon(1e-9));
  }
  // Energy over the same parameters on both sides: the ratio of the energies.
  CHECK(choice("bits", 1)[2] == Approx(choice("bits", 1)[1].get<double>()).epsilon(1e-9));
}

TEST_CASE("all combinations are tried, and none is closer than the closest") {
  const scratch_folder folder;
  const auto r = compared(folder, small_plan(), {"--sensitivity"});
  const auto& s = r["sensitivity"];
  CHECK(s["combinations"] == 64);
  REQUIRE(s["closest"].size() == 5);
  double before = 0.0;
  for (const auto& c : s["closest"]) {
    double sum = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
      sum += std::pow(std::log(c["ratios"][i].get<double>() / s["ratios"][i]["published"].get<double>()), 2);
    }
    CHECK(c["distance"] == Approx(std::sqrt(sum / 3)).epsilon(1e-12));
    CHECK(c["distance"] >= before);
    before = c["distance"];
    CHECK(c["choices"].size() == 6);
  }
  for (const auto& a : s["assumptions"]) {
    for (const auto& c : a["choices"]) {
      CHECK(c["distance"] >= s["closest"][0]["distance"]);
    }
  }
  // Each of the closest, with its choices as the defaults.
  for (const auto& c : s["closest"]) {
    auto plan = small_plan();
    for (const auto& a : s["assumptions"]) {
      const std::string name = a["name"];
      plan = c["choices"][name] == a["choices"][0]["name"] ? plan : swapped(plan, name);
    }
    CAPTURE(c["choices"].dump());
    const auto alone = compared(folder, plan, {"--sensitivity"});
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(alone["sensitivity"]["assumptions"][0]["choices"][0]["ratios"][i] ==
            Approx(c["ratios"][i].get<double>()).epsilon(1e-12));
    }
    CHECK(alone["distance"] == Approx(c["distance"].get<double>()).epsilon(1e-12));
  }
  std::cout << "closest of 64: " << s["closest"][0].dump() << "\n";
}

TEST_CASE("the shipped comparison has the ten published ratios, and every choice is possible") {
  const scratch_folder folder;
  const auto found = run_sonic(
      folder, {"compare", shipped("compare/paper.yaml"), "--json", "out.json", "--jobs", "2", "--sensitivity"});
  INFO(found.err);
  REQUIRE(found.exit_code == 0);
  const auto r = json::parse(text_of(folder / "out.json"));
  CHECK(schema_problems(r, "compare") == std::vector<std::string>{});
  CHECK(r["passed"] == true);
  const std::map<std::string, std::pair<double, double>> paper{{"nullhop", {5.81, 8.4}},
                                                               {"rsnn", {4.02, 5.78}},
                                                               {"lightbulb", {3.08, 19.4}},
                                                               {"crosslight", {2.94, 18.4}},
                                                               {"holylight", {13.8, 27.6}}};
  for (const auto& [name, ratios] : paper) {
    CAPTURE(name);
    CHECK(ratio(r, name, "fps_per_watt")["published"] == ratios.first);
    CHECK(ratio(r, name, "energy_per_bit")["published"] == ratios.second);
  }
  CHECK(r["sensitivity"]["ratios"].size() == 10);
  std::uint64_t combinations = 1;
  for (const auto& a : r["sensitivity"]["assumptions"]) {
    combinations *= a["choices"].size();
  }
  CHECK(r["sensitivity"]["combinations"] == combinations);
  std::cout << "distance " << r["distance"] << ", closest of " << combinations << ": "
            << r["sensitivity"]["closest"][0]["distance"] << "\n";
}

TEST_CASE("a new baseline is a new file") {
  const scratch_folder folder;
  folder.write("mine.yaml", "base: " + shipped("baselines/dense_electronic.yaml") +
                                "\nname: mine\nclock: {value: 1 GHz, kind: estimated, source: test}\n");
  folder.write("optical.yaml", "base: " + shipped("baselines/crosslight.yaml") +
                                   "\nname: optical\n"
                                   "conv_array: {vdus: 10}\n");
  auto plan = small_plan();
  const std::string place = "accelerators:\n";
  plan.insert(plan.find(place) + place.size(),
              "  mine: {electronic: mine.yaml}\n  optical: {configuration: optical.yaml}\n");
  const auto r = compared(folder, plan);
  const auto& mine = named(r["accelerators"], "name", "mine")["networks"][0];
  CHECK(mine["frames_per_second"] == Approx(4096 * 0.5 * 1e9 / r["networks"][0]["products"].get<double>()));
  const auto& optical = named(r["accelerators"], "name", "optical")["networks"][0];
  const auto& crosslight = named(r["accelerators"], "name", "crosslight")["networks"][0];
  CHECK(optical["frames_per_second"] < crosslight["frames_per_second"]);
  CHECK(optical["energy_pj"] == Approx(crosslight["energy_pj"].get<double>()).epsilon(0.01)); // imprints alone differ
}

TEST_CASE("results do not depend on jobs, and pictures are whole") {
  const scratch_folder folder;
  const auto one = compared(folder, small_plan());
  const auto three = compared(folder, small_plan(), {"--jobs", "3", "--html", "c.html", "--svg", "c", "--sensitivity"});
  auto without = three;
  without.erase("sensitivity");
  without["simulations"] = one["simulations"];
  CHECK(without == one);
  const auto page = text_of(folder / "c.html");
  CHECK(page.find("@COMPARISON@") == std::string::npos);
  CHECK(page.find("\"reference\": \"sonic\"") != std::string::npos);
  CHECK(page.find("http://") == std::string::npos);
  for (const char* file : {"c_ratios.svg", "c_energy.svg"}) {
    const auto svg = text_of(folder / file);
    CAPTURE(file);
    CHECK(svg.rfind("<svg ", 0) == 0);
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(svg.find("crosslight") != std::string::npos);
  }
}
