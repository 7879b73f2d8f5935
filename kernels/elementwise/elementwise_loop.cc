#include "elementwise/elementwise_loop.h"

#include "elementwise/elementwise.h"
#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int kBufferBytes = 4096;
// Rows at least this long are handed to the core one by one: where that saves a copy, and where it does not.
constexpr int kLongRow = 64, kRepeatedRow = 512;
constexpr int64_t kWorthTransposing = 4096;  // elements

struct Operand {
  char* data;
  int32_t bytes;
  const int32_t* strides;
  bool dense;     // in the order of the loop, without gaps
  bool periodic;  // a dense row that repeats along every other axis
};

struct Loop {
  Core core;
  double p, q;
  int rank, count;
  const int32_t* sizes;
  Operand operands[kMaxOperands];
};

// Where the loop stands: an index for each axis.
struct Position {
  int32_t at[kMaxRank];

  Position(const Loop& loop, int64_t flat) {
    for (int d = loop.rank - 1; d >= 0; d--) {
      at[d] = int32_t(flat % loop.sizes[d]);
      flat /= loop.sizes[d];
    }
  }

  int64_t offset(const Loop& loop, const int32_t* strides) const {
    int64_t offset = 0;
    for (int d = 0; d < loop.rank; d++) offset += int64_t(at[d]) * strides[d];
    return offset;
  }

  // Moves n elements on, n at most what is left of the row.
  void advance_in_row(const Loop& loop, int64_t n) {
    int d = loop.rank - 1;
    at[d] += int32_t(n);
    for (; d > 0 && at[d] == loop.sizes[d]; d--) {
      at[d] = 0;
      at[d - 1]++;
    }
  }
};

// Calls run(offset, n) for the pieces of rows that make up the next n elements from `position` on.
template <class Run>
void for_rows(const Loop& loop, const int32_t* strides, Position position, int64_t n, Run run) {
  const int last = loop.rank - 1;
  int64_t offset = position.offset(loop, strides);
  while (n > 0) {
    const int64_t left = loop.sizes[last] - position.at[last], piece = n < left ? n : left;
    run(offset, piece);
    n -= piece;
    int d = last;
    position.at[d] += int32_t(piece);
    offset += piece * strides[d];
    for (; d > 0 && position.at[d] == loop.sizes[d]; d--) {
      position.at[d] = 0;
      position.at[d - 1]++;
      offset += strides[d - 1] - int64_t(loop.sizes[d]) * strides[d];
    }
  }
}

template <class T>
void repeat(T* to, T value, int64_t n) {
  for (int64_t i = 0; i < n; i++) to[i] = value;
}

template <class T>
void gather(const Loop& loop, const Operand& operand, const Position& position, int64_t n, char* buffer) {
  const int64_t step = operand.strides[loop.rank - 1];
  T* to = reinterpret_cast<T*>(buffer);
  for_rows(loop, operand.strides, position, n, [&](int64_t offset, int64_t piece) {
    const T* from = reinterpret_cast<const T*>(operand.data) + offset;
    if (step == 1) __builtin_memcpy(to, from, size_t(piece) * sizeof(T));
    else if (step == 0) repeat(to, *from, piece);
    else
      for (int64_t i = 0; i < piece; i++) to[i] = from[i * step];
    to += piece;
  });
}

template <class T>
void scatter(const Loop& loop, const Operand& operand, const Position& position, int64_t n, const char* buffer) {
  const int64_t step = operand.strides[loop.rank - 1];
  const T* from = reinterpret_cast<const T*>(buffer);
  for_rows(loop, operand.strides, position, n, [&](int64_t offset, int64_t piece) {
    T* to = reinterpret_cast<T*>(operand.data) + offset;
    for (int64_t i = 0; i < piece; i++) to[i * step] = from[i];
    from += piece;
  });
}

// f with a value of an unsigned type of that many bytes.
template <class F>
void for_bytes(int32_t bytes, F f) {
  if (bytes == 4) f(uint32_t{});
  else if (bytes == 8) f(uint64_t{});
  else f(uint8_t{});
}

struct Buffers {
  alignas(64) char memory[kMaxOperands][kBufferBytes];
  // What a buffer holds of an operand that repeats, so that it is filled once: the first element, and
  // how many elements follow.
  const char* repeated[kMaxOperands] = {};
  int64_t filled[kMaxOperands] = {};

  // Whether buffer k holds n elements from `first` on already; it will.
  bool holds(int k, const char* first, int64_t n) {
    if (repeated[k] == first && filled[k] >= n) return true;
    repeated[k] = first;
    filled[k] = n;
    return false;
  }
};

char* read_operand(const Loop& loop, int k, const Position& position, int64_t n, bool in_row, Buffers& buffers) {
  const Operand& operand = loop.operands[k];
  char* buffer = buffers.memory[k];
  const bool one_element = in_row && operand.strides[loop.rank - 1] == 0;
  if (one_element || operand.periodic) {
    const char* first = operand.data + position.offset(loop, operand.strides) * operand.bytes;
    if (buffers.holds(k, first, n)) return buffer;
    if (one_element) {
      for_bytes(operand.bytes, [&](auto unit) {
        using T = decltype(unit);
        repeat(reinterpret_cast<T*>(buffer), *reinterpret_cast<const T*>(first), n);
      });
      return buffer;
    }
  }
  for_bytes(operand.bytes, [&](auto unit) { gather<decltype(unit)>(loop, operand, position, n, buffer); });
  return buffer;
}

