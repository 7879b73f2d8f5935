// Arguments as source text: plausible ones for a type and a name, and hostile ones.
import { functionType, members, parameters, split } from './declarations.mjs';

const shapes = [
  '[]',
  '[1]',
  '[3]',
  '[4]',
  '[2, 3]',
  '[3, 3]',
  '[4, 4]',
  '[2, 3, 4]',
  '[3, 4, 4]',
  '[2, 4, 5, 6]',
  '[1, 3, 8, 8]',
  '[2, 2, 3, 4, 5]',
  '[0]',
  '[0, 3]',
  '[2, 0, 4]',
  '[70]',
  '[33, 17]',
];
const dtypes = ['float32', 'float64', 'int32', 'uint8', 'bool'];
const layouts = ['plain', 'grad', 'turned', 'sliced', 'repeated', 'result'];

const hostile = [
  '-1',
  '-2',
  '-7',
  '0',
  '-0',
  '0.5',
  '1.5',
  '-2.5',
  'NaN',
  'Infinity',
  '-Infinity',
  '255',
  '1024',
  '65536',
  '1e9',
  '2 ** 31 - 1',
  '2 ** 31',
  '-(2 ** 31)',
  '2 ** 32',
  '2 ** 32 + 1',
  '2 ** 53',
  '1e10',
  '1e308',
  '5e-324',
  'null',
  'undefined',
  "''",
  "'a'",
  "'SAME'",
  "'float16'",
  "'1'",
  '[]',
  '[1, 2, 3]',
  '[-1]',
  '[0.5]',
  '[2 ** 31]',
  '[2 ** 32, 2]',
  '[65536, 65536, 65536]',
  '[null]',
  "['a']",
  '[NaN, 1]',
  '[[1, 2], [3]]',
  'new Array(3)',
  '{}',
  '{ dim: 1 }',
  '{ length: 3 }',
  '{ shape: [2], dtype: "float32" }',
  'Object.create(null)',
  'Promise.resolve(1)',
  'Promise.resolve(tn([2, 3]))',
  'true',
  'false',
  '3n',
  'Symbol("a")',
  '() => 1',
  '(x) => x',
  'new Date(0)',
  'new Map()',
  'new Float32Array([1, NaN])',
  'new Uint8Array(0)',
  'gone()',
  'x',
  'overlap(x)',
  'tn([])',
  'tn([0])',
  "tn([3], 'bool')",
  "tn([2, 3], 'int32')",
  "tn([2, 3], 'uint8', 'turned')",
  'tn([1, 1, 1, 1, 1, 1, 1])',
  "tn([5], 'float64')",
  "wild([3], 'int32')",
  "wild([2, 3], 'float32')",
  "wild([4], 'int32')",
  'nn.Linear',
  'new nn.Linear(3, 3)',
];

/** Plausible numbers, by the name of the parameter. */
const numbers = [
  [/^(dim|dim\d|axis|axis\d|startDim|endDim|source|destination)$/, ['0', '1', '-1', '2', '-2']],
  [
    /lr|rate|learning|gamma|momentum|beta|alpha|eps|probab|^p$|factor|smoothing|decay|scale|std|sigma|weight|fraction|low|min|lower|tol/i,
    ['0', '0.1', '0.5', '0.9', '1', '2', '1e-3'],
  ],
  [/pad/i, ['0', '1', '2']],
  [/stride|dilation|groups/i, ['1', '2', '3']],
  [/kernel/i, ['1', '2', '3', '4']],
  [
    /channels|features|size|hidden|num|classes|count|length|batch|width|height|steps|epochs|^k$|^n$|total|max|high|every|period|t0|tmax|depth|side|outputs?|bins/i,
    ['1', '2', '3', '4', '6', '8'],
  ],
  [/index|idx|start|end|from|to|offset|diagonal|seed|value|fill|label|class/i, ['0', '1', '2', '3', '-1']],
];

