// Workspace of a kernel: 64-byte aligned memory that a thread keeps for its next call.
#pragma once
#include <cstddef>

namespace myelin {

void* acquire_scratch(size_t bytes);
void release_scratch(void* memory);

template <class T>
class Scratch {
 public:
  explicit Scratch(size_t count) : data_(static_cast<T*>(acquire_scratch(count * sizeof(T)))) {}
  ~Scratch() { release_scratch(data_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  T* data() const { return data_; }
  T& operator[](size_t i) const { return data_[i]; }

 private:
  T* data_;
};

}  // namespace myelin
