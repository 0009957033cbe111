// SPDX-License-Identifier: Apache-2.0
// ONNX's generated protobuf messages.
#pragma once

#include <onnx/onnx_pb.h>
