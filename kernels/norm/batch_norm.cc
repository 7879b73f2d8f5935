// Batch normalization. A channel is `batch` contiguous pieces; where these are short, the input is a matrix
// (batch, channels · space), of which a tile of columns is taken at a time.
#include "norm/norm_rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTile = 64;
constexpr int64_t kShort = 16;

struct Moments {
  double mean, squares;  // squares = Σ (x − mean)²
};

template <class T>
struct Affine {
  const T *gamma, *beta;
  T scale(int64_t c, T rstd) const { return gamma ? gamma[c] * rstd : rstd; }
  T shift(int64_t c) const { return beta ? beta[c] : T(0); }
};

// f(std::true_type or std::false_type)
template <class F>
inline void with_flag(bool flag, const F& f) {
  flag ? f(std::true_type{}) : f(std::false_type{});
}

// What becomes of the normalized values: a residual is added, where not null, then ReLU.
template <class T>
struct Ending {
  const T* residual;
  bool relu;
};

template <class T>
struct BatchNorm {
  const T* x;
  Affine<T> affine;
  int64_t batch, channels, space;

  double count() const { return double(batch * space); }
  bool by_columns() const { return space <= kShort; }

  // f(first, channels): one channel, or those of a tile of columns
  template <class F>
  void for_channels(const F& f) const {
    const int64_t tile = by_columns() ? kTile / greater(1, space) : 1;
    const int64_t tiles = (channels + tile - 1) / tile;
    parallel_ranges(tiles, greater(1, kTaskElements / greater(1, batch * space * tile)), [&](int64_t begin, int64_t end) {
      for (int64_t t = begin; t < end; t++) f(t * tile, lesser(tile, channels - t * tile));
    });
  }

  // f(offset) of channel c in each sample: of its piece, or of the columns from it on
  template <class F>
  void for_pieces(int64_t c, const F& f) const {
    for (int64_t s = 0; s < batch; s++) f((s * channels + c) * space);
  }

  // The value of each channel for each of its columns; there is room for them in `columns`.
  template <class V>
  const V* spread(const V* of_channels, int64_t n, V* columns) const {
    if (space == 1) return of_channels;
    for (int64_t c = 0; c < n; c++)
      for (int64_t i = 0; i < space; i++) columns[c * space + i] = of_channels[c];
    return columns;
  }

  // f(c, Σ of the columns of channel c)
  template <class F>
  void fold(const double* columns, int64_t n, const F& f) const {
    for (int64_t c = 0; c < n; c++) {
      double sum = 0;
      for (int64_t i = 0; i < space; i++) sum += columns[c * space + i];
      f(c, sum);
    }
  }

  void moments(int64_t first, int64_t n, Moments* out) const {
    if (!by_columns()) {
      Sum<T> sum, squares;
      for_pieces(first, [&](int64_t at) { sum.add(space, [&](int64_t i, auto lanes) { return get(x + at + i, lanes); }); });
      const double mean = sum.total() / count();
      for_pieces(first, [&](int64_t at) {
        squares.add(space, [&](int64_t i, auto lanes) {
          const Vec<T> d = keep<T>(get(x + at + i, lanes) - T(mean), lanes);
          return d * d;
        });
      });
      out[0] = {mean, squares.total()};
      return;
    }
    const int64_t width = n * space;
    double sum[kTile] = {}, squares[kTile] = {}, mean[kTile], room[kTile];
    for_pieces(first, [&](int64_t at) {
      for (int64_t j = 0; j < width; j++) sum[j] += double(x[at + j]);
    });
    fold(sum, n, [&](int64_t c, double total) { mean[c] = total / count(); });
    const double* center = spread(mean, n, room);
    for_pieces(first, [&](int64_t at) {
      for (int64_t j = 0; j < width; j++) {
        const double d = double(x[at + j]) - center[j];
        squares[j] += d * d;
      }
    });
    fold(squares, n, [&](int64_t c, double total) { out[c] = {mean[c], total}; });
  }

  void normalize(int64_t first, int64_t n, const T* mean, const T* rstd, Ending<T> ending, T* y) const {
    T scale[kTile], shift[kTile];
    for (int64_t c = 0; c < n; c++) {
      scale[c] = affine.scale(first + c, rstd[first + c]);
      shift[c] = affine.shift(first + c);
    }
    with_flag(ending.residual != nullptr, [&](auto adds) {
      with_flag(ending.relu, [&](auto relu) {
        const T* residual = ending.residual;
        if (!by_columns())
          return for_pieces(first, [&, center = mean[first], scale = scale[0], shift = shift[0]](int64_t at) {
            for_vectors<T>(space, [&](int64_t i, auto lanes) {
              Vec<T> v = (get(x + at + i, lanes) - center) * scale + shift;
              if constexpr (adds) v += get(residual + at + i, lanes);
              if constexpr (relu) v = rectified(v);
              put(y + at + i, v, lanes);
            });
          });
        const int64_t width = n * space;
        T room[3][kTile];
        const T *centers = spread(mean + first, n, room[0]), *scales = spread(scale, n, room[1]),
                *shifts = spread(shift, n, room[2]);
        for_pieces(first, [&](int64_t at) {
          for (int64_t j = 0; j < width; j++) {
            T v = (x[at + j] - centers[j]) * scales[j] + shifts[j];
            if constexpr (adds) v += residual[at + j];
            if constexpr (relu) v = T(0) > v ? T(0) : v;
            y[at + j] = v;
          }
        });
      });
    });
  }

