#include "attention/attention_plan.h"

namespace myelin::MYELIN_ISA {
namespace {

// One block of keys of one head, and what flows back to it. Scores are made again as (queries, panel of keys).
//
//   P = e^(scale · Q·Kᵀ + mask − lse)    dV = Pᵀ·G
//   dS = P ∘ (G·Vᵀ − delta)              dK = scale · dSᵀ·Q    dQ = scale · dS·K
class KeyBlock {
 public:
  KeyBlock(const AttentionPlan& plan, float scale)
      : plan_(plan), scale_(scale), padded_(vectors_of(plan.width) * kWidth),
        memory_(size_t(kBlock) * (2 * plan.width + 2 * plan.value_width + padded_) + size_t(kChunk) * (kPanel + kRow + kPanel) +
                kBlock + size_t(kPanel) * vectors_of(greater(plan.width, plan.value_width)) * kWidth) {
    keys_ = memory_.data();
    values_ = keys_ + size_t(kBlock) * plan.width;
    key_sums_ = values_ + size_t(kBlock) * plan.value_width;
    value_sums_ = key_sums_ + size_t(kBlock) * plan.width;
    key_rows_ = value_sums_ + size_t(kBlock) * plan.value_width;
    weights_ = key_rows_ + size_t(kBlock) * padded_;
    slopes_ = weights_ + kChunk * kPanel;
    bias_ = slopes_ + kChunk * kRow;
    key_bias_ = bias_ + kChunk * kPanel;
    rows_ = key_bias_ + kBlock;
  }

  void start(int first, const float* k, ptrdiff_t k_row, const float* v, ptrdiff_t v_row) {
    first_ = first;
    count_ = lesser(kBlock, plan_.keys - first);
    pack_panels(keys_, k + first * k_row, k_row, count_, plan_.width);
    pack_panels(values_, v + first * v_row, v_row, count_, plan_.value_width);
    for (int j = 0; j < count_; j++) {
      float* row = key_rows_ + ptrdiff_t(j) * padded_;
      store(row + padded_ - kWidth, Floats{});
      copy_run(row, k + (first + j) * k_row, plan_.width);
    }
    for (int i = 0; i < kBlock * plan_.width; i++) key_sums_[i] = 0;
    for (int i = 0; i < kBlock * plan_.value_width; i++) value_sums_[i] = 0;
  }

  // Adds what the queries of one head give.
  void add_head(const float* q, ptrdiff_t q_row, const float* g, ptrdiff_t g_row, const float* lse, const float* delta,
                float* sums, const HeadMask& mask) {
    if (mask.exists() && mask.same_rows()) {
      mask.read(key_bias_, 0, first_, count_);
      if (all_hidden(key_bias_, count_)) return;
    }
    for (int query = plan_.causal ? first_ : 0; query < plan_.queries; query += kChunk) {
      const int rows = lesser(kChunk, plan_.queries - query);
      for (int panel = 0; panel < panels_of(count_); panel++)
        add_queries(panel, query, rows, q + query * q_row, q_row, g + query * g_row, g_row, lse + query, delta + query, mask);
      add_slopes(query, rows, sums + ptrdiff_t(query) * padded_);
    }
  }

  void finish(float* dk, ptrdiff_t dk_row, float* dv, ptrdiff_t dv_row) {
    for (int i = 0; i < panels_of(count_) * kPanel * plan_.width; i++) key_sums_[i] *= scale_;
    for (int panel = 0; panel < panels_of(count_); panel++) {
      const int columns = lesser(kPanel, count_ - panel * kPanel), key = first_ + panel * kPanel;
      unpack_panel(dk + key * dk_row, dk_row, key_sums_ + size_t(panel) * plan_.width * kPanel, columns, plan_.width, rows_);
      unpack_panel(dv + key * dv_row, dv_row, value_sums_ + size_t(panel) * plan_.value_width * kPanel, columns,
                   plan_.value_width, rows_);
    }
  }

 private:
  static constexpr int kRow = kBlock + 16;  // rows of slopes start in different cache sets

