#include "attention/attention_plan.h"

namespace myelin::MYELIN_ISA {
namespace {

// One block of queries of one head. Scores are made as (keys, panel of queries): a vector holds one key's for a run of
// queries, so that maxima and sums over keys never cross lanes.
class QueryBlock {
 public:
  QueryBlock(const AttentionPlan& plan, int first, float scale)
      : plan_(plan), first_(first), count_(lesser(kBlock, plan.queries - first)), scale_(scale),
        memory_(size_t(kBlock) * (plan.width + plan.value_width + 2) + size_t(2 * kChunk) * kPanel + size_t(kPanel) * kBiasRow +
                size_t(kPanel) * vectors_of(plan.value_width) * kWidth) {
    packed_ = memory_.data();
    sums_ = packed_ + size_t(kBlock) * plan.width;
    max_ = sums_ + size_t(kBlock) * plan.value_width;
    total_ = max_ + kBlock;
    scores_ = total_ + kBlock;
    bias_ = scores_ + kChunk * kPanel;
    bias_rows_ = bias_ + kChunk * kPanel;
    rows_ = bias_rows_ + kPanel * kBiasRow;
  }

  void run(const float* q, ptrdiff_t q_row, const float* k, ptrdiff_t k_row, const float* v, ptrdiff_t v_row,
           const HeadMask& mask) {
    pack_panels(packed_, q + first_ * q_row, q_row, count_, plan_.width);
    for (int i = 0; i < kBlock; i++) max_[i] = -kInfinity, total_[i] = 0;
    for (int i = 0; i < kBlock * plan_.value_width; i++) sums_[i] = 0;
    const int end = plan_.causal ? lesser(plan_.keys, first_ + count_) : plan_.keys;
    for (int key = 0; key < end; key += kChunk) {
      const int rows = lesser(kChunk, end - key);
      if (mask.exists() && mask.same_rows()) {
        mask.read(bias_rows_, 0, key, rows);
        if (all_hidden(bias_rows_, rows)) continue;
      }
      for (int panel = 0; panel < panels_of(count_); panel++)
        add_keys(panel, key, rows, k + key * k_row, k_row, v + key * v_row, v_row, mask);
    }
  }

  // Writes the means of the values, and the logarithms of the sums of exponentials.
  void finish(float* out, ptrdiff_t out_row, float* lse) {
    const int width = plan_.value_width;
    for (int panel = 0; panel < panels_of(count_); panel++) {
      const int columns = lesser(kPanel, count_ - panel * kPanel);
      float* sums = sums_ + size_t(panel) * width * kPanel;
      for (int at = 0; at < columns; at += kWidth) {
        const Floats total = load(total_ + panel * kPanel + at), max = load(max_ + panel * kPanel + at);
        const Floats inverse = select(total == 0, Floats{}, Floats(1 / total));
        for (int d = 0; d < width; d++) store(sums + d * kPanel + at, load(sums + d * kPanel + at) * inverse);
        store(total_ + panel * kPanel + at, select(total == 0, splat<float>(kInfinity), Floats(max + vlog(total))));
      }
      unpack_panel(out + (first_ + panel * kPanel) * out_row, out_row, sums, columns, width, rows_);
    }
    if (lse) copy_run(lse + first_, total_, count_);
  }

 private:
  static constexpr int kBiasRow = (kChunk + kWidth - 1) / kWidth * kWidth;

  // Adds `rows` keys to the sums of a panel of queries.
  void add_keys(int panel, int key, int rows, const float* k, ptrdiff_t k_row, const float* v, ptrdiff_t v_row,
                const HeadMask& mask) {
    const int query = first_ + panel * kPanel, columns = lesser(kPanel, count_ - panel * kPanel);
    const int seen = plan_.causal ? lesser(rows, query + columns - key) : rows;
    if (seen <= 0) return;
    multiply_panel(seen, columns, plan_.width, k, k_row, false, packed_ + size_t(panel) * plan_.width * kPanel, kPanel, scores_,
                   kPanel, scale_, false);
    if (mask.exists()) add_mask(mask, query, columns, key, seen);
    const bool diagonal = plan_.causal && key + seen > query + 1;
    for (int at = 0; at < columns; at += kWidth) {
      if (diagonal) hide_future(at, query + at - key, seen);
      exponentials(at, panel * kPanel + at, seen, sums_ + size_t(panel) * plan_.value_width * kPanel + at);
    }
    multiply_panel(plan_.value_width, columns, seen, v, v_row, true, scores_, kPanel,
                   sums_ + size_t(panel) * plan_.value_width * kPanel, kPanel, 1, true);
  }

