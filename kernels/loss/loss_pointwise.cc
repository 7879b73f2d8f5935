#include "loss/loss_pointwise.h"

#include "loss/loss.h"
#include "common/memory.h"
#include "common/parallel.h"
#include "reduce/reduce_fold.h"
#include "common/rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kPiece = 1024;  // elements at a time: operands and results stay in the first cache

// n elements of a value or a slope, each times its factor.
template <class T>
using LossCore = void (*)(int64_t n, const T* x, const T* t, const T* v, const T* factors, T* out, T p, T q);

enum LossPart { kValue, kSlopeX, kSlopeT, kSlopeV, kParts };

template <class T, class Op, LossPart kPart>
void loss_core(int64_t n, const T* x, const T* t, const T* v, const T* factors, T* out, T p, T q) {
  const Vec<T> vp = splat<T>(p), vq = splat<T>(q);
  for_vectors<T>(n, [&](int64_t i, auto lanes) {
    const LossAt<Vec<T>> at{get(x + i, lanes), get(t + i, lanes), get(v + i, lanes), vp, vq};
    Vec<T> result;
    if constexpr (kPart == kValue) result = Op::value(at);
    else if constexpr (kPart == kSlopeX) result = Op::dx(at);
    else if constexpr (kPart == kSlopeT) result = Op::dt(at);
    else result = Op::dv(at);
    put<T>(out + i, result * get(factors + i, lanes), lanes);
  });
}

template <class T>
constexpr LossCore<T> kCores[][kParts] = {
#define ENTRY(name)                                                                            \
  {&loss_core<T, name, kValue>, &loss_core<T, name, kSlopeX>, &loss_core<T, name, kSlopeT>, \
   &loss_core<T, name, kSlopeV>},
    POINTWISE_LOSSES(ENTRY)
#undef ENTRY
};

// An operand that repeats its `period` elements.
template <class T>
struct Repeated {
  const T* data;
  int64_t period;

  // Its n elements from `begin` on: in place where they lie together, else in the buffer.
  const T* read(int64_t begin, int64_t n, T* buffer) const {
    int64_t at = begin % period;
    if (at + n <= period) return data + at;
    const int64_t first = lesser(n, period);
    for (int64_t filled = 0; filled < first; at = 0) {
      const int64_t run = lesser(first - filled, period - at);
      __builtin_memcpy(buffer + filled, data + at, size_t(run) * sizeof(T));
      filled += run;
    }
    for (int64_t filled = first; filled < n; filled *= 2)
      __builtin_memcpy(buffer + filled, buffer, size_t(lesser(filled, n - filled)) * sizeof(T));
    return buffer;
  }
};

template <class T>
struct PointwiseLoss {
  const LossCore<T>* cores;
  int64_t count;
  Repeated<T> x, t, v, weight;  // v and weight may be null
  T p, q;

  PointwiseLoss(int32_t op, const void* x, const void* t, const void* v, const void* weight, const int32_t* meta,
                double p, double q)
      : cores(kCores<T>[op]), count(meta[0]), x{static_cast<const T*>(x), meta[2]},
        t{static_cast<const T*>(t), meta[3]}, v{static_cast<const T*>(v ? v : x), v ? meta[4] : meta[2]},
        weight{static_cast<const T*>(weight), meta[5]}, p(T(p)), q(T(q)) {}

  // run(core call, begin, n) for the pieces of [begin, end).
  template <class F>
  void for_pieces(int64_t begin, int64_t end, const F& run) const {
    T xs[kPiece], ts[kPiece], vs[kPiece];
    for (; begin < end; begin += kPiece) {
      const int64_t n = lesser(kPiece, end - begin);
      const T *px = x.read(begin, n, xs), *pt = t.read(begin, n, ts), *pv = v.read(begin, n, vs);
      run(begin, n, [&](LossPart part, const T* factors, T* out) { cores[part](n, px, pt, pv, factors, out, p, q); });
    }
  }

  void values(T* out, bool summed, double divisor) const {
    const int64_t tasks = (count + kTaskElements - 1) / kTaskElements;
    const Scratch<double> sums(greater(1, tasks));
    parallel_ranges(count, kTaskElements, [&](int64_t task_begin, int64_t task_end) {
      T factors[kPiece], losses[kPiece];
      for (T& factor : factors) factor = T(1);
      double sum = 0;
      for_pieces(task_begin, task_end, [&](int64_t begin, int64_t n, const auto& compute) {
        const T* weights = weight.data ? weight.read(begin, n, factors) : factors;
        compute(kValue, weights, summed ? losses : out + begin);
        if (summed) sum += double(Folder<SumFold, T>::fold_chunk(losses, n, T(0)));
      });
      sums[task_begin / kTaskElements] = sum;
    });
    if (!summed) return;
    double total = 0;
    for (int64_t i = 0; i < tasks; i++) total += sums[i];
    out[0] = T(total / divisor);
  }

  void slopes(const Repeated<T>& g, double divisor, T* const (&outs)[kParts]) const {
    const bool uniform = g.period == 1 && !weight.data;
    parallel_ranges(count, kTaskElements, [&](int64_t task_begin, int64_t task_end) {
      T factors[kPiece], gs[kPiece], weights[kPiece];
      for (T& factor : factors) factor = T(g.data[0] / divisor);
      for_pieces(task_begin, task_end, [&](int64_t begin, int64_t n, const auto& compute) {
        if (!uniform) {
          const T* grads = g.read(begin, n, gs);
          const T* scales = weight.data ? weight.read(begin, n, weights) : nullptr;
          for (int64_t i = 0; i < n; i++) factors[i] = T(grads[i] / divisor) * (scales ? scales[i] : T(1));
        }
        for (const LossPart part : {kSlopeX, kSlopeT, kSlopeV})
          if (outs[part]) compute(part, factors, outs[part] + begin);
      });
    });
  }
};

}  // namespace

void pointwise_loss(int32_t op, int32_t dtype, const void* x, const void* t, const void* v, const void* weight,
                    void* out, const int32_t* meta, double divisor, double p, double q) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    PointwiseLoss<T>(op, x, t, v, weight, meta, p, q).values(static_cast<T*>(out), meta[1] != 0, divisor);
  });
}

void pointwise_loss_backward(int32_t op, int32_t dtype, const void* g, const void* x, const void* t, const void* v,
                             const void* weight, void* dx, void* dt, void* dv, const int32_t* meta, double divisor,
                             double p, double q) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* const outs[kParts] = {nullptr, static_cast<T*>(dx), static_cast<T*>(dt), static_cast<T*>(dv)};
    PointwiseLoss<T>(op, x, t, v, weight, meta, p, q)
        .slopes({static_cast<const T*>(g), meta[6]}, divisor, outs);
  });
}

}  // namespace myelin::MYELIN_ISA
