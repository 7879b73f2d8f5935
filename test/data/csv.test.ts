import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { ArgumentError, FileError, FileFormatError } from '../../src/core/errors.js';
import * as data from '../../src/data/index.js';

const folder = mkdtempSync(join(tmpdir(), 'myelin-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const row of rows) out.push(row);
  return out;
}

const people =
  'name,age,height,member,group\nAda,36,1.65,true,b\nAlan,41,1.75,false,a\nGrace,85,1.6,TRUE,b\n';

test('types are found out', async () => {
  const table = await data.readCsv(file('people.csv', people));
  expect([table.length, table.names]).toEqual([3, ['name', 'age', 'height', 'member', 'group']]);
  expect(table.names.map((name) => table.column(name).type)).toEqual([
    'string',
    'integer',
    'number',
    'boolean',
    'string',
  ]);
  expect(table.row(1)).toEqual({ name: 'Alan', age: 41, height: 1.75, member: false, group: 'a' });
  const x = table.toTensor();
  expect([x.dtype, x.shape]).toEqual(['float32', [3, 3]]);
  expect(table.toTensor(['member', 'age']).toArraySync()).toEqual([
    [1, 36],
    [0, 41],
    [1, 85],
  ]);
  expect([
    table.toTensor('age').dtype,
    table.toTensor('height').dtype,
    table.toTensor('member').dtype,
  ]).toEqual(['int32', 'float32', 'bool']);
});

test('types as told', async () => {
  const table = await data.readCsv(file('typed.csv', people), {
    columns: { age: 'number', group: 'category', member: 'string' },
  });
  expect(table.toTensor('age').dtype).toBe('float32');
  expect(table.column('member').values).toEqual(['true', 'false', 'TRUE']);
  expect(table.encoder('group').classes).toEqual(['a', 'b']);
  expect(table.toTensor('group').toArraySync()).toEqual([1, 0, 1]);
  const [x, y] = table.toDataset('group').tensors;
  expect([x.shape, y.dtype]).toEqual([[3, 2], 'int32']);
  const told = await data.readCsv(file('told.csv', people), {
    columns: { group: { type: 'category', classes: ['b', 'a', 'c'] } },
  });
  expect(told.toTensor('group').toArraySync()).toEqual([0, 1, 0]);
});

test('quotes, line breaks within them, byte order mark, CRLF, empty lines', async () => {
  const text = '\ufefftext,n\r\n"a, ""b""\r\nc",1\r\n\r\nplain,2\r\n';
  const table = await data.readCsv(file('quotes.csv', text));
  expect(table.names).toEqual(['text', 'n']);
  expect(table.column('text').values).toEqual(['a, "b"\r\nc', 'plain']);
  expect(table.toTensor('n').toArraySync()).toEqual([1, 2]);
});

test('tabs by name, gzip by content, no header, ordinary quotes, Latin-1, comments', async () => {
  const tsv = file('set.tsv.gz', gzipSync('1\t"x\n2\ty"\n'));
  const table = await data.readCsv(tsv, { header: ['n', 'word'], quote: false });
  expect(table.column('word').values).toEqual(['"x', 'y"']);
  expect((await data.readCsv(tsv, { header: false, quote: false })).names).toEqual(['0', '1']);
  const latin = file('latin.csv', Buffer.from('w\ncaf\u00e9\n', 'latin1'));
  expect((await data.readCsv(latin, { encoding: 'latin1' })).column('w').values).toEqual(['caf\u00e9']);
  const semicolons = file('semi.csv', '# made by hand\na;b\n1;2\n');
  expect((await data.readCsv(semicolons, { delimiter: ';', comment: '#' })).names).toEqual(['a', 'b']);
  expect((await data.readCsv(file('own.csv', 'a,b\n'), { header: ['x', 'y'] })).length).toBe(1);
});

test('missing values', async () => {
  const path = file('missing.csv', 'a,b,c\n1,,x\n,2.5,y\n3,?,\n4,5,z\n');
  const table = await data.readCsv(path, { missing: ['', '?'] });
  expect(table.column('a')).toEqual({ type: 'number', values: Float64Array.of(1, Number.NaN, 3, 4) });
  expect(table.column('c').values).toEqual(['x', 'y', '', 'z']);
  const whole = await data.readCsv(path, { missing: ['', '?'], dropMissing: true });
  expect([whole.length, whole.row(0)]).toEqual([1, { a: 4, b: 5, c: 'z' }]);
  await expect(data.readCsv(path, { columns: { a: 'integer' } })).rejects.toThrow(
    'line 3, column "a": the value is missing; read the column as \'number\'',
  );
  await expect(data.readCsv(path, { columns: { c: 'category' } })).rejects.toThrow('the class is missing');
});

test('what looks like numbers', async () => {
  const numbers = await data.readCsv(file('n.csv', 'a,b,c,d\n+1,1e3,nan,0x10\n-2, .5 ,-Inf,1\n'));
  expect(numbers.row(0)).toEqual({ a: 1, b: 1000, c: Number.NaN, d: '0x10' });
  expect(numbers.row(1)).toEqual({ a: -2, b: 0.5, c: Number.NEGATIVE_INFINITY, d: '1' });
  const large = await data.readCsv(file('large.csv', 'a\n3000000000\n1\n'));
  expect(large.column('a').type).toBe('number');
  expect((await data.readCsv(file('none.csv', 'a,b\n'))).length).toBe(0);
});

test('rows come one by one', async () => {
  const rows = data.streamCsv(file('stream.csv', people), {
    columns: { age: 'integer', member: 'boolean', group: { type: 'category', classes: ['a', 'b'] } },
  });
  expect(await collect(rows)).toEqual([
    { name: 'Ada', age: 36, height: '1.65', member: true, group: 1 },
    { name: 'Alan', age: 41, height: '1.75', member: false, group: 0 },
    { name: 'Grace', age: 85, height: '1.6', member: true, group: 1 },
  ]);
  const proto = await collect(data.streamCsv(file('proto.csv', '__proto__,toString\n1,2\n')));
  expect(Object.keys(proto[0]!)).toEqual(['__proto__', 'toString']);
});

test('a stream that is left early lets go of its file, and does not read on', async () => {
  const path = file('long.csv.gz', gzipSync(`a,b\n${'1,2\n'.repeat(2_000_000)}`));
  const start = performance.now();
  for await (const row of data.streamCsv(path)) {
    expect(row).toEqual({ a: '1', b: '2' });
    break;
  }
  expect(performance.now() - start).toBeLessThan(1000);
});

test('a CsvDataset is batched without being held', async () => {
  const path = file(
    'set.csv',
    `x,z,y\n${Array.from({ length: 7 }, (_, i) => `${i},${i / 2},${i % 2}`).join('\n')}\n`,
  );
  const set = new data.CsvDataset(path, {
    features: ['x', 'z'],
    target: 'y',
    columns: { x: 'number', z: 'number', y: 'integer' },
    length: 7,
  });
  expect(new data.DataLoader(set, { batchSize: 3 }).length).toBe(3);
  for (let epoch = 0; epoch < 2; epoch++) {
    const batches = await collect(new data.DataLoader(set, { batchSize: 3 }));
    expect(batches.map(([x, y]) => [x.shape, y.dtype, y.toArraySync()])).toEqual([
      [[3, 2], 'int32', [0, 1, 0]],
      [[3, 2], 'int32', [1, 0, 1]],
      [[1, 2], 'int32', [0]],
    ]);
  }
  expect(() => new data.CsvDataset(path, { features: ['x'], target: 'y', columns: { x: 'number' } })).toThrow(
    'column "y" needs a type',
  );
  expect(() => new data.CsvDataset(path, { ...set.options, length: -1 })).toThrow(
    'length must be a whole number from 0, not -1',
  );
});

test.each<[string, string | Uint8Array, data.CsvOptions, RegExp]>([
  ['an empty file', '', {}, /line 1: the file is empty/],
  ['a ragged row', 'a,b\n1,2\n3\n', {}, /line 3: 1 fields, the rows before have 2; is the delimiter right/],
  ['a long row', 'a,b\n1,2,3\n', {}, /line 2: 3 fields, the rows before have 2/],
  ['a wrong type', 'a,b\n1,2\n3,x\n', { columns: { b: 'number' } }, /line 3, column "b": "x" is no number/],
  ['a half', 'a\n1.5\n', { columns: { a: 'integer' } }, /line 2, column "a": "1.5" is no whole number/],
  ['an overflow', 'a\n1e10\n', { columns: { a: 'integer' } }, /"1e10" does not fit into int32/],
  ['no truth', 'a\nperhaps\n', { columns: { a: 'boolean' } }, /"perhaps" is neither true nor false/],
  [
    'an unknown class',
    'a\nx\n',
    { columns: { a: { type: 'category', classes: ['y', 'z'] } } },
    /"x" is none of the classes y, z/,
  ],
  ['an open quote', 'a\n"x\ny\n', {}, /a quote is opened and never closed/],
  ['a quote within', 'a,b\nx"y,1\n', {}, /a quote stands within a field; .* quote: false/],
  ['text after a quote', 'a,b\n"x"y,1\n', {}, /something follows a closing quote/],
  ['a huge field', `a\n"${'x'.repeat(5000)}\n`, { maxRowLength: 1000 }, /a row of more than 1000 characters/],
  ['a name twice', 'a,a\n1,2\n', {}, /line 1, column "a": two columns have this name/],
  ['a header of another length', '1,2\n', { header: ['a'] }, /2 fields, the header given has 1/],
  ['half a gzip file', gzipSync('a\n1\n').subarray(0, 15), {}, /is not whole as gzip/],
])('%s is an error that names the line', async (_, content, options, message) => {
  const path = file('bad.csv', content);
  for (const read of [() => data.readCsv(path, options), () => collect(data.streamCsv(path, options))]) {
    const error = await read().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(FileFormatError);
    expect((error as Error).message).toMatch(message);
  }
});

test('an error has line and column as fields', async () => {
  const path = file('fields.csv', 'a,b\n1,"x\ny"\n1,z\n');
  await expect(data.readCsv(path, { columns: { b: 'number' } })).rejects.toMatchObject({
    name: 'CsvError',
    file: path,
    line: 3,
    column: 'b',
  });
});

test('mistakes are named', async () => {
  await expect(data.readCsv(join(folder, 'absent.csv'))).rejects.toThrow(FileError);
  await expect(data.readCsv(folder)).rejects.toThrow(FileError);
  const path = file('ok.csv', people);
  await expect(data.readCsv(path, { columns: { weight: 'number' } })).rejects.toThrow(
    /has no column "weight"; its columns are "name", "age"/,
  );
  await expect(collect(data.streamCsv(path, { columns: { group: 'category' } }))).rejects.toThrow(
    "need { type: 'category', classes",
  );
  await expect(data.readCsv(path, { delimiter: '' })).rejects.toThrow(ArgumentError);
  await expect(data.readCsv(path, { delimiter: '"' })).rejects.toThrow('must be different characters');
  const table = await data.readCsv(path);
  expect(() => table.column('nam')).toThrow('there is no column "nam"; the columns are "name", "age"');
  expect(() => table.toTensor('name')).toThrow('column "name" holds text; read it as \'category\'');
  expect(() => table.encoder('age')).toThrow('is no category but integer');
  expect(() => table.row(3)).toThrow('there is no row 3; there are 3');
});
