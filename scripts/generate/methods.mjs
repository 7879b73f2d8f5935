// The methods of Tensor as an interface, from the functions that `attach` makes methods: their parameters after
// the tensor, their results and their doc comments. With them names that only PyTorch has, which say what to write.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { getLeadingCommentRanges, SyntaxKind } from 'typescript/unstable/ast';
import { API, SignatureKind, SymbolFlags } from 'typescript/unstable/sync';

import { readHabits } from './habits.mjs';

export const file = 'src/ops/methods.ts';

const header = `// Written by \`npm run generate\` from the functions that \`attach\` makes methods. Change those, not this file.
`;

/** The lines of the doc comment in front of a declaration, without the stars; null if there is none. */
function commentOf(node) {
  const text = node.getSourceFile().text;
  const range = getLeadingCommentRanges(text, node.pos)?.findLast(({ pos }) => text.startsWith('/**', pos));
  if (range === undefined) return null;
  return text
    .slice(range.pos + 3, range.end - 2)
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .flatMap((line) => line.split(/(?<=\S) (?=@(?:throws|differs|source|shape)\b)/));
}

/** A doc comment as a method's: the tensor isn't a parameter, and the text says which it is unless it's x. */
function forMethod(lines, tensor) {
  const end = lines.findIndex((line) => line.startsWith('@'));
  const text = lines.slice(0, end < 0 ? lines.length : end);
  while (text.at(-1) === '') text.pop();
  if (tensor !== 'x') text.push('', `Here ${tensor} is the tensor itself.`);
  const tags = [];
  let drops = false;
  for (const line of lines.slice(end < 0 ? lines.length : end)) {
    if (line.startsWith('@')) drops = new RegExp(`^@param ${tensor}\\b`).test(line);
    if (!drops) tags.push(line);
  }
  const all = tags.length === 0 ? text : [...text, '', ...tags];
  return all.length === 1
    ? [`/** ${all[0]} */`]
    : ['/**', ...all.map((line) => ` * ${line}`.trimEnd()), ' */'];
}

/** What declares a function: with a doc comment if anything has one. */
function declarationsOf(symbol) {
  return symbol.declarations.map((handle) => {
    const node = handle.resolve();
    return node.kind === SyntaxKind.VariableDeclaration ? node.parent.parent : node;
  });
}

/** Reads the methods from the files of a project. */
class Reader {
  /** Names of types by the file that exports them. */
  imports = new Map();
  /** What keeps the methods from being written. */
  problems = new Set();

  constructor(project, src) {
    this.program = project.program;
    this.checker = project.checker;
    this.src = src;
  }

  /** The functions that a file attaches, under the names of the methods. */
  attachedIn(path) {
    const source = this.program.getSourceFile(path);
    const calls = source.statements
      .map((statement) => statement.expression)
      .filter((call) => call?.kind === SyntaxKind.CallExpression && call.expression.getText() === 'attach');
    return calls.flatMap((call) =>
      this.checker.getPropertiesOfType(this.checker.getTypeAtLocation(call.arguments[0])),
    );
  }

