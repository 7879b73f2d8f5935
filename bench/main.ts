// Measures workloads in turns with their rivals: bench/run.mjs tells how to call it.
import { availableParallelism, cpus } from 'node:os';
import { availableEngines } from '../src/engine/engines.js';
import { engineInfo, manualSeed, setEngine, setThreads } from '../src/index.js';
import { alternate, timerOf } from './measure.js';
import { writeSections } from './section.js';
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
if (torch === null) console.log("PyTorch isn't installed here: its rows are measured without a rival");

async function rivalOf({
  rival,
  threads = cores,
}: TimedWorkload): Promise<((count: number) => Promise<number>) | null> {
  if (rival.kind === 'torch') return torch?.prepare(rival, threads) ?? null;
  const work = await rival.prepare();
  if (work === null) console.log(`${rival.name} isn't installed here: skipped`);
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

/** The sections of docs/performance.md that are measured. */
function report(results: readonly Result[]): { readonly summary: string; readonly measurements: string } {
  const rows = [...new Set(results.map((r) => r.workload.row))].map((row) =>
    results.filter((r) => r.workload.row === row),
  );
  const means = rows.map((row) => {
    const { workload } = row[0]!;
    return `| ${workload.row} | ${workload.engine} | ${format(geometricMean(row))} | ≥ ${workload.target} |`;
  });
  const details = results.map(
    (r) =>
      `| ${r.workload.row} | ${r.workload.name} | ${figure(r, r.ours)} | ${figure(r, r.rival)} | ${format(ratioOf(r))} |`,
  );
  const summary = [
    `Measured by \`npm run bench -- --write\` on ${cpus()[0]!.model.trim()}, ${cores} cores, Node ${process.versions.node}.`,
    'Both sides take turns in one run; a ratio is the rival’s median time (or peak memory) divided by ours, so larger is better.',
    'The ratio of a row with several workloads is their geometric mean.',
    '',
    '| work | engine | ratio | target |',
    '|---|---|---|---|',
    ...means,
  ];
  const measurements = ['| work | case | Myelin | rival | ratio |', '|---|---|---|---|---|', ...details];
  return { summary: summary.join('\n'), measurements: measurements.join('\n') };
}

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const matching = workloads.filter(
  (w) =>
    words.length === 0 ||
    words.some((word) => `${w.row} ${w.name} ${w.engine}`.toLowerCase().includes(word.toLowerCase())),
);
if (matching.length === 0) {
  const rows = [...new Set(workloads.map(({ row }) => `  ${row}`))].join('\n');
  console.error(`no workload's row, case or engine contains ${words.join(' or ')}; the rows are\n${rows}`);
  process.exit(1);
}
const engines = availableEngines();
const chosen = matching.filter(({ engine }) => engines.includes(engine));
const isWritten = process.argv.includes('--write');
if (chosen.length < matching.length) {
  const left = matching.length - chosen.length;
  console.log(
    `only ${engines.join(', ')} is built here: ${left} workloads ${isWritten ? "can't be measured" : 'are left out'}; npm run build -- --all builds the rest`,
  );
  if (isWritten) process.exit(1);
}
const results: Result[] = [];
for (const workload of chosen) {
  const result = await measure(workload);
  results.push(result);
  console.log(
    `${workload.row} · ${workload.name} (${engineInfo().instructionSet}): ${figure(result, result.ours)}, rival ${figure(result, result.rival)}, ratio ${format(ratioOf(result))}`,
  );
}
torch?.stop();
const sections = report(results);
console.log(`\n${sections.summary}\n\n${sections.measurements}`);
if (isWritten) writeSections('docs/performance.md', sections);
process.exit(0);
