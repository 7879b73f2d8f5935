import * as zlib from 'node:zlib';
import { withFile } from '../file-source.js';
import type { TorchValue } from './convert.js';
import { type Crc32, crc32 as portable } from './crc32.js';
import { operation } from './fail.js';
import { type LoadTorchOptions, readTorch } from './load.js';

/** zlib's, where this version of Node has it. */
const crc32: Crc32 =
  typeof zlib.crc32 === 'function' ? (bytes, before) => zlib.crc32(bytes, before) : portable;

export const loadTorch = <T = TorchValue>(path: string, options: LoadTorchOptions = {}): T =>
  withFile(operation, path, (source) => readTorch(source, options, crc32)) as T;
