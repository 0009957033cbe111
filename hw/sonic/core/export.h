// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a class or function that the installed library offers; everything else in it is hidden.
#define SONIC_EXPORT __attribute__((visibility("default")))
