#include "words/words.h"

#include <new>

#include "common/parallel.h"
#include "words/word2vec_rows.h"
#include "words/word2vec_window.h"
#include "words/word_draws.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int32_t kLossEvery = 16;  // the loss is measured on one window of so many

struct Task {
  int64_t words, width;
  const int32_t* tokens;
  const float *keep, *share;
  const int32_t* alias;
  bool bag;
  int32_t window, negative, chunk;
};

struct Tally {
  double loss = 0, pairs = 0, trained = 0;
};

int64_t rounded_up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

// Trains one chunk of the corpus.
template <class Rows>
class Trainer {
 public:
  Trainer(const Task& task, Rows& rows)
      : task_(task),
        rows_(rows),
        most_inputs_(rounded_up(2 * task.window, kTileInputs)),
        most_outputs_(rounded_up(task.negative + 1, kTileOutputs)),
        ids_(int64_t(task.chunk) * (task.negative + 1) + most_inputs_),
        floats_(most_inputs_ * (1 + kTileOutputs) + most_outputs_ + 2 * task.width),
        pointers_(most_inputs_ + most_outputs_) {
    kept_ = ids_.data();
    noise_ = kept_ + task.chunk;
    contexts_ = noise_ + int64_t(task.chunk) * task.negative;
    hidden_ = floats_.data();
    error_ = hidden_ + task.width;
    g_ = error_ + task.width;
    in_times_ = g_ + most_inputs_ * kTileOutputs;
    out_times_ = in_times_ + most_inputs_;
    in_ = pointers_.data();
    out_ = in_ + most_inputs_;
  }

  // Draws what a chunk trains on, and tells the rows.
  void plan(int32_t begin, int32_t end, const Draws& draws) {
    count_ = 0;
    for (int32_t i = begin; i < end; i++) {
      const int32_t word = task_.tokens[i];
      if (word < 0 || draws.unit(uint32_t(i - begin)) < task_.keep[word]) kept_[count_++] = word;
    }
    for (int32_t k = 0; k < count_; k++) {
      if (kept_[k] < 0) continue;
      draw_noise(k, draws);
      rows_.expect(kept_[k]);
      rows_.expect(task_.words + kept_[k]);
      for (int32_t j = 0; j < task_.negative; j++) rows_.expect(task_.words + noise_of(k)[j]);
    }
  }

  // Trains on what was planned.
  void train(float rate, const Draws& draws, Tally& tally) {
    for (int32_t k = 0; k < count_; k++) {
      if (k + 1 < count_) prefetch(k + 1);
      if (kept_[k] < 0) continue;
      tally.trained++;
      const int32_t inputs = find_contexts(k, draws);
      if (inputs == 0) continue;
      const bool measure = k % kLossEvery == 0;
      if (task_.bag) train_bag(k, inputs, rate, measure ? &tally : nullptr);
      else train_each(k, inputs, rate, measure ? &tally : nullptr);
    }
  }

 private:
  int32_t* noise_of(int32_t k) const { return noise_ + int64_t(k) * task_.negative; }

  void draw_noise(int32_t k, const Draws& draws) {
    int32_t* noise = noise_of(k);
    uint32_t place = 2u * uint32_t(task_.chunk) + 2u * uint32_t(k) * uint32_t(task_.negative);
    for (int32_t j = 0; j < task_.negative; j++, place += 2) {
      const int32_t word = draws.below(place, int32_t(task_.words));
      noise[j] = draws.unit(place + 1) < task_.share[word] ? word : task_.alias[word];
    }
  }

  void prefetch(int32_t k) {
    if (kept_[k] >= 0) {
      for (int32_t j = 0; j < task_.negative; j++) rows_.prefetch(task_.words + noise_of(k)[j]);
      rows_.prefetch(task_.words + kept_[k]);
    }
    const int32_t context = k + task_.window;
    if (context < count_ && kept_[context] >= 0) rows_.prefetch(kept_[context]);
  }

