import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { ArgumentError, FileError, FileFormatError } from '../../../src/core/errors.js';
import { onWarning } from '../../../src/core/warn.js';
import * as data from '../../../src/data/index.js';

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
    'line 3, column "a": the value is missing (""); read the column as \'number\'',
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

test("a stream that is left early lets go of its file, and doesn't read on", async () => {
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
    'column "y" needs a numeric type',
  );
  expect(() => new data.CsvDataset(path, { ...set.options, length: -1 })).toThrow(
    'length must be a whole number of at least 0, got -1',
  );
});

test.each<[string, string | Uint8Array, data.CsvOptions, RegExp]>([
  ['an empty file', '', {}, /line 1: the file is empty/],
  ['a ragged row', 'a,b\n1,2\n3\n', {}, /line 3: 1 field, but earlier rows have 2; is the delimiter right/],
  ['a long row', 'a,b\n1,2,3\n', {}, /line 2: 3 fields, but earlier rows have 2/],
  ['a wrong type', 'a,b\n1,2\n3,x\n', { columns: { b: 'number' } }, /line 3, column "b": "x" isn't a number/],
  ['a half', 'a\n1.5\n', { columns: { a: 'integer' } }, /line 2, column "a": "1.5" isn't a whole number/],
  ['an overflow', 'a\n1e10\n', { columns: { a: 'integer' } }, /"1e10" doesn't fit in int32/],
  ['no truth', 'a\nperhaps\n', { columns: { a: 'boolean' } }, /"perhaps" isn't true or false/],
  [
    'an unknown class',
    'a\nx\n',
    { columns: { a: { type: 'category', classes: ['y', 'z'] } } },
    /"x" isn't one of the classes y, z/,
  ],
  ['an open quote', 'a\n"x\ny\n', {}, /a quote is opened and never closed/],
  ['a quote within', 'a,b\nx"y,1\n', {}, /there's a quote inside a field; .* quote: false/],
  ['text after a quote', 'a,b\n"x"y,1\n', {}, /something follows a closing quote/],
  ['a huge field', `a\n"${'x'.repeat(5000)}\n`, { maxRowLength: 1000 }, /a row of more than 1000 bytes/],
  ['a name twice', 'a,a\n1,2\n', {}, /line 1, column "a": two columns have this name/],
  ['a header of another length', '1,2\n', { header: ['a'] }, /2 fields, but the given header has 1/],
  ['half a gzip file', gzipSync('a\n1\n').subarray(0, 15), {}, /isn't valid gzip/],
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
  expect(() => table.column('nam')).toThrow('there\'s no column "nam"; the columns are "name", "age"');
  expect(() => table.toTensor('name')).toThrow(
    'column "name" holds text ("Ada" in line 2 isn\'t a number); read it as \'category\'',
  );
  expect(() => table.encoder('age')).toThrow('is integer, not a category');
  expect(() => table.row(3)).toThrow("there's no row 3; there are 3");
});

/** What a call warns of. */
async function warned(work: () => unknown): Promise<string[]> {
  const messages: string[] = [];
  const before = onWarning(({ operation, message }) => messages.push(`${operation}: ${message}`));
  try {
    await work();
  } finally {
    onWarning(before);
  }
  return messages;
}

test('a first line that looks like data is a warning', async () => {
  const path = file('no-header.csv', '5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n');
  const message = `${path}: the first line looks like data: "5.1", "3.5", "Iris-setosa"; pass { header: false } or the names`;
  const table = async (options?: data.CsvOptions) => void (await data.readCsv(path, options));
  expect(await warned(table)).toEqual([`readCsv: ${message}`]);
  expect(await warned(() => collect(data.streamCsv(path)))).toEqual([`streamCsv: ${message}`]);
  expect(await warned(() => table({ header: false }))).toEqual([]);
  expect(await warned(() => table({ header: ['length', 'width', 'species'] }))).toEqual([]);
  for (const header of ['x1,x2,y', 'country,2019,2020', ',0,1', 'a,,b']) {
    const other = file('header-like.csv', `${header}\n${header.replace(/[^,]+/g, '7')}\n`);
    expect(await warned(() => data.readCsv(other))).toEqual([]);
  }
});

test("bytes that aren't UTF-8 are an error that names byte and line", async () => {
  const city = file('city.csv', Buffer.from('city,y\nK\xf6ln,1\nK\xfcln,2\n', 'latin1'));
  for (const read of [() => data.readCsv(city), () => collect(data.streamCsv(city))])
    await expect(read()).rejects.toMatchObject({ name: 'CsvError', offset: 8, line: 2 });
  await expect(data.readCsv(city)).rejects.toThrow(
    "byte 8: line 2: the byte 0xf6 isn't UTF-8; if the file is in Latin-1 (Windows), pass { encoding: 'latin1' }",
  );
  const latin = await data.readCsv(city, { encoding: 'latin1', columns: { city: 'category' } });
  expect(latin.encoder('city').classes).toEqual(['Köln', 'Küln']);
  const within = file('within.csv', Buffer.from('a,b\n1,"x\ny\xe9z\n"\n', 'latin1'));
  await expect(data.readCsv(within)).rejects.toMatchObject({ offset: 10, line: 3 });
  const cut = file('cut.csv', Buffer.concat([Buffer.from('a\n'), Buffer.from('é').subarray(0, 1)]));
  await expect(data.readCsv(cut)).rejects.toMatchObject({ offset: 2, line: 2 });
  const header = file('header.csv', Buffer.from('gr\xf6\xdfe\n1\n', 'latin1'));
  await expect(data.readCsv(header)).rejects.toThrow("byte 2: line 1: the byte 0xf6 isn't UTF-8");
  const wide = file('wide.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'));
  await expect(data.readCsv(wide)).rejects.toThrow(
    'is text in UTF-16 (which Excel calls Unicode); save it as UTF-8',
  );
  const euro = file('euro.csv', Uint8Array.of(0x61, 0x0a, 0x80, 0x0a));
  expect((await data.readCsv(euro, { encoding: 'latin1' })).column('a').values).toEqual(['€']);
});

test("a control character isn't a blank", async () => {
  const table = await data.readCsv(file('nul.csv', 'a,b\n1,\0\n2,\x1f\n'));
  expect(table.column('b')).toMatchObject({ type: 'string', values: ['\0', '\x1f'] });
  const blank = await data.readCsv(file('blank.csv', 'a,b\n1, \t\n2,3\n'));
  expect([...(blank.column('b').values as Float64Array)]).toEqual([Number.NaN, 3]);
});

test('what usually stands for no value is missing', async () => {
  const path = file('na.csv', 'size,rooms,price,name\n50,2,100,NA\nNA,3,150,b\n80,?,200,None\n 90 , ,n/a,\n');
  const table = await data.readCsv(path);
  expect(table.names.map((name) => table.column(name).type)).toEqual([
    'number',
    'number',
    'number',
    'string',
  ]);
  expect([...(table.column('size').values as Float64Array)]).toEqual([50, Number.NaN, 80, 90]);
  expect([...(table.column('rooms').values as Float64Array)]).toEqual([2, 3, Number.NaN, Number.NaN]);
  expect(table.column('name').values).toEqual(['NA', 'b', 'None', '']);
  const [first, ...more] = await warned(() => table.toTensor(['size', 'rooms']));
  expect(first).toBe(
    'Table: column "size" has missing values, which are NaN in the tensor; to drop such rows, read the file with dropMissing: true',
  );
  expect(more.length).toBe(1);
  expect(await warned(() => table.toTensor('price'))).toHaveLength(1);
  const whole = await data.readCsv(path, { dropMissing: true });
  expect(whole.length).toBe(0);
  const own = await data.readCsv(path, { missing: ['NA'] });
  expect(own.column('size').type).toBe('number');
  expect(own.column('rooms')).toMatchObject({ type: 'string', because: '"?" in line 4 isn\'t a number' });
  const codes = await data.readCsv(file('codes.csv', 'a\n-9\n1\n -9 \n'), { missing: ['-9'] });
  expect([...(codes.column('a').values as Float64Array)]).toEqual([Number.NaN, 1, Number.NaN]);
});

test('columns of missing values, and truths with missing ones, are numbers', async () => {
  const rows = ['true,,NA,1', 'NA,,?,2', 'False,,,3', ' TRUE ,,n/a,4'];
  const table = await data.readCsv(file('truths.csv', `a,b,c,d\n${rows.join('\n')}\n`));
  expect(table.names.map((name) => table.column(name).type)).toEqual([
    'number',
    'number',
    'number',
    'integer',
  ]);
  expect([...(table.column('a').values as Float64Array)]).toEqual([1, Number.NaN, 0, 1]);
  expect([...(table.column('b').values as Float64Array)]).toEqual(Array(4).fill(Number.NaN));
  const messages = await warned(() => expect(table.toTensor().shape).toEqual([4, 4]));
  expect(messages.map((message) => /^Table: column "(.)" has missing values/.exec(message)?.[1])).toEqual([
    'a',
    'b',
    'c',
  ]);
  // Also where the first word comes late, and the file is read again.
  const long = `a\n${'NA\n'.repeat(3000)}true\nfalse\n`;
  const { values } = (await data.readCsv(file('late-truths.csv', long))).column('a');
  expect([values[2999], ...(values as Float64Array).slice(3000)]).toEqual([Number.NaN, 1, 0]);
  const none = await data.readCsv(file('none.csv', 'a,b\n'));
  expect(none.column('a')).toMatchObject({ type: 'string', values: [] });
});

test("integers that float64 can't tell apart are a warning when they are read", async () => {
  const ids = ['9007199254740993,1e300,-9007199254740993', '9007199254740992,36893488147419103232,7'];
  const path = file('large.csv', `id,exact,far\n${ids.join('\n')}\n`);
  const read: data.Table[] = [];
  const became = (name: string, text: string, value: string): string =>
    `column "${name}" has integers that float64 can't tell apart: ${text} became ${value}; read an identifier as 'string' or 'category', or leave it out`;
  const expected = [
    became('id', '9007199254740993', '9007199254740992'),
    became('far', '-9007199254740993', '-9007199254740992'),
  ];
  expect(await warned(async () => void read.push(await data.readCsv(path)))).toEqual(
    expected.map((message) => `readCsv: ${message}`),
  );
  expect(read[0]!.column('id').type).toBe('number');
  const columns = { id: 'number', far: 'number', exact: 'number' } as const;
  const drain = async (): Promise<void> => {
    for await (const _ of data.streamCsv(path, { columns }));
  };
  expect(await warned(drain)).toEqual(expected.map((message) => `streamCsv: ${message}`));
  expect(
    await warned(async () => void (await data.readCsv(path, { columns: { id: 'string', far: 'category' } }))),
  ).toEqual([]);
  const grouped = file('grouped.csv', 'id\n"9.007.199.254.740.993"\n');
  expect(
    await warned(async () => void (await data.readCsv(grouped, { thousands: '.', decimal: ',' }))),
  ).toHaveLength(1);
});

test('a class may be a word that stands for no value elsewhere, if it is listed', async () => {
  const path = file('alley.csv', 'alley\nNA\ngravel\n');
  await expect(data.readCsv(path, { columns: { alley: 'category' } })).rejects.toThrow(
    'line 2, column "alley": the class is missing ("NA"); drop such rows with dropMissing, or list it in { type: \'category\', classes: […] }',
  );
  const classes = ['gravel', 'NA'];
  const table = await data.readCsv(path, { columns: { alley: { type: 'category', classes } } });
  expect([...(table.column('alley').values as Int32Array)]).toEqual([1, 0]);
  await expect(
    data.readCsv(path, { columns: { alley: { type: 'category', classes: ['gravel'] } } }),
  ).rejects.toThrow('the class is missing ("NA")');
});

test('columns that turned out to be text are left out by name', async () => {
  const path = file('text.csv', 'size,rooms,price\n50m,2,100\n60,3,150\n');
  const table = await data.readCsv(path);
  expect(await warned(() => table.toDataset('price'))).toEqual([
    'Table: toDataset leaves out columns of text: "size" ("50m" in line 2 isn\'t a number); if such a word means a missing value, pass it in missing; if text is intended, pass columns: { name: \'string\' }',
  ]);
  expect((await warned(() => table.toTensor()))[0]).toMatch(
    /^Table: toTensor leaves out columns of text: "size"/,
  );
  expect(() => table.toTensor(['size'])).toThrow(
    'column "size" holds text ("50m" in line 2 isn\'t a number); read it as \'category\', or encode it with oneHotEncode; pass a word that means a missing value in missing',
  );
  const meant = await data.readCsv(path, { columns: { size: 'string' } });
  expect(await warned(() => meant.toDataset('price'))).toEqual([]);
  expect(await warned(() => table.toDataset('price', ['rooms']))).toEqual([]);
  const many = await data.readCsv(
    file('many.csv', `${[...Array(30).keys()].map((i) => `c${i}`).join()}\n${Array(30).fill('x').join()}\n`),
  );
  expect((await warned(() => many.toTensor()))[0]).toMatch(
    /"c7" \("x" in line 2 isn't a number\) and 22 more;/,
  );
});

test("integers that float32 can't tell apart are a warning", async () => {
  const table = await data.readCsv(file('ids.csv', 'id,far,x\n16777217,3000000001,0.1\n16777216,1,0.2\n'));
  const messages = await warned(() => table.toTensor());
  expect(messages).toEqual([
    "Table: column \"id\" has integers that float32 can't tell apart: 16777217 became 16777216; read an identifier as 'string' or 'category', or leave it out",
    "Table: column \"far\" has integers that float32 can't tell apart: 3000000001 became 3000000000; read an identifier as 'string' or 'category', or leave it out",
  ]);
  expect(await warned(() => table.toTensor('id'))).toEqual([]);
  expect(await warned(() => table.toTensor('far'))).toHaveLength(1);
  const set = new data.CsvDataset(join(folder, 'ids.csv'), {
    features: ['id'],
    target: 'x',
    columns: { id: 'integer', x: 'number' },
  });
  expect(await warned(() => collect(set))).toEqual([
    expect.stringMatching(/^CsvDataset: column "id" has integers/),
  ]);
  const far = new data.CsvDataset(join(folder, 'ids.csv'), {
    features: ['x'],
    target: 'far',
    columns: { far: 'number', x: 'number' },
  });
  expect(await warned(() => collect(far))).toEqual([
    expect.stringMatching(/^CsvDataset: column "far" has integers that float32 can't tell apart: 3000000001/),
  ]);
});

test('decimal comma and thousands', async () => {
  const german = await data.readCsv(file('de.csv', 'a;b\n1,5;1.234.567,25\n-2;7\n'), {
    decimal: ',',
    thousands: '.',
  });
  expect(german.row(0)).toEqual({ a: 1.5, b: 1234567.25 });
  expect(german.row(1)).toEqual({ a: -2, b: 7 });
  const english = await data.readCsv(file('en.csv', 'a,b\n"1,234",1\n"12,345",2\n'), { thousands: ',' });
  expect(english.column('a')).toEqual({ type: 'integer', values: Int32Array.of(1234, 12345) });
  const quoted = await data.readCsv(file('q.csv', 'a,b\n"1,5",1\n'), { decimal: ',', delimiter: ',' });
  expect(quoted.row(0)).toEqual({ a: 1.5, b: 1 });
  const rows = await collect(
    data.streamCsv(join(folder, 'de.csv'), {
      decimal: ',',
      thousands: '.',
      columns: { a: 'number', b: 'number' },
    }),
  );
  expect(rows[0]).toEqual({ a: 1.5, b: 1234567.25 });
  await expect(data.readCsv(join(folder, 'en.csv'), { thousands: '.' })).rejects.toThrow(
    `thousands must be a character that doesn't otherwise occur in numbers, got "."`,
  );
});

test('a column that turns out to be text late has all its texts', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => `${i % 2 ? '007' : '1.50'},${i}`);
  const path = file('late.csv', `code,n\n${rows.join('\n')}\nX1,3000\n`);
  const table = await data.readCsv(path);
  expect(table.column('code')).toMatchObject({
    type: 'string',
    because: '"X1" in line 3002 isn\'t a number',
  });
  expect((table.column('code').values as string[]).slice(0, 2)).toEqual(['1.50', '007']);
  expect((table.column('code').values as string[]).at(-1)).toBe('X1');
  expect([table.length, table.column('n').type]).toEqual([3001, 'integer']);
});

test.skipIf(process.platform === 'win32')('a pipe is read once', async () => {
  const pipe = join(folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  const path = file('piped.csv', `a\n${'007\n'.repeat(3000)}X\n`);
  const writer = spawn('sh', ['-c', `cat ${path} > ${pipe}`]);
  const table = await data.readCsv(pipe);
  writer.kill();
  expect((table.column('a').values as string[]).slice(2999)).toEqual(['007', 'X']);
});

test('time grows with the size of a file, not with the square of its columns', async () => {
  const count = 60_000;
  const header = Array.from({ length: count }, (_, i) => `c${i}`).join();
  const path = file('columns.csv', `${header}\n${Array(count).fill('1').join()}\n`);
  const start = performance.now();
  const table = await data.readCsv(path);
  expect(table.toTensor().shape).toEqual([1, count]);
  expect(performance.now() - start).toBeLessThan(8000);
  expect(() => table.column('x')).toThrow(/"c19" and 59980 more$/);
  await expect(data.readCsv(path, { columns: { x: 'number' } })).rejects.toThrow(/"c19" and 59980 more$/);
}, 30_000);

test("a small file can't fill the memory", async () => {
  const lines = `#${'x'.repeat(99_998)}\n`.repeat(900);
  const bomb = file('bomb.csv.gz', gzipSync(`a\n${lines}1\n`));
  await expect(data.readCsv(bomb, { comment: '#' })).rejects.toThrow(
    /^readCsv: .*bomb\.csv\.gz, byte 0: holds more than \d+ bytes of text, too much for a table; read it with streamCsv$/,
  );
}, 30_000);

test('options are checked', async () => {
  const path = file('options.csv', 'a\n1\n');
  await expect(data.readCsv(path, { delimeter: ';' } as object)).rejects.toThrow("did you mean 'delimiter'?");
  await expect(data.readCsv(path, { quote: true } as object)).rejects.toThrow(
    'quote must be a string, or false, got true',
  );
  await expect(data.readCsv(path, { quote: '„' })).rejects.toThrow(
    'quote must be one ASCII character, got "„"',
  );
  await expect(data.readCsv(path, { encoding: 'utf8' } as object)).rejects.toThrow("did you mean 'utf-8'?");
  await expect(data.readCsv(path, { columns: { a: 'float' } } as object)).rejects.toThrow(
    "columns.a must be 'number', 'integer', 'boolean', 'string' or 'category', got 'float'",
  );
  expect(() => new data.CsvDataset(path, { columns: { a: 'number' } } as never)).toThrow(
    'CsvDataset: features and target must name columns',
  );
});

test('a table from text or bytes is as from a file', async () => {
  const content = 'n,word\n1,é\n2,b\n';
  const fromFile = await data.readCsv(file('same.csv', content));
  for (const given of [content, Buffer.from(content), gzipSync(content)]) {
    const table = await data.parseCsv(given);
    expect(table.length).toBe(2);
    expect([table.row(0), table.row(1)]).toEqual([fromFile.row(0), fromFile.row(1)]);
  }
  // Text that shows late is read again.
  const late = `a\n${'007\n'.repeat(3000)}X\n`;
  expect((await data.parseCsv(late)).row(0)).toEqual({ a: '007' });
  await expect(data.parseCsv('a\n1,2\n', { name: 'page.csv' })).rejects.toThrow(
    /^parseCsv: page\.csv, .*2 fields, but earlier rows have 1/,
  );
  await expect(data.parseCsv(gzipSync(content).subarray(0, 20))).rejects.toThrow(
    /^parseCsv: bytes, byte 0: isn't valid gzip: /,
  );
  await expect(data.parseCsv(5 as never)).rejects.toThrow('parseCsv: the content must be ');
});
