// npm run bench [-- --write] [-- WORD …]: measures workloads whose row or name contains a WORD (default: all)
// in turns with their rivals; --write puts the table into docs/performance.md.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { availableEngines } from '../src/engine/engines.js';
import { engineInfo, manualSeed, setEngine, setThreads } from '../src/index.js';
import { alternate, timerOf } from './measure.js';
import { TorchProcess } from './torch.js';
import type { TimedWorkload, Workload } from './workload.js';
import { workloads } from './workloads.js';

/** Seconds, or bytes of a workload that measures memory. */
interface Result {
  readonly workload: Workload;
  readonly ours: number;
  readonly rival: number | null;
}

const cores = availableParallelism();
const torch = await TorchProcess.start();
if (torch === null) console.log('PyTorch is not installed here: its rows are measured without a rival');

async function rivalOf({
  rival,
  threads = cores,
}: TimedWorkload): Promise<((count: number) => Promise<number>) | null> {
  if (rival.kind === 'torch') return torch?.prepare(rival, threads) ?? null;
  const work = await rival.prepare();
  if (work === null) console.log(`${rival.name} is not installed here: skipped`);
  return work && timerOf(work);
}

async function timed(workload: TimedWorkload): Promise<Result> {
  setThreads(workload.threads ?? cores);
  manualSeed(0);
  const ours = await workload.ours();
  return { workload, ...(await alternate(timerOf(ours), await rivalOf(workload), workload.samples)) };
}

async function measure(workload: Workload): Promise<Result> {
  await setEngine(workload.engine);
  if (workload.unit !== 'bytes') return timed(workload);
  return { workload, ours: workload.ours(cores), rival: workload.rival(cores) };
}

const time = (seconds: number): string => {
  if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(1)} µs`;
  return seconds < 1 ? `${(seconds * 1e3).toFixed(2)} ms` : `${seconds.toFixed(2)} s`;
};
const memory = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const figure = ({ workload }: Result, value: number | null): string =>
  value === null ? '–' : workload.unit === 'bytes' ? memory(value) : time(value);
const ratioOf = ({ ours, rival }: Result): number | null => (rival === null ? null : rival / ours);
const format = (ratio: number | null): string => (ratio === null ? '–' : ratio.toFixed(2));

function geometricMean(results: readonly Result[]): number | null {
  const logs = results
    .map(ratioOf)
    .filter((r): r is number => r !== null)
    .map(Math.log);
  return logs.length === 0 ? null : Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length);
}

function report(results: readonly Result[]): string {
  const rows = [...new Set(results.map((r) => r.workload.row))].map((row) =>
    results.filter((r) => r.workload.row === row),
  );
  const summary = rows.map((row) => {
    const { workload } = row[0]!;
    return `| ${workload.row} | ${workload.engine} | ${format(geometricMean(row))} | ≥ ${workload.target} |`;
  });
  const details = results.map(
    (r) =>
      `| ${r.workload.row} | ${r.workload.name} | ${figure(r, r.ours)} | ${figure(r, r.rival)} | ${format(ratioOf(r))} |`,
  );
  return [
    '# Performance',
    '',
    `Measured by \`npm run bench -- --write\` on ${cpus()[0]!.model.trim()}, ${cores} cores, Node ${process.versions.node}.`,
    'Both sides take turns in one run; a ratio is the rival’s median time (or peak memory) divided by ours, so larger is better.',
    'Where a row has several workloads, its ratio is their geometric mean.',
    '',
    '| work | engine | ratio | target |',
    '|---|---|---|---|',
    ...summary,
    '',
    '## Every measurement',
    '',
    '| work | case | Myelin | rival | ratio |',
    '|---|---|---|---|---|',
    ...details,
    '',
  ].join('\n');
}

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const chosen = workloads.filter(
  (w) =>
    availableEngines().includes(w.engine) &&
    (words.length === 0 ||
      words.some((word) => `${w.row} ${w.name} ${w.engine}`.toLowerCase().includes(word.toLowerCase()))),
);
const results: Result[] = [];
for (const workload of chosen) {
  const result = await measure(workload);
  results.push(result);
  console.log(
    `${workload.row} · ${workload.name} (${engineInfo().instructionSet}): ${figure(result, result.ours)}, rival ${figure(result, result.rival)}, ratio ${format(ratioOf(result))}`,
  );
}
torch?.stop();
const table = report(results);
console.log(`\n${table}`);
if (process.argv.includes('--write')) writeFileSync('docs/performance.md', table);
process.exit(0);
