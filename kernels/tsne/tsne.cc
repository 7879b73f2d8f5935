#include "tsne/tsne.h"

#include <utility>

#include "common/parallel.h"
#include "common/rows.h"
#include "tsne/tsne_tree.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int N = kLanes<float>;
constexpr int kVectors = N < 16 ? 2 : 1;     // of a group
constexpr int32_t kGroup = kVectors * N;     // points that walk the tree together
constexpr int32_t kGroupsOfTask = 128 / kGroup;
constexpr int32_t kRowsOfTask = 64;
constexpr int32_t kStepsOfTask = 1 << 14;

// ---- Neighbor probabilities ----

struct Entropy {
  double value, sum;  // of p, and of what p is proportional to
};

// d ≥ 0 are distances beyond that of the nearest; p ∝ e^(−β·d).
Entropy entropy_of(const double* d, int64_t k, double beta) {
  Vec<double> sum{}, moment{};
  for_vectors<double>(k, [&](int64_t i, auto lanes) {
    const Vec<double> distance = get(d + i, lanes);
    const Vec<double> e = keep<double>(vexp_negative(Vec<double>(distance * -beta)), lanes);
    sum += e;
    moment += e * distance;
  });
  const double total = sum_of<double>(sum);
  return {log_of_scalar(total) + beta * sum_of<double>(moment) / total, total};
}

constexpr int kSearchSteps = 100;
constexpr double kEntropyTolerance = 1e-5;

void search_row(const float* distances, float* p, int64_t k, double log_perplexity, double* d) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  float nearest = distances[0];
  for (int64_t i = 1; i < k; i++) nearest = distances[i] < nearest ? distances[i] : nearest;
  for (int64_t i = 0; i < k; i++) d[i] = double(distances[i]) - double(nearest);
  double beta = 1, low = -kInfinity, high = kInfinity;
  Entropy entropy = entropy_of(d, k, beta);
  for (int step = 1; step < kSearchSteps; step++) {
    const double excess = entropy.value - log_perplexity;
    if (excess <= kEntropyTolerance && excess >= -kEntropyTolerance) break;
    if (excess > 0) {
      low = beta;
      beta = high == kInfinity ? beta * 2 : (beta + high) / 2;
    } else {
      high = beta;
      beta = low == -kInfinity ? beta / 2 : (beta + low) / 2;
    }
    entropy = entropy_of(d, k, beta);
  }
  for_vectors<double>(k, [&](int64_t i, auto lanes) {
    put(d + i, vexp_negative(Vec<double>(get(d + i, lanes) * -beta)) / entropy.sum, lanes);
  });
  for (int64_t i = 0; i < k; i++) p[i] = float(d[i]);
}

// ---- Repulsion: of each point by all others ----

template <int D>
struct Group {
  Vec<float> at[D][kVectors], force[D][kVectors], sum[kVectors];
  float low[D], high[D];

  // A mass at a point: its q, and q²·(y − point).
  void meet(const float* point, float mass) {
    for (int v = 0; v < kVectors; v++) {
      Vec<float> offset[D], d{};
      for (int k = 0; k < D; k++) {
        offset[k] = at[k][v] - point[k];
        d += offset[k] * offset[k];
      }
      const Vec<float> q = 1.0f / (1.0f + d), weighted = q * mass;
      sum[v] += weighted;
      for (int k = 0; k < D; k++) force[k][v] += weighted * q * offset[k];
    }
  }

  // The squared distance of a point from the box that holds the group.
  float distance(const float* point) const {
    float d = 0;
    for (int k = 0; k < D; k++) {
      const float below = low[k] - point[k], above = point[k] - high[k];
      const float outside = below > above ? below : above;
      d += outside > 0 ? outside * outside : 0;
    }
    return d;
  }
};

