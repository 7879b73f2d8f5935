// All kernels: a family adds its header and its list here, and is bound on every engine.
#pragma once
#include "attention/attention.h"
#include "conv/conv.h"
#include "distance/distance.h"
#include "elementwise/elementwise.h"
#include "gemm/gemm.h"
#include "index/index.h"
#include "loss/loss.h"
#include "distance/neighbors.h"
#include "norm/norm.h"
#include "optimizer/optimizer.h"
#include "pad/pad.h"
#include "pool/pool.h"
#include "random/random.h"
#include "recurrent/recurrent.h"
#include "reduce/reduce.h"
#include "resample/resample.h"
#include "softmax/softmax.h"
#include "sort/sort.h"
#include "tsne/tsne.h"
#include "words/words.h"

// clang-format off
#define MYELIN_KERNELS(X) \
  ATTENTION_KERNELS(X) \
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
  RECURRENT_KERNELS(X) \
  REDUCE_KERNELS(X) \
  SOFTMAX_KERNELS(X) \
  NORM_KERNELS(X) \
  LOSS_KERNELS(X) \
  DISTANCE_KERNELS(X) \
  NEIGHBOR_KERNELS(X) \
  TSNE_KERNELS(X) \
  WORD_KERNELS(X)
// clang-format on
