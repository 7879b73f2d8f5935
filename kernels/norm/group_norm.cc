#include "norm/norm_rows.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class T>
struct GroupNorm {
  const T *x, *gamma, *beta;
  int64_t batch, channels, space, groups;

  int64_t depth() const { return channels / groups; }
  int64_t row_size() const { return depth() * space; }

  // f(row, first channel) for each group of each sample
  template <class F>
  void for_rows(const F& f) const {
    if (row_size() == 0) return;
    parallel_ranges(batch * groups, greater(1, kTaskElements / row_size()), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) f(row, row % groups * depth());
    });
  }

  void forward(T* y, T* mean, T* rstd, double eps) const {
    const int64_t n = row_size();
    for_rows([&](int64_t row, int64_t channel) {
      const T* in = x + row * n;
      T* out = y + row * n;
      const T m = T(row_sum(in, n) / double(n)), r = T(1 / __builtin_sqrt(row_squares(in, n, m) / double(n) + eps));
      mean[row] = m;
      rstd[row] = r;
      for (int64_t c = 0; c < depth(); c++)
        write_row(in + c * space, out + c * space, space, m, gamma ? gamma[channel + c] * r : r,
                  beta ? beta[channel + c] : T(0));
    });
  }

  void backward(const T* g, const T* mean, const T* rstd, T* dx, T* dgamma, T* dbeta) const {
    const int64_t n = row_size();
    Scratch<GradientSums<T>> sums(greater(1, batch * channels));
    for_rows([&](int64_t row, int64_t channel) {
      const T *grad = g + row * n, *in = x + row * n;
      GradientSums<T>* own = sums.data() + row * depth();
      double total_g = 0, total_gx = 0;
      for (int64_t c = 0; c < depth(); c++) {
        own[c] = {};
        own[c].add(grad + c * space, in + c * space, space, mean[row]);
        const double weight = gamma ? double(gamma[channel + c]) : 1;
        total_g += own[c].g * weight;
        total_gx += own[c].gx * weight;
      }
      if (!dx) return;
      const double r = double(rstd[row]);
      const T b = T(-r * r * r * total_gx / double(n)), k = T(-r * total_g / double(n));
      for (int64_t c = 0; c < depth(); c++)
        write_gradient(grad + c * space, in + c * space, dx + row * n + c * space, space, mean[row],
                       gamma ? gamma[channel + c] * rstd[row] : rstd[row], b, k);
    });
    for (int64_t c = 0; c < channels; c++) {
      double total_g = 0, total_gx = 0;
      for (int64_t s = 0; row_size() > 0 && s < batch; s++) {
        total_g += sums[s * channels + c].g;
        total_gx += sums[s * channels + c].gx * double(rstd[s * groups + c / depth()]);
      }
      if (dgamma) dgamma[c] = T(total_gx);
      if (dbeta) dbeta[c] = T(total_g);
    }
  }
};

}  // namespace

void group_norm(int32_t dtype, const void* x, const void* gamma, const void* beta, void* y, void* mean, void* rstd,
                int32_t batch, int32_t channels, int32_t space, int32_t groups, double eps) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    GroupNorm<T>{static_cast<const T*>(x), static_cast<const T*>(gamma), static_cast<const T*>(beta), batch,
                 channels, space, groups}
        .forward(static_cast<T*>(y), static_cast<T*>(mean), static_cast<T*>(rstd), eps);
  });
}

void group_norm_backward(int32_t dtype, const void* g, const void* x, const void* mean, const void* rstd,
                         const void* gamma, void* dx, void* dgamma, void* dbeta, int32_t batch, int32_t channels,
                         int32_t space, int32_t groups) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    GroupNorm<T>{static_cast<const T*>(x), static_cast<const T*>(gamma), nullptr, batch, channels, space, groups}
        .backward(static_cast<const T*>(g), static_cast<const T*>(mean), static_cast<const T*>(rstd),
                  static_cast<T*>(dx), static_cast<T*>(dgamma), static_cast<T*>(dbeta));
  });
}

}  // namespace myelin::MYELIN_ISA
