// Splitting work over the thread pool. A kernel cuts its work into blocks by the sizes alone;
// threads take whole blocks, so a result never depends on how many threads there are.
#pragma once
#include <cstdint>

namespace myelin {

using Task = void (*)(const void* context, int32_t block);

// Runs task(context, 0 … blocks-1), on the calling thread and the pool's; returns when all are done.
// A call from inside a task runs its blocks in place.
void run_blocks(int32_t blocks, Task task, const void* context);

int32_t thread_count();
void set_thread_count(int32_t threads);

template <class F>
inline void parallel_for(int32_t blocks, const F& f) {
  if (blocks == 1) return f(0);
  run_blocks(blocks, [](const void* context, int32_t block) { (*static_cast<const F*>(context))(block); }, &f);
}

// Cuts [0, n) into ranges of `grain` elements: f(begin, end).
template <class F>
inline void parallel_ranges(int64_t n, int64_t grain, const F& f) {
  const int64_t blocks = (n + grain - 1) / grain;
  parallel_for(int32_t(blocks), [&](int32_t block) {
    const int64_t begin = block * grain, end = begin + grain < n ? begin + grain : n;
    f(begin, end);
  });
}

}  // namespace myelin
