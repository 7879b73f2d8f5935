// The table of PyTorch's habits in the guide for its users, from the lists that errors come from.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

export const file = 'docs/from-pytorch.md';

const begin = '<!-- habits -->';
const end = '<!-- /habits -->';

/** The lists. */
export async function readHabits(root) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/core/habits.ts')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const row = ({ torch, ours, note = '' }) => `| \`${torch}\` | \`${ours}\` | ${note} |`;

const section = (title, habits) =>
  `### ${title}\n\n| PyTorch | Myelin | |\n|---|---|---|\n${habits.map(row).join('\n')}\n`;

/** The text of the file. */
export async function make(root) {
  const lists = await readHabits(root);
  const { containerHabits, datasetHabits, moduleHabits, recurrentHabits, tensorHabits } = lists;
  const { deviceHabit, inPlaceHabit, itemHabit, languageHabits } = lists;
  const { tensors, gradients, modules, optimizers, data, devices } = languageHabits;
  const tables = [
    section('Tensors', [...tensors, itemHabit, ...Object.values(tensorHabits), inPlaceHabit('sin')]),
    section('Gradients', gradients),
    section(
      'Modules',
      [modules, ...[moduleHabits, containerHabits, recurrentHabits].map(Object.values)].flat(),
    ),
    section('Optimizers', optimizers),
    section('Data', [...data, ...Object.values(datasetHabits)]),
    section('Devices and seeds', [deviceHabit, ...devices]),
  ];
  const text = readFileSync(join(root, file), 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${file} has no place between "${begin}" and "${end}"`);
  return `${before}${begin}\n\n${tables.join('\n')}\n${end}${after}`;
}
