import { expect, test } from 'vitest';
import type { Block } from '../../../src/engine/cpu/block.js';
import { BlockPool } from '../../../src/engine/cpu/block-pool.js';

const block = (bytes: number): Block => ({ bytes, address: 0, view: () => new Uint8Array() });

function poolOf(limit: number): { pool: BlockPool; discarded: Block[] } {
  const discarded: Block[] = [];
  return { pool: new BlockPool(limit, (b) => discarded.push(b)), discarded };
}

test('a block comes back for the next tensor of its size alone', () => {
  const { pool } = poolOf(100);
  const kept = block(40);
  pool.keep(kept);
  expect(pool.take(30)).toBeUndefined();
  expect(pool.take(40)).toBe(kept);
  expect(pool.take(40)).toBeUndefined();
});

test('no more waits than the limit', () => {
  const { pool, discarded } = poolOf(100);
  const blocks = [block(40), block(40), block(40)];
  for (const b of blocks) pool.keep(b);
  expect(discarded).toEqual([blocks[2]]);
});

test('a full pool of sizes that nobody wants any more makes room', () => {
  const { pool, discarded } = poolOf(100);
  const old = [block(50), block(50)];
  for (const b of old) pool.keep(b);
  for (let turn = 0; turn < 8; turn++) pool.keep(pool.take(30) ?? block(30));
  expect(discarded).toEqual(expect.arrayContaining(old));
  expect(pool.take(30)).toBeDefined();
});

test('a program that goes round in more memory than the pool has keeps finding what is in it', () => {
  const { pool } = poolOf(100);
  const sizes = [40, 45, 50];
  let found = 0;
  for (let turn = 0; turn < 10; turn++) {
    const taken = sizes.map((bytes) => {
      const waiting = pool.take(bytes);
      if (waiting !== undefined) found++;
      return waiting ?? block(bytes);
    });
    for (const b of taken) pool.keep(b);
  }
  expect(found).toBe(18);
});

test('drain discards all', () => {
  const { pool, discarded } = poolOf(100);
  for (const bytes of [10, 20]) pool.keep(block(bytes));
  pool.drain();
  expect(discarded).toHaveLength(2);
  expect(pool.take(10)).toBeUndefined();
});