  // The different words around k, and how often each stands there.
  int32_t find_contexts(int32_t k, const Draws& draws) {
    const int32_t radius = 1 + draws.below(uint32_t(task_.chunk + k), task_.window);
    int32_t inputs = 0;
    const auto add = [&](int32_t word) {
      for (int32_t i = 0; i < inputs; i++)
        if (contexts_[i] == word) return void(in_times_[i]++);
      contexts_[inputs] = word;
      in_times_[inputs++] = 1;
    };
    for (int32_t i = k - 1; i >= 0 && i >= k - radius && kept_[i] >= 0; i--) add(kept_[i]);
    for (int32_t i = k + 1; i < count_ && i <= k + radius && kept_[i] >= 0; i++) add(kept_[i]);
    return inputs;
  }

  // The word and its noise, whose repetitions are counted and whose hits on the word are left out.
  int32_t find_outputs(int32_t k, int32_t inputs) {
    const int32_t word = kept_[k];
    int32_t* noise = noise_of(k);
    int32_t outputs = 1;
    out_times_[0] = 1;
    for (int32_t j = 0; j < task_.negative; j++) {
      if (noise[j] == word) continue;
      int32_t o = 1;
      while (o < outputs && noise[o - 1] != noise[j]) o++;
      if (o == outputs) {
        noise[o - 1] = noise[j];
        out_times_[outputs++] = 1;
      } else {
        out_times_[o]++;
      }
    }
    for (int64_t o = outputs; o < most_outputs_; o++) out_times_[o] = 0;
    out_[0] = rows_.at(task_.words + word, inputs);
    for (int32_t o = 1; o < outputs; o++) out_[o] = rows_.at(task_.words + noise[o - 1], inputs);
    return outputs;
  }

  void train_each(int32_t k, int32_t inputs, float rate, Tally* tally) {
    const int32_t outputs = find_outputs(k, inputs);
    for (int32_t i = 0; i < inputs; i++) in_[i] = rows_.at(contexts_[i], outputs);
    run({inputs, outputs, task_.width, in_, in_, out_, in_times_, out_times_, rate}, tally);
  }

  void train_bag(int32_t k, int32_t inputs, float rate, Tally* tally) {
    const int32_t outputs = find_outputs(k, 1);
    float total = 0;
    for (int32_t i = 0; i < inputs; i++) {
      in_[i] = rows_.at(contexts_[i], outputs);
      total += in_times_[i];
    }
    for (int64_t c = 0; c < task_.width; c += kWordLanes) {
      Vec<float> sum{};
      for (int32_t i = 0; i < inputs; i++) sum += in_times_[i] * load<float>(in_[i] + c);
      store<float>(hidden_ + c, sum / total);
      store<float>(error_ + c, Vec<float>{});
    }
    const float once[kTileInputs] = {1};
    float *hidden[] = {hidden_}, *error[] = {error_};
    run({1, outputs, task_.width, hidden, error, out_, once, out_times_, rate}, tally);
    for (int64_t c = 0; c < task_.width; c += kWordLanes) {
      const Vec<float> change = load<float>(error_ + c);
      for (int32_t i = 0; i < inputs; i++)
        store<float>(in_[i] + c, load<float>(in_[i] + c) + in_times_[i] * change);
    }
  }

  void run(const Window& window, Tally* tally) {
    if (window.to == window.in && window.outputs > kTileOutputs) return run_apart(window, tally);
    train_window(window, g_, tally ? &tally->loss : nullptr);
    if (tally)
      for (int32_t i = 0; i < window.inputs; i++) tally->pairs += window.in_times[i];
  }

  // As `run`, where later tiles need the inputs as they were.
  void run_apart(Window window, Tally* tally) {
    const Scratch<float> changes(window.inputs * task_.width);
    const Scratch<float*> to(window.inputs);
    memset(changes.data(), 0, window.inputs * task_.width * sizeof(float));
    for (int32_t i = 0; i < window.inputs; i++) to[i] = changes.data() + i * task_.width;
    float* const* in = window.to;
    window.to = to.data();
    run(window, tally);
    for (int32_t i = 0; i < window.inputs; i++)
      for (int64_t c = 0; c < task_.width; c += kWordLanes)
        store<float>(in[i] + c, load<float>(in[i] + c) + load<float>(to[i] + c));
  }

