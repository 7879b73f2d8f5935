import { expect, test } from 'vitest';
import { EngineError } from '../../../src/core/errors.js';
import { setEngine, zeros } from '../../../src/index.js';

test.each([
  [Symbol('a'), 'a symbol'],
  [Object.create(null) as object, '{}'],
])('what a kernel cannot take is named, whatever it is: %#', async (value, named) => {
  await setEngine('wasm');
  const fill = (): unknown => zeros([2]).normal_(value as never, 0.5);
  expect(fill).toThrow(EngineError);
  expect(fill).toThrow(new RegExp(`can't take ${named} as argument \\d+`));
});
