// The boundary between kernels/ and TypeScript: what each kernel takes, and the codes by which it knows an operation,
// read from the declarations in C++.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const file = 'src/engine/cpu/abi.ts';

/** Lists of codes that are X-macros: name here, file, macro. */
const lists = [
  ['unary', 'elementwise/elementwise_ops.h', 'UNARY_OPS'],
  ['test', 'elementwise/elementwise_ops.h', 'TEST_OPS'],
  ['binary', 'elementwise/elementwise_ops.h', 'BINARY_OPS'],
  ['compare', 'elementwise/elementwise_ops.h', 'COMPARE_OPS'],
  ['ternary', 'elementwise/elementwise_ops.h', 'TERNARY_OPS'],
  ['recurrentKind', 'recurrent/recurrent.h', 'RECURRENT_KINDS'],
  ['pointwiseLoss', 'loss/loss_pointwise.h', 'POINTWISE_LOSSES'],
];

/** Lists of codes that are enums: name here, file, enum, what its names begin with. */
const enums = [
  ['dtype', 'common/abi.h', 'DType', 'k'],
  ['reduce', 'reduce/reduce.h', 'ReduceOp', 'k'],
  ['activation', 'gemm/gemm_output.h', 'Activation', 'kAct'],
  ['lossReduction', 'loss/loss.h', 'LossReduction', 'k'],
  ['interpolation', 'resample/resample.h', 'Interpolation', 'k'],
  ['gridPadding', 'resample/resample_grid.cc', 'Padding', 'k'],
  ['padMode', 'pad/pad.cc', 'Mode', 'k'],
  ['scatterMode', 'index/index_gather.cc', 'Mode', 'k'],
  ['bagMode', 'index/index_embedding.cc', 'BagMode', 'kBag'],
];

const types = { int32_t: 'number', double: 'number', void: 'void' };

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

function failing(message) {
  throw new Error(`generate: ${message}`);
}

/** `const void* x` → x: Address. */
function parameter(text) {
  const [, type, star, name] =
    /^(?:const )?(\w+)\s*(\*?)\s*(\w+)$/.exec(text.trim()) ?? failing(`parameter ${text}`);
  return `${camel(name)}: ${star ? 'Address' : (types[type] ?? failing(`type ${type}`))}`;
}

/** A kernel's declaration with the comment before it. */
const declaration = /((?:^\/\/.*\n)*)^KERNEL\((\w+)\)\s+(\w+) \2\(([^)]*)\);/gm;

function kernelsOf(header) {
  return [...header.matchAll(declaration)].map(([, comment, name, result, parameters]) => {
    const lines = comment
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^\/\/ ?/, '').trimEnd());
    const doc =
      lines.length === 0 ? '' : `  /**\n${lines.map((line) => `   * ${line}`.trimEnd()).join('\n')}\n   */\n`;
    const signature = `${name}(${parameters.split(',').map(parameter).join(', ')}): ${types[result] ?? failing(`result ${result}`)};`;
    return { doc, signature };
  });
}

/** The names of an X-macro, with those of the macros that it is made of. */
function namesOf(text, macro) {
  const [, body] =
    new RegExp(`#define ${macro}\\(X\\)((?:.*\\\\\\n)*.*)`).exec(text) ?? failing(`no list ${macro}`);
  return [...body.matchAll(/X\((\w+)\)|(\w+)\(X\)/g)].flatMap(([, name, inner]) =>
    name === undefined ? namesOf(text, inner) : [name],
  );
}

function membersOf(text, name, prefix) {
  const [, body] =
    new RegExp(`enum ${name} : int32_t \\{([^}]*)\\}`).exec(text) ?? failing(`no enum ${name}`);
  const members = body
    .replace(/\/\/.*/g, '')
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  return members.map((member, at) => {
    const [, key, value] = /^(\w+)(?: = (\d+))?$/.exec(member) ?? failing(`member ${member} of ${name}`);
    if (!key.startsWith(prefix) || (value !== undefined && Number(value) !== at))
      failing(`member ${member} of ${name} is out of order`);
    const bare = key.slice(prefix.length);
    return bare[0].toLowerCase() + bare.slice(1);
  });
}

/** What the kernels declare, and a number that changes with any signature or code. */
export function readBoundary(root) {
  const kernels = join(root, 'kernels');
  const read = (name) => readFileSync(join(kernels, name), 'utf8');
  const headers = readdirSync(kernels, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.h') && !/^(native|wasm|common)\//.test(name))
    .sort();
  const declared = headers.flatMap((name) => kernelsOf(read(name)));
  const bound = namesOf(headers.map(read).join('\n'), 'MYELIN_KERNELS').length;
  if (bound !== declared.length) failing(`${declared.length} kernels are declared, ${bound} are bound`);
  const codes = [
    ...lists.map(([key, name, macro]) => [key, namesOf(read(name), macro)]),
    ...enums.map(([key, name, type, prefix]) => [key, membersOf(read(name), type, prefix)]),
  ];
  const signatures = declared.map(({ signature }) => signature);
  const hash = createHash('sha256')
    .update(JSON.stringify([signatures, codes]))
    .digest();
  return { declared, codes, version: hash.readUInt32BE() >>> 1 };
}

/** Few names are faster in an object with a shape, many in one without a prototype, which V8 keeps as a hash table. */
function tableOf(names) {
  const entries = `{\n${names.map((name, at) => `    ${name}: ${at},`).join('\n')}\n  }`;
  return names.length > 5 ? `table(${entries})` : entries;
}

export function make(root) {
  const { declared, codes, version } = readBoundary(root);
  return `// Made by \`npm run generate\` from the declarations in kernels/. Don't edit it.

/** A place in the memory of the engine. */
type Address = number;

/** The kernels, as the native addon and the WebAssembly modules export them. */
export interface KernelAbi {
${declared.map(({ doc, signature }) => `${doc}  ${signature}`).join('\n\n')}
}

/** Kernels that were built from other declarations have another number. */
export const abiVersion = ${version};

/** A table without a prototype: V8 finds many names that vary from call to call faster in one. */
const table = <const T extends object>(entries: T): T => Object.assign(Object.create(null), entries);

/** The codes by which kernels know a dtype, an operation or a mode. */
export const codes = {
${codes.map(([key, names]) => `  ${key}: ${tableOf(names)},`).join('\n')}
} as const;
`;
}
