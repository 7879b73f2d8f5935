/** Codes that color text in a terminal, which take no room. */
const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

const lengthOf = (text: string): number => [...text.replace(ansi, '')].length;

/** A line, cut between words if it's wider than `columns`; wider words are cut, too. */
function wrapped(line: string, columns: number): string[] {
  if (lengthOf(line) <= columns) return [line];
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    let rest = word;
    if (current !== '' && lengthOf(current) + 1 + lengthOf(rest) <= columns) {
      current += ` ${rest}`;
      continue;
    }
    if (current !== '') lines.push(current);
    for (; lengthOf(rest) > columns; rest = [...rest].slice(columns).join(''))
      lines.push([...rest].slice(0, columns).join(''));
    current = rest;
  }
  return [...lines, current];
}

/** Text with no line wider than `columns`. */
export const wrap = (text: string, columns: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrapped(line, columns))
    .join('\n');

/** Text of at most this many characters, with an ellipsis for what doesn't fit. */
export const shortened = (text: string, columns: number): string =>
  lengthOf(text) <= columns ? text : `${[...text].slice(0, columns - 1).join('')}…`;
