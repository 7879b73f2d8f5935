import { describe } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { type DType, noGrad, Tensor, tensor } from '../index.js';
import { known, remember } from '../tensor/inspect.js';

/** Anything that JSON holds, and tensors. */
export type State =
  | Tensor
  | string
  | number
  | boolean
  | null
  | readonly State[]
  | { readonly [key: string]: State | undefined };

/** JSON where `{ "$tensor": name }` refers to a tensor stored elsewhere. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The members of a state that's an object. @throws ArgumentError naming it if it isn't one */
export function membersOf(name: string, state: State | undefined): Readonly<Record<string, State>> {
  if (typeof state !== 'object' || state === null || Array.isArray(state) || state instanceof Tensor)
    throw new ArgumentError('loadState', `${name} must be an object, got ${describe(state)}`);
  return state as Readonly<Record<string, State>>;
}

/** A copy of the state, tensors included. */
export const copyState = (state: State): State => noGrad(() => copied(state));

function copied(state: State): State {
  if (state instanceof Tensor) {
    const copy = state.clone();
    const elements = state.engine.synchronous ? null : known(state);
    if (elements !== null) remember(copy, elements);
    return copy;
  }
  if (Array.isArray(state)) return state.map(copied);
  if (typeof state !== 'object' || state === null) return state;
  return Object.fromEntries(
    Object.entries(state as Readonly<Record<string, State>>).map(([key, value]) => [key, copied(value)]),
  );
}

/** Whether two states of weights hold the same bits. */
export async function sameState(a: State, b: State): Promise<boolean> {
  if (a instanceof Tensor || b instanceof Tensor) {
    if (!(a instanceof Tensor && b instanceof Tensor)) return false;
    const [left, right] = await Promise.all([a.data(), b.data()]);
    return left.length === right.length && left.every((value, i) => Object.is(value, right[i]));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), b as Readonly<Record<string, State>>] as const;
  if (left.length !== Object.keys(b).length) return false;
  for (const [key, value] of left) if (!(await sameState(value as State, right[key] ?? null))) return false;
  return true;
}

/** JSON has no NaN or infinities: they're stored as `{ "$number": "NaN" }`. */
export const numberToJson = (value: number): Json =>
  Number.isFinite(value) ? value : { $number: String(value) };

/** Undoes `numberToJson`; undefined for anything else. @throws ArgumentError for a number that it doesn't write */
export function numberFromJson(json: object): number | undefined {
  const [[key, value] = [], ...more] = Object.entries(json);
  if (key !== '$number' || more.length > 0) return undefined;
  if (!['NaN', 'Infinity', '-Infinity'].includes(value as string))
    throw new ArgumentError(
      'loadState',
      `$number must be 'NaN', 'Infinity', or '-Infinity', got ${describe(value)}`,
    );
  return Number(value);
}

/** @throws ArgumentError for a value that contains itself, and for a bigint: JSON has no such values */
export function requireTree(
  operation: string,
  name: string,
  value: unknown,
  within: readonly object[] = [],
): void {
  if (typeof value === 'bigint')
    throw new ArgumentError(operation, `${name} is ${describe(value)}, which JSON can't hold`);
  if (typeof value !== 'object' || value === null || value instanceof Tensor) return;
  if (within.includes(value))
    throw new ArgumentError(operation, `${name} contains itself, which JSON can't represent`);
  const inside = [...within, value];
  for (const [key, member] of Object.entries(value)) requireTree(operation, `${name}.${key}`, member, inside);
}

const reference = '$tensor';

/** Takes the tensors out of a state; each is named by its path. */
export function detachTensors(state: State): { json: Json; tensors: Record<string, Tensor> } {
  const tensors: [string, Tensor][] = [];
  const visit = (value: State, path: string): Json => {
    if (value instanceof Tensor) {
      tensors.push([path, value]);
      return { [reference]: path };
    }
    if (Array.isArray(value)) return value.map((item: State, i) => visit(item, `${path}.${i}`));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value as Readonly<Record<string, State | undefined>>)
          .filter((entry): entry is [string, State] => entry[1] !== undefined)
          .map(([key, item]) => [key, visit(item, path === '' ? key : `${path}.${key}`)]),
      );
    return typeof value === 'number' ? numberToJson(value) : (value as Json);
  };
  return { json: visit(state, ''), tensors: Object.fromEntries(tensors) };
}

/** Undoes `detachTensors`. */
export function attachTensors(json: Json, tensors: Readonly<Record<string, Tensor>>): State {
  if (Array.isArray(json)) return json.map((item: Json) => attachTensors(item, tensors));
  if (typeof json !== 'object' || json === null) return json as State;
  const entries = Object.entries(json);
  const [first] = entries;
  const number = numberFromJson(json);
  if (number !== undefined) return number;
  if (entries.length === 1 && first![0] === reference) {
    const name = String(first![1]);
    if (!Object.hasOwn(tensors, name)) throw new ArgumentError('loadCheckpoint', `has no tensor ${name}`);
    return tensors[name]!;
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, attachTensors(item as Json, tensors)]));
}

/** Bytes as a tensor, for states that contain bytes. */
export const bytesTensor = (bytes: Uint8Array): Tensor =>
  tensor(bytes, [bytes.length], { dtype: 'uint8' as DType });