const known = {
  number: null,
  boolean: ['true', 'false'],
  string: ["'a'", "'weight'", "'b.npy'", "'x'", "'ij,jk->ik'", "'loss'"],
  bigint: ['3n'],
  undefined: ['undefined'],
  null: ['null'],
  void: ['undefined'],
  symbol: ["Symbol('a')"],
  object: ['{}'],
  Error: ["new Error('made')"],
  Date: ['new Date(0)'],
  Float32Array: ['new Float32Array([1, 2, 3])'],
  Float64Array: ['new Float64Array([1, 2, 3])'],
  Uint8Array: ['new Uint8Array([1, 2, 3])', 'bytes()', 'new Uint8Array(24)'],
  Int32Array: ['new Int32Array([1, 2, 3])'],
  NumberArray: ['new Float32Array([1, 2, 3])', 'new Int32Array([0, 1])'],
  ArrayBuffer: ['new ArrayBuffer(16)'],
  AbortSignal: ['new AbortController().signal'],
  Module: [
    'new nn.Linear(3, 3)',
    'new nn.Sequential(new nn.Conv2d(3, 2, 3), new nn.ReLU())',
    'new nn.ReLU()',
  ],
  Layer: ['new nn.Linear(3, 3)', 'new nn.ReLU()', '(x) => x'],
  Classifier: ['new vision.LeNet5()'],
  Optimizer: ['new optim.SGD([param()], { lr: 0.1 })'],
  Schedulable: ['new optim.SGD([param()], { lr: 0.1 })', 'new optim.Adam([param()], { lr: 0.1 })'],
  Scheduler: ['new optim.lrScheduler.StepLR(new optim.SGD([param()], { lr: 0.1 }), 2)'],
  Params: ['[param()]', '[param(), param()]', '[{ params: [param()] }]'],
  StateDict: ['new nn.Linear(3, 3).stateDict()', '{}'],
  Dataset: ['new data.TensorDataset(tn([6, 3]), tn([6], "int32"))'],
  Batches: ['[tn([2, 3])]', 'new data.DataLoader(new data.TensorDataset(tn([6, 3])))'],
  Tensor: null,
  Parameter: ['new nn.Parameter(tn([3]))'],
  Shape: shapes,
  DType: dtypes.map((d) => `'${d}'`),
  Draws: ['undefined'],
  Figure: ["viz.lineChart([{ name: 'a', x: [1, 2], y: [3, 4] }], { title: 'b' })"],
  State: ['{}'],
  Iterator: ['[].values()'],
};

export class Values {
  #random;
  #declarations;
  #classes;
  #base;
  /** How likely the next value is a hostile one. */
  #danger;

  constructor(random, declarations, classes) {
    this.#random = random;
    this.#declarations = declarations;
    this.#classes = classes;
    this.#base = random.pick(shapes);
    this.#danger = 0;
  }

