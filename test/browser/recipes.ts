// The page of the browser test for recipes: a worker runs each, and `window` gets the report.
import type { RecipeEvent, RecipeResult } from '../../src/recipes/index.js';
import { type Done, type RecipeReport, recipeRuns } from './recipe-runs.js';

type Message =
  | RecipeEvent
  | Done
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly error: unknown };

const events: Record<string, Record<string, number>> = {};
const results: Record<string, RecipeResult> = {};

async function runInWorker(name: string, options: object): Promise<Done> {
  const worker = new Worker('/worker.js', { type: 'module' });
  const counts: Record<string, number> = {};
  events[name] = counts;
  try {
    return await new Promise<Done>((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }: MessageEvent<Message>) => {
        if (data.type === 'ready') return worker.postMessage({ name, options });
        if (data.type === 'done') return resolve(data);
        if (data.type === 'failed') return reject(data.error);
        counts[data.type] = (counts[data.type] ?? 0) + 1;
        if (data.type === 'result') results[name] = data;
      };
    });
  } finally {
    worker.terminate();
  }
}

const done: Done[] = [];
for (const [name, options] of Object.entries(recipeRuns)) done.push(await runInWorker(name, options));
const { info, ofPage } = done[0]!;
Object.assign(window, { report: { info, ofPage, events, results } satisfies RecipeReport });
