import type { DType, TypedArray } from '../core/dtype.js';
import { formatShape } from '../core/errors.js';
import { defineOptions, flag, nullable, whole } from '../core/options.js';
import { attach } from './attach.js';
import { int32Tensor } from './list.js';
import { empty, Tensor } from './tensor.js';

export interface PrintOptions {
  /** Digits after the point (default 4). */
  precision?: number;
  /** Tensors of more elements are summarized (default 1000). */
  threshold?: number;
  /** Positions shown at both ends of an axis of a summarized tensor (default 3). */
  edgeitems?: number;
  /** Characters in a line (default 80). */
  linewidth?: number;
  /** Always or never 1.2345e+06; null: if it's needed (default null). */
  sciMode?: boolean | null;
}

const readPrint = defineOptions({
  precision: whole(undefined, { least: 0, most: 60 }),
  threshold: whole(undefined, { least: 0 }),
  edgeitems: whole(undefined, { least: 1 }),
  linewidth: whole(undefined, { least: 1 }),
  sciMode: nullable(flag(undefined), undefined),
});

const settings: Required<PrintOptions> = {
  precision: 4,
  threshold: 1000,
  edgeitems: 3,
  linewidth: 80,
  sciMode: null,
};

/** Changes how tensors are printed; what isn't given stays. */
export function setPrintoptions(options: PrintOptions): void {
  for (const [name, value] of Object.entries(readPrint('setPrintoptions', options)))
    if (value !== undefined) Object.assign(settings, { [name]: value });
}

const farDigits = 40;

/** A number rounded half to even, as C prints it; JavaScript rounds such halves up. */
function rounded(value: number, digits: number, print: (x: number, digits: number) => string): string {
  const far = print(value, digits + farDigits);
  const mantissa = far.replace(/e.*/, '');
  const kept = mantissa.slice(0, -farDigits);
  if (!/^50*$/.test(mantissa.slice(kept.length)) || !/[02468]\.?$/.test(kept)) return print(value, digits);
  return kept.replace(/\.$/, '') + far.slice(mantissa.length);
}

const fixed = (value: number, digits: number): string => rounded(value, digits, (x, n) => x.toFixed(n));

/** With at least two digits in the exponent, as C prints it. */
const scientific = (value: number, digits: number): string =>
  rounded(value, digits, (x, n) => x.toExponential(n)).replace(/e([+-])(\d)$/, 'e$10$2');

