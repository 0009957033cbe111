// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sonic/digital/post_stream.h"
#include "tests/support/graph_builder.h"

#include <array>

namespace sonic::tests {

inline constexpr std::array post_operations{digital::post_operation::sums, digital::post_operation::codes,
                                            digital::post_operation::maximum, digital::post_operation::mean};

/// A job of some channels, with constants and elements at their ends and, for half of the channels, such that codes
/// are spread between them; windows of one step to more than a division takes, some of them empty.
digital::post_stream draw_job(random_source& random, std::uint32_t lanes, digital::post_operation operation);

} // namespace sonic::tests
