import { readdirSync, readFileSync } from 'node:fs';
import { loadGpt2, TinyShakespeare, WarAndPeace } from '../src/text/index.js';
import type { Work, Workload } from './workload.js';

/** What this file uses of gpt-tokenizer. */
interface GptTokenizer {
  encode(text: string): number[];
}

const megabytes = 10;

/** English text, repeated to fill its 10 MB: the corpora if they're there, the guides if not. */
async function english(): Promise<string> {
  const found = [
    await WarAndPeace.find({ download: false }),
    await TinyShakespeare.find({ download: false }),
  ];
  const corpora = found.flatMap((search) => (search.found === null ? [] : [search.found.text]));
  const guides = readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => readFileSync(`docs/${file}`, 'utf8'));
  const text = (corpora.length > 0 ? corpora : guides).join('\n');
  return text.repeat(Math.ceil((megabytes * 1e6) / text.length)).slice(0, megabytes * 1e6);
}

export const tokenizerWorkloads: readonly Workload[] = [
  {
    row: "encoding 10 MB with GPT-2's vocabulary",
    name: 'English text',
    target: 1,
    engine: 'native',
    samples: 5,
    async ours() {
      const tokenizer = await loadGpt2();
      const text = await english();
      return () => tokenizer.encode(text);
    },
    rival: {
      kind: 'script',
      name: 'gpt-tokenizer',
      async prepare(): Promise<Work | null> {
        const name = 'gpt-tokenizer/encoding/r50k_base';
        const library = await (import(name) as Promise<GptTokenizer>).catch(() => null);
        if (library === null) return null;
        const text = await english();
        return () => library.encode(text);
      },
    },
  },
];
