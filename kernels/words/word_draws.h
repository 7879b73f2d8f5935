// Random numbers by their place, so that training resumes from nothing but its position: a hash of a counter and two
// keys. The hash is the finalizer of MurmurHash3 (Appleby).
#pragma once
#include "common/abi.h"

namespace myelin::MYELIN_ISA {
namespace {

inline uint32_t scrambled(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}

class Draws {
 public:
  Draws(double seed, uint32_t epoch, uint32_t round, uint32_t shard) {
    const uint64_t whole = uint64_t(int64_t(seed));
    for (const uint32_t part : {uint32_t(whole), uint32_t(whole >> 32), epoch, round, shard}) {
      a_ = scrambled(a_ + part);
      b_ = scrambled(b_ ^ part);
    }
  }

  uint32_t operator()(uint32_t place) const { return scrambled(scrambled(place * 0x9e3779b9u + a_) ^ b_); }

  // 24 random bits in [0, 1).
  float unit(uint32_t place) const { return float(int32_t((*this)(place) >> 8)) * 0x1p-24f; }

  // 0 … n−1.
  int32_t below(uint32_t place, int32_t n) const { return int32_t(uint64_t((*this)(place)) * uint32_t(n) >> 32); }

 private:
  uint32_t a_ = 0x6d79656cu, b_ = 0x696e3132u;
};

}  // namespace
}  // namespace myelin::MYELIN_ISA
