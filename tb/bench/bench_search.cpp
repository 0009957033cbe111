// SPDX-License-Identifier: Apache-2.0
// How near searches come to the best design of a study's space: the best of all designs, then a genetic and a random
// search from many seeds with the same evaluations. Prints figures; asserts nothing.
//
// usage: bench_search STUDY.yaml [EVALUATIONS] [SEEDS]
#include "sonic/config/load.h"
#include "sonic/config/locate.h"
#include "sonic/core/error.h"
#include "tb/sonic/network_estimates.h"
#include "tb/sonic/study.h"
#include "tb/sonic/study_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <systemc>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace sonic;
using explore::search_method;
using clock_type = std::chrono::steady_clock;

double seconds_since(clock_type::time_point began) {
  return std::chrono::duration<double>(clock_type::now() - began).count();
}

class searches {
public:
  explicit searches(command::study what)
      : what_(std::move(what)), values_(what_.space), estimates_(command::runs_of(what_, {})),
        base_(config::load_architecture(config::find_architecture(what_.architecture), what_.overrides)) {
    for (const auto& [text, where] : what_.constraints) {
      constraints_.emplace_back(text, where, values_);
    }
  }

  explore::exploration run(search_method method, std::uint64_t evaluations, std::uint64_t seed) {
    auto how = what_.search;
    how.method = method;
    how.genetic.evaluations = evaluations;
    how.genetic.seed = seed;
    return explore::explore(
        what_.space, base_, constraints_, values_, what_.objectives, how, 1,
        [&](const config::architecture& chip, explore::chip_figures& into) { estimates_(chip, into); });
  }

  /// How much worse than the best, as a share.
  [[nodiscard]] double behind(const explore::exploration& found, const explore::exploration& best) const {
    if (found.best.empty()) {
      return explore::not_allowed;
    }
    return std::exp(worth_of(found.best[0].values, what_.objectives) -
                    worth_of(best.best[0].values, what_.objectives)) -
           1.0;
  }
  [[nodiscard]] const command::study& what() const { return what_; }

private:
  command::study what_;
  explore::formula_values values_;
  std::vector<explore::formula> constraints_;
  command::network_estimates estimates_;
  config::architecture base_;
};

void print(const char* name, std::vector<double> behind, double seconds) {
  std::sort(behind.begin(), behind.end());
  constexpr double near = 0.02;
  constexpr double percent = 100.0;
  const auto within = std::count_if(behind.begin(), behind.end(), [](double b) { return b <= near; });
  fmt::print(
      "{:<8} within 2 %: {} of {} seeds; behind the best by {:.3f} % (median), {:.3f} % (most); {:.2f} s a search\n",
      name, within, behind.size(), percent * behind[behind.size() / 2], percent * behind.back(),
      seconds / static_cast<double>(behind.size()));
}

} // namespace

int sc_main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: bench_search STUDY.yaml [EVALUATIONS] [SEEDS]\n");
    return 2;
  }
  try {
    searches all(command::read_study(argv[1]));
    const auto size = explore::size_of(all.what().space.sizes());
    auto began = clock_type::now();
    const auto best = all.run(search_method::all, 0, 0);
    const double seconds = seconds_since(began);
    fmt::print("{} designs, {} judged in {:.1f} s: {:.0f} a second on {} networks\n", size, best.evaluations, seconds,
               static_cast<double>(best.evaluations) / seconds, all.what().networks.size());
    fmt::print("best: {}\n", fmt::join(all.what().space.overrides(best.best.at(0).chosen), ", "));
    const std::uint64_t evaluations = argc > 2 ? std::stoull(argv[2]) : std::max<std::uint64_t>(size / 1000, 10);
    const std::uint64_t seeds = argc > 3 ? std::stoull(argv[3]) : 100;
    fmt::print("{} evaluations, {:.3f} % of the designs\n", evaluations,
               100.0 * static_cast<double>(evaluations) / static_cast<double>(size));
    for (const auto& [name, method] :
         {std::pair("genetic", search_method::genetic), {"random", search_method::random}}) {
      std::vector<double> behind;
      began = clock_type::now();
      for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        behind.push_back(all.behind(all.run(method, evaluations, seed), best));
      }
      print(name, behind, seconds_since(began));
    }
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench_search: {}\n", e.what());
    return 2;
  }
}

int main(int argc, char** argv) {
  ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
  return sc_core::sc_elab_and_sim(argc, argv);
}
