// The native side of parallel.h and memory.h: std::threads, and scratch memory from the C heap.
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "affinity.h"
#include "common/memory.h"
#include "common/thread_pool.h"
#include "common/scratch_cache.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace myelin {
namespace {

void worker_main(int32_t id);

struct Threads {
  static constexpr int kSpins = 4000;  // 50 to 300 µs: longer than the gap between two kernels of one step

  static void relax(int spins) {
    if (spins >= kSpins) return std::this_thread::yield();
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  static void sleep(const std::atomic<uint32_t>& word, uint32_t seen) {
    {
      std::unique_lock<std::mutex> lock(mutex());
      if (word.load(std::memory_order_seq_cst) == seen) condition().wait(lock);
    }
    affinity().release();
  }

  static void wake_all(const std::atomic<uint32_t>&) {
    affinity().steer();
    { std::lock_guard<std::mutex> lock(mutex()); }
    condition().notify_all();
  }

  [[noreturn]] static void fail() { abort(); }

  static void refresh() {}

  static void start(int32_t id) { std::thread(worker_main, id).detach(); }

  static Affinity& affinity() {
    static auto* instance = new Affinity;
    return *instance;
  }

 private:
  // Never destroyed, like the pool: detached workers outlive static destructors at exit.
  static std::mutex& mutex() {
    static auto* instance = new std::mutex;
    return *instance;
  }
  static std::condition_variable& condition() {
    static auto* instance = new std::condition_variable;
    return *instance;
  }
};

struct CHeap {
  static void* allocate(size_t bytes) {
    void* memory = aligned_alloc(64, bytes);
    if (!memory) abort();
    return memory;
  }
  static void release(void* memory) { free(memory); }
};

Pool<Threads>& pool() {
  static auto* instance = new Pool<Threads>;
  return *instance;
}

void worker_main(int32_t id) {
  Threads::affinity().join(id);
  pool().worker(id);
}

ScratchCache<CHeap>& scratch() {
  static thread_local ScratchCache<CHeap> cache;
  return cache;
}

}  // namespace

void run_blocks(int32_t blocks, Task task, const void* context) {
  if (blocks > 0) pool().run(blocks, task, context);
}
int32_t thread_count() { return pool().threads(); }
void set_thread_count(int32_t threads) { pool().set_threads(threads); }

void* acquire_scratch(size_t bytes) { return scratch().acquire(bytes); }
void release_scratch(void* memory) { scratch().release(memory); }

}  // namespace myelin