  /** The function behind a property of the object that is attached. */
  functionOf(property) {
    const node = property.valueDeclaration.resolve();
    const symbol =
      node.kind === SyntaxKind.ShorthandPropertyAssignment
        ? this.checker.getShorthandAssignmentValueSymbol(node)
        : node.initializer.kind === SyntaxKind.Identifier
          ? this.checker.getSymbolAtLocation(node.initializer)
          : property;
    return symbol.flags & SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** A type as it is written where the function is, whose names are then imported. */
  typeText(node) {
    this.importNames(node);
    return node.getText();
  }

  importNames(node) {
    if (node.kind === SyntaxKind.TypeReference) this.importName(node.typeName);
    node.forEachChild((child) => {
      this.importNames(child);
    });
  }

  importName(identifier) {
    let symbol = this.checker.getSymbolAtLocation(identifier);
    if (symbol.flags & SymbolFlags.Alias) symbol = this.checker.getAliasedSymbol(symbol);
    const name = identifier.getText();
    const declaration = symbol.declarations[0].resolve();
    const path = declaration?.getSourceFile().fileName;
    // What the file of Tensor declares can be seen from within its interface.
    if (!path?.startsWith(this.src) || path === join(this.src, 'tensor/tensor.ts')) return;
    if (!/^export\b/.test(declaration.getText()))
      this.problems.add(
        `${name} of ${relative(this.src, path)} isn't exported, and the type of a method needs it`,
      );
    const names = this.imports.get(path) ?? new Set();
    this.imports.set(path, names.add(name));
  }

  parameterText(node) {
    const name = node.name.getText();
    const rest = node.dotDotDotToken ? '...' : '';
    const mark = node.questionToken || node.initializer ? '?' : '';
    const type = node.type
      ? this.typeText(node.type)
      : this.checker.typeToString(this.checker.getTypeAtLocation(node));
    return `${rest}${name}${mark}: ${type}`;
  }

  /** The lines of a method: a doc comment and a signature for each way to call it. */
  method(property) {
    const declarations = declarationsOf(this.functionOf(property));
    const signatures = this.checker.getSignaturesOfType(
      this.checker.getTypeOfSymbol(property),
      SignatureKind.Call,
    );
    let comment = declarations.map(commentOf).find((lines) => lines !== null);
    if (comment === undefined) {
      this.problems.add(`${property.name} has no doc comment`);
      return [];
    }
    return signatures.flatMap((signature) => {
      const node = signature.declaration.resolve();
      const [tensor, ...rest] = node.parameters;
      comment = (declarations.length > 1 ? commentOf(node) : null) ?? comment;
      const result = node.type
        ? this.typeText(node.type)
        : this.checker.typeToString(this.checker.getReturnTypeOfSignature(signature));
      const types = node.typeParameters
        ? `<${node.typeParameters.map((type) => type.getText()).join(', ')}>`
        : '';
      const parameters = rest.map((parameter) => this.parameterText(parameter)).join(', ');
      return [
        ...forMethod(comment, tensor.name.getText()),
        `${property.name}${types}(${parameters}): ${result};`,
      ];
    });
  }
}

/** Members that only PyTorch has, with types that say what to write. */
function habitMembers(habits) {
  const members = Object.entries(habits).filter(([name]) => !/^-?\d/.test(name));
  return members.map(([name, { ours, note }]) => {
    const advice = `Write \`${ours}\`${note === undefined ? '' : `; ${note}`}.`;
    return `/** @deprecated ${advice} */\nreadonly ${name}: WriteInstead<${JSON.stringify(ours)}>;`;
  });
}

/** The text of the file. */
export async function make(root) {
  const src = join(root, 'src/');
  const here = dirname(join(root, file));
  const api = new API({ cwd: root });
  try {
    const snapshot = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] });
    const reader = new Reader(snapshot.getProject(join(root, 'tsconfig.json')), src);
    const attaching = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && /^attach\(/m.test(readFileSync(join(src, path), 'utf8')))
      .sort();
    const sections = attaching.map((path) => {
      const methods = reader
        .attachedIn(join(src, path))
        .map((property) => reader.method(property).join('\n'));
      return `// From ${path}.\n\n${methods.join('\n\n')}`;
    });
    if (reader.problems.size > 0) throw new Error([...reader.problems].join('\n'));
    const { tensorHabits } = await readHabits(root);
    sections.push(`// Names that only PyTorch has.\n\n${habitMembers(tensorHabits).join('\n\n')}`);
    reader.imports.set(join(src, 'core/foreign-names.ts'), ['WriteInstead']);
    const imports = [...reader.imports].map(([path, names]) => {
      const from = relative(here, path)
        .replace(/^(?!\.)/, './')
        .replace(/\.ts$/, '.js');
      return `import type { ${[...names].sort().join(', ')} } from '${from}';`;
    });
    return `${header}${imports.sort().join('\n')}

declare module '../tensor/tensor.js' {
  interface Tensor {
${sections.join('\n\n')}
  }
}
`;
  } finally {
    api.close();
  }
}
