// The three passes of a convolution, and how much work is worth a task in each.
#pragma once
#include <cstdint>

namespace myelin::MYELIN_ISA::conv {

enum class Pass { kForward, kInputGradient, kWeightGradient };

constexpr double kTaskWork = 4e5;  // multiply-adds worth a task
constexpr int kTasks = 16;         // as many are enough

inline int32_t wanted_tasks(double work) {
  return work > kTaskWork * kTasks ? kTasks : int32_t(work / kTaskWork) + 1;
}

// Tasks that are taken at once, so that little work wakes no thread.
inline int64_t task_grain(int64_t tasks, double work) { return int64_t(kTaskWork / 4 * tasks / (work + 1)) + 1; }

}  // namespace myelin::MYELIN_ISA::conv