  const Task& task_;
  Rows& rows_;
  const int64_t most_inputs_, most_outputs_;
  const Scratch<int32_t> ids_;
  const Scratch<float> floats_;
  const Scratch<float*> pointers_;
  int32_t *kept_, *noise_, *contexts_;
  int32_t count_ = 0;
  float *hidden_, *error_, *g_, *in_times_, *out_times_;
  float **in_, **out_;
};

// The part of the corpus that a shard trains on in a round.
struct Chunk {
  int32_t begin, end;

  Chunk(int64_t count, int32_t shards, int32_t shard, int64_t round, int32_t chunk) {
    const int64_t last = count * (shard + 1) / shards;
    const int64_t first = count * shard / shards + round * chunk;
    begin = int32_t(first < last ? first : last);
    end = int32_t(first + chunk < last ? first + chunk : last);
  }
};

void add_tally(double* to, const Tally& tally) {
  to[0] += tally.loss;
  to[1] += tally.pairs;
  to[2] += tally.trained;
}

}  // namespace

void word2vec_train(float* rows, int32_t words, int32_t stride, const int32_t* tokens, int32_t count, const float* keep,
                    const float* share, const int32_t* alias, const float* rates, int32_t bag, int32_t window,
                    int32_t negative, int32_t shards, int32_t chunk, double seed, int32_t epoch, int32_t round,
                    int32_t rounds, double* tally) {
  const Task task{words, stride, tokens, keep, share, alias, bag != 0, window, negative, chunk};
  if (shards == 1) {
    TableRows table(rows, stride);
    Trainer<TableRows> trainer(task, table);
    Tally sums;
    for (int32_t r = 0; r < rounds; r++) {
      const Chunk part(count, 1, 0, round + r, chunk);
      const Draws draws(seed, epoch, round + r, 0);
      trainer.plan(part.begin, part.end, draws);
      trainer.train(rates[r], draws, sums);
    }
    return add_tally(tally, sums);
  }
  const int64_t table_rows = 2 * int64_t(words), touched = int64_t(chunk) * (negative + 2);
  const Scratch<int32_t> slots(shards * table_rows);
  for (int64_t i = 0; i < shards * table_rows; i++) slots[i] = CopiedRows::kNone;
  const Scratch<uint64_t> all_users(2 * table_rows);
  memset(all_users.data(), 0, 2 * table_rows * sizeof(uint64_t));
  uint64_t* const users[] = {all_users.data(), all_users.data() + table_rows};
  const Scratch<CopiedRows> storage(shards);
  const Scratch<CopiedRows*> copies(shards);
  const Scratch<Trainer<CopiedRows>> trainers(shards);
  for (int32_t s = 0; s < shards; s++) {
    copies[s] = new (&storage[s])
        CopiedRows(s, rows, stride, slots.data() + s * table_rows, users, lesser(touched, table_rows));
    new (&trainers[s]) Trainer<CopiedRows>(task, *copies[s]);
  }
  for (int32_t r = 0; r < rounds; r++) {
    parallel_for(shards, [&](int32_t s) {
      const Chunk part(count, shards, s, round + r, chunk);
      copies[s]->begin(r);
      trainers[s].plan(part.begin, part.end, Draws(seed, epoch, round + r, s));
    });
    parallel_for(shards, [&](int32_t s) {
      Tally sums;
      trainers[s].train(rates[r], Draws(seed, epoch, round + r, s), sums);
      add_tally(tally + 3 * s, sums);
    });
    join_rows(copies.data(), shards, rows, stride, rates[r]);
  }
  for (int32_t s = 0; s < shards; s++) {
    trainers[s].~Trainer<CopiedRows>();
    copies[s]->~CopiedRows();
  }
}

}  // namespace myelin::MYELIN_ISA
