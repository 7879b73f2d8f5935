// The thread pool behind parallel.h. How a thread waits is the platform's:
//   relax(spins)        called while spinning, spins counting up from 0
//   sleep(word, seen)   blocks until wake_all(word); returns at once if word is no longer `seen`
//   wake_all(word)
//   refresh()           lets a worker see memory that others added, before it works on a job
//   start(id, entry)    starts the worker thread `id`, or does nothing where the host starts them
//   fail()              ends the calling thread's work, for another thread's blocks will never be done
#pragma once
#include <atomic>
#include <cstdint>

#include "common/parallel.h"

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
    left_.store(blocks, std::memory_order_relaxed);
    const uint32_t generation = generation_.load(std::memory_order_relaxed) + 1;
    for (int32_t i = 0; i < threads; i++) {
      const int32_t begin = int32_t(int64_t(blocks) * i / threads);
      const int32_t end = int32_t(int64_t(blocks) * (i + 1) / threads);
      shares_[i].end = end;
      shares_[i].ticket.store(uint64_t(generation) << 32 | uint32_t(end - begin), std::memory_order_release);
    }
    generation_.store(generation, std::memory_order_seq_cst);
    if (sleeping_.load(std::memory_order_seq_cst) > 0) Platform::wake_all(generation_);
    inside_ = true;
    work(generation, 0, threads);
    inside_ = false;
    for (int spins = 0; left_.load(std::memory_order_acquire) > 0; spins++) {
      if (abandoned_.load(std::memory_order_relaxed)) Platform::fail();
      Platform::relax(spins);
    }
    busy_.store(false, std::memory_order_release);
  }

  // A worker died in the middle of a job.
  void abandon() { abandoned_.store(true, std::memory_order_relaxed); }

  // Whether a job is under way, or was when its thread died.
  bool busy() const { return busy_.load(std::memory_order_relaxed); }

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
      const int32_t threads = this->threads();
      if (id >= threads) continue;
      Platform::refresh();
      work(seen, id, threads);
    }
  }

 private:
  // A thread's share of a job is a range of its blocks, the same for every job of that size, so that what
  // it wrote in one job is in its own cache in the next. Who is done with its share helps the others.
  //
  // The ticket of a share holds the job's generation (high half) and how many blocks of it nobody has
  // taken (low half). Who takes one holds the job open until left_ is counted down, so the fields of the
  // job may be read after a successful exchange, and never before.
  struct alignas(64) Share {
    std::atomic<uint64_t> ticket{0};
    int32_t end = 0;
  };

  void work(uint32_t generation, int32_t id, int32_t threads) {
    for (int32_t i = 0; i < threads; i++) take(generation, shares_[(id + i) % threads]);
  }

  void take(uint32_t generation, Share& share) {
    uint64_t ticket = share.ticket.load(std::memory_order_acquire);
    while (uint32_t(ticket >> 32) == generation && uint32_t(ticket) > 0) {
      if (!share.ticket.compare_exchange_weak(ticket, ticket - 1, std::memory_order_acq_rel)) continue;
      task_(context_, share.end - int32_t(uint32_t(ticket)));
      left_.fetch_sub(1, std::memory_order_acq_rel);
      ticket = share.ticket.load(std::memory_order_acquire);
    }
  }

  Share shares_[kMaxThreads];
  alignas(64) std::atomic<int32_t> left_{0};
  alignas(64) std::atomic<uint32_t> generation_{0};
  std::atomic<int32_t> sleeping_{0};
  std::atomic<int32_t> threads_{1};
  std::atomic<bool> busy_{false};
  std::atomic<bool> abandoned_{false};
  Task task_ = nullptr;
  const void* context_ = nullptr;
  int32_t started_ = 1;
  static thread_local bool inside_;
};

template <class Platform>
thread_local bool Pool<Platform>::inside_ = false;

}  // namespace myelin
