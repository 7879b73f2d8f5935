#include "norm/norm_rows.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class T>
void layer_norm_row(bool rms, const T* x, const T* gamma, const T* beta, T* y, T* mean, T* rstd, int64_t n, double eps) {
  const T m = rms ? T(0) : T(row_sum(x, n) / double(n));
  const T r = T(1 / __builtin_sqrt(row_squares(x, n, m) / double(n) + eps));
  if (!rms) *mean = m;
  *rstd = r;
  if (!gamma && !beta) return write_row(x, y, n, m, r, T(0));
  for_vectors<T>(n, [&](int64_t i, auto lanes) {
    Vec<T> v = (get(x + i, lanes) - m) * r;
    if (gamma) v *= get(gamma + i, lanes);
    if (beta) v += get(beta + i, lanes);
    put(y + i, v, lanes);
  });
}

// dx of one row; the row's part of dgamma and dbeta, where they are not null, is added to them.
template <class T>
void layer_norm_backward_row(bool rms, const T* g, const T* x, T mean, T rstd, const T* gamma, T* dx, T* dgamma,
                             T* dbeta, int64_t n) {
  Vec<T> sum_a{}, sum_ax{};  // a = g·gamma
  for_vectors<T>(n, [&](int64_t i, auto lanes) {
    const Vec<T> grad = get(g + i, lanes), normal = keep<T>((get(x + i, lanes) - mean) * rstd, lanes);
    const Vec<T> product = grad * normal;
    if (dgamma) put(dgamma + i, get(dgamma + i, lanes) + product, lanes);
    if (dbeta) put(dbeta + i, get(dbeta + i, lanes) + grad, lanes);
    const Vec<T> weight = gamma ? get(gamma + i, lanes) : splat<T>(T(1));
    sum_a += grad * weight;
    sum_ax += product * weight;
  });
  if (!dx) return;
  const T mean_a = rms ? T(0) : sum_of<T>(sum_a) / T(n), mean_ax = sum_of<T>(sum_ax) / T(n);
  for_vectors<T>(n, [&](int64_t i, auto lanes) {
    Vec<T> a = get(g + i, lanes);
    if (gamma) a *= get(gamma + i, lanes);
    const Vec<T> normal = (get(x + i, lanes) - mean) * rstd;
    put(dx + i, (a - mean_a - normal * mean_ax) * rstd, lanes);
  });
}

}  // namespace

void layer_norm(int32_t rms, int32_t dtype, const void* x, const void* gamma, const void* beta, void* y, void* mean,
                void* rstd, int32_t rows, int32_t n, double eps) {
  if (n == 0) return;
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *in = static_cast<const T*>(x), *scale = static_cast<const T*>(gamma), *shift = static_cast<const T*>(beta);
    T *out = static_cast<T*>(y), *means = static_cast<T*>(mean), *rstds = static_cast<T*>(rstd);
    parallel_ranges(rows, greater(1, kTaskElements / n), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++)
        layer_norm_row(rms != 0, in + r * n, scale, shift, out + r * n, means + r, rstds + r, n, eps);
    });
  });
}

void layer_norm_backward(int32_t rms, int32_t dtype, const void* g, const void* x, const void* mean, const void* rstd,
                         const void* gamma, void* dx, void* dgamma, void* dbeta, int32_t rows, int32_t n) {
  if (n == 0) return;
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *grad = static_cast<const T*>(g), *in = static_cast<const T*>(x), *scale = static_cast<const T*>(gamma);
    const T *means = static_cast<const T*>(mean), *rstds = static_cast<const T*>(rstd);
    T *result = static_cast<T*>(dx), *dscale = static_cast<T*>(dgamma), *dshift = static_cast<T*>(dbeta);

    // Each block of rows adds up its own parameter gradients: 2n partial sums, joined in order below.
    const int64_t block_rows = greater(16, kTaskElements / n), blocks = (rows + block_rows - 1) / block_rows;
    const bool parameters = dscale || dshift;
    Scratch<T> partial(parameters ? greater(1, blocks) * 2 * n : 1);
    parallel_for(int32_t(blocks), [&](int32_t block) {
      T* sums = partial.data() + int64_t(block) * 2 * n;
      if (parameters)
        for (int64_t j = 0; j < 2 * n; j++) sums[j] = 0;
      const int64_t end = lesser(rows, (block + 1) * block_rows);
      for (int64_t r = block * block_rows; r < end; r++)
        layer_norm_backward_row(rms != 0, grad + r * n, in + r * n, rms ? T(0) : means[r], rstds[r], scale,
                                result ? result + r * n : nullptr, dscale ? sums : nullptr,
                                dshift ? sums + n : nullptr, n);
    });
    const auto join = [&](T* out, const T* parts) {
      if (!out) return;
      for (int64_t start = 0; start < n; start += 256) {
        double total[256] = {};
        const int64_t width = lesser(256, n - start);
        for (int64_t block = 0; block < blocks; block++)
          for (int64_t j = 0; j < width; j++) total[j] += double(parts[block * 2 * n + start + j]);
        for (int64_t j = 0; j < width; j++) out[start + j] = T(total[j]);
      }
    };
    join(dscale, partial.data());
    join(dshift, partial.data() + n);
  });
}

}  // namespace myelin::MYELIN_ISA