  static Vec<T> rectified(Vec<T> v) { return select(MaskOf<Vec<T>>(Vec<T>{} > v), Vec<T>{}, v); }

  void forward(bool train, Ending<T> ending, T* y, T* mean, T* rstd, T* running_mean, T* running_var, double momentum,
               double eps) const {
    for_channels([&](int64_t first, int64_t n) {
      Moments own[kTile];
      if (train) moments(first, n, own);
      for (int64_t j = 0; j < n; j++) {
        const int64_t c = first + j;
        const double m = train ? own[j].mean : double(running_mean[c]);
        const double var = train ? own[j].squares / count() : double(running_var[c]);
        mean[c] = T(m);
        rstd[c] = T(1 / __builtin_sqrt(var + eps));
        if (!train || !running_mean) continue;
        running_mean[c] = T((1 - momentum) * double(running_mean[c]) + momentum * m);
        running_var[c] = T((1 - momentum) * double(running_var[c]) + momentum * own[j].squares / (count() - 1));
      }
      normalize(first, n, mean, rstd, ending, y);
    });
  }

  void gradient_sums(const T* g, int64_t first, int64_t n, const T* mean, GradientSums<T>* out) const {
    if (!by_columns()) {
      const T center = mean[first];
      Sum<T> sum_g, sum_gx;
      for_pieces(first, [&](int64_t at) {
        const T *grad = g + at, *in = x + at;
        sum_g.add(space, [=](int64_t i, auto lanes) { return get(grad + i, lanes); });
        sum_gx.add(space, [=](int64_t i, auto lanes) { return get(grad + i, lanes) * (get(in + i, lanes) - center); });
      });
      out[0].g = sum_g.total();
      out[0].gx = sum_gx.total();
      return;
    }
    const int64_t width = n * space;
    double sum_g[kTile] = {}, sum_gx[kTile] = {};
    T room[kTile];
    const T* centers = spread(mean + first, n, room);
    for_pieces(first, [&](int64_t at) {
      for (int64_t j = 0; j < width; j++) {
        const double grad = double(g[at + j]);
        sum_g[j] += grad;
        sum_gx[j] += grad * (double(x[at + j]) - double(centers[j]));
      }
    });
    fold(sum_g, n, [&](int64_t c, double total) { out[c].g = total; });
    fold(sum_gx, n, [&](int64_t c, double total) { out[c].gx = total; });
  }

  void backward(bool train, const T* g, const T* mean, const T* rstd, T* dx, T* dgamma, T* dbeta) const {
    for_channels([&](int64_t first, int64_t n) {
      GradientSums<T> sums[kTile];
      gradient_sums(g, first, n, mean, sums);
      T a[kTile], b[kTile], k[kTile];
      for (int64_t j = 0; j < n; j++) {
        const int64_t c = first + j;
        const double r = double(rstd[c]), weight = double(affine.scale(c, T(1)));
        a[j] = affine.scale(c, rstd[c]);
        b[j] = train ? T(-weight * r * r * r * sums[j].gx / count()) : T(0);
        k[j] = train ? T(-weight * r * sums[j].g / count()) : T(0);
        if (dgamma) dgamma[c] = T(sums[j].gx * r);
        if (dbeta) dbeta[c] = T(sums[j].g);
      }
      if (!dx) return;
      if (!by_columns())
        return for_pieces(first, [&](int64_t at) {
          write_gradient(g + at, x + at, dx + at, space, mean[first], a[0], b[0], k[0]);
        });
      const int64_t width = n * space;
      T room[4][kTile];
      const T *centers = spread(mean + first, n, room[0]), *as = spread(a, n, room[1]), *bs = spread(b, n, room[2]),
              *ks = spread(k, n, room[3]);
      for_pieces(first, [&](int64_t at) {
        for (int64_t j = 0; j < width; j++)
          dx[at + j] = as[j] * g[at + j] + (bs[j] * (x[at + j] - centers[j]) + ks[j]);
      });
    });
  }
};

}  // namespace

void batch_norm(int32_t train, int32_t relu, int32_t dtype, const void* x, const void* gamma, const void* beta,
                const void* residual, void* y, void* mean, void* rstd, void* running_mean, void* running_var,
                int32_t batch, int32_t channels, int32_t space, double momentum, double eps) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    BatchNorm<T>{static_cast<const T*>(x), {static_cast<const T*>(gamma), static_cast<const T*>(beta)}, batch,
                 channels, space}
        .forward(train != 0, {static_cast<const T*>(residual), relu != 0}, static_cast<T*>(y), static_cast<T*>(mean),
                 static_cast<T*>(rstd), static_cast<T*>(running_mean), static_cast<T*>(running_var), momentum, eps);
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
