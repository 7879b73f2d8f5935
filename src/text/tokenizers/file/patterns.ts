import type { FileNode } from './node.js';

/** Repeating a part up to this often can't take forever, however many ways there are to cut what it matches. */
const FEW = 8;

/** What follows an atom: how often it's repeated at most, and whether the number is fixed. */
interface Repeat {
  readonly most: number;
  readonly isFixed: boolean;
  readonly end: number;
}

/** The quantifier at a place in a pattern; null if there isn't one. */
function repeatAt(pattern: string, at: number): Repeat | null {
  const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})[?+]?/.exec(pattern.slice(at, at + 32));
  if (match === null) return null;
  const end = at + match[0].length;
  const [sign] = match[0];
  if (sign !== '{') return { most: sign === '?' ? 1 : Number.POSITIVE_INFINITY, isFixed: false, end };
  const [, least, comma, most] = match;
  if (comma === '') return { most: Number(least), isFixed: true, end };
  return { most: most === '' ? Number.POSITIVE_INFINITY : Number(most), isFixed: most === least, end };
}

/** The end of an escape, a class in brackets, or a character. */
function atomEnd(pattern: string, at: number): number {
  if (pattern[at] === '\\') {
    const name = /^\\[pPx]\{[^}]*\}/.exec(pattern.slice(at, at + 80));
    return at + (name === null ? 2 : name[0].length);
  }
  if (pattern[at] !== '[') return at + 1;
  let end = at + 1;
  while (end < pattern.length && pattern[end] !== ']') end += pattern[end] === '\\' ? 2 : 1;
  return end + 1;
}

/** A group, and what's known of its content so far. */
interface Group {
  readonly start: number;
  /** Whether a part of it is repeated a number of times that isn't fixed. */
  varies: boolean;
  /** The character that each alternative begins with; null if it isn't one. */
  readonly firsts: (string | null)[];
  /** Whether the next atom begins an alternative. */
  isNew: boolean;
}

/** Whether there may be several ways to match one text. */
function isAmbiguous({ varies, firsts }: Group): boolean {
  return varies || (firsts.length > 1 && (firsts.includes(null) || new Set(firsts).size < firsts.length));
}

/**
 * A part of a pattern that's repeated and can match one text in several ways, as in `(a+)+`: the time it takes may double
 * with each character. Null if there is none.
 */
export function endlessPart(pattern: string): string | null {
  const open = (start: number): Group => ({ start, varies: false, firsts: [], isNew: true });
  const begin = (group: Group, first: string | null): void => {
    if (group.isNew) group.firsts.push(first);
    group.isNew = false;
  };
  const groups: [Group, ...Group[]] = [open(0)];
  for (let at = 0; at < pattern.length; ) {
    const group = groups.at(-1)!;
    const char = pattern[at]!;
    if (char === '|') {
      begin(group, null);
      group.isNew = true;
      at++;
      continue;
    }
    if (char === '(') {
      begin(group, null);
      groups.push(open(at));
      at += /^\((?:\?(?:[:=!>]|<[=!]|<\w+>|[a-z-]*:))?/.exec(pattern.slice(at, at + 40))![0].length;
      continue;
    }
    const isEnd = char === ')' && groups.length > 1;
    const end = isEnd ? at + 1 : atomEnd(pattern, at);
    const repeat = repeatAt(pattern, end);
    const outer = isEnd ? groups.at(-2)! : group;
    if (isEnd) {
      begin(group, null);
      groups.pop();
      if (isAmbiguous(group) && repeat !== null && repeat.most > FEW)
        return pattern.slice(group.start, repeat.end);
      if (group.varies) outer.varies = true;
    } else begin(group, /[\\[.^$]/.test(char) ? null : char);
    if (repeat !== null && !repeat.isFixed) outer.varies = true;
    at = repeat?.end ?? end;
  }
  return null;
}

/** @throws FileFormatError for an invalid pattern, or one that some texts would take forever to match */
export function checkPattern(pattern: FileNode): void {
  const regex = pattern.get('Regex');
  if (regex === undefined) {
    pattern.need('String').text();
    return;
  }
  const part = endlessPart(regex.text());
  if (part !== null)
    regex.fail(`repeats ${part}, which can match one text in many ways: that could take forever`);
}
