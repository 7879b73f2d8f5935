// Reads the parameters of everything exported from the declaration files beside the built library.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const opening = '([{<';
const closing = ')]}>';

/** The parts of `text` between separators that lie outside all brackets and strings. */
export function split(text, separator) {
  const parts = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === "'" || c === '"') quote = c;
    else if (opening.includes(c)) depth++;
    else if (closing.includes(c) && !(c === '>' && text[i - 1] === '=')) depth--;
    if (quote === '' && depth === 0 && text.startsWith(separator, i)) {
      parts.push(text.slice(from, i).trim());
      from = i + separator.length;
    }
  }
  parts.push(text.slice(from).trim());
  return parts.filter((part) => part !== '');
}

/** From the bracket at `at` to the one that closes it. */
function bracketed(text, at) {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (opening.includes(text[i])) depth++;
    else if (closing.includes(text[i]) && !(text[i] === '>' && text[i - 1] === '=')) depth--;
    if (depth === 0) return text.slice(at, i + 1);
  }
  return text.slice(at);
}

/** `(x: Tensor, dim?: number)` as `[{ name, type, optional, rest }]`. */
export function parameters(list) {
  return split(list.slice(1, -1), ',').map((text) => {
    const rest = text.startsWith('...');
    const [, name, mark, type] =
      /^(?:\.\.\.)?(\{[^}]*\}|\[[^\]]*\]|\w+)(\??):?\s*([\s\S]*)$/.exec(text) ?? [];
    return { name: name ?? 'x', type: type || 'unknown', optional: mark === '?', rest };
  });
}

/** A function's type: its parameters and what it gives; null if the type is not a function's. */
export function functionType(type) {
  const text = type.startsWith('<') ? type.slice(bracketed(type, 0).length).trim() : type;
  if (!text.startsWith('(')) return null;
  const list = bracketed(text, 0);
  const after = text.slice(list.length).trim();
  return after.startsWith('=>') ? { parameters: parameters(list), result: after.slice(2).trim() } : null;
}

/** The members between the braces of a class, an interface or an object type. */
export function members(body) {
  return split(body.slice(1, -1), ';').flatMap((text) => {
    const [, modifiers, name, mark, after] =
      /^((?:(?:static|readonly|abstract|protected|private|get|set|async)\s+)*)(\w+)(\??)\s*([:(<][\s\S]*)$/.exec(
        text,
      ) ?? [];
    if (name === undefined || /protected|private|[gs]et /.test(modifiers)) return [];
    const isStatic = modifiers.includes('static');
    if (after.startsWith(':'))
      return [{ name, isStatic, optional: mark === '?', type: after.slice(1).trim() }];
    const list = bracketed(after, after.startsWith('<') ? bracketed(after, 0).length : 0);
    return [{ name, isStatic, parameters: parameters(list) }];
  });
}

const head =
  /\b(?:(interface|abstract class|class)\s+(\w+)(?:<[^{]*?>)?(?:\s+extends\s+([^{]*?))?(?:\s+implements\s+[^{]*?)?\s*(?=\{)|type\s+(\w+)(?:<[^=]*>)?\s*=\s*|function\s+(\w+)\s*|const\s+(\w+):\s*)/g;

/** Finds declarations of the files in a folder by name. */
export function readDeclarations(folder) {
  const found = [];
  const origins = new Map();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(join(folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    for (const [, names, from] of text.matchAll(/import (?:type )?\{([^}]*)\} from '(\.[^']*)';/g))
      for (const name of names.split(','))
        origins.set(
          `${file} ${name.trim().split(' ').at(-1)}`,
          join(dirname(file), from).replace(/\.js$/, '.d.ts'),
        );
    for (const match of text.matchAll(head)) {
      const [, kind, owner, base, alias, fn, constant] = match;
      const at = match.index + match[0].length;
      if (kind)
        found.push({
          file,
          name: owner,
          kind: kind.split(' ').at(-1),
          isAbstract: kind.startsWith('abstract'),
          base: split(base ?? '', ','),
          members: members(bracketed(text, at)),
        });
      else if (fn) {
        const from = text[at] === '<' ? at + bracketed(text, at).length : at;
        found.push({ file, name: fn, kind: 'function', parameters: parameters(bracketed(text, from)) });
      } else
        found.push({
          file,
          name: alias ?? constant,
          kind: alias ? 'type' : 'const',
          type: split(text.slice(at), ';')[0],
        });
    }
  }
  const byName = new Map();
  for (const x of found) byName.set(x.name, [...(byName.get(x.name) ?? []), x]);
  return {
    all: found,
    /** What `name` means in `file`: its own declarations, those it imports, or any. */
    find(name, file) {
      const named = byName.get(name) ?? [];
      const own = named.filter((x) => x.file === file);
      const imported = named.filter((x) => x.file === origins.get(`${file} ${name}`));
      return [own, imported, named].find((some) => some.length > 0) ?? [];
    },
  };
}
