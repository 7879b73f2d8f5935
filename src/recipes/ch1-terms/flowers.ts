import { blobs, lookFor, parseCsv, type RemoteDataset } from '../../data/index.js';
import { foundOr } from '../../data/remote.js';
import type { Tensor } from '../../index.js';
import { type RecipeContext, text } from '../kit/index.js';

/** Fisher's measurements of 150 irises of three species. */
export const irisFiles: RemoteDataset = {
  title: 'Iris',
  folder: 'uci',
  files: [
    {
      name: 'iris.data',
      bytes: 4551,
      sha256: '6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0',
    },
  ],
  mirrors: ['https://archive.ics.uci.edu/ml/machine-learning-databases/iris/'],
};

const features = ['sepal length', 'sepal width', 'petal length', 'petal width'];

export interface Flowers {
  readonly name: string;
  /** What the points are grouped by: `species` or `clouds`. */
  readonly kinds: string;
  /** Lengths and widths in centimeters. @shape (150, 4) */
  readonly x: Tensor;
  /** Species of each. @shape (150), int32 */
  readonly species: Tensor;
  readonly names: readonly string[];
}

/**
 * Iris if it's found, otherwise three clouds in four dimensions; says which. If you name a folder, Iris must be
 * in it.
 *
 * @source Fisher 1936, doi:10.1111/j.1469-1809.1936.tb02137.x
 */
export async function loadFlowers({
  options: { data, seed },
  emit,
}: RecipeContext<unknown>): Promise<Flowers> {
  const files = await lookFor(irisFiles, { data, onDownload: (url) => void emit(text('download', url)) });
  if (files.missing !== null && data === undefined) {
    const { x, y } = blobs({ n: 150, centers: 3, features: 4, std: 2, seed });
    await emit(
      text(
        'data',
        "150 points of 3 clouds in 4 dimensions; Iris wasn't found (name its folder with --data DIR or MYELIN_DATA)",
      ),
    );
    return { name: '4-D clouds', kinds: 'clouds', x, species: y, names: ['cloud 0', 'cloud 1', 'cloud 2'] };
  }
  const file = foundOr('Iris', files).get('iris.data')!;
  const table = await parseCsv(file.read(), {
    name: file.path,
    header: [...features, 'species'],
    columns: { species: 'category' },
  });
  await emit(text('data', `Iris: ${table.length} flowers of 3 species, 4 measurements of each`));
  return {
    name: 'Iris',
    kinds: 'species',
    x: table.toTensor(features),
    species: table.toTensor('species'),
    names: table.encoder('species').classes,
  };
}
