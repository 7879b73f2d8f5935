// All kernels: a family adds its header and its list here, and is bound on every engine.
#pragma once
#include "gemm.h"

// clang-format off
#define MYELIN_KERNELS(X) \
  GEMM_KERNELS(X)
// clang-format on