// Points [first, first + lanes) of the tree's order; lanes beyond repeat the last.
template <int D>
void load_group(Group<D>& group, const Tree<D>& tree, int32_t first, int32_t lanes) {
  for (int k = 0; k < D; k++) {
    float lane[kGroup];
    for (int32_t i = 0; i < kGroup; i++) lane[i] = tree.points[k][first + (i < lanes ? i : lanes - 1)];
    group.low[k] = group.high[k] = lane[0];
    for (const float x : lane) {
      group.low[k] = x < group.low[k] ? x : group.low[k];
      group.high[k] = x > group.high[k] ? x : group.high[k];
    }
    for (int v = 0; v < kVectors; v++) {
      group.at[k][v] = load<float>(lane + v * N);
      group.force[k][v] = Vec<float>{};
    }
  }
  for (int v = 0; v < kVectors; v++) group.sum[v] = Vec<float>{};
}

template <int D>
void walk(Group<D>& group, const Tree<D>& tree, float squared_angle) {
  const Cell<D>* cells = tree.cells();
  for (int32_t at = 0; at < tree.count();) {
    const Cell<D>& cell = cells[at];
    if (cell.size <= squared_angle * group.distance(cell.center)) {
      group.meet(cell.center, cell.mass);
      at = cell.next;
    } else if (cell.leaf_size == 0) {
      at++;
    } else {
      for (int32_t i = cell.first; i < cell.first + cell.leaf_size; i++) {
        float point[D];
        for (int k = 0; k < D; k++) point[k] = tree.points[k][i];
        group.meet(point, 1);
      }
      at = cell.next;
    }
  }
}

// repulsion (n, D), in the order of the points; returns Z.
template <int D>
double repel(const Tree<D>& tree, int32_t n, const int32_t* order, float squared_angle, float* repulsion) {
  const int32_t groups = (n + kGroup - 1) / kGroup;
  const Scratch<double> sums(groups);
  parallel_ranges(groups, kGroupsOfTask, [&](int64_t begin, int64_t end) {
    for (int64_t g = begin; g < end; g++) {
      const int32_t first = int32_t(g) * kGroup, lanes = int32_t(lesser(kGroup, n - first));
      Group<D> group;
      load_group(group, tree, first, lanes);
      walk(group, tree, squared_angle);
      float lane[D + 1][kGroup];
      for (int v = 0; v < kVectors; v++) {
        for (int k = 0; k < D; k++) store<float>(lane[k] + v * N, group.force[k][v]);
        store<float>(lane[D] + v * N, group.sum[v]);
      }
      double sum = 0;
      for (int32_t i = 0; i < lanes; i++) {
        for (int k = 0; k < D; k++) repulsion[int64_t(order[first + i]) * D + k] = lane[k][i];
        sum += double(lane[D][i]) - 1;  // without the point itself
      }
      sums[g] = sum;
    }
  });
  double z = 0;
  for (int32_t g = 0; g < groups; g++) z += sums[g];
  return z > std::numeric_limits<float>::min() ? z : std::numeric_limits<float>::min();
}

// ---- Attraction: along the pairs that have a probability ----

template <int D, size_t... L>
Vec<float> gather(const float* y, const int32_t* columns, std::index_sequence<L...>) {
  return Vec<float>{y[int64_t(columns[L]) * D]...};
}

template <int D>
struct Attraction {
  float force[D];
  double cross_entropy;  // Σ p·log(p / q), where it is asked for
};

template <int D, bool kDivergence>
struct RowSum {
  const float *y, *own;
  Vec<float> force[D]{}, cross_entropy{};

  void add(const int32_t* columns, const float* weights) {
    Vec<float> offset[D], d{};
    for (int k = 0; k < D; k++) {
      offset[k] = own[k] - gather<D>(y + k, columns, std::make_index_sequence<N>{});
      d += offset[k] * offset[k];
    }
    const Vec<float> p = load<float>(weights), pq = p / (1.0f + d);
    for (int k = 0; k < D; k++) force[k] += pq * offset[k];
    if constexpr (kDivergence) {
      const Vec<float> positive = larger(p, splat<float>(std::numeric_limits<float>::min()));
      cross_entropy += p * vlog(Vec<float>(positive * (1.0f + d)));
    }
  }
};

