import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FileFormatError } from '../../../src/core/errors.js';
import type { Tensor } from '../../../src/index.js';
import * as io from '../../../src/io/index.js';
import { crc32 } from '../../../src/io/torch/crc32.js';
import { type ZipFile, zipArchive } from '../../../src/io/torch/zip-writer.js';

const folder = fileURLToPath(new URL('../../recordings/torch/', import.meta.url));
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const int32 = (n: number): string =>
  String.fromCharCode(n & 0xff, (n >>> 8) & 0xff, (n >>> 16) & 0xff, (n >>> 24) & 0xff);
const text = (s: string): string => `X${int32(s.length)}${s}`;

const archive = (files: readonly ZipFile[]): Uint8Array =>
  new Uint8Array(Buffer.concat([...zipArchive(files, crc32)]));

/** A file with this pickle, written as characters, and a storage of six floats called 0. */
const fileOf = (pickle: string, more: readonly ZipFile[] = []): Uint8Array =>
  archive([
    { name: 'archive/data.pkl', bytes: latin1(pickle) },
    { name: 'archive/data/0', bytes: new Uint8Array(24) },
    ...more,
  ]);

const load = (pickle: string): unknown => io.loadTorchBytes(fileOf(pickle));

/** `('storage', torch.<type>, '0', 'cpu', length)` */
const storage = (length = 'K\x06', type = 'FloatStorage'): string =>
  `(${text('storage')}ctorch\n${type}\n${text('0')}${text('cpu')}${length}tQ`;
const rebuilt = (args: string, name = '_rebuild_tensor_v2'): string =>
  `\x80\x02ctorch._utils\n${name}\n(${args}tR.`;
const emptyDict = 'ccollections\nOrderedDict\n)R';

