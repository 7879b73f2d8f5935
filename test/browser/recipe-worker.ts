// Runs a recipe in a Web Worker and posts its events, as a page would have it.
import './offline.js';
import { engineInfo } from '../../src/index.js';
import { recipeNamed, run } from '../../src/recipes/index.js';
import type { Done } from './recipe-runs.js';

interface Order {
  readonly name: string;
  readonly options: Readonly<Record<string, number>>;
}

addEventListener('message', async ({ data: { name, options } }: MessageEvent<Order>) => {
  try {
    await run(recipeNamed(name), options, { onEvent: (event) => postMessage(event) });
    const ofPage = ['window', 'document'].filter((global) => global in globalThis);
    postMessage({ type: 'done', info: engineInfo(), ofPage } satisfies Done);
  } catch (error) {
    postMessage({ type: 'failed', error });
  }
});
// The engine loads before this line: what is posted to the worker earlier is lost.
postMessage({ type: 'ready' });
