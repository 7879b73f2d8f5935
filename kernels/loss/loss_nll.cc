#include "loss/loss.h"
#include "common/memory.h"
#include "common/parallel.h"
#include "common/rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTaskTargets = 8192, kTaskElements = 65536;

template <class T>
struct Nll {
  const T *x, *weight;
  const int32_t* target;
  int64_t classes, space, count;
  int32_t ignore, reduction;

  T weight_of(int32_t t) const { return weight ? weight[t] : T(1); }
  int64_t place(int64_t i, int32_t t) const { return (i / space * classes + t) * space + i % space; }

  int32_t forward(T* out, T* divisor) const {
    const int64_t tasks = (count + kTaskTargets - 1) / kTaskTargets;
    const Scratch<double> sums(greater(1, 2 * tasks));
    const Scratch<int64_t> bad(greater(1, tasks));
    parallel_ranges(count, kTaskTargets, [&](int64_t begin, int64_t end) {
      double sum = 0, weights = 0;
      int64_t first_bad = -1;
      for (int64_t i = begin; i < end; i++) {
        const int32_t t = target[i];
        const bool counts = t != ignore, valid = t >= 0 && t < classes;
        if (counts && !valid && first_bad < 0) first_bad = i;
        const T w = counts && valid ? weight_of(t) : T(0), loss = counts && valid ? -x[place(i, t)] * w : T(0);
        if (reduction == kNone) out[i] = loss;
        sum += double(loss);
        weights += double(w);
      }
      const int64_t task = begin / kTaskTargets;
      sums[2 * task] = sum;
      sums[2 * task + 1] = weights;
      bad[task] = first_bad;
    });
    double sum = 0, weights = 0;
    for (int64_t task = 0; task < tasks; task++) {
      if (bad[task] >= 0) return int32_t(bad[task]);
      sum += sums[2 * task];
      weights += sums[2 * task + 1];
    }
    *divisor = reduction == kMean ? T(weights) : T(1);
    if (reduction != kNone) out[0] = T(reduction == kMean ? sum / weights : sum);
    return -1;
  }

  void backward(const T* g, T divisor, T* dx) const {
    parallel_ranges(count * classes, kTaskElements,
                    [&](int64_t begin, int64_t end) { __builtin_memset(dx + begin, 0, size_t(end - begin) * sizeof(T)); });
    parallel_ranges(count, kTaskTargets, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int32_t t = target[i];
        if (t != ignore) dx[place(i, t)] = -weight_of(t) * (reduction == kNone ? g[i] : g[0] / divisor);
      }
    });
  }
};

template <class T>
Nll<T> nll_of(const void* x, const int32_t* target, const void* weight, const int32_t* meta) {
  return {static_cast<const T*>(x), static_cast<const T*>(weight), target, meta[1], meta[2],
          int64_t(meta[0]) * meta[2],       meta[3], meta[4]};
}

}  // namespace

int32_t nll(int32_t dtype, const void* x, const int32_t* target, const void* weight, void* out, void* divisor,
            const int32_t* meta) {
  int32_t bad = -1;
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    bad = nll_of<T>(x, target, weight, meta).forward(static_cast<T*>(out), static_cast<T*>(divisor));
  });
  return bad;
}

void nll_backward(int32_t dtype, const void* g, const int32_t* target, const void* weight, const void* divisor, void* dx,
                  const int32_t* meta) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    nll_of<T>(nullptr, target, weight, meta)
        .backward(static_cast<const T*>(g), *static_cast<const T*>(divisor), static_cast<T*>(dx));
  });
}

}  // namespace myelin::MYELIN_ISA
