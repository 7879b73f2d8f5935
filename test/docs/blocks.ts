/** Code that the documentation shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The guides, as paths from the root, and the README. */
export const documents: readonly string[] = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

export interface Block {
  /** File and line. */
  readonly where: string;
  readonly code: string;
  /** A complete program starts with a comment that names its file: `// train.ts`. */
  readonly file: string | undefined;
}

/** The blocks of a language in a document. What's in no language's block, or in `js`, isn't run. */
export function blocksOf(document: string, language: string): Block[] {
  const text = readFileSync(`${root}${document}`, 'utf8');
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm');
  return [...text.matchAll(fence)].map((match) => ({
    where: `${document}:${text.slice(0, match.index).split('\n').length}`,
    code: match[1]!,
    file: /^\/\/ (\S+\.ts)\n/.exec(match[1]!)?.[1],
  }));
}

/** Fragments of programs, which use what surrounds them without making it. */
export const fragments = (): Block[] =>
  documents.flatMap((document) => blocksOf(document, 'ts')).filter(({ file }) => file === undefined);

/** A fragment as the body of a function, in which imports can't stand. */
export const asBody = (code: string): string =>
  code.replace(/^import[\s\S]*?;$/gm, '').replace(/^export /gm, '');