const textOfNonFinite = (value: number): string => (Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf');

/** How the elements of a tensor print: all in the same way, so that columns line up. */
interface Format {
  /** The column's width; it counts finite numbers other than 0, as PyTorch does. */
  readonly width: number;
  print(value: number): string;
}

const widest = (texts: readonly string[]): number => texts.reduce((n, text) => Math.max(n, text.length), 1);

function formatOf(values: TypedArray, dtype: DType): Format {
  const all = Array.from(values);
  if (dtype === 'bool') {
    const print = (value: number): string => (value !== 0 ? 'true' : 'false');
    return { width: widest(all.map(print)), print };
  }
  if (dtype !== 'float32' && dtype !== 'float64') return { width: widest(all.map(String)), print: String };

  const { precision, sciMode } = settings;
  const counted = all.filter((value) => value !== 0 && Number.isFinite(value));
  const magnitudes = counted.map(Math.abs);
  const greatest = magnitudes.reduce((a, b) => Math.max(a, b), 0);
  const least = magnitudes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const whole = counted.every(Number.isInteger);
  const needsPowers =
    counted.length > 0 && (greatest / least > 1000 || greatest > 1e8 || (!whole && least < 1e-4));
  const digits = (value: number): string => {
    if (sciMode ?? needsPowers) return scientific(value, precision);
    return whole ? `${fixed(value, 0)}.` : fixed(value, precision);
  };
  const print = (value: number): string => (Number.isFinite(value) ? digits(value) : textOfNonFinite(value));
  return { width: widest(counted.map(print)), print };
}

const summarized = (x: Tensor): boolean => x.count > settings.threshold;

/** The elements that are shown: all, or the ends of every long axis. */
function shown(x: Tensor): Tensor {
  if (!summarized(x)) return x;
  const edge = settings.edgeitems;
  return x.shape.reduce((part, length, axis) => {
    if (length <= 2 * edge) return part;
    const index = int32Tensor(
      Array.from({ length: 2 * edge }, (_, i) => (i < edge ? i : i - 2 * edge)),
      x.engine,
    );
    const ends = empty(part.shape.with(axis, 2 * edge), x.dtype, x.engine);
    x.engine.indexSelect(ends, part, axis, index, true, null);
    return ends;
  }, x.detach());
}

/** Brackets, commas and lines, `indent` characters from the left. */
function body(x: Tensor, indent: number): string {
  const part = shown(x);
  const values = part.dataSync();
  const { width, print } = formatOf(values, x.dtype);
  const cell = (): string => print(values[at++]!).padStart(width);
  const { edgeitems, linewidth } = settings;
  const cut = (axis: number): boolean => summarized(x) && x.shape[axis]! > 2 * edgeitems;
  let at = 0;

  const row = (left: number): string => {
    const cells = Array.from({ length: part.shape.at(-1)! }, cell);
    if (cut(x.ndim - 1)) cells.splice(edgeitems, 0, ' ...');
    const perLine = Math.max(1, Math.floor((linewidth - left) / (width + 2)));
    const lines: string[] = [];
    for (let i = 0; i < cells.length; i += perLine) lines.push(cells.slice(i, i + perLine).join(', '));
    return `[${lines.join(`,\n${' '.repeat(left + 1)}`)}]`;
  };
  const block = (axis: number, left: number): string => {
    if (axis === x.ndim) return cell();
    if (axis === x.ndim - 1) return row(left);
    const slices = Array.from({ length: part.shape[axis]! }, () => block(axis + 1, left + 1));
    if (cut(axis)) slices.splice(edgeitems, 0, '...');
    return `[${slices.join(`,${'\n'.repeat(x.ndim - 1 - axis)}${' '.repeat(left + 1)}`)}]`;
  };
  return block(0, indent);
}

/** What is told behind the elements. */
function notes(x: Tensor): string[] {
  const list: string[] = [];
  if (x.count === 0 && x.ndim !== 1) list.push(`shape=${formatShape(x.shape)}`);
  if (x.dtype === 'float64' || x.dtype === 'uint8' || (x.count === 0 && x.dtype !== 'float32'))
    list.push(`dtype=${x.dtype}`);
  if (x.gradFn !== null) list.push(`gradFn=<${x.gradFn.name}>`);
  else if (x.requiresGrad) list.push('requiresGrad=true');
  return list;
}

const prefix = 'tensor(';

/**
 * The tensor as PyTorch prints it: four digits, powers of ten if they're needed, the ends of the axes
 * of more than 1000 elements, and the dtype unless it shows (float32 has points, int32 has none).
 *
 * @throws DisposedError; EngineError if the engine's results arrive later
 * @differs int32 counts as the usual integer, as int64 does in PyTorch
 */
export function format(x: Tensor): string {
  let text = prefix + (x.count === 0 ? '[]' : body(x, prefix.length));
  let column = text.length - text.lastIndexOf('\n') - 1;
  for (const note of notes(x)) {
    if (column + note.length + 4 > settings.linewidth) {
      text += `,\n${' '.repeat(prefix.length)}${note}`;
      column = prefix.length + note.length;
    } else {
      text += `, ${note}`;
      column += note.length + 2;
    }
  }
  return `${text})`;
}

/** For consoles and debuggers, which must not fail: leaves out the elements if they can't be read now. */
function inspect(x: Tensor): string {
  try {
    return format(x);
  } catch {
    return `tensor(${x.isDisposed ? 'disposed' : '…'}, shape=${formatShape(x.shape)}, dtype=${x.dtype})`;
  }
}

attach({ toString: format });

Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Tensor) {
    return inspect(this);
  },
  configurable: true,
});
