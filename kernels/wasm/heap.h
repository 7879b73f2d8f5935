// The heap of the WASM engine's linear memory: tensors, workspaces, the stacks of workers.
//
// Two-level segregated fit (Masmano et al. 2004, doi:10.1109/EMRTS.2004.1311009): free blocks hang in
// lists by size class, eight classes to a power of two; two bitmaps find a fitting list in constant time;
// a freed block merges with free neighbors. Any thread may call.
#pragma once
#include <cstddef>

namespace myelin {

// 64-byte aligned memory of at least `bytes` bytes, not cleared; null when the memory cannot grow further.
void* heap_allocate(size_t bytes);
void heap_release(void* memory);

// Lets the calling thread reach what other threads added to the memory.
void heap_refresh();

}  // namespace myelin
