import { expect, test } from 'vitest';
import { codes } from '../../../src/engine/cpu/abi.js';
import { binaryOps, compareOps, ternaryOps, testOps, unaryOps } from '../../../src/engine/elementwise.js';
import { gemmActivations } from '../../../src/engine/gemm.js';
import { pointwiseLosses } from '../../../src/engine/loss.js';
import { recurrentKinds } from '../../../src/engine/recurrent.js';
import { reduceOps } from '../../../src/engine/reduce.js';
import { slopes, slopesOfTwo } from '../../../src/engine/slope.js';

// That every operation has a code is for the compiler to check.
test.each([
  ['unary', codes.unary, unaryOps],
  ['test', codes.test, testOps],
  ['binary', codes.binary, [...binaryOps, ...slopes]],
  ['compare', codes.compare, compareOps],
  ['ternary', codes.ternary, [...ternaryOps, ...slopesOfTwo]],
  ['recurrent kind', codes.recurrentKind, recurrentKinds],
  ['reduce', codes.reduce, reduceOps],
  ['activation', codes.activation, gemmActivations],
  ['pointwise loss', codes.pointwiseLoss, pointwiseLosses],
] as const)('every %s code of the kernels has an operation', (_, known, ops) => {
  expect(Object.keys(known).sort()).toEqual([...ops].sort());
});
