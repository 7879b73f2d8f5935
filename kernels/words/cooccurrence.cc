// How often words meet. Every word gathers its own row from the places where it stands, so rows don't depend on the
// number of threads.
#include <cstring>

#include "common/memory.h"
#include "common/parallel.h"
#include "words/words.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int32_t kTasks = 64;

struct Text {
  const int32_t* tokens;
  int32_t count;
  const int32_t *starts, *places;
  int32_t words, window;
};

// f(word, distance) for the words within the window of a place, in its sentence.
template <class F>
inline void for_neighbors(const Text& text, int32_t place, const F& f) {
  for (int32_t d = 1; d <= text.window && place - d >= 0 && text.tokens[place - d] >= 0; d++) f(text.tokens[place - d], d);
  for (int32_t d = 1; d <= text.window && d < text.count - place && text.tokens[place + d] >= 0; d++)
    f(text.tokens[place + d], d);
}

// Every task takes words from all over the vocabulary, in which frequent words come first.
template <class F>
void for_words(int32_t words, const F& task) {
  parallel_for(words < kTasks ? words : kTasks, task);
}

}  // namespace

void cooccurrence_counts(const int32_t* tokens, int32_t count, const int32_t* starts, const int32_t* places, int32_t words,
                         int32_t window, int32_t* counts) {
  const Text text{tokens, count, starts, places, words, window};
  for_words(words, [&](int32_t task) {
    const Scratch<int32_t> seen(words);  // the word that met this one last, plus 1
    memset(seen.data(), 0, words * sizeof(int32_t));
    for (int32_t word = task; word < words; word += kTasks) {
      int32_t different = 0;
      for (int32_t i = starts[word]; i < starts[word + 1]; i++)
        for_neighbors(text, places[i], [&](int32_t other, int32_t) {
          different += seen[other] != word + 1;
          seen[other] = word + 1;
        });
      counts[word] = different;
    }
  });
}

void cooccurrence_fill(const int32_t* tokens, int32_t count, const int32_t* starts, const int32_t* places, int32_t words,
                       int32_t window, int32_t weighted, const int32_t* row_starts, int32_t* columns, float* values) {
  const Text text{tokens, count, starts, places, words, window};
  for_words(words, [&](int32_t task) {
    const Scratch<double> sums(words);
    memset(sums.data(), 0, words * sizeof(double));
    for (int32_t word = task; word < words; word += kTasks) {
      int32_t* row = columns + row_starts[word];
      int32_t size = 0;
      for (int32_t i = starts[word]; i < starts[word + 1]; i++)
        for_neighbors(text, places[i], [&](int32_t other, int32_t distance) {
          if (sums[other] == 0) row[size++] = other;
          sums[other] += weighted ? 1.0 / distance : 1.0;
        });
      for (int32_t i = 0; i < size; i++) {
        values[row_starts[word] + i] = float(sums[row[i]]);
        sums[row[i]] = 0;
      }
    }
  });
}

}  // namespace myelin::MYELIN_ISA
