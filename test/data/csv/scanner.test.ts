import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CsvFormat, cutsOf } from '../../../src/data/csv/format.js';
import { NumberScanner, numberOf } from '../../../src/data/csv/number.js';
import { Scanner } from '../../../src/data/csv/scanner.js';

/** All rows, of bytes that come in chunks of a given size. */
function scan(text: string | Uint8Array, chunk: number, format: CsvFormat = {}): string[][] {
  const bytes = Buffer.from(text as string);
  const scanner = new Scanner('scan', 'file', cutsOf('scan', 'file', format));
  const rows: string[][] = [];
  const take = (): void => {
    while (scanner.next()) rows.push(scanner.texts());
  };
  for (let at = 0; at < bytes.length; at += chunk) if (scanner.push(bytes.subarray(at, at + chunk))) take();
  scanner.end();
  take();
  return rows;
}

const field = fc.string({
  unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r', ' ', 'é', '日', '😀'),
  maxLength: 6,
});
const quoted = (text: string): string =>
  /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;

test('what is written in quotes is read back, wherever chunks end', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 4 })
        .chain((width) =>
          fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }),
        ),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      (rows, chunk, end, isEnded) => {
        const text = rows.map((row) => row.map(quoted).join(',')).join(end) + (isEnded ? end : '');
        expect(scan(text, chunk)).toEqual(rows);
        expect(scan(`\ufeff${text}`, chunk)).toEqual(rows);
      },
    ),
    { numRuns: 300, seed: 3 },
  );
});

test('delimiters of several bytes, comments, empty lines', () => {
  for (const chunk of [1, 2, 3, 50]) {
    expect(scan('a§b\n\n# c§\n1§2\n', chunk, { delimiter: '§', comment: '#' })).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(scan('a||b|c\n', chunk, { delimiter: '||' })).toEqual([['a', 'b|c']]);
    expect(scan(Buffer.from('a§b€\n', 'latin1'), chunk, { delimiter: '§', encoding: 'latin1' })[0]![0]).toBe(
      'a',
    );
  }
});

test("a row over many chunks isn't read once for each", () => {
  const long = `"${'x'.repeat(2_000_000)}"\n`;
  const start = performance.now();
  expect(scan(long, 100, { maxRowLength: 1e7 })[0]![0]!.length).toBe(2_000_000);
  expect(performance.now() - start).toBeLessThan(2000);
});

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const fast = (text: string): number =>
  new NumberScanner('.'.charCodeAt(0)).only(bytesOf(text), 0, text.length);

test('numbers are rounded as JavaScript rounds them', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 19 });
  const exponent = fc.oneof(
    fc.constant(''),
    fc
      .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({ min: 0, max: 330 }))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('', '-', '+'),
      digits,
      fc.option(digits),
      exponent,
      (sign, whole, fraction, power) => {
        const text = `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${power}`;
        const value = fast(text);
        if (!Number.isNaN(value)) expect(value).toBe(Number(text));
        expect(numberOf(text, { decimal: '.', thousands: undefined })).toBe(Number(text));
      },
    ),
    { numRuns: 3000, seed: 4 },
  );
});

test.each([
  '0',
  '-0',
  '1',
  '.5',
  '5.',
  '-1.25',
  '1e5',
  '1E-7',
  '+3',
  ' 12 ',
  '0.000001234567890123',
  '9007199254740991',
  '123456789012345e22',
])('%s takes the fast way', (text) => {
  expect(fast(text)).toBe(Number(text));
});

test.each([
  '',
  ' ',
  '-',
  '+',
  '.',
  'e5',
  '1e',
  '1e+',
  '1.2.3',
  '1 2',
  '0x10',
  '1_000',
  '--1',
  'NA',
  '1e99999999999',
  '9007199254740993',
])("%s doesn't", (text) => {
  expect(fast(text)).toBeNaN();
});

test.each<[string, '.' | ',', string | undefined, number | undefined]>([
  ['1,5', ',', undefined, 1.5],
  ['-1.234.567,25', ',', '.', -1234567.25],
  ['1,234,567.25', '.', ',', 1234567.25],
  ['12,34', '.', ',', undefined],
  ['1,234,56', '.', ',', undefined],
  ['1.5', ',', undefined, undefined],
  ['1 234', '.', ' ', 1234],
  ["1'000.5e3", '.', "'", 1_000_500],
  ['1.000', ',', '.', 1000],
  ['1,5,6', ',', undefined, undefined],
  ['1.000,5,6', ',', '.', undefined],
  ['-Infinity', '.', undefined, Number.NEGATIVE_INFINITY],
  ['1e400', '.', undefined, Number.POSITIVE_INFINITY],
  ['0b11', '.', undefined, undefined],
])('%s with %s and %s', (text, decimal, thousands, value) => {
  expect(numberOf(text, { decimal, thousands })).toBe(value);
});
