// Word vectors: word2vec with negative sampling (Mikolov et al. 2013, arXiv:1310.4546), and GloVe (Pennington et al.
// 2014). float32.
//
// A corpus is a list of words by number; a negative number ends a sentence.
#pragma once
#include "common/abi.h"

#define WORD_KERNELS(X)    \
  X(word2vec_train)        \
  X(cooccurrence_counts)   \
  X(cooccurrence_fill)     \
  X(glove_blocks)          \
  X(glove_shuffle)         \
  X(glove_train)

namespace myelin::MYELIN_ISA {

// Trains on rounds [round, round + rounds) of an epoch. The corpus is cut into `shards` of equal length, and a shard into
// chunks of `chunk` words; a round trains on the next chunk of every shard, each from the rows as they were before it,
// and then joins what the shards changed. At most 64 shards. With one shard, rows change as they are trained.
//
// rows (2, words, stride): the vectors, then the rows that predict; stride is a multiple of 16, columns beyond the
// vectors' size are zero. keep (words): the share of each word's occurrences that trains. share, alias (words): the noise
// distribution as an alias table. rates (rounds): learning rates. bag: 0 skip-gram, 1 CBOW. tally (shards, 3) grows by the
// loss, the number of pairs it was measured on, and the number of words trained.
KERNEL(word2vec_train)
void word2vec_train(float* rows, int32_t words, int32_t stride, const int32_t* tokens, int32_t count, const float* keep,
                    const float* share, const int32_t* alias, const float* rates, int32_t bag, int32_t window,
                    int32_t negative, int32_t shards, int32_t chunk, double seed, int32_t epoch, int32_t round,
                    int32_t rounds, double* tally);

// counts[w] = number of different words within `window` of word w in its sentences. places[starts[w]] … are the
// places of word w in the corpus, in order.
KERNEL(cooccurrence_counts)
void cooccurrence_counts(const int32_t* tokens, int32_t count, const int32_t* starts, const int32_t* places, int32_t words,
                         int32_t window, int32_t* counts);

// columns, values: for each word those words, in the order of their first meeting, and Σ 1 / distance over all their meetings (or, without
// `weighted`, the number of meetings); the row of word w begins at row_starts[w].
KERNEL(cooccurrence_fill)
void cooccurrence_fill(const int32_t* tokens, int32_t count, const int32_t* starts, const int32_t* places, int32_t words,
                       int32_t window, int32_t weighted, const int32_t* row_starts, int32_t* columns, float* values);

// Sorts the elements of a sparse matrix (words, words) into blocks: block (a, b) holds the elements whose row is a and
// column b modulo `parts`, in the order of the matrix; it begins at block_starts[a·parts + b] (parts² + 1).
KERNEL(glove_blocks)
void glove_blocks(const int32_t* row_starts, const int32_t* columns, const float* values, int32_t words, int32_t parts,
                  int32_t* block_starts, int32_t* to_rows, int32_t* to_columns, float* to_values);

// Shuffles the elements of each block.
KERNEL(glove_shuffle)
void glove_shuffle(int32_t* rows, int32_t* columns, float* values, const int32_t* block_starts, int32_t blocks, double seed);

// One pass of AdaGrad over blocks (a, a + step modulo parts) for every a, which share no row:
//   cost = Σ f(x)·(v_i·u_j + b_i + c_j − log x)²,  f(x) = min(1, (x / x_max)^power)
// rows (2, words, stride) hold v and u, biases (2, words) b and c; row_squares and bias_squares, of the same shapes,
// the sums of the squared gradients. cost (parts) grows by ½·f(x)·(…)².
KERNEL(glove_train)
void glove_train(float* rows, float* biases, float* row_squares, float* bias_squares, int32_t words, int32_t stride,
                 const int32_t* element_rows, const int32_t* element_columns, const float* values,
                 const int32_t* block_starts, int32_t parts, int32_t step, double rate, double x_max, double power,
                 double* cost);

}  // namespace myelin::MYELIN_ISA
