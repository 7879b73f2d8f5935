// Batch normalisation. With a spatial extent, a channel is `batch` contiguous pieces; without one,
// the input is a matrix whose columns are channels, taken a tile of columns at a time.
#include "norm_rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTile = 64;

struct Moments {
  double mean, squares;  // squares = Σ (x − mean)²
};

template <class T>
struct Affine {
  const T *gamma, *beta;
  T scale(int64_t c, T rstd) const { return gamma ? gamma[c] * rstd : rstd; }
  T shift(int64_t c) const { return beta ? beta[c] : T(0); }
};

template <class T>
struct BatchNorm {
  const T* x;
  Affine<T> affine;
  int64_t batch, channels, space;

  double count() const { return double(batch * space); }

  // f(first, columns): channels one at a time, or by tiles of a matrix
  template <class F>
  void for_channels(const F& f) const {
    const int64_t tile = space == 1 ? kTile : 1;
    const int64_t tiles = (channels + tile - 1) / tile;
    parallel_ranges(tiles, greater(1, kTaskElements / greater(1, batch * space * tile)), [&](int64_t begin, int64_t end) {
      for (int64_t t = begin; t < end; t++) f(t * tile, lesser(tile, channels - t * tile));
    });
  }

  // f(sample's offset) for each piece of channel c
  template <class F>
  void for_pieces(int64_t c, const F& f) const {
    for (int64_t s = 0; s < batch; s++) f((s * channels + c) * space);
  }

  void moments(int64_t first, int64_t columns, Moments* out) const {
    if (space != 1) {
      double sum = 0, squares = 0;
      for_pieces(first, [&](int64_t at) { sum += row_sum(x + at, space); });
      const T mean = T(sum / count());
      for_pieces(first, [&](int64_t at) { squares += row_squares(x + at, space, mean); });
      out[0] = {sum / count(), squares};
      return;
    }
    double sum[kTile] = {}, squares[kTile] = {};
    for (int64_t s = 0; s < batch; s++)
      for (int64_t j = 0; j < columns; j++) sum[j] += double(x[s * channels + first + j]);
    for (int64_t j = 0; j < columns; j++) sum[j] /= count();
    for (int64_t s = 0; s < batch; s++)
      for (int64_t j = 0; j < columns; j++) {
        const double d = double(x[s * channels + first + j]) - sum[j];
        squares[j] += d * d;
      }
    for (int64_t j = 0; j < columns; j++) out[j] = {sum[j], squares[j]};
  }

  void normalize(int64_t first, int64_t columns, const T* mean, const T* rstd, T* y) const {
    if (space != 1) {
      const T scale = affine.scale(first, rstd[first]), shift = affine.shift(first);
      return for_pieces(first, [&](int64_t at) { write_row(x + at, y + at, space, mean[first], scale, shift); });
    }
    T scale[kTile], shift[kTile];
    for (int64_t j = 0; j < columns; j++) {
      scale[j] = affine.scale(first + j, rstd[first + j]);
      shift[j] = affine.shift(first + j);
    }
    for (int64_t s = 0; s < batch; s++) {
      const int64_t at = s * channels + first;
      for (int64_t j = 0; j < columns; j++) y[at + j] = (x[at + j] - mean[first + j]) * scale[j] + shift[j];
    }
  }

  void forward(bool train, T* y, T* mean, T* rstd, T* running_mean, T* running_var, double momentum, double eps) const {
    for_channels([&](int64_t first, int64_t columns) {
      Moments own[kTile];
      if (train) moments(first, columns, own);
      for (int64_t j = 0; j < columns; j++) {
        const int64_t c = first + j;
        const double m = train ? own[j].mean : double(running_mean[c]);
        const double var = train ? own[j].squares / count() : double(running_var[c]);
        mean[c] = T(m);
        rstd[c] = T(1 / __builtin_sqrt(var + eps));
        if (!train || !running_mean) continue;
        running_mean[c] = T((1 - momentum) * double(running_mean[c]) + momentum * m);
        running_var[c] = T((1 - momentum) * double(running_var[c]) + momentum * own[j].squares / (count() - 1));
      }
      normalize(first, columns, mean, rstd, y);
    });
  }

  void gradient_sums(const T* g, int64_t first, int64_t columns, const T* mean, GradientSums<T>* out) const {
    if (space != 1) {
      out[0] = {};
      return for_pieces(first, [&](int64_t at) { out[0].add(g + at, x + at, space, mean[first]); });
    }
    double sum_g[kTile] = {}, sum_gx[kTile] = {};
    for (int64_t s = 0; s < batch; s++) {
      const int64_t at = s * channels + first;
      for (int64_t j = 0; j < columns; j++) {
        sum_g[j] += double(g[at + j]);
        sum_gx[j] += double(g[at + j]) * (double(x[at + j]) - double(mean[first + j]));
      }
    }
    for (int64_t j = 0; j < columns; j++) out[j] = {sum_g[j], sum_gx[j]};
  }

  void backward(bool train, const T* g, const T* mean, const T* rstd, T* dx, T* dgamma, T* dbeta) const {
    for_channels([&](int64_t first, int64_t columns) {
      GradientSums<T> sums[kTile];
      gradient_sums(g, first, columns, mean, sums);
      T a[kTile], b[kTile], k[kTile];
      for (int64_t j = 0; j < columns; j++) {
        const int64_t c = first + j;
        const double r = double(rstd[c]), weight = double(affine.scale(c, T(1)));
        a[j] = affine.scale(c, rstd[c]);
        b[j] = train ? T(-weight * r * r * r * sums[j].gx / count()) : T(0);
        k[j] = train ? T(-weight * r * sums[j].g / count()) : T(0);
        if (dgamma) dgamma[c] = T(sums[j].gx * r);
        if (dbeta) dbeta[c] = T(sums[j].g);
      }
      if (!dx) return;
      if (space != 1)
        return for_pieces(first, [&](int64_t at) {
          write_gradient(g + at, x + at, dx + at, space, mean[first], a[0], b[0], k[0]);
        });
      for (int64_t s = 0; s < batch; s++) {
        const int64_t at = s * channels + first;
        for (int64_t j = 0; j < columns; j++)
          dx[at + j] = a[j] * g[at + j] + (b[j] * (x[at + j] - mean[first + j]) + k[j]);
      }
    });
  }
};

}  // namespace

void batch_norm(int32_t train, int32_t dtype, const void* x, const void* gamma, const void* beta, void* y, void* mean,
                void* rstd, void* running_mean, void* running_var, int32_t batch, int32_t channels, int32_t space,
                double momentum, double eps) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    BatchNorm<T>{static_cast<const T*>(x), {static_cast<const T*>(gamma), static_cast<const T*>(beta)}, batch,
                 channels, space}
        .forward(train != 0, static_cast<T*>(y), static_cast<T*>(mean), static_cast<T*>(rstd),
                 static_cast<T*>(running_mean), static_cast<T*>(running_var), momentum, eps);
  });
}

void batch_norm_backward(int32_t train, int32_t dtype, const void* g, const void* x, const void* mean, const void* rstd,
                         const void* gamma, void* dx, void* dgamma, void* dbeta, int32_t batch, int32_t channels,
                         int32_t space) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    BatchNorm<T>{static_cast<const T*>(x), {static_cast<const T*>(gamma), nullptr}, batch, channels, space}
        .backward(train != 0, static_cast<const T*>(g), static_cast<const T*>(mean), static_cast<const T*>(rstd),
                  static_cast<T*>(dx), static_cast<T*>(dgamma), static_cast<T*>(dbeta));
  });
}

}  // namespace myelin::MYELIN_ISA
