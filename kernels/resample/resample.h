// Resizing planes, and cutting images into patches and back. All tensors are contiguous.
#pragma once
#include "common/abi.h"

namespace myelin {
// How an output element is made of input elements along an axis.
enum Interpolation : int32_t { kNearest = 0, kNearestExact = 1, kLinear = 2, kCubic = 3 };
}

namespace myelin::MYELIN_ISA {

// Resizes (planes, D, H, W) along each axis; fewer axes have leading lengths of 1. `sizes` holds the
// input's D, H, W and the output's. A scale is the ratio input/output to step by along its axis, or 0 for
// that of the sizes. Nearest modes take any dtype, the others float32 and float64.
KERNEL(resize) void resize(int32_t dtype, const void* x, void* y, int32_t planes, const int32_t* sizes, double scale_d,
                           double scale_h, double scale_w, int32_t mode, int32_t align_corners);

// dx, the gradient of resize; dtype float32 or float64.
KERNEL(resize_backward) void resize_backward(int32_t dtype, const void* dy, void* dx, int32_t planes, const int32_t* sizes,
                                             double scale_d, double scale_h, double scale_w, int32_t mode,
                                             int32_t align_corners);

// Patches of images x (N, C, H, W) as columns: y (N, C·kH·kW, L). `window` holds pairs (H, W): input
// size, counts of patches, kernel, stride, padding, dilation.
KERNEL(unfold) void unfold(int32_t dtype, const void* x, void* y, int32_t planes, const int32_t* window);

// The sum of columns y (N, C·kH·kW, L) at their places in x (N, C, H, W).
KERNEL(fold) void fold(int32_t dtype, const void* y, void* x, int32_t planes, const int32_t* window);

// y (N, C, Ho, Wo) = x (N, C, H, W) at the places of grid (N, Ho, Wo, 2), x before y, in [-1, 1].
// sizes: N, C, H, W, Ho, Wo. mode: 0 bilinear, 1 nearest; padding: 0 zeros, 1 border, 2 reflection.
KERNEL(grid_sample) void grid_sample(int32_t dtype, const void* x, const void* grid, void* y, const int32_t* sizes, int32_t mode,
                                     int32_t padding, int32_t align_corners);
KERNEL(grid_sample_backward) void grid_sample_backward(int32_t dtype, const void* dy, const void* x, const void* grid, void* dx,
                                                       void* dgrid, const int32_t* sizes, int32_t mode, int32_t padding,
                                                       int32_t align_corners);

}  // namespace myelin::MYELIN_ISA

#define RESAMPLE_KERNELS(X) \
  X(resize) X(resize_backward) X(unfold) X(fold) X(grid_sample) X(grid_sample_backward)