  /** The list of arguments for one of the alternatives; `danger` is the chance of a hostile value. */
  list(signatures, danger) {
    this.#danger = danger;
    const signature = this.#random.pick(signatures) ?? {
      file: '',
      parameters: parameters('(a?: number, b?: unknown)'),
    };
    const wanted = this.#random.chance(0.8) ? signature.parameters.length : this.#random.below(9);
    const out = [];
    const forced = danger > 0 ? this.#random.below(Math.max(signature.parameters.length, 1)) : -1;
    for (const [i, parameter] of signature.parameters.entries()) {
      if (i >= wanted && parameter.optional) break;
      if (parameter.optional && this.#random.chance(0.3)) break;
      if (i === forced && this.#random.chance(0.6)) out.push(this.hostile());
      else if (parameter.rest)
        out.push(...this.#some(parameter.type.replace(/\[\]$/, ''), parameter.name, signature.file, 0));
      else out.push(this.of(parameter.type, parameter.name, signature.file));
    }
    if (danger > 0 && this.#random.chance(0.05)) out.push(this.hostile());
    return out.join(', ');
  }

  hostile() {
    return this.#random.pick(hostile);
  }

  tensor(name = 'x') {
    const random = this.#random;
    const shape = random.chance(0.7) ? this.#base : random.pick(shapes);
    let dtype = random.chance(0.8) ? 'float32' : random.pick(dtypes);
    if (/ind(ex|ices)|target|label|lengths|classes/i.test(name) && random.chance(0.8)) dtype = 'int32';
    if (/mask|condition/i.test(name) && random.chance(0.8)) dtype = 'bool';
    const layout = random.chance(0.5) ? 'plain' : random.pick(layouts);
    return `tn(${shape}, '${dtype}', '${layout}')`;
  }

  /** A value of that type, as `file` names types. */
  of(type, name, file, depth = 0) {
    const random = this.#random;
    if (random.chance(this.#danger)) return this.hostile();
    const text = type.replace(/^readonly /, '').trim();
    const parts = split(text, ' | ');
    if (parts.length > 1) return this.of(random.pick(parts), name, file, depth);
    if (/^['"]/.test(text) || /^-?\d/.test(text) || /^(true|false)$/.test(text)) return text;
    if (depth > 5) return 'undefined';
    if (text.startsWith('(')) {
      const called = functionType(text);
      if (called)
        return `() => ${called.result === 'void' ? 'undefined' : `(${this.of(called.result, name, file, depth + 1)})`}`;
      return this.of(text.slice(1, -1), name, file, depth + 1);
    }
    if (text.endsWith('[]')) return `[${this.#some(text.slice(0, -2), name, file, depth).join(', ')}]`;
    if (text.startsWith('[')) return this.#tuple(text, name, file, depth);
    if (text.startsWith('{'))
      return this.#object(
        members(text).map((m) => ({ ...m, file })),
        depth,
      );
    const both = split(text, ' & ');
    if (both.length > 1)
      return `{ ${both.map((part) => `...${this.of(part, name, file, depth + 1)}`).join(', ')} }`;
    return this.#named(text, name, file, depth);
  }

  #named(text, name, file, depth) {
    const random = this.#random;
    const [, word, inner] = /^(?:\w+\.)?(\w+)(?:<([\s\S]*)>)?/.exec(text) ?? [];
    if (word === 'Tensor') return this.tensor(name);
    if (word === 'number')
      return random.pick(
        numbers.find(([pattern]) => pattern.test(name))?.[1] ?? ['0', '1', '2', '3', '0.5', '-1'],
      );
    if (Object.hasOwn(known, word ?? '')) return random.pick(known[word]);
    if (/^(Array|ArrayLike|Iterable|ReadonlyArray|Set|ReadonlySet|AsyncIterable)$/.test(word) && inner)
      return `[${this.#some(inner, name, file, depth).join(', ')}]`;
    if (/^(Readonly|Partial|Required|NonNullable)$/.test(word) && inner)
      return this.of(inner, name, file, depth + 1);
    if (word === 'Promise') return `Promise.resolve(${this.of(inner, name, file, depth + 1)})`;
    if (word === 'Record' && inner) return `{ a: ${this.of(split(inner, ',')[1], name, file, depth + 1)} }`;
    if (/^(Readonly)?Map$/.test(word) && inner)
      return `new Map([['a', ${this.of(split(inner, ',')[1], name, file, depth + 1)}]])`;
    const declared = this.#declarations.find(word, file)[0];
    if (declared?.kind === 'type') return this.of(declared.type, name, declared.file, depth + 1);
    if (declared?.kind === 'interface') {
      const called = declared.members.length === 0 && declared.base.length === 0;
      return called ? '(x) => x' : this.#object(this.#all(declared), depth);
    }
    if (declared?.kind === 'class' && this.#classes.has(word)) {
      const constructors = declared.members.filter((m) => m.name === 'constructor');
      const list = (random.pick(constructors)?.parameters ?? []).filter((p) => !p.optional);
      return `new ${this.#classes.get(word)}(${list.map((p) => this.of(p.type, p.name, declared.file, depth + 1)).join(', ')})`;
    }
    return random.pick(['1', '2', 'tn([3])', '[1, 2]', "'a'", '{}']);
  }

  #some(type, name, file, depth) {
    return Array.from({ length: this.#random.pick([0, 1, 1, 2, 2, 2, 3, 4]) }, () =>
      this.of(type, name, file, depth + 1),
    );
  }

  #tuple(text, name, file, depth) {
    const parts = split(text.slice(1, -1), ',').map((part) => part.replace(/^\w+\??: /, ''));
    return `[${parts
      .filter((part) => !part.startsWith('...'))
      .map((part) => this.of(part, name, file, depth + 1))
      .join(', ')}]`;
  }

  #all({ file, base, members: own }, seen = 0) {
    const parents = (base ?? []).map((text) => this.#declarations.find(/^\w*/.exec(text)[0], file)[0]);
    return [
      ...own.map((m) => ({ ...m, file })),
      ...parents.flatMap((parent) => (parent?.members && seen < 4 ? this.#all(parent, seen + 1) : [])),
    ];
  }

  #object(all, depth) {
    const random = this.#random;
    const given = all.filter((m) => !m.optional || random.chance(0.35));
    const entries = given.map((m) =>
      m.parameters ? `${m.name}: () => 1` : `${m.name}: ${this.of(m.type, m.name, m.file, depth + 1)}`,
    );
    if (random.chance(this.#danger / 2)) entries.push(`nonsense: ${this.hostile()}`);
    return `{ ${entries.join(', ')} }`;
  }
}
