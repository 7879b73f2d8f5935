import { ArgumentError, Tensor } from '../../index.js';
import { loadSafetensors, loadTorch } from '../../io/index.js';
import type { StateDict } from '../../nn/index.js';
import { LAST, RunFolder } from '../../train/index.js';
import { CifarResNet, ResNet, type ResNetDepth, transforms } from '../../vision/index.js';

/** A kind of network, and weights for it. */
export interface Pretrained {
  readonly called: string;
  make(): CifarResNet | ResNet;
  readonly weights: StateDict;
  /** For torchvision's networks: images of bytes to what they were trained on (default: the recipe's own form). */
  readonly toInput?: (images: Tensor) => Tensor;
}

/** Weights from a file or from a run's folder: what the run trained, or the network that a study began with. */
function weightsIn(path: string): unknown {
  if (path.endsWith('.safetensors')) return loadSafetensors(path);
  if (!RunFolder.exists(path)) return loadTorch<unknown>(path);
  const state = RunFolder.open(path).loadCheckpoint(LAST) as {
    readonly model?: unknown;
    readonly results?: readonly { readonly model?: unknown }[];
  };
  return state.model ?? state.results?.[0]?.model;
}

/** Blocks in the four stages of torchvision's networks; the last two have wider ones, as 50 has. */
const DEPTHS: Readonly<Record<string, ResNetDepth>> = {
  '2,2,2,2': 18,
  '3,4,6,3': 34,
  '3,4,6,3 wide': 50,
  '3,4,23,3 wide': 101,
  '3,8,36,3 wide': 152,
};

/** Mean and standard deviation of ImageNet's channels, as torchvision normalizes. */
const imageNet = new transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

/**
 * A ResNet from weights: torchvision's file, or your own file or run. The weights tell which.
 *
 * @param size side to which images are enlarged for torchvision's networks
 * @throws ArgumentError if they aren't those of a ResNet
 */
export function pretrained(path: string, size: number): Pretrained {
  const weights = weightsIn(path) as StateDict | null | undefined;
  const blocks = [1, 2, 3, 4].map(
    (stage) =>
      Object.keys(weights ?? {}).filter((key) =>
        new RegExp(`^layer${stage}\\.\\d+\\.conv1\\.weight$`).test(key),
      ).length,
  );
  const head = weights?.['fc.weight'];
  const depth = DEPTHS[`${blocks}${weights?.['layer1.0.conv3.weight'] ? ' wide' : ''}`];
  const small = blocks[0]! > 0 && `${blocks}` === `${[blocks[0], blocks[0], blocks[0], 0]}`;
  if (!weights || !(head instanceof Tensor) || !(depth || small))
    throw new ArgumentError(
      'transfer',
      `${path} has no ResNet weights: it must be the state dict of torchvision's, of vision.ResNet or ` +
        'vision.CifarResNet, or the folder of a run that trained one',
    );
  const options = { numClasses: head.shape[0]! };
  if (depth === undefined) {
    const layers = 6 * blocks[0]! + 2;
    return { called: `ResNet-${layers}`, make: () => new CifarResNet(layers, options), weights };
  }
  return {
    called: `ResNet-${depth} for large images`,
    make: () => new ResNet(depth, options),
    weights,
    toInput: (images) =>
      imageNet.forward(transforms.toTensor(transforms.resize(images, [size, size])).expand([-1, 3, -1, -1])),
  };
}
