// The gradient of products: each element's is the product of all others, by division where that is safe.
#include <limits>

#include "common/memory.h"
#include "reduce/scan.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kChunk = 512;  // elements multiplied in double: a product of as many seldom leaves its range

// Whether elements can be divided out of a product.
bool divisible(double product) {
  const double size = __builtin_fabs(product);
  return size >= std::numeric_limits<double>::min() && size <= std::numeric_limits<double>::max();
}

template <class T>
double product_of(const T* x, int64_t n) {
  constexpr int N = kLanes<double>;
  using V = Vec<double>;
  V lanes[4] = {splat<double>(1), splat<double>(1), splat<double>(1), splat<double>(1)};
  int64_t i = 0;
  for (; i + 4 * N <= n; i += 4 * N)
    for (int k = 0; k < 4; k++) lanes[k] *= __builtin_convertvector((load<T, N>(x + i + k * N)), V);
  double product = fold_lanes<double, N>(V((lanes[0] * lanes[1]) * (lanes[2] * lanes[3])), [](auto a, auto b) { return a * b; });
  for (; i < n; i++) product *= double(x[i]);
  return product;
}

// d[i] = scale · Π_{k≠i} x[k] over n elements, `step` apart, by running products from both ends.
template <class T>
void by_running_products(const T* x, T* d, int64_t n, int64_t step, double scale) {
  Scratch<double> before(n);
  for (int64_t i = 0; i < n; i++) {
    before[i] = scale;
    scale *= double(x[i * step]);
  }
  double after = 1;
  for (int64_t i = n - 1; i >= 0; i--) {
    d[i * step] = T(before[i] * after);
    after *= double(x[i * step]);
  }
}

// Lines without gaps, chunk by chunk: the product of a line's other chunks is the scale of each.
template <class T>
void by_lines(const T* x, const T* g, T* d, int64_t lines, int64_t n) {
  const int64_t chunks = (n + kChunk - 1) / kChunk, grain = greater(1, kTaskElements / lesser(n, kChunk));
  Scratch<double> product(lines * chunks), scale(lines * chunks);
  const auto for_chunks = [&](const auto& f) {
    parallel_ranges(lines * chunks, grain, [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; k++) {
        const int64_t at = k % chunks * kChunk;
        f(k, k / chunks * n + at, lesser(kChunk, n - at));
      }
    });
  };
  for_chunks([&](int64_t k, int64_t at, int64_t count) { product[k] = product_of(x + at, count); });
  for (int64_t line = 0; line < lines; line++)
    by_running_products(product.data() + line * chunks, scale.data() + line * chunks, chunks, 1, double(g[line]));
  for_chunks([&](int64_t k, int64_t at, int64_t count) {
    if (!divisible(product[k])) return by_running_products(x + at, d + at, count, 1, scale[k]);
    for (int64_t i = at; i < at + count; i++) d[i] = T(product[k] / double(x[i]) * scale[k]);
  });
}

template <class T>
void by_columns(const T* x, const T* g, T* d, int32_t outer, int32_t n, int32_t inner) {
  for_columns(outer, n, inner, [&](int64_t first, int64_t columns) {
    double product[256];
    const T* scale = g + first / inner / n * inner + first % inner;
    for (int64_t j = 0; j < columns; j++) product[j] = 1;
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0; j < columns; j++) product[j] *= double(x[first + i * inner + j]);
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0, k = first + i * inner; j < columns; j++) d[k + j] = T(product[j] / double(x[k + j]) * double(scale[j]));
    for (int64_t j = 0; j < columns; j++)
      if (!divisible(product[j])) by_running_products(x + first + j, d + first + j, n, inner, double(scale[j]));
  });
}

}  // namespace

void prod_backward(int32_t dtype, const void* x, const void* g, void* d, int32_t outer, int32_t n, int32_t inner) {
  if (outer == 0 || n == 0 || inner == 0) return;
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *from = static_cast<const T*>(x), *scale = static_cast<const T*>(g);
    if (inner == 1) by_lines(from, scale, static_cast<T*>(d), outer, n);
    else by_columns(from, scale, static_cast<T*>(d), outer, n, inner);
  });
}

}  // namespace myelin::MYELIN_ISA
