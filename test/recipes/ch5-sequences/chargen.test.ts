import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chargen } from '../../../src/recipes/ch5-sequences/chargen.js';
import { reportLines } from '../../../src/recipes/kit/report.js';
import { prepare } from '../../../src/recipes/kit/run.js';
import { listener } from '../said.js';
import { withoutData } from '../without-data.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-chargen-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(withoutData);

test('a GRU learns to write names, and writes at every temperature', async () => {
  const experiment = await prepare(chargen, { texts: 'names', epochs: 2, hidden: 48 });
  await experiment.train();
  const { numbers, report } = await experiment.evaluate();
  expect(numbers.loss).toBeLessThan(1.9);
  const text = reportLines(report!).join('\n');
  expect(text).toMatch(/^greedy +[A-Z][a-z]+/m);
  expect(text).toMatch(/^5 beams +[A-Z][a-z]+/m);
  for (const temperature of [0.8, 1, 1.5, 2, 5]) expect(text).toContain(`temperature ${temperature} `);
  expect(text).not.toMatch(/<BOS>|<EOS>|<pad>/);
  expect((await experiment.pictures!()).map(({ name }) => name)).toEqual(['temperature']);
});

test('characters that the training texts lack are counted, and so are texts that are cut', async () => {
  mkdirSync(join(folder, 'tinyshakespeare'));
  const lines = [...Array.from({ length: 99 }, () => 'To be, or not to be'), 'a ζ b ζ', 'ü'];
  writeFileSync(join(folder, 'tinyshakespeare', 'input.txt'), `${'x'.repeat(120)}\n${lines.join('\n')}`);
  const { said, onEvent } = listener();
  await prepare(chargen, { texts: 'tinyshakespeare', data: folder, hidden: 4 }, { onEvent });
  expect(said).toContainEqual(
    expect.stringMatching(
      /^cut: 1 of \d+ texts have more than 100 characters; the rest of those isn't learned$/,
    ),
  );
  expect(said).toContain(
    "unknown: the texts to validate and test on have 4 characters that the training texts lack (['a', 'ζ', 'ü']); they're left out",
  );
});
