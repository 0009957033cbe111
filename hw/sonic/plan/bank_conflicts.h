// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sonic::plan {

/// Words that interleaved banks deliver per cycle, on average, while each of @p requesters asks for one word in each
/// cycle at a bank that is as likely as any other: banks x E[min(X, ports)], X binomial with (requesters, 1 / banks).
/// With one port that is banks x (1 - (1 - 1 / banks)^requesters); source: W. D. Strecker, "An analysis of the
/// instruction execution rate in certain computer structures", Carnegie Mellon University, 1970.
/// @param banks, ports at least 1
double words_per_cycle(std::uint64_t banks, std::uint64_t ports, std::uint64_t requesters);

/// Nanoseconds that a stream takes of a buffer of such banks.
/// @param ns_per_byte with all banks busy
/// @param requesters  0: one that keeps all banks busy
double stream_ns(std::uint64_t banks, std::uint64_t ports, double ns_per_byte, double bytes, std::uint64_t requesters);

} // namespace sonic::plan