  // What `rows` queries give to a panel of keys, and their slopes there.
  void add_queries(int panel, int query, int rows, const float* q, ptrdiff_t q_row, const float* g, ptrdiff_t g_row,
                   const float* lse, const float* delta, const HeadMask& mask) {
    const int key = first_ + panel * kPanel, columns = lesser(kPanel, count_ - panel * kPanel);
    const int unseen = plan_.causal ? lesser(rows, greater(0, key - query)) : 0, seen = rows - unseen;
    float* slopes = slopes_ + panel * kPanel;
    for (int i = 0; i < unseen; i++)
      for (int at = 0; at < columns; at += kWidth) store(slopes + i * kRow + at, Floats{});
    if (seen == 0) return;
    query += unseen, q += unseen * q_row, g += unseen * g_row, lse += unseen, delta += unseen, slopes += unseen * kRow;

    const size_t of_keys = size_t(panel) * plan_.width * kPanel, of_values = size_t(panel) * plan_.value_width * kPanel;
    multiply_panel(seen, columns, plan_.width, q, q_row, false, keys_ + of_keys, kPanel, weights_, kPanel, scale_, false);
    if (mask.exists()) add_mask(mask, panel, query, seen, columns);
    for (int at = 0; at < columns; at += kWidth) weigh(at, key + at - query, seen, lse);
    multiply_panel(plan_.value_width, columns, seen, g, g_row, true, weights_, kPanel, value_sums_ + of_values, kPanel, 1, true);
    multiply_panel(seen, columns, plan_.value_width, g, g_row, false, values_ + of_values, kPanel, slopes, kRow, 1, false);
    for (int i = 0; i < seen; i++)
      for (int at = 0; at < columns; at += kWidth) {
        float* s = slopes + i * kRow + at;
        store(s, load(weights_ + i * kPanel + at) * (load(s) - delta[i]));
      }
    multiply_panel(plan_.width, columns, seen, q, q_row, true, slopes, kRow, key_sums_ + of_keys, kPanel, 1, true);
  }

  void add_mask(const HeadMask& mask, int panel, int query, int rows, int columns) {
    const bool same = mask.same_rows();
    const float* bias = same ? key_bias_ + panel * kPanel : bias_;
    for (int i = 0; i < rows && !same; i++) mask.read(bias_ + i * kPanel, query + i, first_ + panel * kPanel, columns);
    for (int i = 0; i < rows; i++)
      for (int at = 0; at < columns; at += kWidth) {
        float* s = weights_ + i * kPanel + at;
        store(s, load(s) + load(bias + (same ? 0 : i * kPanel) + at));
      }
  }

  // Scores become weights. Of the keys in the vector at `at`, row i sees lane j if causal where j ≤ i − first.
  void weigh(int at, int first, int rows, const float* lse) {
    const Vec<int32_t> lanes = lane_numbers();
    for (int i = 0; i < rows; i++) {
      float* s = weights_ + i * kPanel + at;
      Floats e = vexp_negative(Floats(load(s) - lse[i]));
      if (plan_.causal && i < first + kWidth - 1) e = select(lanes <= splat<int32_t>(i - first), e, Floats{});
      store(s, e);
    }
  }

  // sums (rows, padded) += slopes · keys.
  void add_slopes(int query, int rows, float* sums) {
    const int height = gemm_height<float>(rows);
    for (int row = 0; row < rows; row += height) {
      const int tall = lesser(height, rows - row);
      const int depth = plan_.causal ? lesser(count_, query + row + tall - first_) : count_;
      for (int column = 0; column < padded_; column += kPanel)
        multiply_panel(tall, lesser(kPanel, padded_ - column), depth, slopes_ + row * kRow, kRow, false, key_rows_ + column,
                       padded_, sums + ptrdiff_t(row) * padded_ + column, padded_, 1, true);
    }
  }

