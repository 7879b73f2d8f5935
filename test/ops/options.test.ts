/**
 * Every operation that documents options refuses an option that it doesn't have, and a value that isn't an
 * options object. The calls are those of the op table, so that a new operation is looked at as well.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { MyelinError } from '../../src/core/errors.js';
import { tensorHabits } from '../../src/core/habits.js';
import { onWarning } from '../../src/core/warn.js';
import * as functional from '../../src/functional.js';
import * as myelin from '../../src/index.js';
import { tensor } from '../../src/ops/creation/creation.js';
import { Tensor } from '../../src/tensor/tensor.js';
import { dtypeOf, elementsOf, type OpRow, sampleDTypes } from './table.js';

const recorder = vi.hoisted(() => {
  const calls = new Map<string, { run: (...args: never[]) => unknown; args: readonly unknown[] }[]>();
  let depth = 0;
  /** `f`, keeping what it is called with from outside the library. */
  const wrap = (name: string, f: (...args: never[]) => unknown, asMethod: boolean) =>
    function (this: unknown, ...args: never[]) {
      if (depth === 0) {
        const run = asMethod ? (...given: never[]) => f.apply(this, given) : f;
        calls.set(name, [...(calls.get(name) ?? []), { run, args }]);
      }
      depth++;
      try {
        return f.apply(this, args);
      } finally {
        depth--;
      }
    };
  const wrapAll = (module: object) =>
    Object.fromEntries(
      Object.entries(module).map(([name, value]) => [
        name,
        typeof value === 'function' && /^[a-z]/.test(name) ? wrap(name, value, false) : value,
      ]),
    );
  return { calls, wrap, wrapAll };
});

vi.mock('../../src/functional.js', async (original) => recorder.wrapAll(await original<object>()));
vi.mock('../../src/index.js', async (original) => recorder.wrapAll(await original<object>()));

const sources = new URL('../../src/', import.meta.url);
const files = readdirSync(new URL('ops/', sources), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `ops/${file}`);

/** Operations whose declaration names options, as the sources say. */
function documented(): Set<string> {
  const names = new Set<string>();
  for (const file of files) {
    const text = readFileSync(new URL(file, sources), 'utf8');
    const statements = new Map<string, string>();
    for (const statement of text.split(/\n(?=export |const |function |interface |type |\/\*\*)/)) {
      const name = /^(?:export )?(?:async )?(?:const|function|type) (\w+)/m.exec(statement)?.[1];
      // Overloads have one name.
      if (name !== undefined) statements.set(name, (statements.get(name) ?? '') + statement);
    }
    for (const [name, statement] of statements) {
      if (!/^export /m.test(statement)) continue;
      // `export const amax = reduceExtreme(…)`, `export const std: MomentFunction = …`
      const made = /export const \w+ = (\w+)\(/.exec(statement)?.[1] ?? '';
      const typed = /export const \w+: (\w+) =/.exec(statement)?.[1] ?? '';
      const texts = [statement, statements.get(made) ?? '', statements.get(typed) ?? ''];
      if (texts.some((part) => /\b[A-Z]\w*Options\b|\boptions\?: \{/.test(part))) names.add(name);
    }
  }
  return names;
}

/** Calls everything that the op table calls. */
async function callSamples(): Promise<void> {
  const here = new URL('.', import.meta.url);
  for (const file of readdirSync(here, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.rows.ts')) continue;
    const { rows } = (await import(new URL(file, here).href)) as { rows: readonly OpRow[] };
    for (const row of rows)
      row.samples.forEach((sample, i) => {
        const under = sampleDTypes(sample)[0]!;
        const inputs = sample.inputs.map((x, k) =>
          tensor(elementsOf(row.op, i, k, x, under), x.shape, { dtype: dtypeOf(x, under) }),
        );
        sample.ours(...inputs);
        sample.later?.(...inputs);
      });
  }
}

const x = (): Tensor => tensor([[0.5, 0.25]]);
const leaf = (): Tensor => tensor([[0.5, 0.25]], { dtype: 'float64', requiresGrad: true });

/** Calls of what the op table doesn't call by its name. */
const others: Record<string, () => unknown> = {
  var: () => myelin.var(x()),
  allclose: () => myelin.allclose(x(), x()),
  allcloseSync: () => myelin.allcloseSync(x(), x()),
  detectAnomaly: () => myelin.detectAnomaly(() => 1),
  grad: () => myelin.grad(leaf().sum(), leaf()),
  gradcheck: () => myelin.gradcheck((y) => y, [leaf()]),
  gradgradcheck: () => myelin.gradgradcheck((y) => y.square(), [leaf()]),
  backward: () => myelin.backward(leaf().sum()),
  setPrintoptions: () => myelin.setPrintoptions({}),
  uniform_: () => x().uniform_(),
  normal_: () => x().normal_(),
  logNormal_: () => x().logNormal_(),
  cauchy_: () => x().cauchy_(),
  geometric_: () => x().geometric_(0.5),
  random_: () => x().random_(),
  bernoulli_: () => x().bernoulli_(),
  nanToNum_: () => x().nanToNum_(),
};

async function messageOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    return error instanceof MyelinError ? error.message : String(error);
  }
  return 'accepted';
}

/** What the operation says to `value` where its options may stand: in place of an argument, or behind all. */
async function answers(name: string, value: unknown): Promise<string[]> {
  const messages: string[] = [];
  for (const { run, args } of recorder.calls.get(name)!.slice(0, 5)) {
    for (let at = 0; at < args.length + 3; at++) {
      const before = Array.from({ length: at }, (_, i) => args[i]);
      messages.push(await messageOf(() => run(...([...before, value] as never[]))));
    }
  }
  return messages;
}

test("options that an operation doesn't have are refused", { timeout: 60_000 }, async () => {
  onWarning(() => {});
  for (const name of Object.getOwnPropertyNames(Tensor.prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(Tensor.prototype, name)!;
    if (typeof value !== 'function' || name === 'constructor') continue;
    const method = recorder.wrap(name, value, true);
    Object.defineProperty(Tensor.prototype, name, { value: method, configurable: true, writable: true });
  }
  await callSamples();
  const exported: Record<string, unknown> = { ...myelin, ...functional };
  for (const call of Object.values(others)) await messageOf(call);

  const names = new Set([...documented(), ...Object.keys(others)]);
  // A name of PyTorch's that we lack only answers with ours.
  const isMethod = (name: string): boolean => name in Tensor.prototype && !(name in tensorHabits);
  const isPublic = (name: string): boolean => name in exported || isMethod(name);
  const faults: string[] = [];
  for (const name of names) {
    if (!isPublic(name)) continue;
    if (!recorder.calls.has(name)) {
      faults.push(`${name}: the op table has no call of it; add one, or one to 'others'`);
      continue;
    }
    const unknown = await answers(name, { noSuchOption: 1 });
    if (!unknown.some((message) => message.includes("there's no option 'noSuchOption'")))
      faults.push(`${name}: takes { noSuchOption: 1 }: ${[...new Set(unknown)].join(' | ')}`);
    const other = await answers(name, new Date(0));
    if (!other.some((message) => message.includes('got a Date')))
      faults.push(`${name}: takes a Date for its options: ${[...new Set(other)].join(' | ')}`);
  }
  onWarning(null);
  expect(faults).toEqual([]);
});
