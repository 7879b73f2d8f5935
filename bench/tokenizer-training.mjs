// Trains byte-level BPE with 32,000 tokens on generated text: node bench/tokenizer-training.mjs [MEGABYTES …]
import { ByteLevelBPE } from '../dist/text/index.js';

/** A generator of numbers from 0 to 1 that's the same each time. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const onsets = ['', ...'bcdfghjklmnpqrstvwxz', 'th', 'sh', 'str', 'pl'];
const syllables = onsets.flatMap((a) =>
  ['a', 'e', 'i', 'o', 'u', 'ea', 'ou', 'ä'].flatMap((b) =>
    ['', 'n', 'r', 's', 't', 'l'].map((c) => a + b + c),
  ),
);

/** A made-up word for each rank, the frequent ones short. */
function wordOf(rank) {
  let word = '';
  for (let rest = rank + 7; rest > 0; rest = Math.floor((rest / syllables.length) * 0.7))
    word += syllables[rest % syllables.length];
  return word;
}

/** Pages of text whose words have Zipf's frequencies, from a vocabulary of two million. */
function* pages(characters) {
  const random = randomNumbers(1);
  for (let made = 0; made < characters; ) {
    let page = '';
    while (page.length < 4000) {
      const rank = Math.floor(Math.exp(random() * Math.log(2_000_000)));
      page += wordOf(rank) + (random() < 0.1 ? '. ' : random() < 0.1 ? ', ' : ' ');
    }
    made += page.length;
    yield page;
  }
}

for (const megabytes of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 10, 100]) {
  // Made beforehand, so that only the training is timed.
  const texts = [...pages(megabytes * 1e6)];
  const start = performance.now();
  let counted = start;
  const { vocabSize } = await ByteLevelBPE.train(texts, {
    vocabSize: 32_256,
    onProgress: ({ stage }) => {
      if (stage === 'count') counted = performance.now();
    },
  });
  const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);
  console.log(
    `${megabytes} MB: ${seconds(performance.now() - start)} s, of which ${seconds(counted - start)} s to count words; ${vocabSize - 256} merges, ${Math.round(process.memoryUsage().rss / 1e6)} MB in use`,
  );
}
