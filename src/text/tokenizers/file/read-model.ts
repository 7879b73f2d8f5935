import { describe, plural } from '../../../core/describe.js';
import type { FileNode } from './node.js';

export type ModelKind = 'BPE' | 'WordPiece' | 'Unigram' | 'WordLevel';

/** The model of a file, its vocabulary checked. */
export interface FileModel {
  readonly kind: ModelKind;
  readonly node: FileNode;
  readonly tokens: ReadonlyMap<string, number>;
  /** Of a unigram model: logarithmic probabilities by number. */
  readonly scores: readonly number[];
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly unknownToken: string | undefined;
}

/** A token that's looked for in a text before anything else. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  /** Whether it is only looked for, without conditions on what's around it. */
  readonly plain: boolean;
}

const kinds: readonly string[] = ['BPE', 'WordPiece', 'Unigram', 'WordLevel'];

/** Files of the first versions leave the kind out. */
function kindOf(model: FileNode): ModelKind {
  const type = model.get('type');
  if (type !== undefined) {
    const name = type.text();
    if (!kinds.includes(name)) type.fail(`is ${describe(name)}; models are ${kinds.join(', ')}`);
    return name as ModelKind;
  }
  if (model.get('merges') !== undefined) return 'BPE';
  if (model.need('vocab').isList) return 'Unigram';
  return model.get('continuing_subword_prefix') === undefined ? 'WordLevel' : 'WordPiece';
}

function readTokens(vocab: FileNode): Map<string, number> {
  const tokens = new Map<string, number>();
  const owners = new Map<number, string>();
  for (const [token, node] of vocab.entries()) {
    const id = node.id();
    const owner = owners.get(id);
    if (owner !== undefined) node.fail(`is ${id}, as ${describe(owner)} is: two tokens have one number`);
    owners.set(id, token);
    tokens.set(token, id);
  }
  return tokens;
}

function readScoredTokens(vocab: FileNode): { tokens: Map<string, number>; scores: number[] } {
  const tokens = new Map<string, number>();
  const scores: number[] = [];
  for (const [id, item] of vocab.items().entries()) {
    const pair = item.items();
    if (pair.length !== 2) item.fail('must be a token and its score');
    const token = pair[0]!.text();
    if (tokens.has(token)) item.fail(`is ${describe(token)}, which is there twice`);
    tokens.set(token, id);
    scores.push(pair[1]!.number());
  }
  return { tokens, scores };
}

/** The tokens that a merge names, `'a b'` or `['a', 'b']`. */
function pairOf(merge: FileNode): [string, string] {
  if (merge.isText) {
    const parts = merge.text().split(' ');
    if (parts.length !== 2) merge.fail('must be two tokens with a space between them');
    return parts as [string, string];
  }
  const parts = merge.items();
  if (parts.length !== 2) merge.fail('must be two tokens');
  return [parts[0]!.text(), parts[1]!.text()];
}

function readMerges(list: FileNode, tokens: ReadonlyMap<string, number>, prefix: string): [string, string][] {
  const seen = new Set<string>();
  return list.items().map((merge) => {
    const [left, right] = pairOf(merge);
    const joined = left + (right.startsWith(prefix) ? right.slice(prefix.length) : right);
    for (const token of [left, right, joined])
      if (!tokens.has(token)) merge.fail(`needs the token ${describe(token)}, which isn't in the vocabulary`);
    if (left === '' || right === '') merge.fail('merges an empty token');
    const key = JSON.stringify([left, right]);
    if (seen.has(key)) merge.fail('is there twice');
    seen.add(key);
    return [left, right];
  });
}

/** @throws FileFormatError for an invalid vocabulary, or merges of other tokens */
export function readModel(model: FileNode): FileModel {
  const kind = kindOf(model);
  const vocab = model.need('vocab');
  const { tokens, scores } =
    kind === 'Unigram' ? readScoredTokens(vocab) : { tokens: readTokens(vocab), scores: [] as number[] };
  if (tokens.size === 0) vocab.fail('is empty');
  const prefix = kind === 'BPE' ? (model.get('continuing_subword_prefix')?.text() ?? '') : '';
  const merges = kind === 'BPE' ? readMerges(model.need('merges'), tokens, prefix) : [];
  let unknownToken = model.get('unk_token')?.text();
  if (kind === 'Unigram') {
    const unknown = model.get('unk_id');
    unknownToken = unknown && [...tokens.keys()][unknown.id()];
    if (unknown && unknownToken === undefined)
      unknown.fail(`is ${unknown.id()}, but the vocabulary has ${plural(tokens.size, 'token')}`);
  }
  return { kind, node: model, tokens, scores, merges, unknownToken };
}

/** @throws FileFormatError if a number is taken by another token */
export function readAddedTokens(root: FileNode, tokens: ReadonlyMap<string, number>): AddedToken[] {
  const owners = new Map(Array.from(tokens, ([token, id]) => [id, token]));
  return (root.get('added_tokens')?.items() ?? []).map((node) => {
    const content = node.need('content').text();
    const id = node.need('id').id();
    if (content === '') node.fail('is an empty token');
    const owner = owners.get(id);
    if (owner !== undefined && owner !== content)
      node.need('id').fail(`is ${id}, as ${describe(owner)} is: two tokens have one number`);
    const own = tokens.get(content);
    if (own !== undefined && own !== id)
      node.need('id').fail(`is ${id}, but ${describe(content)} is ${own} in the vocabulary`);
    owners.set(id, content);
    const plain = !['single_word', 'lstrip', 'rstrip'].some((key) => node.flag(key, false));
    return { id, content, special: node.flag('special', false), plain };
  });
}
