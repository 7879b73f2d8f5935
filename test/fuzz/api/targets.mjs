// Everything exported that can be called: functions, constructors, methods, with what is known of their parameters.
import { functionType } from './declarations.mjs';

/** What has to be left out, and why. */
const left = new Map([
  ['M.setThreads', 'starts threads'],
  ['M.setEngine', 'a run has one engine'],
  ['M.setRngState', 'needs the state of a generator; see M.getRngState'],
  ['data.serveDataset', 'is for worker threads'],
  ['data.WorkerDataset', 'starts threads'],
  ['data.loadMnist', 'may download'],
  ['data.findFiles', 'may download'],
  ['data.lookFor', 'may download'],
  ['train.RunFolder', 'is made by RunFolder.create and open'],
  ['viz.Figure', 'is made by the functions that draw'],
  ['vision.MNIST', 'may download'],
  ['vision.FashionMNIST', 'may download'],
  ['vision.CIFAR10', 'may download'],
  ['vision.CIFAR100', 'may download'],
  ['data.drawnDigits', 'takes seconds'],
  ['vision.drawnShapes', 'takes seconds'],
  ['recipes.prepare', 'loads data sets'],
  ['recipes.run', 'trains networks'],
  ['nn.Summary', 'is made by nn.summary'],
  ['vision.VGG', 'takes seconds'],
  ['vision.AlexNet', 'takes seconds'],
  ['vision.GoogLeNet', 'takes seconds'],
]);

/** Networks that take seconds to make. */
const slow = /^vision\.models\.(?:vgg|alexnet|googlenet|resnet1)/;

/** What subclasses give, and `forward` calls. */
const hooks = new Set(['draw', 'apply', 'sizeAfter']);

/** The folder of declarations that an entry's exports come from. */
const folders = {
  M: '',
  F: 'ops',
  nn: 'nn',
  optim: 'optim',
  data: 'data',
  io: 'io',
  train: 'train',
  metrics: 'metrics',
  vision: 'vision',
  text: 'text',
  viz: 'viz',
  recipes: 'recipes',
};

const isClass = (value) => /^class\b/.test(Function.prototype.toString.call(value));

/** The alternatives of what a function's declarations say of its parameters. */
function signatures(declarations, { file, kind, parameters, type }, seen = 0) {
  if (kind === 'function') return [{ file, parameters }];
  const known = type && functionType(type);
  if (known) return [{ file, parameters: known.parameters }];
  const name = /^(?:typeof )?(\w+)$/.exec(type ?? '')?.[1];
  if (name === undefined || seen > 3) return [];
  return declarations.find(name, file).flatMap((next) => signatures(declarations, next, seen + 1));
}

/** A class's own and inherited members. */
function membersOf(declarations, { file, base, members: own }, seen = 0) {
  const inherited = (base ?? []).flatMap((text) => {
    const parent = declarations.find(/^\w*/.exec(text)[0], file)[0];
    return parent?.members && seen < 5 ? membersOf(declarations, parent, seen + 1) : [];
  });
  return [
    ...own.map((member) => ({ ...member, file })),
    ...inherited.filter((x) => !own.some((y) => y.name === x.name)),
  ];
}

/** @returns `[{ path, kind: 'function' | 'class' | 'method', signatures, methods }]` */
export function findTargets(entries, declarations) {
  const targets = [];
  const classes = new Map();
  function visit(path, name, value, folder) {
    if (left.has(path) || slow.test(path)) return;
    const all = declarations.find(name, '');
    const near = all.filter((x) => x.file.startsWith(folder));
    const declared = near.length > 0 ? near : all;
    if (value !== null && typeof value === 'object' && value[Symbol.toStringTag] === 'Module')
      for (const [key, inner] of Object.entries(value))
        visit(`${path}.${key}`, key, inner, `${folder}/${name}`);
    if (typeof value !== 'function' || value.prototype instanceof Error) return;
    if (!isClass(value))
      return void targets.push({
        path,
        kind: 'function',
        signatures: declared.flatMap((x) => signatures(declarations, x)),
      });
    const owner = declared.find((x) => x.kind === 'class');
    if (!owner || owner.isAbstract || name === 'Tensor') return;
    const all_ = membersOf(declarations, owner);
    classes.set(name, path);
    targets.push({
      path,
      kind: 'class',
      signatures: all_.filter((m) => m.name === 'constructor'),
      methods: all_.filter(
        (m) =>
          m.parameters && m.name !== 'constructor' && !(folder === 'vision/transforms' && hooks.has(m.name)),
      ),
    });
  }
  for (const [path, module] of Object.entries(entries))
    for (const [name, value] of Object.entries(module)) visit(`${path}.${name}`, name, value, folders[path]);

  const methods = ['tensor/tensor.d.ts', 'ops/methods.d.ts']
    .flatMap((file) => declarations.find('Tensor', file))
    .flatMap(({ file, members }) => members.map((member) => ({ ...member, file })))
    .filter((member) => member.parameters);
  // What isn't declared only tells where PyTorch's names have gone.
  for (const name of new Set(methods.map((method) => method.name)))
    if (name !== 'constructor' && name in entries.M.Tensor.prototype)
      targets.push({ path: name, kind: 'method', signatures: methods.filter((m) => m.name === name) });
  return { targets, classes };
}
