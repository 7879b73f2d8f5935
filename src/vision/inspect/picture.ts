import { requireObject } from '../../core/arguments.js';
import { cat, noGrad, stack, type Tensor } from '../../index.js';
import type * as nn from '../../nn/index.js';
import { requireModule } from '../../nn/module/argument.js';
import { checkTensors } from '../../tensor/argument.js';
import { barChart, type Figure, imageGrid, panels } from '../../viz/index.js';
import { cautiousPercent } from '../../viz/text/numbers.js';
import { activationMaximization } from './activation-maximization.js';
import { featureMaps } from './feature-maps.js';
import { filters } from './filters.js';
import { gradCam } from './grad-cam.js';
import { inspecting } from './inspecting.js';
import { convolutionsOf } from './layers.js';
import { occlusion } from './occlusion.js';
import { saliency } from './saliency.js';
import { smoothGrad } from './smooth-grad.js';

export interface InspectionOptions {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Names of the classes (default: their numbers). */
  readonly classes?: readonly string[] | undefined;
  /** Class to explain (default: the one with the highest score). */
  readonly target?: number | undefined;
  /** Path of the layer for Grad-CAM and for the second picture of feature maps (default: the last convolution). */
  readonly layer?: string | undefined;
  /** Seed of the random numbers (default 0). */
  readonly seed?: number | undefined;
}

/** Most maps, filters, and classes to draw. */
const MOST = { maps: 32, filters: 64, classes: 10, bars: 5 };

/** A map from 0 to 1, without what's below 0. @shape (H, W) */
function shares(map: Tensor): Tensor {
  const positive = map.relu();
  return positive.div(positive.max().add(1e-12));
}

/** The image in dark gray with a map laid over it in orange. @shape image (C, H, W), map (H, W) → (3, H, W) */
function overlay(image: Tensor, map: Tensor): Tensor {
  const [least, most] = [image.min(), image.max()];
  const gray = image.mean(0).sub(least).div(most.sub(least).add(1e-12)).mul(0.5);
  const heat = shares(map);
  return stack([1, 0.55, 0].map((channel) => gray.mul(heat.neg().add(1)).add(heat.mul(channel))));
}

const counted = (shown: number, total: number, what: string): string =>
  shown < total ? `the first ${shown} of ${total} ${what}` : `${total} ${what}`;

function mapsPicture(maps: Tensor, layer: string): Promise<Figure> {
  const total = maps.shape[0]!;
  const shown = Math.min(total, MOST.maps);
  return imageGrid(maps.narrow(0, 0, shown).unsqueeze(1), {
    title: `Output of ${layer}`,
    subtitle: counted(shown, total, `maps of ${maps.shape[1]} × ${maps.shape[2]}`),
    columns: 8,
  });
}

/** The filters of the first layer if they have an image's channels, otherwise the mean over the channels. */
function filtersPicture(model: nn.Module, layer: string): Promise<Figure> {
  const all = filters(model, { layer });
  const [total, channels] = all.shape as [number, number];
  const shown = Math.min(total, MOST.filters);
  const some = all.narrow(0, 0, shown);
  const colored = channels === 3;
  return imageGrid(colored ? some : some.mean(1, { keepdim: true }), {
    title: `Filters of ${layer}`,
    subtitle: counted(shown, total, `filters of ${all.shape[2]} × ${all.shape[3]}`),
    columns: 8,
    signed: !colored,
  });
}

/**
 * One picture of what a network sees in an image: its scores, where it looks (saliency, SmoothGrad, Grad-CAM,
 * occlusion), the filters of its first layer, the outputs of the first and last convolution, and the images that
 * excite its classes most.
 *
 * @shape x (C, H, W), as the model takes it
 * @throws ShapeError unless x is an image, IndexError for a class that the model doesn't have, ArgumentError for a layer
 *   that doesn't exist
 * @source notes 3.8
 * @example
 * const lenet = new vision.LeNet5();
 * const figure = await vision.inspection(lenet, rand([1, 32, 32]), { title: 'LeNet-5 before training' });
 */
export async function inspection(model: nn.Layer, x: Tensor, about: InspectionOptions): Promise<Figure> {
  requireObject('inspection', 'options', about);
  const { title, subtitle, classes, target, layer, seed = 0 } = about;
  checkTensors('inspection', { x });
  requireModule('inspection', 'model', model);
  const options = { target };
  const where = {
    saliency: saliency(model, x, options),
    SmoothGrad: smoothGrad(model, x, { ...options, seed }),
    'Grad-CAM': gradCam(model, x, { ...options, layer }),
    occlusion: occlusion(model, x, options),
  };
  const chances = inspecting(model, () => noGrad(() => model.forward(x.unsqueeze(0)).softmax(1).squeeze(0)));
  const values = [...(await chances.data())];
  const nameOf = (index: number): string => classes?.[index] ?? String(index);
  const ranked = values.map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value);
  const convolutions = convolutionsOf(model).map(([path]) => path);
  const first = convolutions[0]!;
  const last = layer ?? convolutions.at(-1)!;
  const maps = [...new Set([first, last])].map((path) => ({ path, output: featureMaps(model, x, path) }));
  const units = values.slice(0, MOST.classes).map((_, index) => index);
  const exciting = activationMaximization(model, x.shape, units, { seed });
  const plain = x.shape[0] === 3 ? x : x.mean(0, { keepdim: true }).expand([3, ...x.shape.slice(1)]);
  const explained = nameOf(target ?? ranked[0]!.index);
  return panels(
    [
      await imageGrid(cat([plain.unsqueeze(0), stack(Object.values(where).map((map) => overlay(x, map)))]), {
        title: `Where it looks for ${explained}`,
        labels: ['image', ...Object.keys(where)],
        columns: 5,
      }),
      barChart(
        ranked.slice(0, MOST.bars).map(({ value, index }) => ({
          label: nameOf(index),
          value,
          text: cautiousPercent(value),
        })),
        { title: 'Probabilities', xLabel: 'class', width: 400, height: 120 },
      ),
      await filtersPicture(model, first),
      ...(await Promise.all(
        maps.filter(({ output }) => output.ndim === 3).map(({ path, output }) => mapsPicture(output, path)),
      )),
      await imageGrid(exciting, {
        title: 'Images that excite the classes most',
        labels: units.map(nameOf),
        columns: 5,
      }),
    ],
    { title, subtitle, columns: 2 },
  );
}
