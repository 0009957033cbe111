// SPDX-License-Identifier: Apache-2.0
// SystemC's library owns main and calls sc_main: the Catch2 session runs inside it. The kernel elaborates once per
// process, so two cases in one process would disturb each other: CTest runs each case alone.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <systemc>

int sc_main(int argc, char** argv) {
  return Catch::Session().run(argc, argv);
}