void run_range(const Loop& loop, int64_t begin, int64_t end) {
  const int last = loop.rank - 1;
  bool saves_copy = false;
  for (int k = 0; k < loop.count; k++) {
    const Operand& operand = loop.operands[k];
    saves_copy |= !operand.dense && !operand.periodic && operand.strides[last] == 1;
  }
  const bool in_row = loop.rank == 1 || loop.sizes[last] >= (saves_copy ? kLongRow : kRepeatedRow);
  bool direct[kMaxOperands] = {};
  int64_t limit = end - begin;
  for (int k = 0; k < loop.count; k++) {
    const Operand& operand = loop.operands[k];
    direct[k] = operand.dense || (in_row && operand.strides[last] == 1);
    if (direct[k]) continue;
    const int64_t fits = kBufferBytes / operand.bytes;
    if (fits < limit) limit = fits;
  }
  // Whole short rows, so that an operand which repeats a row is the same in every piece.
  if (!in_row && limit > loop.sizes[last]) limit -= limit % loop.sizes[last];
  Buffers buffers;
  Position position(loop, begin);
  while (begin < end) {
    int64_t n = end - begin < limit ? end - begin : limit;
    if (in_row && loop.sizes[last] - position.at[last] < n) n = loop.sizes[last] - position.at[last];
    char* pointers[kMaxOperands] = {};
    for (int k = 0; k < loop.count; k++) {
      const Operand& operand = loop.operands[k];
      if (operand.dense) pointers[k] = operand.data + begin * operand.bytes;
      else if (direct[k]) pointers[k] = operand.data + position.offset(loop, operand.strides) * operand.bytes;
      else if (k == 0) pointers[k] = buffers.memory[0];
      else pointers[k] = read_operand(loop, k, position, n, in_row, buffers);
    }
    loop.core(n, pointers[0], pointers[1], pointers[2], pointers[3], loop.p, loop.q);
    if (!direct[0]) {
      const Operand& out = loop.operands[0];
      for_bytes(out.bytes, [&](auto unit) { scatter<decltype(unit)>(loop, out, position, n, pointers[0]); });
    }
    begin += n;
    if (in_row) position.advance_in_row(loop, n);
    else position = Position(loop, begin);
  }
}

bool is_periodic(const Loop& loop, const int32_t* strides) {
  for (int d = 0; d < loop.rank - 1; d++)
    if (strides[d] != 0) return false;
  return strides[loop.rank - 1] == 1;
}

bool is_dense(const Loop& loop, const int32_t* strides) {
  int64_t step = 1;
  for (int d = loop.rank - 1; d >= 0; d--) {
    if (loop.sizes[d] != 1 && strides[d] != step) return false;
    step *= loop.sizes[d];
  }
  return true;
}

// Copies of operands that would be read along columns, in the order of the loop.
class Untransposed {
 public:
  Untransposed(Loop& loop, int64_t total) {
    if (total < kWorthTransposing) return;
    const int rank = loop.rank;
    int32_t layout[1 + 3 * kMaxRank] = {rank};
    int32_t *sizes = layout + 1, *out_strides = sizes + rank, *a_strides = out_strides + rank;
    int32_t step = 1;
    for (int d = rank - 1; d >= 0; step *= sizes[d], d--) {
      sizes[d] = loop.sizes[d];
      out_strides[d] = step;
    }
    for (int k = 1; k < loop.count; k++) {
      Operand& operand = loop.operands[k];
      if (transposed_axis(rank, sizes, out_strides, operand.strides) < 0) continue;
      bool repeats = false;
      for (int d = 0; d < rank; d++) repeats |= operand.strides[d] == 0;
      if (repeats) continue;
      __builtin_memcpy(a_strides, operand.strides, rank * sizeof(int32_t));
      copies_[k] = static_cast<char*>(acquire_scratch(size_t(total) * operand.bytes));
      const int32_t dtype = operand.bytes == 8 ? kFloat64 : operand.bytes == 4 ? kInt32 : kUint8;
      copy(dtype, dtype, operand.data, copies_[k], layout);
      operand.data = copies_[k];
      operand.dense = true;
    }
  }
  ~Untransposed() {
    for (char* memory : copies_)
      if (memory) release_scratch(memory);
  }
  Untransposed(const Untransposed&) = delete;
  Untransposed& operator=(const Untransposed&) = delete;

 private:
  char* copies_[kMaxOperands] = {};
};

}  // namespace

void run_loop(Core core, const LoopOperand* operands, int count, const int32_t* layout, double p, double q) {
  Loop loop{core, p, q, layout[0], count, layout + 1, {}};
  int64_t total = 1;
  for (int d = 0; d < loop.rank; d++) total *= loop.sizes[d];
  if (total == 0) return;
  for (int k = 0; k < count; k++) {
    const int32_t* strides = layout + 1 + (k + 1) * loop.rank;
    loop.operands[k] = {static_cast<char*>(const_cast<void*>(operands[k].data)), operands[k].bytes, strides,
                        is_dense(loop, strides), is_periodic(loop, strides)};
  }
  const Untransposed copies(loop, total);
  bool dense = true;
  for (int k = 0; k < count; k++) dense &= loop.operands[k].dense;
  parallel_ranges(total, kGrain, [&](int64_t begin, int64_t end) {
    if (!dense) return run_range(loop, begin, end);
    const char* at[kMaxOperands] = {};
    for (int k = 0; k < loop.count; k++) at[k] = loop.operands[k].data + begin * loop.operands[k].bytes;
    loop.core(end - begin, const_cast<char*>(at[0]), at[1], at[2], at[3], loop.p, loop.q);
  });
}

}  // namespace myelin::MYELIN_ISA
