#include "distance/distance.h"
#include "common/memory.h"
#include "common/parallel.h"
#include "common/rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTaskElements = 32768;
constexpr int64_t kRunChunk = 8192;  // elements added in their own type before they are widened

// term(a, b) of the elements [begin, end), summed.
template <class T, class F>
double sum_terms(const T* a, const T* b, int64_t begin, int64_t end, const F& term) {
  double sum = 0;
  for (; begin < end; begin += kRunChunk)
    sum += double(sum_of<T>(sum_vectors<T>(lesser(kRunChunk, end - begin), [&](int64_t i, auto lanes) {
      return keep<T>(term(get(a + begin + i, lanes), get(b + begin + i, lanes)), lanes);
    })));
  return sum;
}

// out[r] = finish(Σ term) for every row. Long rows are cut into parts.
template <class T, class Term, class Finish>
void sum_rows(const T* a, const T* b, T* out, int64_t rows, int64_t width, const Term& term, const Finish& finish) {
  if (width <= kTaskElements) {
    parallel_ranges(rows, kTaskElements / greater(width, 1), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++) out[r] = T(finish(sum_terms(a + r * width, b + r * width, 0, width, term)));
    });
    return;
  }
  const int64_t parts = (width + kTaskElements - 1) / kTaskElements;
  const Scratch<double> partial(greater(1, rows * parts));
  parallel_for(int32_t(rows * parts), [&](int32_t block) {
    const int64_t r = block / parts, begin = block % parts * kTaskElements;
    partial[block] = sum_terms(a + r * width, b + r * width, begin, lesser(begin + kTaskElements, width), term);
  });
  for (int64_t r = 0; r < rows; r++) {
    double sum = 0;
    for (int64_t part = 0; part < parts; part++) sum += partial[r * parts + part];
    out[r] = T(finish(sum));
  }
}

}  // namespace

void row_products(int32_t dtype, const void* a, const void* b, void* out, int32_t rows, int32_t width) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    sum_rows(static_cast<const T*>(a), static_cast<const T*>(b), static_cast<T*>(out), rows, width,
             [](Vec<T> x, Vec<T> y) { return x * y; }, [](double sum) { return sum; });
  });
}

void row_distances(int32_t dtype, const void* a, const void* b, void* out, int32_t rows, int32_t width, double eps) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const Vec<T> shift = splat<T>(T(eps));
    sum_rows(static_cast<const T*>(a), static_cast<const T*>(b), static_cast<T*>(out), rows, width,
             [=](Vec<T> x, Vec<T> y) {
               const Vec<T> d = x - y + shift;
               return d * d;
             },
             [](double sum) { return __builtin_sqrt(sum); });
  });
}

void row_distances_backward(int32_t dtype, const void* g, const void* a, const void* b, const void* distances, void* da,
                            void* db, int32_t rows, int32_t width, double eps) {
  if (width == 0) return;
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *grads = static_cast<const T*>(g), *norms = static_cast<const T*>(distances);
    const int64_t n = width, parts = (n + kTaskElements - 1) / kTaskElements, part = (n + parts - 1) / parts;
    // A task has part of one row or several whole ones.
    parallel_ranges(rows * parts, greater(1, kTaskElements / part), [&](int64_t first, int64_t last) {
      for (int64_t k = first; k < last; k++) {
        const int64_t r = k / parts, begin = k % parts * part, count = lesser(part, n - begin), at = r * n + begin;
        const T *x = static_cast<const T*>(a) + at, *y = static_cast<const T*>(b) + at;
        T* dx = da ? static_cast<T*>(da) + at : nullptr;
        T* dy = db ? static_cast<T*>(db) + at : nullptr;
        const T slope = norms[r] == 0 ? T(0) : grads[r] / norms[r];
        for_vectors<T>(count, [&](int64_t i, auto lanes) {
          const Vec<T> d = (get(x + i, lanes) - get(y + i, lanes) + T(eps)) * slope;
          if (dx) put<T>(dx + i, d, lanes);
          if (dy) put<T>(dy + i, -d, lanes);
        });
      }
    });
  });
}

}  // namespace myelin::MYELIN_ISA
