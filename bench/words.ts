import { cpus } from 'node:os';
import { Word2Vec, WordCorpus } from '../src/text/index.js';
import type { TorchRival, Workload } from './workload.js';

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
def sentences():
    state = 1
    for _ in range(20000):
        words = []
        for _ in range(20):
            state = (state * 1664525 + 1013904223) % 2 ** 32
            words.append("w%d" % int(20000 ** (state / 2 ** 32)))
        yield words
text = list(sentences())`;

/**
 * fastText's command reads the text and writes the vectors too. Its threads share the table without locks, and it has no
 * seed for more than one; subwords and labels are off.
 */
const fastText = (threads: number): TorchRival => ({
  kind: 'torch',
  setup: `${rivalSentences}
import shutil, subprocess, tempfile
if shutil.which("fasttext") is None:
    raise ModuleNotFoundError("fasttext", name="fasttext")
folder = tempfile.mkdtemp()
with open(f"{folder}/text", "w") as file:
    file.writelines(" ".join(words) + "\\n" for words in text)
options = "-dim 100 -ws 5 -neg 5 -t 1e-3 -lr 0.025 -minCount 5 -epoch 1 -loss ns -maxn 0 -bucket 1 -thread ${threads}"
command = ["fasttext", "skipgram", "-input", f"{folder}/text", "-output", f"{folder}/vectors", *options.split()]`,
  run: 'subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)',
});

/** gensim's loops are C. */
const gensim = (threads: number): TorchRival => ({
  kind: 'torch',
  setup: `from gensim.models import Word2Vec
${rivalSentences}
model = Word2Vec(vector_size=100, window=5, negative=5, sample=1e-3, min_count=5, sg=1, workers=${threads})
model.build_vocab(text)`,
  run: 'model.train(text, total_examples=model.corpus_count, epochs=1)',
});

/** One epoch of skip-gram with negative sampling. The authors' word2vec.c is in no package repository, so it isn't here. */
const skipGram = (threads: number, name: string, rival: TorchRival): Workload => ({
  row: 'skip-gram, negative sampling',
  name: `400,000 words, dim 100, window 5, 5 noise words, ${threads} ${threads === 1 ? 'thread' : 'threads'}, beside ${name}`,
  target: 1.2,
  engine: 'native',
  threads,
  samples: 3,
  async ours() {
    const corpus = await WordCorpus.from(sentences());
    return () => new Word2Vec(corpus, { epochs: 1, shards: threads }).train();
  },
  rival,
});

export const wordWorkloads: readonly Workload[] = [...new Set([1, cpus().length])].flatMap((threads) => [
  skipGram(threads, 'gensim', gensim(threads)),
  skipGram(threads, 'fastText', fastText(threads)),
]);
