import type { Cursor } from './cursor.js';
import { Refusal, refuse } from './fail.js';
import {
  decodeOldString,
  decodeUtf8,
  integerOf,
  parseFloatLine,
  parseInteger,
  parseQuoted,
  parseRawUnicode,
} from './pickle-text.js';
import { kindOf, PyDict, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from './values.js';

/** What a pickle may refer to outside itself. */
export interface PickleWorld {
  /** The class or function with that name; refuses any that isn't allowed. */
  find(module: string, name: string): PyValue;
  /** What a persistent id refers to. */
  persistent(id: PyValue): PyValue;
  /** Gives an object the state that was saved with it. */
  build(object: PyValue, state: PyValue): void;
}

const HIGHEST_PROTOCOL = 5;

class Machine {
  readonly #stack: PyValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PyValue>();

  constructor(
    readonly cursor: Cursor,
    readonly world: PickleWorld,
  ) {}

  /** Height of the stack below the innermost mark. */
  get #floor(): number {
    return this.#marks.at(-1) ?? 0;
  }

  push(value: PyValue): void {
    this.#stack.push(value);
  }

  pop(): PyValue {
    if (this.#stack.length <= this.#floor) return refuse('takes from an empty stack');
    return this.#stack.pop()!;
  }

  top(): PyValue {
    return this.#stack.length > this.#floor ? this.#stack.at(-1)! : refuse('looks at an empty stack');
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** What's above the innermost mark; removes the mark. */
  popMark(): PyValue[] {
    const mark = this.#marks.pop();
    return mark === undefined ? refuse("needs a mark, but there isn't one") : this.#stack.splice(mark);
  }

  /** Drops the top, which may be a mark. */
  drop(): void {
    if (this.#stack.length === this.#floor && this.#marks.length > 0) this.#marks.pop();
    else this.pop();
  }

  put(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) refuse(`refers to value ${index}, which isn't remembered`);
    this.push(value!);
  }

  tuple(count: number): void {
    const items = Array.from({ length: count }, () => this.pop());
    this.push(new PyTuple(items.reverse()));
  }

  append(items: readonly PyValue[]): void {
    const target = this.top();
    if (target instanceof PySet) for (const item of items) addTo(target, item);
    else {
      if (target instanceof PyInstance) target.list ??= [];
      const list = target instanceof PyInstance ? target.list : target;
      if (!Array.isArray(list)) throw new Refusal(`appends to ${kindOf(target)}`);
      for (const item of items) list.push(item);
    }
  }

  setItems(items: readonly PyValue[]): void {
    const target = this.top();
    if (target instanceof PyInstance) target.dict ??= new PyDict();
    const dict = target instanceof PyInstance ? target.dict : target;
    if (!(dict instanceof PyDict)) throw new Refusal(`sets an item of ${kindOf(target)}`);
    if (items.length % 2 === 1) refuse('sets an item without a value');
    for (let i = 0; i < items.length; i += 2) dict.entries.set(hashable(items[i]!), items[i + 1]!);
  }

  /** Calls what `find` allowed; nothing else can be called. */
  call(target: PyValue, args: PyValue): void {
    if (!(target instanceof PyGlobal)) throw new Refusal(`calls ${kindOf(target)}`);
    if (!(args instanceof PyTuple))
      throw new Refusal(`calls ${target.name} with ${kindOf(args)} instead of a tuple`);
    this.push(target.call(args.items));
  }

  find(module: PyValue, name: PyValue): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new Refusal("names a class by something that isn't a string");
    this.push(this.world.find(module, name));
  }

  finish(): PyValue {
    if (this.#marks.length > 0 || this.#stack.length !== 1) refuse(`ends with ${this.#stack.length} values`);
    return this.pop();
  }
}

/** The value as a key of a dict or a member of a set. */
export const hashable = (value: PyValue): PyValue =>
  Array.isArray(value) || value instanceof PyDict || value instanceof PySet
    ? refuse(`uses ${kindOf(value)} as a key`)
    : value;

export function addTo(set: PySet, value: PyValue): void {
  set.items.add(hashable(value));
}

type Operation = (m: Machine) => void;

const outOfBand: Operation = () => refuse('has its data outside the pickle');
const extension: Operation = () =>
  refuse("names a class by its number in a program's registry, which a file doesn't have");

/** What each byte of a pickle does. */
const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>(
  (
    [
      ['\x80', (m) => checkProtocol(m.cursor.byte())],
      ['\x95', (m) => checkFrame(m.cursor)],
      ['N', (m) => m.push(null)],
      ['\x88', (m) => m.push(true)],
      ['\x89', (m) => m.push(false)],
      ['K', (m) => m.push(m.cursor.byte())],
      ['M', (m) => m.push(m.cursor.uint16())],
      ['J', (m) => m.push(m.cursor.int32())],
      ['I', (m) => m.push(parseInteger(m.cursor.line(), false))],
      ['L', (m) => m.push(parseInteger(m.cursor.line(), true))],
      ['\x8a', (m) => m.push(integerOf(m.cursor.bytes(m.cursor.byte())))],
      ['\x8b', (m) => m.push(integerOf(m.cursor.bytes(m.cursor.uint32())))],
      ['F', (m) => m.push(parseFloatLine(m.cursor.line()))],
      ['G', (m) => m.push(m.cursor.double())],
      ['S', (m) => m.push(parseQuoted(m.cursor.line()))],
      ['U', (m) => m.push(decodeOldString(m.cursor.bytes(m.cursor.byte())))],
      ['T', (m) => m.push(decodeOldString(m.cursor.bytes(m.cursor.uint32())))],
      ['V', (m) => m.push(parseRawUnicode(m.cursor.line()))],
      ['\x8c', (m) => m.push(decodeUtf8(m.cursor.bytes(m.cursor.byte())))],
      ['X', (m) => m.push(decodeUtf8(m.cursor.bytes(m.cursor.uint32())))],
      ['\x8d', (m) => m.push(decodeUtf8(m.cursor.bytes(m.cursor.length())))],
      ['C', (m) => m.push(m.cursor.bytes(m.cursor.byte()).slice())],
      ['B', (m) => m.push(m.cursor.bytes(m.cursor.uint32()).slice())],
      ['\x8e', (m) => m.push(m.cursor.bytes(m.cursor.length()).slice())],
      ['\x96', (m) => m.push(m.cursor.bytes(m.cursor.length()).slice())],
      ['\x97', outOfBand],
      ['\x98', outOfBand],
      [']', (m) => m.push([])],
      ['}', (m) => m.push(new PyDict())],
      ['\x8f', (m) => m.push(new PySet())],
      [')', (m) => m.tuple(0)],
      ['\x85', (m) => m.tuple(1)],
      ['\x86', (m) => m.tuple(2)],
      ['\x87', (m) => m.tuple(3)],
      ['t', (m) => m.push(new PyTuple(m.popMark()))],
      ['l', (m) => m.push(m.popMark())],
      ['d', (m) => pushDict(m, m.popMark())],
      ['\x91', (m) => pushSet(m, m.popMark())],
      ['(', (m) => m.mark()],
      ['0', (m) => m.drop()],
      ['1', (m) => void m.popMark()],
      ['2', (m) => m.push(m.top())],
      ['a', (m) => appendOne(m, m.pop())],
      ['e', (m) => m.append(m.popMark())],
      ['\x90', (m) => m.append(m.popMark())],
      ['s', (m) => setOne(m, m.pop())],
      ['u', (m) => m.setItems(m.popMark())],
      ['p', (m) => m.put(memoIndex(m.cursor.line()))],
      ['q', (m) => m.put(m.cursor.byte())],
      ['r', (m) => m.put(m.cursor.uint32())],
      ['\x94', (m) => m.memoize()],
      ['g', (m) => m.get(memoIndex(m.cursor.line()))],
      ['h', (m) => m.get(m.cursor.byte())],
      ['j', (m) => m.get(m.cursor.uint32())],
      ['c', (m) => m.find(m.cursor.line(), m.cursor.line())],
      ['\x93', (m) => findOnStack(m, m.pop())],
      ['R', (m) => callWith(m, m.pop())],
      ['\x81', (m) => callWith(m, m.pop())],
      ['\x92', (m) => callWithNames(m, m.pop(), m.pop())],
      ['i', (m) => makeInstance(m, m.popMark())],
      ['o', (m) => makeObject(m, m.popMark())],
      ['b', (m) => buildTop(m, m.pop())],
      ['P', (m) => m.push(m.world.persistent(m.cursor.line()))],
      ['Q', (m) => m.push(m.world.persistent(m.pop()))],
      ['\x82', extension],
      ['\x83', extension],
      ['\x84', extension],
    ] as const satisfies readonly (readonly [string, Operation])[]
  ).map(([code, operation]) => [code.charCodeAt(0), operation]),
);

const STOP = '.'.charCodeAt(0);

function checkProtocol(version: number): void {
  if (version > HIGHEST_PROTOCOL)
    refuse(`is a pickle of protocol ${version}; protocols up to ${HIGHEST_PROTOCOL} are supported`);
}

function checkFrame(cursor: Cursor): void {
  const length = cursor.length();
  if (length > cursor.remaining)
    refuse(`has a frame of ${length} bytes, but only ${cursor.remaining} are left`);
}

const memoIndex = (line: string): number =>
  /^\d{1,10}$/.test(line) ? Number(line) : refuse("refers to a value by something that isn't a number");

function pushDict(m: Machine, items: readonly PyValue[]): void {
  m.push(new PyDict());
  m.setItems(items);
}

function pushSet(m: Machine, items: readonly PyValue[]): void {
  m.push(new PySet());
  m.append(items);
}

function appendOne(m: Machine, item: PyValue): void {
  m.append([item]);
}

function setOne(m: Machine, value: PyValue): void {
  const key = m.pop();
  m.setItems([key, value]);
}

function findOnStack(m: Machine, name: PyValue): void {
  m.find(m.pop(), name);
}

function callWith(m: Machine, args: PyValue): void {
  m.call(m.pop(), args);
}

function callWithNames(m: Machine, names: PyValue, args: PyValue): void {
  m.call(m.pop(), args);
  if (names instanceof PyDict && names.entries.size === 0) return;
  const made = m.pop();
  if (!(names instanceof PyDict) || !(made instanceof PyInstance))
    throw new Refusal(`makes ${kindOf(made)} from named arguments`);
  m.push(new PyInstance(made.className, [...made.args, names]));
}

function makeInstance(m: Machine, args: PyValue[]): void {
  m.find(m.cursor.line(), m.cursor.line());
  m.call(m.pop(), new PyTuple(args));
}

function makeObject(m: Machine, [target, ...args]: PyValue[]): void {
  if (target === undefined) throw new Refusal('makes an object without a class');
  m.call(target, new PyTuple(args));
}

function buildTop(m: Machine, state: PyValue): void {
  m.world.build(m.top(), state);
}

/**
 * Runs a pickle of protocol 0 to 5 on a stack machine that knows only values: it calls nothing but
 * what `world.find` returns.
 *
 * @throws FileFormatError naming the byte, for any deviation
 * @source CPython 3.11, Lib/pickletools.py
 */
export function unpickle(cursor: Cursor, world: PickleWorld): PyValue {
  const machine = new Machine(cursor, world);
  for (;;) {
    const { place } = cursor;
    const code = cursor.byte();
    try {
      if (code === STOP) return machine.finish();
      const operation = operations.get(code);
      if (operation === undefined)
        return refuse(`has the byte 0x${code.toString(16)}, which isn't an operation`);
      operation(machine);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return cursor.fail(place, `the pickle ${error.message}`);
    }
  }
}
