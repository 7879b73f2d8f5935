// node child.mjs CONFIG: makes the calls of a range, and writes each to a file before it makes it, so that
// whoever started this process knows what ended it. Findings go to standard output, a line of JSON each.
import { openSync, writeSync } from 'node:fs';
import { callOf } from './calls.mjs';
import { Canaries } from './canaries.mjs';
import { checkResult } from './results.mjs';
import { entries, evaluate } from './scope.mjs';

const { seed, from, to, engine, current, every = 64, only } = JSON.parse(process.argv[2]);
const { M } = entries;
const marked = openSync(current, 'w');
const say = (finding) => writeSync(1, `${JSON.stringify(finding)}\n`);

await M.setEngine(engine);
M.onWarning(() => {});
const canaries = new Canaries();
let number = from;
let source = '';

/** Whether the text of the call threw it, and nothing of the library. */
const isOwn = (error) =>
  error?.message === 'made' || /^eval /.test(error?.stack?.split('\n    at ')[1] ?? '');
const isTyped = (error) => error instanceof M.MyelinError || isOwn(error);

function report(kind, error) {
  const where = error?.stack
    ?.split('\n')
    .find((line) => /\/dist\//.test(line))
    ?.replace(/.*\/dist\//, '')
    .replace(/\)$/, '');
  say({
    kind,
    number,
    source,
    message: `${error?.name ?? typeof error}: ${String(error?.message ?? error?.toString?.()).split('\n')[0]}`,
    where,
  });
}

// A promise that nobody waits for is as bad as an error that is thrown.
process.on('unhandledRejection', (error) => !isTyped(error) && report('untyped', error));
process.on('uncaughtException', (error) => !isTyped(error) && report('untyped', error));

// A test's process has little memory. An engine that ended for lack of it says so, which isn't the call's fault.
const spent = (error) => error instanceof M.EngineError && /engine ended with no memory/.test(error.message);

for (; number < to; number++) {
  source = only ?? callOf(seed, number);
  writeSync(marked, `${number}\n${source}\0`, 0);
  M.manualSeed(number);
  try {
    const broken = await checkResult(evaluate(source));
    if (broken) say({ kind: 'broken', number, source, message: broken });
  } catch (error) {
    if (!isTyped(error)) report('untyped', error);
  }
  const turn = number - from;
  try {
    if (!canaries.check(turn, turn % every === every - 1 ? 64 : 2))
      say({ kind: 'overwritten', number, source, message: `by one of the last ${every} calls` });
  } catch (error) {
    if (!spent(error)) report('crash', error);
    number++;
    break;
  }
  if (turn % 256 === 255) await new Promise((resolve) => setImmediate(resolve));
}
say({ kind: 'done', number });
process.exit(0);
