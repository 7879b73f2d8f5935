// The thread pool behind parallel.h. How a thread waits is the platform's:
//   relax(spins)        called while spinning, spins counting up from 0
//   sleep(word, seen)   blocks until wake_all(word); returns at once if word is no longer `seen`
//   wake_all(word)
//   start(id, entry)    starts the worker thread `id`, or does nothing where the host starts them
#pragma once
#include <atomic>
#include <cstdint>

#include "parallel.h"

namespace myelin {

constexpr int32_t kMaxThreads = 64;

template <class Platform>
class Pool {
 public:
  int32_t threads() const { return threads_.load(std::memory_order_relaxed); }

  void set_threads(int32_t threads) {
    threads_.store(threads < 1 ? 1 : threads > kMaxThreads ? kMaxThreads : threads, std::memory_order_relaxed);
  }

  void run(int32_t blocks, Task task, const void* context) {
    const int32_t threads = this->threads();
    if (threads == 1 || inside_ || busy_.exchange(true, std::memory_order_acquire)) {
      for (int32_t block = 0; block < blocks; block++) task(context, block);
      return;
    }
    for (; started_ < threads; started_++) Platform::start(started_);
    task_ = task;
    context_ = context;
    blocks_ = blocks;
    left_.store(blocks, std::memory_order_relaxed);
    const uint32_t generation = generation_.load(std::memory_order_relaxed) + 1;
    ticket_.store(uint64_t(generation) << 32 | uint32_t(blocks), std::memory_order_release);
    generation_.store(generation, std::memory_order_seq_cst);
    if (sleeping_.load(std::memory_order_seq_cst) > 0) Platform::wake_all(generation_);
    inside_ = true;
    work(generation);
    inside_ = false;
    for (int spins = 0; left_.load(std::memory_order_acquire) > 0; spins++) Platform::relax(spins);
    busy_.store(false, std::memory_order_release);
  }

  // The life of worker `id` (1, 2, …): take part in each job, spin a while, sleep.
  [[noreturn]] void worker(int32_t id) {
    inside_ = true;
    uint32_t seen = 0;
    for (;;) {
      int spins = 0;
      while (generation_.load(std::memory_order_acquire) == seen) {
        if (id < threads() && spins < Platform::kSpins) {
          Platform::relax(0);
          spins++;
          continue;
        }
        sleeping_.fetch_add(1, std::memory_order_seq_cst);
        Platform::sleep(generation_, seen);
        sleeping_.fetch_sub(1, std::memory_order_relaxed);
        spins = 0;
      }
      seen = generation_.load(std::memory_order_acquire);
      if (id < threads()) work(seen);
    }
  }

 private:
  // The ticket holds a job's generation (high half) and how many of its blocks nobody has taken (low
  // half). Who takes one holds the job open until left_ is counted down, so the fields of the job may
  // be read after a successful exchange, and never before.
  void work(uint32_t generation) {
    uint64_t ticket = ticket_.load(std::memory_order_acquire);
    while (uint32_t(ticket >> 32) == generation && uint32_t(ticket) > 0) {
      if (!ticket_.compare_exchange_weak(ticket, ticket - 1, std::memory_order_acq_rel)) continue;
      task_(context_, blocks_ - int32_t(uint32_t(ticket)));
      left_.fetch_sub(1, std::memory_order_acq_rel);
      ticket = ticket_.load(std::memory_order_acquire);
    }
  }

  alignas(64) std::atomic<uint64_t> ticket_{0};
  alignas(64) std::atomic<int32_t> left_{0};
  alignas(64) std::atomic<uint32_t> generation_{0};
  std::atomic<int32_t> sleeping_{0};
  std::atomic<int32_t> threads_{1};
  std::atomic<bool> busy_{false};
  Task task_ = nullptr;
  const void* context_ = nullptr;
  int32_t blocks_ = 0;
  int32_t started_ = 1;
  static thread_local bool inside_;
};

template <class Platform>
thread_local bool Pool<Platform>::inside_ = false;

}  // namespace myelin
