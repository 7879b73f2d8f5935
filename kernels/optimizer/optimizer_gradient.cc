// The norm of all gradients together, and clipping by it or by value.
#include <cmath>

#include "optimizer/optimizer.h"
#include "optimizer/optimizer_table.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int kChains = 4;  // independent sums, to hide the latency of an addition

template <class T, class Term>
double sum_piece(const T* g, int64_t begin, int64_t end, const Term& term) {
  using V = Vec<T>;
  V sums[kChains] = {};
  int64_t i = begin;
  for (; i + kChains * kLanes<T> <= end; i += kChains * kLanes<T>)
    for (int c = 0; c < kChains; c++) sums[c] += term(load(g + i + c * kLanes<T>));
  for (; i + kLanes<T> <= end; i += kLanes<T>) sums[0] += term(load(g + i));
  if (i < end) sums[1] += term(load_partial(g + i, int(end - i)));
  return sum_lanes<T, kLanes<T>>((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

template <class T, class Change>
void change_gradients(const double* tensors, int32_t count, const Change& change) {
  for_each_piece(tensors, count, [&](TensorRow row, int64_t begin, int64_t end, int32_t) {
    T* g = row.address<T>(3);
    int64_t i = begin;
    for (; i + kLanes<T> <= end; i += kLanes<T>) store(g + i, change(load(g + i)));
    if (i < end) store_partial(g + i, change(load_partial(g + i, int(end - i))), int(end - i));
  });
}

}  // namespace

double gradient_norm(int32_t dtype, const double* tensors, int32_t count, double p, double before, void* out) {
  const int32_t blocks = table_blocks(tensors, count);
  Scratch<double> partial(blocks);
  for (int32_t b = 0; b < blocks; b++) partial[b] = 0;
  const bool largest = std::isinf(p);
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    for_each_piece(tensors, count, [&](TensorRow row, int64_t begin, int64_t end, int32_t block) {
      const T* g = row.address<const T>(3);
      double& total = partial[block];
      if (p == 2) {
        total += sum_piece(g, begin, end, [](Vec<T> x) { return x * x; });
      } else if (p == 1) {
        total += sum_piece(g, begin, end, [](Vec<T> x) { return abs(x); });
      } else if (largest) {
        for (int64_t i = begin; i < end; i++) {
          const double x = std::fabs(double(g[i]));
          if (x > total || x != x) total = x;  // a NaN stays: nothing is larger
        }
      } else {
        for (int64_t i = begin; i < end; i++) total += std::pow(std::fabs(double(g[i])), p);
      }
    });
  });
  double norm = largest ? before : std::pow(before, p);
  for (int32_t b = 0; b < blocks; b++)
    if (!largest)
      norm += partial[b];
    else if (partial[b] > norm || partial[b] != partial[b])
      norm = partial[b];
  if (!largest) norm = p == 2 ? std::sqrt(norm) : std::pow(norm, 1 / p);
  dispatch_float(dtype, [&](auto zero) { *static_cast<decltype(zero)*>(out) = decltype(zero)(norm); });
  return norm;
}

void gradient_scale(int32_t dtype, const double* tensors, int32_t count, double factor) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    change_gradients<T>(tensors, count, [f = T(factor)](Vec<T> g) { return g * f; });
  });
}

void gradient_clamp(int32_t dtype, const double* tensors, int32_t count, double limit) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    change_gradients<T>(tensors, count, [low = splat<T>(T(-limit)), high = splat<T>(T(limit))](Vec<T> g) {
      return clamp(g, low, high);
    });
  });
}

}  // namespace myelin::MYELIN_ISA
