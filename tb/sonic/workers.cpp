// SPDX-License-Identifier: Apache-2.0
#include "tb/sonic/workers.h"

#include "tb/sonic/child_process.h"
#include "tb/sonic/simulator.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace sonic::command {

void run_all(const prepared& what, int jobs, const std::function<void(run_outcome&&)>& take) {
  const std::int64_t processes = std::min<std::int64_t>(jobs, what.frames.runs);
  if (processes <= 1) {
    simulator chip(what);
    for (std::int64_t run = 0; run < what.frames.runs; ++run) {
      take(chip.run(run));
    }
    return;
  }
  std::vector<child_process> workers;
  workers.reserve(static_cast<std::size_t>(processes));
  for (std::int64_t first = 0; first < processes; ++first) {
    workers.emplace_back([&what, first, processes](const child_process::sender& send) {
      simulator chip(what);
      for (std::int64_t run = first; run < what.frames.runs; run += processes) {
        if (!send(encode(chip.run(run)))) {
          return;
        }
      }
    });
  }
  for (std::int64_t run = 0; run < what.frames.runs; ++run) {
    take(decode_outcome(workers[static_cast<std::size_t>(run % processes)].receive()));
  }
}

} // namespace sonic::command