template <int D, bool kDivergence>
Attraction<D> attract(const float* y, int32_t i, int32_t begin, int32_t end, const int32_t* columns,
                      const float* weights) {
  RowSum<D, kDivergence> sum{y, y + int64_t(i) * D};
  int32_t j = begin;
  for (; j + N <= end; j += N) sum.add(columns + j, weights + j);
  if (j < end) {
    int32_t last_columns[N];
    float last_weights[N];
    for (int l = 0; l < N; l++) {
      last_columns[l] = j + l < end ? columns[j + l] : i;
      last_weights[l] = j + l < end ? weights[j + l] : 0;
    }
    sum.add(last_columns, last_weights);
  }
  Attraction<D> result;
  for (int k = 0; k < D; k++) result.force[k] = sum_of<float>(sum.force[k]);
  result.cross_entropy = kDivergence ? double(sum_of<float>(sum.cross_entropy)) : 0;
  return result;
}

struct Pairs {
  const int32_t *starts, *columns;
  const float* weights;
};

// gradient holds the repulsion before; returns Σ p·log(p / q).
template <int D, bool kDivergence>
double combine(const float* y, int32_t n, Pairs pairs, float exaggeration, float z, float* gradient) {
  const Scratch<double> sums((n + kRowsOfTask - 1) / kRowsOfTask);
  parallel_ranges(n, kRowsOfTask, [&](int64_t begin, int64_t end) {
    double sum = 0;
    for (int64_t i = begin; i < end; i++) {
      const Attraction<D> pull = attract<D, kDivergence>(y, int32_t(i), pairs.starts[i], pairs.starts[i + 1],
                                                         pairs.columns, pairs.weights);
      for (int k = 0; k < D; k++)
        gradient[i * D + k] = 4 * (exaggeration * pull.force[k] - gradient[i * D + k] / z);
      sum += pull.cross_entropy;
    }
    sums[begin / kRowsOfTask] = sum;
  });
  double total = 0;
  for (int64_t task = 0; task * kRowsOfTask < n; task++) total += sums[task];
  return total;
}

template <int D>
void gradient_of(int32_t n, const float* y, int32_t* order, Pairs pairs, double angle, double exaggeration,
                 float* gradient, double* divergence) {
  if (n == 0) return;
  const Tree<D> tree(y, n, order);
  const double z = repel(tree, n, order, float(angle * angle), gradient);
  if (!divergence) {
    combine<D, false>(y, n, pairs, float(exaggeration), float(z), gradient);
    return;
  }
  const double cross_entropy = combine<D, true>(y, n, pairs, float(exaggeration), float(z), gradient);
  double mass = 0;
  for (int64_t i = 0; i < pairs.starts[n]; i++) mass += double(pairs.weights[i]);
  *divergence = exaggeration * (cross_entropy + mass * log_of_scalar(z * exaggeration));
}

}  // namespace

void tsne_probabilities(const float* distances, float* p, int32_t rows, int32_t k, double perplexity) {
  parallel_ranges(rows, kRowsOfTask, [&](int64_t begin, int64_t end) {
    const Scratch<double> d(k);
    for (int64_t i = begin; i < end; i++)
      search_row(distances + i * k, p + i * k, k, log_of_scalar(perplexity), d.data());
  });
}

void tsne_gradient(int32_t dims, int32_t n, const float* y, int32_t* order, const int32_t* starts, const int32_t* columns,
                   const float* weights, double angle, double exaggeration, float* gradient, double* divergence) {
  const Pairs pairs{starts, columns, weights};
  if (dims == 2) gradient_of<2>(n, y, order, pairs, angle, exaggeration, gradient, divergence);
  else gradient_of<3>(n, y, order, pairs, angle, exaggeration, gradient, divergence);
}

void tsne_step(int32_t size, float* y, float* gradient, float* velocity, float* gains, double momentum,
               double learning_rate) {
  const float keep_up = float(momentum), rate = float(learning_rate);
  parallel_ranges(size, kStepsOfTask, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const float gain = velocity[i] * gradient[i] < 0 ? gains[i] + 0.2f : gains[i] * 0.8f;
      gains[i] = gain < 0.01f ? 0.01f : gain;
      gradient[i] *= gains[i];
      velocity[i] = keep_up * velocity[i] - rate * gradient[i];
      y[i] += velocity[i];
    }
  });
}

}  // namespace myelin::MYELIN_ISA
