import { FileFormatError } from '../../../core/errors.js';
import { type JsonNode, parseJson } from '../../../io/json.js';
import { largestId } from '../vocabulary.js';

/** A value of a JSON file, with its place in the file: a wrong value is an error that names the byte. */
export class FileNode {
  readonly #node: JsonNode;
  readonly #file: { readonly operation: string; readonly name: string };
  /** How errors call it: `model.vocab`. */
  readonly #path: string;

  constructor(node: JsonNode, file: { readonly operation: string; readonly name: string }, path: string) {
    this.#node = node;
    this.#file = file;
    this.#path = path;
  }

  /** The root of a file. @throws FileFormatError if it isn't JSON */
  static parse(operation: string, name: string, bytes: Uint8Array): FileNode {
    const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    const node = parseJson(bytes.subarray(bom), bom, (at, problem) => {
      throw new FileFormatError(operation, name, at, problem);
    });
    return new FileNode(node, { operation, name }, '');
  }

  /** @throws FileFormatError saying what is wrong with it */
  fail(problem: string): never {
    const { operation, name } = this.#file;
    throw new FileFormatError(operation, name, this.#node.at, `${this.#path || 'the file'} ${problem}`);
  }

  #child(node: JsonNode, key: string | number): FileNode {
    const path =
      typeof key === 'number' ? `${this.#path}[${key}]` : `${this.#path}${this.#path && '.'}${key}`;
    return new FileNode(node, this.#file, path);
  }

  /** Whether it is null. */
  get isNull(): boolean {
    return this.#node.kind === 'literal' && this.#node.value === null;
  }

  get isList(): boolean {
    return this.#node.kind === 'array';
  }

  get isText(): boolean {
    return this.#node.kind === 'string';
  }

  /** A member of an object; undefined if it's absent or null. */
  get(key: string): FileNode | undefined {
    if (this.#node.kind !== 'object') return this.fail('must be an object');
    const entry = this.#node.entries.find((member) => member.key === key);
    if (entry === undefined) return undefined;
    const child = this.#child(entry.value, key);
    return child.isNull ? undefined : child;
  }

  /** A member of an object that must be there. */
  need(key: string): FileNode {
    return this.get(key) ?? this.fail(`has no ${key}`);
  }

  /** The members of an object. */
  entries(): (readonly [key: string, value: FileNode])[] {
    if (this.#node.kind !== 'object') return this.fail('must be an object');
    return this.#node.entries.map(
      ({ key, value }) => [key, this.#child(value, JSON.stringify(key))] as const,
    );
  }

  /** The items of a list. */
  items(): FileNode[] {
    if (this.#node.kind !== 'array') return this.fail('must be a list');
    return this.#node.items.map((item, i) => this.#child(item, i));
  }

  text(): string {
    return this.#node.kind === 'string' ? this.#node.value : this.fail('must be a string');
  }

  number(): number {
    return this.#node.kind === 'number' && Number.isFinite(this.#node.value)
      ? this.#node.value
      : this.fail('must be a finite number');
  }

  /** A number of a token. */
  id(): number {
    const value = this.number();
    return Number.isInteger(value) && value >= 0 && value <= largestId
      ? value
      : this.fail(`is ${value}; numbers of tokens are whole, from 0 to ${largestId}`);
  }

  /** The member of an object that is true or false, `otherwise` if it's absent. */
  flag(key: string, otherwise: boolean): boolean {
    const value = this.get(key)?.value();
    if (value === undefined) return otherwise;
    return typeof value === 'boolean' ? value : this.need(key).fail('must be true or false');
  }

  /** The value as `JSON.parse` gives it; `__proto__` is a name like any other. */
  value(): unknown {
    const node = this.#node;
    if (node.kind === 'object')
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, this.#child(value, key).value()]));
    if (node.kind === 'array') return node.items.map((item, i) => this.#child(item, i).value());
    return node.value;
  }
}
