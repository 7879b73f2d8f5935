// What the source text of a call can use.
const load = (file) => import(new URL(`../../../dist/${file}.js`, import.meta.url).href);

export const entries = {
  M: await load('index'),
  F: await load('functional'),
  nn: await load('nn/index'),
  optim: await load('optim/index'),
  data: await load('data/index'),
  io: await load('io/index'),
  train: await load('train/index'),
  metrics: await load('metrics/index'),
  vision: await load('vision/index'),
  text: await load('text/index'),
  viz: await load('viz/index'),
  recipes: await load('recipes/index'),
};

const { M, nn, io } = entries;

const make = (shape, dtype, value) => {
  const n = shape.reduce((a, b) => a * b, 1);
  const x = M.tensor(
    Array.from({ length: n }, (_, i) => value(i)),
    { dtype: dtype === 'bool' ? 'uint8' : dtype },
  );
  return (dtype === 'bool' ? x.ne(0) : x).reshape(shape);
};
const isFloat = (dtype) => dtype.startsWith('float');

/** A tensor of small numbers: whole ones from 0 to 2 unless it is floating. */
function tn(shape, dtype = 'float32', layout = 'plain') {
  const value = (i) => (isFloat(dtype) ? ((i * 7) % 11) / 4 - 1 : dtype === 'bool' ? i % 2 : (i * 5) % 3);
  if (layout === 'turned')
    return make([...shape].reverse(), dtype, value).permute(shape.map((_, i) => shape.length - 1 - i));
  if (layout === 'sliced') {
    let x = make(
      shape.map((n) => n + 2),
      dtype,
      value,
    );
    for (const [axis, n] of shape.entries()) x = x.narrow(axis, 1, n);
    return x;
  }
  if (layout === 'repeated' && shape.length > 0)
    return make([1, ...shape.slice(1)], dtype, value).expand(shape);
  const x = make(shape, dtype, value);
  if (!isFloat(dtype)) return x;
  if (layout === 'grad') return x.requiresGrad_();
  return layout === 'result' ? x.requiresGrad_().mul(1) : x;
}

const helpers = {
  tn,
  /** Numbers at and past the limits. */
  wild: (shape, dtype) =>
    make(
      shape,
      dtype,
      (i) =>
        (isFloat(dtype)
          ? [NaN, Infinity, -Infinity, 1e38, -0, 1e-40]
          : [-1, 2 ** 31 - 1, -(2 ** 31), 100, -7])[i % 5],
    ),
  gone: () => {
    const x = tn([2, 3]);
    x.dispose();
    return x;
  },
  /** Another view of the same memory. */
  overlap: (x) =>
    x instanceof M.Tensor && x.count > 1 && x.packed
      ? x
          .detach()
          .reshape([-1])
          .narrow(0, 1, x.count - 1)
      : x,
  param: () => new nn.Parameter(tn([3])),
  bytes: () => io.serializeNpy(tn([2, 3])),
  x: undefined,
};

const scope = Object.freeze({ ...M, ...entries, ...helpers });

/** Makes the call that the source text describes. */
export const evaluate = (source) => new Function('scope', `with (scope) { return (${source}); }`)(scope);
