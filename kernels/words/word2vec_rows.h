// Where the rows of word2vec are while a round trains: in the table itself, or, if several shards train on a row at once, in
// each shard's copy, which are joined after the round.
#pragma once
#include <cstring>

#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {
namespace {

inline void prefetch_row(const float* row, int64_t width) {
  for (int64_t k = 0; k < width; k += 16) __builtin_prefetch(row + k, 1);
}

class TableRows {
 public:
  TableRows(float* table, int64_t width) : table_(table), width_(width) {}

  void expect(int64_t) {}
  float* at(int64_t row, int32_t) { return table_ + row * width_; }
  void prefetch(int64_t row) const { prefetch_row(table_ + row * width_, width_); }

 private:
  float* table_;
  int64_t width_;
};

// The rows that a shard trains on in a round. Those that no other shard touches change in the table; of the others it has
// copies. Each shard first says which rows it expects; when all have, it asks for them.
class CopiedRows {
 public:
  static constexpr int32_t kNone = -1, kExpected = -2, kAlone = -3;  // what slot_of holds if it isn't a slot

  // slot_of (rows of the table) holds kNone everywhere, and users[0] and users[1] (rows) 0: for each row, the set of the
  // shards that expect it in an even or an odd round.
  CopiedRows(int32_t shard, float* table, int64_t width, int32_t* slot_of, uint64_t* const* users, int64_t capacity)
      : self_(uint64_t(1) << shard),
        table_(table),
        width_(width),
        slot_of_(slot_of),
        users_{users[0], users[1]},
        copies_(capacity * width),
        rows_(capacity),
        pairs_(capacity),
        expected_(capacity) {}

  // Forgets the rows of the round before.
  void begin(int32_t round) {
    for (int32_t i = 0; i < expectations_; i++) {
      slot_of_[expected_[i]] = kNone;
      __atomic_store_n(users_[~round & 1] + expected_[i], 0, __ATOMIC_RELAXED);
    }
    expectations_ = size_ = 0;
    now_ = users_[round & 1];
  }

  void expect(int64_t row) {
    if (slot_of_[row] != kNone) return;
    slot_of_[row] = kExpected;
    expected_[expectations_++] = int32_t(row);
    __atomic_fetch_or(now_ + row, self_, __ATOMIC_RELAXED);
  }

  // `pairs`: how many pairs the row is about to train with.
  float* at(int64_t row, int32_t pairs) {
    int32_t slot = slot_of_[row];
    if (slot == kExpected) slot = slot_of_[row] = now_[row] == self_ ? kAlone : copied(row);
    if (slot == kAlone) return table_ + row * width_;
    pairs_[slot] += pairs;
    return copy(slot);
  }

  void prefetch(int64_t row) const {
    const int32_t slot = slot_of_[row];
    prefetch_row(slot < 0 ? table_ + row * width_ : copy(slot), width_);
  }

  int32_t size() const { return size_; }
  int32_t row(int32_t slot) const { return rows_[slot]; }
  int32_t pairs(int32_t slot) const { return pairs_[slot]; }
  int32_t slot_of(int64_t row) const { return slot_of_[row]; }
  float* copy(int32_t slot) const { return copies_.data() + slot * width_; }

 private:
  int32_t copied(int64_t row) {
    const int32_t slot = size_++;
    rows_[slot] = int32_t(row);
    pairs_[slot] = 0;
    memcpy(copy(slot), table_ + row * width_, width_ * sizeof(float));
    return slot;
  }

  const uint64_t self_;
  float* table_;
  int64_t width_;
  int32_t* slot_of_;
  uint64_t* const users_[2];
  uint64_t* now_ = nullptr;
  int32_t size_ = 0, expectations_ = 0;
  const Scratch<float> copies_;
  const Scratch<int32_t> rows_, pairs_, expected_;
};

// How far a row has gone towards where its pairs pull it: each pair goes a part of the way that is left, about a tenth of
// the rate (with which 32 shards learn as much from a text as one).
inline float progress_of(int32_t pairs, float rate) {
  const float x = 0.1f * float(pairs) * rate;
  return x / (x + 1);
}

constexpr int32_t kJoinAhead = 8;  // rows between fetching and joining

// The shard that joins a row: one that touched it, not always the same.
inline int32_t joiner_of(CopiedRows* const* shards, int32_t count, int64_t row) {
  int32_t s = int32_t(row % count);
  while (shards[s]->slot_of(row) < 0) s = s + 1 == count ? 0 : s + 1;
  return s;
}

// Writes a row back with what all shards changed; spoils the copy of shard s.
inline void join_row(CopiedRows* const* shards, int32_t count, int32_t s, int32_t slot, float* base, int64_t width,
                     float rate) {
  const int64_t row = shards[s]->row(slot);
  float* own = shards[s]->copy(slot);
  int32_t pairs = shards[s]->pairs(slot);
  float sum = progress_of(pairs, rate);
  bool alone = true;
  for (int32_t t = 0; t < count; t++) {
    const int32_t other = t == s ? CopiedRows::kNone : shards[t]->slot_of(row);
    if (other < 0) continue;
    const float* copy = shards[t]->copy(other);
    for (int64_t k = 0; k < width; k++) own[k] += copy[k] - base[k];
    pairs += shards[t]->pairs(other);
    sum += progress_of(shards[t]->pairs(other), rate);
    alone = false;
  }
  if (alone) return void(memcpy(base, own, width * sizeof(float)));
  const float scale = progress_of(pairs, rate) / sum;
  for (int64_t k = 0; k < width; k++) base[k] += scale * (own[k] - base[k]);
}

// Joins what the shards changed. Where shards pulled a row only a little, their changes add up; where each of them has
// pulled it all the way, the changes are averaged, since their sum would overshoot.
inline void join_rows(CopiedRows* const* shards, int32_t count, float* table, int64_t width, float rate) {
  parallel_for(count, [&](int32_t s) {
    const CopiedRows& own = *shards[s];
    for (int32_t slot = 0; slot < own.size(); slot++) {
      if (slot + kJoinAhead < own.size()) prefetch_row(table + own.row(slot + kJoinAhead) * width, width);
      const int64_t row = own.row(slot);
      if (joiner_of(shards, count, row) == s) join_row(shards, count, s, slot, table + row * width, width, rate);
    }
  });
}

}  // namespace
}  // namespace myelin::MYELIN_ISA
