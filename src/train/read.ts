import { empty, type Tensor, view } from '../tensor/tensor.js';

/** One-element tensors as one list, on their engine; null unless they share an engine and none has been freed. */
function together(scalars: readonly Tensor[]): Tensor | null {
  const [first] = scalars;
  if (first === undefined || scalars.some((x) => x.isDisposed || x.engine !== first.engine)) return null;
  const dtype = scalars.every((x) => x.dtype === first.dtype) ? first.dtype : 'float64';
  const list = empty([scalars.length], dtype, first.engine);
  for (const [i, x] of scalars.entries()) list.engine.copy(view(list, [], [], i), view(x, [], [], x.offset));
  return list;
}

/** The numbers of tensors of one element: in one read, unless a read costs less than to put them together. */
export async function numbersOf(scalars: readonly Tensor[]): Promise<readonly number[]> {
  const cheap = scalars.length < 2 || scalars[0]!.engine.synchronous;
  const list = cheap ? null : together(scalars);
  return list === null ? Promise.all(scalars.map((x) => x.item())) : [...(await list.data())];
}
