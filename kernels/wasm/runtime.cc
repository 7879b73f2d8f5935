// The WASM side of parallel.h and memory.h, and what the host calls. Workers are started by the host: each
// instantiates the module on the shared memory, with its own stack and thread-local storage, and
// enters worker_main.
#include "common/abi.h"
#include "common/abi_version.h"
#include "common/memory.h"
#include "common/thread_pool.h"
#include "common/scratch_cache.h"
#include "heap.h"

namespace myelin {
namespace {

bool main_may_block = false;

struct HostThreads {
  static constexpr int kSpins = 20000;
  static constexpr int64_t kNap = 50'000;  // ns

  // A browser's main thread may not wait, so it spins until the last block is done.
  static void relax(int spins) {
    if (spins < kSpins || !main_may_block) return;
    int32_t nobody_wakes = 0;
    __builtin_wasm_memory_atomic_wait32(&nobody_wakes, 0, kNap);
  }

  static void sleep(std::atomic<uint32_t>& word, uint32_t seen) {
    __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int32_t*>(&word), int32_t(seen), -1);
  }

  static void wake_all(std::atomic<uint32_t>& word) {
    __builtin_wasm_memory_atomic_notify(reinterpret_cast<int32_t*>(&word), UINT32_MAX);
  }

  static void refresh() { heap_refresh(); }

  static void start(int32_t) {}

  [[noreturn]] static void fail() { __builtin_trap(); }
};

// Bytes of a workspace for which there was no memory: why a kernel trapped.
size_t lacking = 0;

struct LinearMemory {
  static void* allocate(size_t bytes) {
    void* memory = heap_allocate(bytes);
    if (!memory) {
      lacking = bytes;
      __builtin_trap();
    }
    return memory;
  }
  static void release(void* memory) { heap_release(memory); }
};

Pool<HostThreads> pool;

// Without the destructor, which would need a run-time library for threads: a worker lives as long as the page.
alignas(ScratchCache<LinearMemory>) thread_local unsigned char scratch_bytes[sizeof(ScratchCache<LinearMemory>)];

ScratchCache<LinearMemory>& scratch() { return *reinterpret_cast<ScratchCache<LinearMemory>*>(scratch_bytes); }

}  // namespace

void run_blocks(int32_t blocks, Task task, const void* context) {
  if (blocks > 0) pool.run(blocks, task, context);
}
int32_t thread_count() { return pool.threads(); }
void set_thread_count(int32_t threads) { pool.set_threads(threads); }

void* acquire_scratch(size_t bytes) { return scratch().acquire(bytes); }
void release_scratch(void* memory) { scratch().release(memory); }

}  // namespace myelin

// Tells from which declarations of kernels the module was built.
KERNEL(host_abi_version)
int32_t host_abi_version() { return myelin::kAbiVersion; }

KERNEL(host_allocate)
void* host_allocate(uint32_t bytes) { return myelin::heap_allocate(bytes); }

KERNEL(host_release)
void host_release(void* memory) { myelin::heap_release(memory); }

KERNEL(host_set_threads)
void host_set_threads(int32_t threads) { myelin::set_thread_count(threads); }

KERNEL(host_threads)
int32_t host_threads() { return myelin::thread_count(); }

// Tells whether the calling thread may sleep: true on Node, false on a browser's main thread.
KERNEL(host_may_block)
void host_may_block(int32_t may) { myelin::main_may_block = may; }

// After a kernel trapped: the bytes of memory that it lacked; 0 if it trapped for another reason.
KERNEL(host_lacking)
uint32_t host_lacking() {
  const size_t bytes = myelin::lacking;
  myelin::lacking = 0;
  return bytes;
}

// After a kernel trapped: whether it left a job half done, so that no other kernel may follow.
KERNEL(host_undone)
int32_t host_undone() { return myelin::pool.busy(); }

// Tells that the worker which calls it trapped.
KERNEL(host_abandon)
void host_abandon() { myelin::pool.abandon(); }

// The life of worker `id`; returns only when the host ends the worker.
KERNEL(host_worker)
void host_worker(int32_t id) { myelin::pool.worker(id); }
