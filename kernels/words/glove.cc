// GloVe by stratified gradient descent (Gemulla et al. 2011, doi:10.1145/2020408.2020426): words are dealt out into parts,
// and blocks of the matrix that share neither a part of the rows nor one of the columns train at once. The result doesn't
// depend on the number of threads.
#include "common/parallel.h"
#include "common/rows.h"
#include "words/word2vec_rows.h"
#include "words/word_draws.h"
#include "words/words.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int N = kLanes<float>;
constexpr int32_t kAhead = 4;  // elements between fetching rows and using them

struct Side {
  float *row, *squares, *bias, *bias_squares;
};

struct Table {
  float *rows, *biases, *row_squares, *bias_squares;
  int64_t width;

  Side at(int64_t row) const {
    return {rows + row * width, row_squares + row * width, biases + row, bias_squares + row};
  }
  void prefetch(int64_t row) const {
    prefetch_row(rows + row * width, width);
    prefetch_row(row_squares + row * width, width);
  }
};

inline Vec<float> descended(Vec<float> x, Vec<float> gradient, float* squares, float rate) {
  const Vec<float> sum = load<float>(squares) + gradient * gradient;
  store<float>(squares, sum);
  return x - rate * gradient / sqrt(sum);
}

inline void descend_bias(const Side& side, float gradient, float rate) {
  *side.bias_squares += gradient * gradient;
  *side.bias -= rate * gradient / __builtin_sqrtf(*side.bias_squares);
}

// The step for one element; returns its cost.
MYELIN_FUSED inline double step_of(const Side& v, const Side& u, int64_t width, float log_x, float weight, float rate) {
  Vec<float> sum{};
  for (int64_t k = 0; k < width; k += N) sum += load<float>(v.row + k) * load<float>(u.row + k);
  const float difference = sum_of<float>(sum) + *v.bias + *u.bias - log_x, pull = weight * difference;
  for (int64_t k = 0; k < width; k += N) {
    const Vec<float> a = load<float>(v.row + k), b = load<float>(u.row + k);
    store<float>(v.row + k, descended(a, b * pull, v.squares + k, rate));
    store<float>(u.row + k, descended(b, a * pull, u.squares + k, rate));
  }
  descend_bias(v, pull, rate);
  descend_bias(u, pull, rate);
  return 0.5 * double(pull) * double(difference);
}

}  // namespace

void glove_blocks(const int32_t* row_starts, const int32_t* columns, const float* values, int32_t words, int32_t parts,
                  int32_t* block_starts, int32_t* to_rows, int32_t* to_columns, float* to_values) {
  const auto for_part = [&](int32_t a, auto f) {
    for (int32_t word = a; word < words; word += parts)
      for (int32_t i = row_starts[word]; i < row_starts[word + 1]; i++) f(word, i, a * parts + columns[i] % parts);
  };
  const int32_t blocks = parts * parts;
  const Scratch<int32_t> next(blocks);
  for (int32_t b = 0; b < blocks; b++) next[b] = 0;
  parallel_for(parts, [&](int32_t a) { for_part(a, [&](int32_t, int32_t, int32_t block) { next[block]++; }); });
  int32_t total = 0;
  for (int32_t b = 0; b < blocks; b++) {
    block_starts[b] = total;
    total += next[b];
    next[b] = block_starts[b];
  }
  block_starts[blocks] = total;
  parallel_for(parts, [&](int32_t a) {
    for_part(a, [&](int32_t word, int32_t i, int32_t block) {
      const int32_t to = next[block]++;
      to_rows[to] = word;
      to_columns[to] = columns[i];
      to_values[to] = values[i];
    });
  });
}

void glove_shuffle(int32_t* rows, int32_t* columns, float* values, const int32_t* block_starts, int32_t blocks, double seed) {
  parallel_for(blocks, [&](int32_t block) {
    const Draws draws(seed, 0, 0, block);
    const int32_t first = block_starts[block];
    for (int32_t i = block_starts[block + 1] - first - 1; i > 0; i--) {
      const int32_t a = first + i, b = first + draws.below(i, i + 1);
      std::swap(rows[a], rows[b]);
      std::swap(columns[a], columns[b]);
      std::swap(values[a], values[b]);
    }
  });
}

void glove_train(float* rows, float* biases, float* row_squares, float* bias_squares, int32_t words, int32_t stride,
                 const int32_t* element_rows, const int32_t* element_columns, const float* values,
                 const int32_t* block_starts, int32_t parts, int32_t step, double rate, double x_max, double power,
                 double* cost) {
  const Table table{rows, biases, row_squares, bias_squares, stride};
  const float log_max = log_of_scalar(float(x_max));
  parallel_for(parts, [&](int32_t a) {
    const int32_t block = a * parts + (a + step) % parts, end = block_starts[block + 1];
    double sum = 0;
    for (int32_t i = block_starts[block]; i < end; i++) {
      if (i + kAhead < end) {
        table.prefetch(element_rows[i + kAhead]);
        table.prefetch(int64_t(words) + element_columns[i + kAhead]);
      }
      const float log_x = log_of_scalar(values[i]), below = log_x - log_max;
      const float weight = below < 0 ? vexp(splat<float>(float(power) * below))[0] : 1.0f;
      sum += step_of(table.at(element_rows[i]), table.at(int64_t(words) + element_columns[i]), stride, log_x, weight,
                     float(rate));
    }
    cost[a] += sum;
  });
}

}  // namespace myelin::MYELIN_ISA
