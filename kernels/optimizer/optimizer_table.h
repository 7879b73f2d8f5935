// Walking the table of tensors of optimizer.h, vector by vector, on all threads.
#pragma once
#include <algorithm>

#include "common/memory.h"
#include "optimizer/optimizer.h"
#include "common/parallel.h"
#include "common/simd.h"

namespace myelin::MYELIN_ISA {

struct TensorRow {
  const double* columns;

  int64_t elements() const { return int64_t(columns[0]); }
  double step() const { return columns[1]; }
  double number() const { return columns[7]; }

  // Column 2 the parameter, 3 the gradient, 4 … the state.
  template <class T>
  T* address(int column) const {
    return reinterpret_cast<T*>(uintptr_t(columns[column]));
  }
};

constexpr int64_t kTableGrain = 8192;  // elements in a block, across tensors

// Calls f(row, begin, end, block) for the pieces of every tensor; a block is kTableGrain elements of
// all tensors laid end to end, so small tensors share one and large ones are cut.
template <class F>
inline void for_each_piece(const double* tensors, int32_t count, const F& f) {
  Scratch<int64_t> starts(count + 1);
  starts[0] = 0;
  for (int32_t i = 0; i < count; i++) starts[i + 1] = starts[i] + TensorRow{tensors + i * kTensorColumns}.elements();
  const int64_t total = starts[count];
  const int64_t* bounds = starts.data();
  parallel_for(int32_t((total + kTableGrain - 1) / kTableGrain), [&, bounds](int32_t block) {
    int64_t at = block * kTableGrain;
    const int64_t stop = std::min(at + kTableGrain, total, [](int64_t a, int64_t b) { return a < b; });
    int32_t i = int32_t(std::upper_bound(bounds, bounds + count + 1, at, [](int64_t a, int64_t b) { return a < b; }) - bounds) - 1;
    for (; at < stop; i++) {
      const int64_t end = bounds[i + 1] < stop ? bounds[i + 1] : stop;
      if (end > at) f(TensorRow{tensors + i * kTensorColumns}, at - bounds[i], end - bounds[i], block);
      at = end;
    }
  });
}

inline int32_t table_blocks(const double* tensors, int32_t count) {
  int64_t total = 0;
  for (int32_t i = 0; i < count; i++) total += TensorRow{tensors + i * kTensorColumns}.elements();
  return int32_t((total + kTableGrain - 1) / kTableGrain);
}

// Applies update(θ, g, state) to vectors of elements [begin, end) of a row: it changes θ and the
// `States` vectors of state that it is given.
template <class T, int States, class Update>
inline void update_piece(TensorRow row, int64_t begin, int64_t end, const Update& update) {
  using V = Vec<T>;
  T* parameter = row.address<T>(2);
  const T* gradient = row.address<const T>(3);
  T* state[States + 1];
  for (int s = 0; s < States; s++) state[s] = row.address<T>(4 + s);
  V kept[States + 1];
  int64_t i = begin;
  for (; i + kLanes<T> <= end; i += kLanes<T>) {
    V theta = load(parameter + i);
    for (int s = 0; s < States; s++) kept[s] = load(state[s] + i);
    update(theta, load(gradient + i), kept);
    store(parameter + i, theta);
    for (int s = 0; s < States; s++) store(state[s] + i, kept[s]);
  }
  if (const int rest = int(end - i)) {
    V theta = load_partial(parameter + i, rest);
    for (int s = 0; s < States; s++) kept[s] = load_partial(state[s] + i, rest);
    update(theta, load_partial(gradient + i, rest), kept);
    store_partial(parameter + i, theta, rest);
    for (int s = 0; s < States; s++) store_partial(state[s] + i, kept[s], rest);
  }
}

// make(row, zero of T) gives the update of a row, its numbers worked out in float64 and rounded to T.
template <int States, class Make>
inline void update_all(int32_t dtype, const double* tensors, int32_t count, const Make& make) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    for_each_piece(tensors, count, [&](TensorRow row, int64_t begin, int64_t end, int32_t) {
      update_piece<T, States>(row, begin, end, make(row, zero));
    });
  });
}

}  // namespace myelin::MYELIN_ISA