  const AttentionPlan& plan_;
  float scale_;
  int padded_, first_ = 0, count_ = 0;
  Scratch<float> memory_;
  float *keys_, *values_, *key_sums_, *value_sums_, *key_rows_, *weights_, *slopes_, *bias_, *key_bias_, *rows_;
};

constexpr int64_t kRowsOfTask = 256;

// f(row, batch, head, query) for the queries of all heads, on the threads.
template <class F>
void for_queries(const AttentionPlan& plan, const F& f) {
  const int64_t rows = int64_t(plan.batch()) * plan.heads * plan.queries;
  parallel_ranges(rows, kRowsOfTask, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const int head = int(row / plan.queries);
      f(row, head / plan.heads, head % plan.heads, int(row % plan.queries));
    }
  });
}

// How many tasks share a head of keys: few heads shall keep many threads busy.
int parts_of(const AttentionPlan& plan, int blocks) {
  constexpr int kTasks = 16, kMost = 8;
  const int heads = plan.batch() * plan.key_heads, wanted = (kTasks + heads - 1) / heads;
  return greater(1, lesser(lesser(wanted, kMost), blocks));
}

}  // namespace

void attention_backward(const int32_t* plan_numbers, const void* q, const void* k, const void* v, const void* mask,
                        const void* out, const void* lse, const void* g, void* dq, void* dk, void* dv, double scale) {
  const AttentionPlan plan(plan_numbers);
  const Operand queries = plan.operand(0, q), keys = plan.operand(1, k), values = plan.operand(2, v),
                masks = plan.operand(3, mask), results = plan.operand(4, out), slopes = plan.operand(5, g),
                query_slopes = plan.operand(6, dq), key_slopes = plan.operand(7, dk), value_slopes = plan.operand(8, dv);
  const int blocks = (plan.keys + kBlock - 1) / kBlock, parts = parts_of(plan, blocks);
  const int heads = plan.batch() * plan.heads, key_heads = plan.batch() * plan.key_heads;
  const int64_t rows = int64_t(heads) * plan.queries;
  const ptrdiff_t padded = vectors_of(plan.width) * kWidth;
  const Scratch<float> delta(rows), sums(size_t(parts) * rows * padded);

  for_queries(plan, [&](int64_t row, int batch, int head, int query) {
    const float *y = plan.at(results, batch, head) + query * results.row, *dy = plan.at(slopes, batch, head) + query * slopes.row;
    delta[row] = sum_of<float>(sum_vectors<float>(
        plan.value_width, [&](int64_t i, auto lanes) { return Floats(get(y + i, lanes) * get(dy + i, lanes)); }));
  });

  parallel_for(key_heads * parts, [&](int32_t task) {
    const int part = task % parts, batch = task / parts / plan.key_heads, key_head = task / parts % plan.key_heads;
    KeyBlock block(plan, float(scale));
    const auto first_row = [&](int member) {
      return (int64_t(batch) * plan.heads + key_head * plan.group() + member) * plan.queries;
    };
    float* own = sums.data() + ptrdiff_t(part) * rows * padded;
    for (int64_t i = first_row(0) * padded; i < first_row(plan.group()) * padded; i++) own[i] = 0;
    for (int index = part; index < blocks; index += parts) {
      block.start(index * kBlock, plan.at(keys, batch, key_head), keys.row, plan.at(values, batch, key_head), values.row);
      for (int member = 0; member < plan.group(); member++) {
        const int head = key_head * plan.group() + member;
        const int64_t row = first_row(member);
        block.add_head(plan.at(queries, batch, head), queries.row, plan.at(slopes, batch, head), slopes.row,
                       static_cast<const float*>(lse) + row, delta.data() + row, own + row * padded,
                       HeadMask(plan, masks, batch, head));
      }
      block.finish(plan.at(key_slopes, batch, key_head), key_slopes.row, plan.at(value_slopes, batch, key_head),
                   value_slopes.row);
    }
  });

  for_queries(plan, [&](int64_t row, int batch, int head, int query) {
    float* to = plan.at(query_slopes, batch, head) + query * query_slopes.row;
    const float* from = sums.data() + row * padded;
    for_vectors<float>(plan.width, [&](int64_t i, auto lanes) {
      Floats sum = load(from + i);
      for (int part = 1; part < parts; part++) sum += load(from + part * rows * padded + i);
      put(to + i, Floats(sum * float(scale)), lanes);
    });
  });
}

}  // namespace myelin::MYELIN_ISA
