// Keeps a worker that is about to wake off the waking thread's CPU. Linux likes to wake it right
// there, behind a thread that computes and does not sleep; it would wait there for milliseconds while
// other CPUs idle.
#pragma once
#include <atomic>

#include "common/parallel.h"

#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
#endif

namespace myelin {

class Affinity {
 public:
#if defined(__linux__)
  // Called by each worker as it starts, with its number.
  void join(int32_t id) {
    workers_[id] = pthread_self();
    joined_[id].store(true, std::memory_order_release);
  }

  // Called by the waking thread: workers may run on all of its CPUs but the one it is on.
  void steer() const {
    cpu_set_t allowed;
    const int here = sched_getcpu();
    if (here < 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < 2) return;
    CPU_CLR(here, &allowed);
    for (int32_t id = 1; id < kWorkers; id++)
      if (joined_[id].load(std::memory_order_acquire)) pthread_setaffinity_np(workers_[id], sizeof allowed, &allowed);
  }

  // Called by a worker that woke: back to the CPUs it had before.
  void release() const { pthread_setaffinity_np(pthread_self(), sizeof all_, &all_); }

  Affinity() { sched_getaffinity(0, sizeof all_, &all_); }

 private:
  static constexpr int32_t kWorkers = 64;
  pthread_t workers_[kWorkers] = {};
  std::atomic<bool> joined_[kWorkers] = {};
  cpu_set_t all_;
#else
  void join(int32_t) {}
  void steer() const {}
  void release() const {}
#endif
};

}  // namespace myelin