  void add_mask(const HeadMask& mask, int query, int columns, int key, int rows) {
    if (mask.same_rows()) {
      for (int j = 0; j < rows; j++)
        for (int at = 0; at < columns; at += kWidth) {
          float* s = scores_ + j * kPanel + at;
          store(s, load(s) + splat<float>(bias_rows_[j]));
        }
      return;
    }
    for (int i = 0; i < columns; i++) mask.read(bias_rows_ + i * kBiasRow, query + i, key, rows);
    pack_panels(bias_, bias_rows_, kBiasRow, columns, rows);
    for (int j = 0; j < rows; j++)
      for (int at = 0; at < columns; at += kWidth) {
        float* s = scores_ + j * kPanel + at;
        store(s, load(s) + load(bias_ + j * kPanel + at));
      }
  }

  // Of the queries in the vector at `at`, lane i doesn't see keys after first + i.
  void hide_future(int at, int first, int rows) {
    const Vec<int32_t> lanes = lane_numbers();
    for (int j = greater(0, first + 1); j < rows; j++) {
      float* s = scores_ + j * kPanel + at;
      store(s, select(lanes >= splat<int32_t>(j - first), load(s), splat<float>(-kInfinity)));
    }
  }

  // Scores become exponentials. A larger maximum makes the sums so far smaller.
  void exponentials(int at, int state, int rows, float* sums) {
    float* s = scores_ + at;
    Floats a = load(max_ + state), b = a, c = a, d = a;
    const Floats before = a;
    int j = 0;
    for (; j + 4 <= rows; j += 4) {
      a = larger(a, load(s + j * kPanel));
      b = larger(b, load(s + (j + 1) * kPanel));
      c = larger(c, load(s + (j + 2) * kPanel));
      d = larger(d, load(s + (j + 3) * kPanel));
    }
    for (; j < rows; j++) a = larger(a, load(s + j * kPanel));
    const Floats max = larger(larger(a, b), larger(c, d));
    // Where no key is seen yet, the maximum is −∞, which can't be subtracted.
    const Floats from = select(max == splat<float>(-kInfinity), Floats{}, max);
    Floats total{};
    for (j = 0; j < rows; j++) {
      const Floats e = vexp_negative(Floats(load(s + j * kPanel) - from));
      store(s + j * kPanel, e);
      total += e;
    }
    const Floats shrink = vexp_negative(Floats(before - from));
    store(max_ + state, max);
    store(total_ + state, load(total_ + state) * shrink + total);
    if (any(MaskOf<Floats>(shrink != 1)))
      for (int i = 0; i < plan_.value_width; i++) store(sums + i * kPanel, load(sums + i * kPanel) * shrink);
  }

  const AttentionPlan& plan_;
  int first_, count_;
  float scale_;
  Scratch<float> memory_;
  float *packed_, *sums_, *max_, *total_, *scores_, *bias_, *bias_rows_, *rows_;
};

}  // namespace

void attention_forward(const int32_t* plan_numbers, const void* q, const void* k, const void* v, const void* mask, void* out,
                       void* lse, double scale) {
  const AttentionPlan plan(plan_numbers);
  const Operand queries = plan.operand(0, q), keys = plan.operand(1, k), values = plan.operand(2, v),
                masks = plan.operand(3, mask), results = plan.operand(4, out);
  const int blocks = (plan.queries + kBlock - 1) / kBlock, heads = plan.batch() * plan.heads;
  const double work = double(lesser(kBlock, plan.queries)) * plan.keys * (plan.width + plan.value_width + 16);
  parallel_ranges(int64_t(heads) * blocks, work > 1e6 ? 1 : int64_t(1e6 / (work + 1)) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      // The last queries see most keys, so they come first.
      const int index = int(task / blocks), block = blocks - 1 - int(task % blocks);
      const int batch = index / plan.heads, head = index % plan.heads, key_head = head / plan.group();
      QueryBlock some(plan, block * kBlock, float(scale));
      some.run(plan.at(queries, batch, head), queries.row, plan.at(keys, batch, key_head), keys.row,
               plan.at(values, batch, key_head), values.row, HeadMask(plan, masks, batch, head));
      some.finish(plan.at(results, batch, head), results.row,
                  lse ? static_cast<float*>(lse) + ptrdiff_t(index) * plan.queries : nullptr);
    }
  });
}

}  // namespace myelin::MYELIN_ISA
