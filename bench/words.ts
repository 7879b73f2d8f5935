import { cpus } from 'node:os';
import { Word2Vec, WordCorpus } from '../src/text/index.js';
import type { Workload } from './workload.js';

/** Sentences of made words whose frequencies fall as in a real text. */
function sentences(): string[][] {
  let state = 1;
  const draw = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: 20_000 }, () =>
    Array.from({ length: 20 }, () => `w${Math.floor(20_000 ** draw())}`),
  );
}

const rivalSentences = `
from gensim.models import Word2Vec
def sentences():
    state = 1
    for _ in range(20000):
        words = []
        for _ in range(20):
            state = (state * 1664525 + 1013904223) % 2 ** 32
            words.append("w%d" % int(20000 ** (state / 2 ** 32)))
        yield words
text = list(sentences())`;

/** One epoch of skip-gram with negative sampling; gensim's loops are C. */
const skipGram = (threads: number): Workload => ({
  row: 'skip-gram, negative sampling',
  name: `400,000 words, dim 100, window 5, 5 noise words, ${threads} ${threads === 1 ? 'thread' : 'threads'}, beside gensim`,
  target: 1.2,
  engine: 'native',
  threads,
  samples: 3,
  async ours() {
    const corpus = await WordCorpus.from(sentences());
    return () => new Word2Vec(corpus, { epochs: 1, shards: threads }).train();
  },
  rival: {
    kind: 'torch',
    setup: `${rivalSentences}
model = Word2Vec(vector_size=100, window=5, negative=5, sample=1e-3, min_count=5, sg=1, workers=${threads})
model.build_vocab(text)`,
    run: 'model.train(text, total_examples=model.corpus_count, epochs=1)',
  },
});

export const wordWorkloads: readonly Workload[] = [...new Set([1, cpus().length])].map(skipGram);
