#include "heap.h"

#include <atomic>
#include <cstdint>

extern "C" unsigned char __heap_base;

namespace myelin {
namespace {

constexpr uint32_t kUnit = 64;  // granularity and alignment
constexpr uint32_t kPage = 65536;
constexpr uint32_t kGrowth = 64 * kPage;  // at least 4 MB at a time
constexpr int kSteps = 8;                 // classes to a power of two
constexpr int kLevels = 25;               // enough for 2^26 units, 4 GB
constexpr uint32_t kFree = 1;

// Lies right before its memory. Sizes are in bytes, header included, multiples of kUnit; the lowest bit
// says that the block is free, and then its memory begins with the links of its list.
struct Block {
  uint32_t size_and_free;
  uint32_t previous_size;  // of the block before this one; 0 at the start of a region
  Block* next;
  Block* back;

  uint32_t size() const { return size_and_free & ~kFree; }
  bool free() const { return size_and_free & kFree; }
  void* memory() { return reinterpret_cast<char*>(this) + kHeader; }
  Block* following() { return reinterpret_cast<Block*>(uintptr_t(this) + size()); }
  Block* previous() { return reinterpret_cast<Block*>(uintptr_t(this) - previous_size); }

  static constexpr uint32_t kHeader = 8;
  static Block* of(void* memory) { return reinterpret_cast<Block*>(static_cast<char*>(memory) - kHeader); }
};

std::atomic<uint32_t> growths{0};
thread_local uint32_t seen_growths = 0;

// V8 checks addresses against the size that a thread last knew, and tells it late that another thread grew the memory.
// Growing by nothing asks for the size.
void see_growth() {
  const uint32_t now = growths.load(std::memory_order_acquire);
  if (now == seen_growths) return;
  __builtin_wasm_memory_grow(0, 0);
  seen_growths = now;
}

struct SizeClass {
  int level, step;
};

// The class that a block of `units` units belongs to.
SizeClass class_of(uint32_t units) {
  if (units < kSteps) return {0, int(units)};
  const int log = 31 - __builtin_clz(units);
  return {log - 2, int(units >> (log - 3)) - kSteps};
}

// The smallest class of which every block has at least `units` units.
SizeClass class_above(uint32_t units) {
  if (units >= kSteps) units += (1u << (31 - __builtin_clz(units) - 3)) - 1;
  return class_of(units);
}

class Heap {
 public:
  void* allocate(size_t bytes) {
    if (bytes > UINT32_MAX - 2 * kGrowth) return nullptr;
    const uint32_t size = (uint32_t(bytes) + Block::kHeader + kUnit - 1) / kUnit * kUnit;
    Lock lock(busy_);
    see_growth();
    Block* block = take(size);
    if (!block && grow(size)) block = take(size);
    if (!block) return nullptr;
    return block->memory();
  }

  void release(void* memory) {
    if (!memory) return;
    Lock lock(busy_);
    see_growth();
    Block* block = Block::of(memory);
    insert(merge(block));
  }

 private:
  struct Lock {
    explicit Lock(std::atomic<bool>& busy) : busy(busy) {
      while (busy.exchange(true, std::memory_order_acquire)) continue;
    }
    ~Lock() { busy.store(false, std::memory_order_release); }
    std::atomic<bool>& busy;
  };

  std::atomic<bool> busy_{false};
  uint32_t levels_ = 0;              // bit l: some list of level l has a block
  uint32_t steps_[kLevels] = {};     // bit s: list (l, s) has a block
  Block* lists_[kLevels][kSteps] = {};
  Block* end_ = nullptr;            // the empty block that closes the last region

  Block* take(uint32_t size) {
    auto [level, step] = class_above(size / kUnit);
    if (level >= kLevels) return nullptr;
    uint32_t steps = steps_[level] & ~0u << step;
    if (!steps) {
      const uint32_t levels = levels_ & ~0u << (level + 1);
      if (!levels) return nullptr;
      level = __builtin_ctz(levels);
      steps = steps_[level];
    }
    Block* block = lists_[level][__builtin_ctz(steps)];
    remove(block);
    const uint32_t rest = block->size() - size;
    block->size_and_free = size;
    if (rest > 0) {
      Block* tail = block->following();
      tail->size_and_free = rest;
      tail->previous_size = size;
      tail->following()->previous_size = rest;
      insert(tail);
    }
    return block;
  }

  void insert(Block* block) {
    const auto [level, step] = class_of(block->size() / kUnit);
    block->size_and_free |= kFree;
    block->back = nullptr;
    block->next = lists_[level][step];
    if (block->next) block->next->back = block;
    lists_[level][step] = block;
    steps_[level] |= 1u << step;
    levels_ |= 1u << level;
  }

  void remove(Block* block) {
    const auto [level, step] = class_of(block->size() / kUnit);
    if (block->next) block->next->back = block->back;
    if (block->back)
      block->back->next = block->next;
    else if (!(lists_[level][step] = block->next) && !(steps_[level] &= ~(1u << step)))
      levels_ &= ~(1u << level);
    block->size_and_free &= ~kFree;
  }

  // Joins a block that is in no list with its free neighbors.
  Block* merge(Block* block) {
    Block* following = block->following();
    if (following->free()) {
      remove(following);
      block->size_and_free += following->size();
    }
    if (block->previous_size) {
      Block* previous = block->previous();
      if (previous->free()) {
        remove(previous);
        previous->size_and_free += block->size();
        block = previous;
      }
    }
    block->following()->previous_size = block->size();
    return block;
  }

  // Adds memory for a block of `size` bytes. The last header of a region, that of an empty block in use, is
  // its last 8 bytes; so where nobody else grew the memory in between, the next region continues it.
  bool grow(uint32_t size) {
    uint32_t wanted = size + size / kSteps + 2 * kUnit;
    if (wanted < size) return false;
    if (wanted < kGrowth) wanted = kGrowth;
    const uint32_t pages = wanted / kPage + 1;
    if (!end_) {
      const uint32_t start = (uint32_t(uintptr_t(&__heap_base)) + kUnit - 1) / kUnit * kUnit + kUnit;
      const uint32_t limit = uint32_t(__builtin_wasm_memory_size(0)) * kPage;
      if (start + 2 * kUnit <= limit) {
        add_region(start, limit);
        if (limit - start >= wanted) return true;
      }
    }
    size_t old = __builtin_wasm_memory_grow(0, pages);
    if (old == SIZE_MAX) return false;
    growths.fetch_add(1, std::memory_order_release);
    const uint32_t begin = uint32_t(old) * kPage, limit = begin + (pages - (old + pages == 65536)) * kPage;
    if (end_ && uintptr_t(end_->memory()) == begin) {
      Block* block = end_;
      block->size_and_free = limit - begin;
      close(block);
      insert(merge(block));
    } else {
      add_region(begin + kUnit, limit);
    }
    return true;
  }

  void add_region(uint32_t start, uint32_t limit) {
    Block* block = Block::of(reinterpret_cast<void*>(uintptr_t(start)));
    block->previous_size = 0;
    block->size_and_free = limit - start;
    close(block);
    insert(block);
  }

  void close(Block* last) {
    end_ = last->following();
    end_->size_and_free = 0;
    end_->previous_size = last->size();
  }
};

Heap heap;

}  // namespace

void* heap_allocate(size_t bytes) { return heap.allocate(bytes); }
void heap_release(void* memory) { heap.release(memory); }
void heap_refresh() { see_growth(); }

}  // namespace myelin
