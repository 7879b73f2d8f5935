import { host } from '#host';
import { HostError } from '../../../core/errors.js';
import { ByteLevelBPE } from './byte-level-bpe.js';

/**
 * GPT-2's tokenizer: 50,256 tokens and `<|endoftext|>`. Its tokens come from the package `gpt-tokenizer`, which you
 * install yourself; in a browser, pass them to `ByteLevelBPE.fromRanks`.
 *
 * @throws MissingPackageError without the package, HostError in a browser
 * @source Radford et al. 2019, Language models are unsupervised multitask learners
 *
 * @example
 * const gpt2 = await text.loadGpt2();
 * gpt2.encode('Hello, world!').tokens; // ['Hello', ',', 'Ġworld', '!']
 */
export async function loadGpt2(): Promise<ByteLevelBPE> {
  if (host.packages === null)
    throw new HostError(
      'loadGpt2',
      "a browser can't load a package by itself; import ranks from 'gpt-tokenizer/bpeRanks/r50k_base' and call text.ByteLevelBPE.fromRanks(ranks, { '<|endoftext|>': 50256 })",
    );
  return ByteLevelBPE.fromRanks(await host.packages.gpt2Tokens('loadGpt2'), { '<|endoftext|>': 50256 });
}
