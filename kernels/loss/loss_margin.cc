#include "loss/loss.h"
#include "common/memory.h"
#include "common/parallel.h"
#include "common/rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTaskElements = 32768;

// The losses of rows, or their sum or mean. loss_of(r)
template <class T, class F>
void write_losses(T* out, int64_t rows, int64_t width, int32_t reduction, const F& loss_of) {
  const int64_t grain = greater(1, kTaskElements / greater(width, 1)), tasks = (rows + grain - 1) / grain;
  const Scratch<double> sums(greater(1, tasks));
  parallel_ranges(rows, grain, [&](int64_t begin, int64_t end) {
    double sum = 0;
    for (int64_t r = begin; r < end; r++) {
      const T loss = loss_of(r);
      if (reduction == kNone) out[r] = loss;
      sum += double(loss);
    }
    sums[begin / grain] = sum;
  });
  if (reduction == kNone) return;
  double total = 0;
  for (int64_t i = 0; i < tasks; i++) total += sums[i];
  out[0] = T(reduction == kMean ? total / double(rows) : total);
}

// What row r's gradient is multiplied by.
template <class T>
T factor_of(const T* g, int64_t r, int64_t rows, int32_t reduction) {
  return reduction == kNone ? g[r] : reduction == kMean ? g[0] / T(rows) : g[0];
}

template <class T>
Vec<T> positive(Vec<T> v) {
  return select(v <= T(0), Vec<T>{}, v);
}

template <class T>
struct MultiMargin {
  const T *x, *weight;
  const int32_t* target;
  int64_t rows, classes;
  int32_t reduction;
  bool squares;
  T margin;

  T scale(int64_t t) const { return (weight ? weight[t] : T(1)) / T(classes); }

  // f(first, end) for the classes beside t.
  template <class F>
  void for_others(int64_t t, const F& f) const {
    f(int64_t(0), t);
    f(t + 1, classes);
  }

  T loss(int64_t r) const {
    const T* row = x + r * classes;
    const int64_t t = target[r];
    const T least = margin - row[t];
    T sum = 0;
    for_others(t, [&](int64_t first, int64_t end) {
      sum += sum_of<T>(sum_vectors<T>(end - first, [&](int64_t c, auto lanes) {
        const Vec<T> v = positive<T>(get(row + first + c, lanes) + least);
        return keep<T>(squares ? v * v : v, lanes);
      }));
    });
    return sum * scale(t);
  }

  void gradient(int64_t r, T g, T* dx) const {
    const T* row = x + r * classes;
    const int64_t t = target[r];
    const T least = margin - row[t], k = g * scale(t);
    T sum = 0;
    for_others(t, [&](int64_t first, int64_t end) {
      sum += sum_of<T>(sum_vectors<T>(end - first, [&](int64_t c, auto lanes) {
        const Vec<T> v = positive<T>(get(row + first + c, lanes) + least);
        const Vec<T> slope = squares ? v * (2 * k) : select(v == T(0), Vec<T>{}, splat<T>(k));
        put<T>(dx + first + c, slope, lanes);
        return keep<T>(slope, lanes);
      }));
    });
    dx[t] = -sum;
  }
};

template <class T>
MultiMargin<T> multi_margin_of(const void* x, const int32_t* target, const void* weight, const int32_t* meta,
                               double margin) {
  return {static_cast<const T*>(x), static_cast<const T*>(weight), target, meta[0], meta[1], meta[2], meta[3] == 2,
          T(margin)};
}

template <class T>
struct MultilabelMargin {
  const T* x;
  const int32_t* target;
  int64_t rows, classes;
  int32_t reduction;

  // How many labels stand before the first −1; `others` becomes 1 for classes that are not among them, else 0.
  int64_t labels(int64_t r, T* others) const {
    const int32_t* row = target + r * classes;
    for (int64_t c = 0; c < classes; c++) others[c] = 1;
    int64_t count = 0;
    for (; count < classes && row[count] != -1; count++) others[row[count]] = 0;
    return count;
  }