const attacks: [name: string, pickle: string, message: RegExp][] = [
  [
    'os.system by name',
    `\x80\x02cos\nsystem\n${text('touch /tmp/owned')}\x85R.`,
    /names os\.system, which could run code in Python; nothing was executed here, but don't trust this file/,
  ],
  [
    'os.system by names on the stack',
    `\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x01x\x85R.`,
    /names posix\.system/,
  ],
  ['an instance', `(${text('x')}ios\nsystem\n.`, /names os\.system/],
  ['an object', `(cos\nsystem\n${text('x')}o.`, /names os\.system/],
  ['eval', `\x80\x02c__builtin__\neval\n${text('1')}\x85R.`, /names builtins\.eval/],
  ['getattr', `\x80\x02cbuiltins\ngetattr\n)R.`, /names builtins\.getattr/],
  ['a name with dots', `\x80\x04\x8c\x05torch\x8c\x0eSize.__class__\x93.`, /names torch\.Size\.__class__/],
  ['a module of JavaScript', `\x80\x02c__proto__\ntoString\n)R.`, /names __proto__\.toString/],
  ["a name that isn't a string", `\x80\x04K\x01K\x02\x93.`, /names a class by something that isn't a string/],
  ['a name that floods the screen', `\x80\x02cos\n${'x'.repeat(5000)}\n.`, /^.{0,600}$/s],
  ['an extension', '\x80\x02\x82\x01.', /by its number in a program's registry/],
  ['an extension of two bytes', '\x80\x02\x83\x01\x00.', /registry/],
  ['an extension of four bytes', '\x80\x02\x84\x01\x00\x00\x00.', /registry/],
  ['a buffer outside', '\x80\x05\x97.', /has its data outside the pickle/],
  ['calling a value', '\x80\x02K\x01)R.', /calls a number/],
  ['calling a dtype', '\x80\x02ctorch\nfloat32\n)R.', /calls a dtype/],
  ['calling with a list', '\x80\x02ctorch\nSize\n]R.', /calls torch\.Size with a list instead of a tuple/],
  [
    'an object from named arguments',
    `\x80\x04cargparse\nNamespace\n)}${text('a')}K\x01s\x92.`,
    /makes a dict from named arguments/,
  ],
  ['attributes of a number', '\x80\x02K\x01}b.', /sets attributes of a number/],
  ['attributes of a function', '\x80\x02ctorch\nSize\n}b.', /sets attributes of a class or function/],
  ['a persistent id that is text', 'Psystem\n.', /refers outside itself by a string/],
  ['a persistent id that is a number', '\x80\x02K\x01Q.', /refers outside itself by a number/],
  [
    'a persistent id of another kind',
    `\x80\x02${text('file')}\x85Q.`,
    /by a tuple that doesn't name a storage/,
  ],
  [
    'a storage of a class that is none',
    `\x80\x02(${text('storage')}K\x01${text('0')}${text('cpu')}K\x01tQ.`,
    /storage of a number/,
  ],
  [
    'a complex storage',
    `\x80\x02${storage('K\x01', 'ComplexFloatStorage')}.`,
    /value of the file is a tensor in a torch\.ComplexFloatStorage; complex and quantized tensors aren't supported/,
  ],
  [
    'a whole model',
    '\x80\x02ctorch.nn.modules.linear\nLinear\n)\x81.',
    /holds a whole model \(class torch\.nn\.modules\.linear\.Linear\).*torch\.save\(model\.state_dict\(\), 'model\.pt'\)/,
  ],
  ['no operation', '\x80\x02\xff.', /has the byte 0xff, which isn't an operation/],
  ['a protocol to come', '\x80\x06N.', /protocol 6; protocols up to 5/],
  ['an empty pickle', '', /needs 1 more bytes, but only 0 are left/],
  ['nothing on the stack', '\x80\x02.', /ends with 0 values/],
  ['two on the stack', '\x80\x02NN.', /ends with 2 values/],
  ['a mark left over', '\x80\x02(N.', /ends with 1 values/],
  ["a mark that isn't there", '\x80\x02t.', /needs a mark, but there isn't one/],
  ['taking from below a mark', '\x80\x02K\x01(\x85t.', /takes from an empty stack/],
  ['looking at nothing', '\x80\x022.', /looks at an empty stack/],
  ["memory that isn't there", '\x80\x02h\x05.', /refers to value 5, which isn't remembered/],
  ['memory by a huge number', '\x80\x02j\xff\xff\xff\xff.', /refers to value 4294967295/],
  ['memory by text', 'gx\n.', /by something that isn't a number/],
  [
    'a string longer than the file',
    '\x80\x02X\xff\xff\xff\x7f.',
    /needs 2147483647 more bytes, but only 1 are left/,
  ],
  [
    'bytes longer than memory',
    '\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff.',
    /a length of 18446744073709551615 bytes/,
  ],
  ['bytes of a terabyte', '\x80\x04\x8e\x00\x00\x00\x00\x00\x01\x00\x00.', /needs 1099511627776 more bytes/],
  [
    'a frame longer than the file',
    '\x80\x04\x95\xff\x00\x00\x00\x00\x00\x00\x00N.',
    /has a frame of 255 bytes, but only 2 are left/,
  ],
  ['a number longer than the file', '\x80\x02\x8b\xff\xff\xff\x7f.', /needs 2147483647 more bytes/],
  ['digits without end', `L${'9'.repeat(10_000)}L\n.`, /for a whole number/],
  ['a line without end', `S${"'a".repeat(50_000)}`, /a line that is too long|needs 1 more/],
  ['a number that is none', 'I1_000\n.', /has "1_000" for a whole number/],
  ['a fraction that is none', 'F0x10\n.', /has "0x10" for a number/],
  ['a string without quotes', 'Sabc\n.', /has a string without quotes, "abc"/],
  ["text that isn't UTF-8", '\x80\x02X\x01\x00\x00\x00\xff.', /has a string that isn't UTF-8/],
  ['a list as a key', '\x80\x02}]Ns.', /uses a list as a key/],
  ['a key without a value', '\x80\x02}(Nu.', /sets an item without a value/],
  ['an item of a number', '\x80\x02K\x01NNs.', /sets an item of a number/],
  ['appending to a dict', '\x80\x02}Na.', /appends to a dict/],
  [
    'a class of storages for a value',
    '\x80\x02ctorch\nFloatStorage\n.',
    /value of the file is a storage class, which isn't a value/,
  ],
  ...(
    [
      ['subprocess', 'Popen'],
      ['shutil', 'rmtree'],
      ['pathlib', 'os.system'],
      ['torch', 'load'],
      ['torch.hub', 'load'],
      ['io', 'open'],
      ['__builtin__', '__import__'],
      ['numpy.testing._private.utils', 'runstring'],
      ['importlib', 'import_module'],
      ['operator', 'attrgetter'],
    ] as const
  ).map(([module, name]): [string, string, RegExp] => [
    `${module}.${name}`,
    `\x80\x02c${module}\n${name}\n)R.`,
    /could run code in Python/,
  ]),
  [
    'getattr of a class, for what is within Python',
    `\x80\x02c__builtin__\ngetattr\nctorch\nSize\n${text('__subclasses__')}\x86R.`,
    /names builtins\.getattr of a class or function, which could run code/,
  ],
  ['calling an object', '\x80\x02cmine\nThing\n)R)R.', /calls an object of the class mine\.Thing/],
  [
    'a namespace of another class',
    '\x80\x02ccopy_reg\n_reconstructor\n(cargparse\nNamespace\nc__builtin__\nlist\n]tR.',
    /makes a dict of builtins\.list/,
  ],
  [
    'an object of a number',
    '\x80\x02ccopy_reg\n_reconstructor\n(K\x01c__builtin__\nobject\nNtR.',
    /makes an object of something other than a class/,
  ],
  ['a new object of a number', '\x80\x02ccopy_reg\n__newobj__\nK\x01\x85R.', /makes an object of a number/],
  [
    'an array without anything',
    '\x80\x02cnumpy.core.multiarray\n_reconstruct\n)R.',
    /value of the file is a NumPy array without a shape, dtype, and elements/,
  ],
  ['a set of a number', '\x80\x02c__builtin__\nset\nK\x01\x85R.', /makes a collection of a number/],
  [
    'copies of a list over and over',
    `\x80\x02](${'N'.repeat(3000)}eq\x000c__builtin__\nset\nq\x010]${'h\x01h\x00\x85Ra'.repeat(2000)}.`,
    /copies its values over and over/,
  ],
];

describe('pickles that are no data', () => {
  test.each(attacks)('%s', (_name, pickle, message) => {
    let error: unknown;
    try {
      load(pickle);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(FileFormatError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^loadTorch: bytes, byte \d+: /);
  });

  test('the byte of an error is the byte in the file', () => {
    const bytes = fileOf('\x80\x02(K\x01K\x02\xff');
    try {
      io.loadTorchBytes(bytes);
    } catch (error) {
      expect(bytes[(error as FileFormatError).offset]).toBe(0xff);
    }
    expect.assertions(1);
  });

  test('keys with names of JavaScript are keys', () => {
    const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    const inner = `}${text('polluted')}\x88s`;
    const read = load(`\x80\x02}(${keys.map((k) => text(k) + inner).join('')}u.`) as Record<string, unknown>;
    expect(Object.keys(read)).toEqual(keys);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const namespace = load(`\x80\x02cargparse\nNamespace\n)\x81}${text('__proto__')}${inner}sb.`);
    expect(Object.keys(namespace as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('a name of JavaScript is a name', () => {
    const made = load('\x80\x02cconstructor\nconstructor\n)R.') as io.PythonObject;
    expect([made.className, made.args]).toEqual(['constructor.constructor', []]);
  });

  test('a list within itself', () => {
    const list = load('\x80\x02]q\x00h\x00a.') as unknown[];
    expect(list[0]).toBe(list);
  });

  test('a billion references to lists are thirty lists', () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `](${`h${String.fromCharCode(i)}`.repeat(10)}eq${String.fromCharCode(i + 1)}`,
    );
    const read = load(
      `\x80\x02]q\x00${levels.join('')}]h\x1ea.`.replace('\x80\x02', '\x80\x02(').replace(']h\x1ea.', 't.'),
    );
    expect((read as unknown[]).length).toBe(31);
  });

  test('lists without bottom', () => {
    expect(() => load(`\x80\x02${']'.repeat(100_000)}${'a'.repeat(99_999)}.`)).toThrow(
      /nested deeper than 1000 levels/,
    );
    expect(() => load(`\x80\x02N${'\x85'.repeat(100_000)}.`)).toThrow(/nested deeper than 1000 levels/);
  });

  test('the same wide list in many places takes time once', () => {
    const wide = `](${'N'.repeat(100_000)}eq\x000`;
    const read = load(`\x80\x02]q\x01${wide}(${'h\x00'.repeat(100_000)}e.`) as unknown[];
    expect(read[0]).toBe(read[99_999]);
  });
});

describe('tensors that are none', () => {
  const tuple = (...items: string[]): string => `(${items.join('')}t`;
  const cases: [name: string, pickle: string, message: RegExp][] = [
    [
      'longer than its storage',
      rebuilt(`${storage()}K\x00${tuple('K\x07')}${tuple('K\x01')}\x89${emptyDict}`),
      /shape \[7\] that reaches to element 7 of storage 0, which has 6/,
    ],
    [
      'beyond by its offset',
      rebuilt(`${storage()}K\x04${tuple('K\x03')}${tuple('K\x01')}\x89${emptyDict}`),
      /reaches to element 7/,
    ],
    [
      'beyond by its strides',
      rebuilt(`${storage()}K\x00${tuple('K\x02', 'K\x02')}${tuple('K\x05', 'K\x01')}\x89${emptyDict}`),
      /reaches to element 7/,
    ],
    [
      'a storage that lies about its length',
      rebuilt(`${storage('K\x64')}K\x00${tuple('K\x64')}${tuple('K\x01')}\x89${emptyDict}`),
      /is in a storage of 400 bytes, but the file has 24 of them/,
    ],
    [
      "a storage that isn't there",
      rebuilt(
        `(${text('storage')}ctorch\nFloatStorage\n${text('../../x')}${text('cpu')}K\x06tQK\x00))\x89${emptyDict}`,
      ),
      /in storage "\.\.\/\.\.\/x", which the file doesn't have/,
    ],
    [
      'negative strides',
      rebuilt(`${storage()}K\x05${tuple('K\x06')}${tuple('J\xff\xff\xff\xff')}\x89${emptyDict}`),
      /whose strides holds -1, which isn't a whole number of at least 0/,
    ],
    [
      'a negative shape',
      rebuilt(`${storage()}K\x00${tuple('J\xff\xff\xff\xff')}${tuple('K\x01')}\x89${emptyDict}`),
      /whose shape holds -1/,
    ],
    [
      'a negative offset',
      rebuilt(`${storage()}J\xff\xff\xff\xff${tuple('K\x01')}${tuple('K\x01')}\x89${emptyDict}`),
      /whose offset holds -1/,
    ],
    [
      'a shape of fractions',
      rebuilt(`${storage()}K\x00${tuple('F1.5\n')}${tuple('K\x01')}\x89${emptyDict}`),
      /whose shape holds 1\.5/,
    ],
    [
      'a size that overflows',
      rebuilt(
        `${storage()}K\x00${tuple('J\xff\xff\xff\x7f', 'J\xff\xff\xff\x7f')}${tuple('K\x00', 'K\x00')}\x89${emptyDict}`,
      ),
      /at most 2147483647 elements fit/,
    ],
    [
      'a size that wraps to zero',
      rebuilt(
        `${storage()}K\x00${tuple(...Array(4).fill('\x8a\x05\x00\x00\x00\x00\x01'))}${tuple(...Array(4).fill('K\x00'))}\x89${emptyDict}`,
      ),
      /elements fit/,
    ],
    [
      'a stride beyond all numbers',
      rebuilt(
        `${storage()}K\x00${tuple('K\x02')}${tuple('\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01')}\x89${emptyDict}`,
      ),
      /whose strides holds a bigint/,
    ],
    [
      'shape and strides that differ',
      rebuilt(`${storage()}K\x00${tuple('K\x02')})\x89${emptyDict}`),
      /of 1 axes with 0 strides/,
    ],
    [
      'too many axes',
      rebuilt(
        `${storage()}K\x00${tuple(...Array(65).fill('K\x01'))}${tuple(...Array(65).fill('K\x01'))}\x89${emptyDict}`,
      ),
      /65 axes; at most 64/,
    ],
    ['no storage', rebuilt(`NK\x00))\x89${emptyDict}`), /over None instead of a storage/],
    ['no arguments', rebuilt(''), /over nothing instead of a storage/],
    [
      'a parameter of a number',
      rebuilt(`K\x01\x88${emptyDict}`, '_rebuild_parameter'),
      /a parameter of a number/,
    ],
    [
      'rebuilding by another function',
      `\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n(ctorch\nSize\nN)Nt\x52.`,
      /rebuilds something other than a tensor/,
    ],
    [
      'an empty one with an offset beyond its storage',
      rebuilt(
        `${storage()}\x8a\x06\x00\x00\x00\x00\x00\x01${tuple('K\x00')}${tuple('K\x01')}\x89${emptyDict}`,
      ),
      /shape \[0\] that reaches to element 1099511627776 of storage 0, which has 6/,
    ],
    ['a dtype of NumPy without a name', '\x80\x02cnumpy\ndtype\nN\x85R.', /NumPy dtype that is None/],
    [
      'an array of objects',
      `\x80\x02cnumpy.core.multiarray\n_reconstruct\n)R(K\x01K\x01\x85cnumpy\ndtype\n${text('O8')}\x85R\x89](NNetb.`,
      /value of the file is a NumPy array of dtype "O8", which no tensor can hold/,
    ],
    [
      'an array without elements',
      `\x80\x02cnumpy.core.multiarray\n_reconstruct\n)R(K\x01K\x09\x85cnumpy\ndtype\n${text('f4')}\x85R\x89${text('abcd')}tb.`,
      /has 4 bytes for an array of shape \[9\], which takes 36/,
    ],
  ];
  test.each(cases)('%s', (_name, pickle, message) => {
    expect(() => load(pickle)).toThrow(FileFormatError);
    expect(() => load(pickle)).toThrow(message);
  });

  test('a slice from the ends of several axes is empty and begins beyond its storage', () => {
    const slice = `${storage()}K\x08${tuple('K\x00', 'K\x01')}${tuple('K\x03', 'K\x01')}\x89${emptyDict}`;
    expect((load(rebuilt(slice)) as Tensor).shape).toEqual([0, 1]);
  });

  test('an expanded tensor takes no memory', () => {
    const x = load(
      rebuilt(`${storage()}K\x00${tuple('J\xff\xff\xff\x7f')}${tuple('K\x00')}\x89${emptyDict}`),
    ) as Tensor;
    expect([x.shape, x.strides, x.storage.bytes]).toEqual([[2 ** 31 - 1], [0], 24]);
  });

  test('a PyTorch file with an integer beyond int32 names the tensor', () => {
    const read = io.loadTorch<Record<string, Tensor>>(`${folder}overflow.pt`);
    expect(Object.keys(read)).toEqual(['fine', 'ids']);
    expect(read.fine!.toArraySync()).toEqual([1]);
    expect(() => read.ids).toThrow(FileFormatError);
    expect(() => read.ids).toThrow(/tensor "ids": element 1 is 1099511627776, which int32 can't hold/);
  });

  test.each([
    ['model', /holds a whole model \(class torch\.nn\.modules\.container\.Sequential\)/],
    ['model-legacy', /holds a whole model \(class torch\.nn\.modules\.linear\.Identity\)/],
    ['pickle-dump', /pickle\.dump wrote; write them with torch\.save|torch\.save didn't write/],
    ['torchscript', /TorchScript program; save its weights/],
  ])('%s.pt', (name, message) => {
    expect(() => io.loadTorch(`${folder}${name}.pt`)).toThrow(message);
    expect(() => io.loadTorch(`${folder}${name}.pt`)).toThrow(FileFormatError);
  });
});
