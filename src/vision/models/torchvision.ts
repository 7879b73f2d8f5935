/** `vision.models`: torchvision's names as functions, with weights from files. */
import { describe, slip } from '../../core/describe.js';
import { ArgumentError } from '../../core/errors.js';
import { requireFiles } from '../../host/require.js';
import { Tensor } from '../../index.js';
import { loadSafetensors, loadTorch } from '../../io/index.js';
import type * as nn from '../../nn/index.js';
import { AlexNet, type AlexNetOptions } from './alexnet.js';
import type { Classifier } from './classifier.js';
import { GoogLeNet, type GoogLeNetOptions } from './googlenet.js';
import { ResNet, type ResNetDepth, type ResNetOptions } from './resnet.js';
import { VGG, type VGGDepth, type VGGOptions } from './vgg.js';

/** What every function here takes in addition to the options of the class. */
export interface WithWeights {
  /**
   * Trained weights: a file from torchvision or your own, `.pth` or `.safetensors`, or a state dict. The number of
   * classes is then theirs (default: none, a new network).
   */
  readonly weights?: string | nn.StateDict;
}

interface Network<O, M> {
  /** The layer that has an output for each class. */
  readonly head: string;
  make(options: O, trained: boolean): M;
  /** Whether a key of the weights has no place in the model. */
  leavesOut?(key: string, model: M): boolean;
}

function readWeights(name: string, path: string): unknown {
  requireFiles(name, 'pass { weights: io.loadTorchBytes(bytes) }');
  return /\.safetensors$/i.test(path) ? loadSafetensors(path) : loadTorch(path);
}

function stateOf(name: string, weights: unknown): nn.StateDict {
  const state = typeof weights === 'string' ? readWeights(name, weights) : weights;
  if (typeof state !== 'object' || state === null || state instanceof Tensor || Array.isArray(state))
    throw new ArgumentError(
      name,
      `weights must be a file, or an object of tensors by name, got ${describe(state)}${slip(state)}`,
    );
  return state as nn.StateDict;
}

/** The number of classes that the weights are for, which must be the number asked for. */
function classesOf(
  name: string,
  head: string,
  state: nn.StateDict,
  wanted: number | undefined,
): number | undefined {
  const found = (state[`${head}.weight`] as Tensor | undefined)?.shape?.[0];
  if (found !== undefined && wanted !== undefined && found !== wanted)
    throw new ArgumentError(
      name,
      `the weights are for ${found} classes, but numClasses is ${wanted}\n` +
        `  hint: omit numClasses, and give the model a new head: vision.replaceHead(model, ${wanted})`,
    );
  return wanted ?? found;
}

const named =
  <O extends { readonly numClasses?: number }, M extends Classifier>(
    name: string,
    { head, make, leavesOut }: Network<O, M>,
  ) =>
  (options: O & WithWeights = {} as O): M => {
    if (options === null || typeof options !== 'object')
      throw new ArgumentError(name, `the options must be an object, got ${describe(options)}`);
    const { weights, ...own } = options;
    if (weights === undefined) return make(own as unknown as O, false);
    const state = stateOf(name, weights);
    const numClasses = classesOf(name, head, state, options.numClasses);
    const model = make({ ...own, ...(numClasses === undefined ? {} : { numClasses }) } as unknown as O, true);
    const entries = Object.entries(state).filter(([key]) => !leavesOut?.(key, model));
    model.loadStateDict(Object.fromEntries(entries));
    return model;
  };

const resnet = (depth: ResNetDepth) =>
  named(`resnet${depth}`, { head: 'fc', make: (options: ResNetOptions) => new ResNet(depth, options) });

const vgg = (depth: VGGDepth, batchNorm: boolean) =>
  named(`vgg${depth}${batchNorm ? 'Bn' : ''}`, {
    head: 'classifier.6',
    make: (options: Omit<VGGOptions, 'batchNorm'>) => new VGG(depth, { ...options, batchNorm }),
  });

export const alexnet = named('alexnet', {
  head: 'classifier.6',
  make: (options: AlexNetOptions) => new AlexNet(options),
});

export const googlenet = named('googlenet', {
  head: 'fc',
  // Like torchvision: its weights are for other inputs, and their auxiliary classifiers are no longer useful.
  make: (options: GoogLeNetOptions, trained) =>
    new GoogLeNet(trained ? { auxLogits: false, transformInput: true, ...options } : options),
  leavesOut: (key, { aux1 }) => aux1 === null && /^aux[12]\./.test(key),
});

export const resnet18 = resnet(18);
export const resnet34 = resnet(34);
export const resnet50 = resnet(50);
export const resnet101 = resnet(101);
export const resnet152 = resnet(152);

export const vgg11 = vgg(11, false);
export const vgg13 = vgg(13, false);
export const vgg16 = vgg(16, false);
export const vgg19 = vgg(19, false);
export const vgg11Bn = vgg(11, true);
export const vgg13Bn = vgg(13, true);
export const vgg16Bn = vgg(16, true);
export const vgg19Bn = vgg(19, true);