  T loss(int64_t r) const {
    const Scratch<T> others(classes);
    const T* row = x + r * classes;
    const int64_t count = labels(r, others.data());
    T sum = 0;
    for (int64_t k = 0; k < count; k++) {
      const T least = T(1) - row[target[r * classes + k]];
      sum += sum_of<T>(sum_vectors<T>(classes, [&](int64_t c, auto lanes) {
        const Vec<T> v = positive<T>(get(row + c, lanes) + least);
        return select(get(others.data() + c, lanes) == T(0), Vec<T>{}, v);
      }));
    }
    return sum / T(classes);
  }

  void gradient(int64_t r, T g, T* dx) const {
    const Scratch<T> others(classes);
    const T *row = x + r * classes, step = g / T(classes);
    const int64_t count = labels(r, others.data());
    for (int64_t c = 0; c < classes; c++) dx[c] = 0;
    for (int64_t k = 0; k < count; k++) {
      const int64_t t = target[r * classes + k];
      const T least = T(1) - row[t];
      dx[t] -= sum_of<T>(sum_vectors<T>(classes, [&](int64_t c, auto lanes) {
        const auto idle = (get(others.data() + c, lanes) == T(0)) | (get(row + c, lanes) + least <= T(0));
        const Vec<T> slope = select(idle, Vec<T>{}, splat<T>(step));
        put<T>(dx + c, get(dx + c, lanes) + slope, lanes);
        return slope;
      }));
    }
  }
};

template <class T>
MultilabelMargin<T> multilabel_margin_of(const void* x, const int32_t* target, const int32_t* meta) {
  return {static_cast<const T*>(x), target, meta[0], meta[1], meta[2]};
}

template <class T, class Loss>
void write_gradients(const Loss& loss, const T* g, T* dx) {
  parallel_ranges(loss.rows, greater(1, kTaskElements / greater(loss.classes, 1)), [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++)
      loss.gradient(r, factor_of(g, r, loss.rows, loss.reduction), dx + r * loss.classes);
  });
}

}  // namespace

int32_t multi_margin(int32_t dtype, const void* x, const int32_t* target, const void* weight, void* out,
                     const int32_t* meta, double margin) {
  for (int32_t r = 0; r < meta[0]; r++)
    if (target[r] < 0 || target[r] >= meta[1]) return r;
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const auto loss = multi_margin_of<T>(x, target, weight, meta, margin);
    write_losses(static_cast<T*>(out), loss.rows, loss.classes, loss.reduction, [&](int64_t r) { return loss.loss(r); });
  });
  return -1;
}

void multi_margin_backward(int32_t dtype, const void* g, const void* x, const int32_t* target, const void* weight,
                           void* dx, const int32_t* meta, double margin) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    write_gradients(multi_margin_of<T>(x, target, weight, meta, margin), static_cast<const T*>(g), static_cast<T*>(dx));
  });
}

int32_t multilabel_margin(int32_t dtype, const void* x, const int32_t* target, void* out, const int32_t* meta) {
  const int64_t rows = meta[0], classes = meta[1];
  for (int64_t r = 0; r < rows; r++)
    for (int64_t k = r * classes; k < (r + 1) * classes && target[k] != -1; k++)
      if (target[k] < 0 || target[k] >= classes) return int32_t(k);
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const auto loss = multilabel_margin_of<T>(x, target, meta);
    write_losses(static_cast<T*>(out), rows, classes, loss.reduction, [&](int64_t r) { return loss.loss(r); });
  });
  return -1;
}

void multilabel_margin_backward(int32_t dtype, const void* g, const void* x, const int32_t* target, void* dx,
                                const int32_t* meta) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    write_gradients(multilabel_margin_of<T>(x, target, meta), static_cast<const T*>(g), static_cast<T*>(dx));
  });
}

}  // namespace myelin::MYELIN_ISA
