// All kernels: a family adds its header and its list here, and is bound on every engine.
#pragma once
#include "conv.h"
#include "distance.h"
#include "elementwise.h"
#include "gemm.h"
#include "index.h"
#include "loss.h"
#include "neighbors.h"
#include "norm.h"
#include "optimizer.h"
#include "pad.h"
#include "pool.h"
#include "random.h"
#include "reduce.h"
#include "resample.h"
#include "softmax.h"
#include "sort.h"
#include "tsne.h"

// clang-format off
#define MYELIN_KERNELS(X) \
  CONV_KERNELS(X) \
  PAD_KERNELS(X) \
  ELEMENTWISE_KERNELS(X) \
  GEMM_KERNELS(X) \
  OPTIMIZER_KERNELS(X) \
  POOL_KERNELS(X) \
  RESAMPLE_KERNELS(X) \
  RANDOM_KERNELS(X) \
  INDEX_KERNELS(X) \
  SORT_KERNELS(X) \
  REDUCE_KERNELS(X) \
  SOFTMAX_KERNELS(X) \
  NORM_KERNELS(X) \
  LOSS_KERNELS(X) \
  DISTANCE_KERNELS(X) \
  NEIGHBOR_KERNELS(X) \
  TSNE_KERNELS(X)
// clang-format on
