import { expect, test } from 'vitest';
import type { DType } from '../../src/core/dtype.js';
import { ArgumentError, FileFormatError } from '../../src/core/errors.js';
import { bytesSource } from '../../src/host/byte-source.js';
import { toBfloat16, toFloat16 } from '../../src/io/halves.js';
import { readElements, readHeader, serialize } from '../../src/io/safetensors-format.js';
import { type StoredDType, storedTypes } from '../../src/io/stored.js';

function roundTrip(dtype: DType, values: number[], stored?: StoredDType): { dtype: DType; values: number[] } {
  const content = { name: 'x', dtype, shape: [values.length], data: values };
  const bytes = Buffer.concat([...serialize([stored ? { ...content, stored } : content])]);
  const source = bytesSource(bytes);
  const [record] = readHeader(source).tensors;
  const read = readElements(source, record!);
  return { dtype: read.dtype, values: [...read.data] };
}

const f = Math.fround;

test.each<[StoredDType, DType, number[], DType]>([
  ['F32', 'float32', [0, -0, 1.5, f(0.1), Infinity, NaN], 'float32'],
  ['F64', 'float64', [0.1, 1e300, -Infinity], 'float64'],
  ['F16', 'float32', [0, 1, -2.5, 65504, 2 ** -24, Infinity, NaN], 'float32'],
  ['BF16', 'float32', [0, 1, -2.5, 2 ** 127, 2 ** -133, -Infinity, NaN], 'float32'],
  ['I64', 'int32', [0, -1, 2 ** 31 - 1, -(2 ** 31)], 'int32'],
  ['U64', 'int32', [0, 7], 'int32'],
  ['I32', 'int32', [0, -1, 2 ** 31 - 1, -(2 ** 31)], 'int32'],
  ['U32', 'int32', [0, 2 ** 31 - 1], 'int32'],
  ['I16', 'int32', [-32768, 32767], 'int32'],
  ['U16', 'int32', [0, 65535], 'int32'],
  ['I8', 'int32', [-128, 127], 'int32'],
  ['U8', 'uint8', [0, 255], 'uint8'],
  ['BOOL', 'bool', [0, 1, 1], 'bool'],
])('%s comes back', (stored, dtype, values, expected) => {
  expect(roundTrip(dtype, values, stored)).toEqual({ dtype: expected, values });
});

test('8-bit floats are read', () => {
  const e5m2 = storedTypes.F8_E5M2.decode(Uint8Array.of(0x00, 0x3c, 0xc0, 0x7b, 0x7c, 0x7e, 0x01));
  expect([...e5m2]).toEqual([0, 1, -2, 57344, Infinity, NaN, 2 ** -16]);
  const e4m3 = storedTypes.F8_E4M3.decode(Uint8Array.of(0x00, 0x38, 0xc0, 0x7e, 0x7f, 0x01));
  expect([...e4m3]).toEqual([0, 1, -2, 448, NaN, 2 ** -9]);
});

test('float16 rounds to nearest, ties to even', () => {
  expect(toFloat16(1 + 2 ** -11)).toBe(0x3c00);
  expect(toFloat16(1 + 3 * 2 ** -11)).toBe(0x3c02);
  expect(toFloat16(65519.99)).toBe(0x7bff);
  expect(toFloat16(65520)).toBe(0x7c00);
  expect(toFloat16(2 ** -25)).toBe(0);
  expect(toFloat16(-1.5 * 2 ** -24)).toBe(0x8002);
  expect(toFloat16(2 ** -14 - 2 ** -26)).toBe(0x0400);
  for (let bits = 0; bits < 0x10000; bits++) {
    const [value] = storedTypes.F16.decode(new Uint8Array(new Uint16Array([bits]).buffer));
    if (!Number.isNaN(value)) expect(toFloat16(value!)).toBe(bits);
  }
});

test('bfloat16 rounds to nearest, ties to even', () => {
  expect(toBfloat16(1 + 2 ** -8)).toBe(0x3f80);
  expect(toBfloat16(1 + 3 * 2 ** -8)).toBe(0x3f82);
  expect(toBfloat16(3.4e38)).toBe(0x7f80);
});

test("an integer that int32 can't hold names tensor and byte", () => {
  const bytes = Buffer.concat([
    ...serialize([{ name: 'n', dtype: 'int32', shape: [2], data: [1, 2 ** 31], stored: 'I64' }]),
  ]);
  const source = bytesSource(bytes, 'a.safetensors');
  const [record] = readHeader(source).tensors;
  expect(() => readElements(source, record!)).toThrow(FileFormatError);
  expect(() => readElements(source, record!)).toThrow(
    `a.safetensors, byte ${record!.begin + 8}: tensor "n": element 1 is 2147483648, which int32 can't hold`,
  );
});

test("a value that the file can't hold is refused", () => {
  const write = (stored: StoredDType, value: number) => [
    ...serialize([{ name: 'n', dtype: 'int32', shape: [1], data: [value], stored }]),
  ];
  expect(() => write('I8', 128)).toThrow(ArgumentError);
  expect(() => write('I8', 128)).toThrow(`tensor "n": element 0 is 128, which I8 can't hold`);
  expect(() => write('U64', -1)).toThrow("which U64 can't hold");
  expect(() => write('I64', 0.5)).toThrow("which I64 can't hold");
});

test('header is padded and tensors are aligned, widest first', () => {
  const bytes = Buffer.concat([
    ...serialize(
      [
        { name: 'bytes', dtype: 'uint8', shape: [3], data: [1, 2, 3] },
        { name: 'b', dtype: 'float32', shape: [], data: [1] },
        { name: 'a', dtype: 'float32', shape: [2, 0], data: [] },
        { name: 'wide', dtype: 'float64', shape: [1], data: [1] },
      ],
      { format: 'pt', ключ: 'значение' },
    ),
  ]);
  const { tensors, metadata } = readHeader(bytesSource(bytes));
  expect(tensors.map((t) => t.name)).toEqual(['wide', 'a', 'b', 'bytes']);
  expect(tensors[0]!.begin % 8).toBe(0);
  expect(tensors.map((t) => t.shape)).toEqual([[1], [2, 0], [], [3]]);
  expect(metadata).toEqual({ format: 'pt', ключ: 'значение' });
});
