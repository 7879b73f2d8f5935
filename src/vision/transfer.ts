import { requireBatches, requireList, requireRecord } from '../core/arguments.js';
import { isPlainObject } from '../core/describe.js';
import { ArgumentError } from '../core/errors.js';
import { instance, required } from '../core/options.js';
import { TensorDataset } from '../data/dataset.js';
import { cat, noGrad, type Tensor } from '../index.js';
import * as nn from '../nn/index.js';
import { checkTensors } from '../tensor/argument.js';
import { inspecting } from './inspect/inspecting.js';
import { type Classifier, requireClassifier } from './models/classifier.js';

/** The layer that classifies the encoder's output. */
export function headOf(model: Classifier): nn.Layer {
  requireClassifier('headOf', model);
  return model.getSubmodule(model.heads[0]) as nn.Layer;
}

/**
 * Gives a network new heads for other classes, initialized like any `nn.Linear`; the encoder doesn't change. The heads
 * of GoogLeNet's auxiliary classifiers are replaced too.
 *
 * Create the optimizer afterward.
 *
 * @param numClasses the number of scores that the new head gives
 * @returns the model
 * @throws ArgumentError if a head isn't linear; then insert your own with `model.setSubmodule`
 * @source notes 3.11
 * @example
 * const net = new vision.CifarResNet(20);
 * vision.replaceHead(net, 5).forward(rand([2, 3, 32, 32])).shape; // [2, 5]
 */
export function replaceHead<M extends Classifier>(model: M, numClasses: number): M {
  requireClassifier('replaceHead', model);
  const heads = model.heads.map((path) => {
    const old = model.getSubmodule(path);
    if (!(old instanceof nn.Linear))
      throw new ArgumentError(
        'replaceHead',
        `the head '${path}' is a ${old.constructor.name}, not a Linear; insert one with model.setSubmodule('${path}', …)`,
      );
    const { inFeatures, weight, bias } = old;
    return [
      path,
      new nn.Linear(inFeatures, numClasses, { bias: bias !== null, dtype: weight.dtype }),
    ] as const;
  });
  for (const [path, head] of heads) model.setSubmodule(path, head);
  return model;
}

/**
 * Freezes everything but the head: only its weights learn, and the encoder's batch norms and dropout stay in evaluation
 * mode even while the model is trained. `model.unfreeze()` undoes it.
 *
 * @returns the model
 * @source notes 3.11
 */
export function freezeEncoder<M extends Classifier>(model: M): M {
  requireClassifier('freezeEncoder', model);
  model.freeze();
  headOf(model).unfreeze();
  return model;
}

const anObject = required(instance('an object', (value): value is object => isPlainObject(value)));
const groupSpec = { encoder: anObject, head: anObject };

/**
 * The parameters of encoder and head as groups of an optimizer, each with its own options, for fine-tuning, where the
 * encoder learns at a lower rate. Auxiliary classifiers go with the encoder.
 *
 * @source notes 3.11
 * @example
 * const net = new vision.CifarResNet(20);
 * const groups = vision.parameterGroups(net, { encoder: { lr: 1e-3 }, head: { lr: 1e-2 } });
 * new optim.SGD(groups, { lr: 1e-2, momentum: 0.9 });
 */
export function parameterGroups<E extends object, H extends object>(
  model: Classifier,
  groups: { readonly encoder: E; readonly head: H },
): [encoder: E & { params: Tensor[] }, head: H & { params: Tensor[] }] {
  requireRecord('parameterGroups', 'groups', groups, groupSpec);
  const { encoder, head } = groups;
  requireClassifier('parameterGroups', model);
  const params: Tensor[] = headOf(model).parameters();
  const others = model.parameters().filter((parameter) => !params.includes(parameter));
  return [
    { ...encoder, params: others },
    { ...head, params },
  ];
}

/**
 * What the encoder makes of images, computed once in evaluation mode: to train a head on, which is as good as a network
 * with a frozen encoder and far faster, or for `metrics.nearestNeighbors`.
 *
 * The model isn't changed.
 *
 * @param batches batches of images, as the model takes them, with their labels, such as a `DataLoader`
 * @returns features (N, D) with the labels (N), in the order of the batches
 * @throws ArgumentError if there are no batches
 * @source notes 3.11
 * @example
 * const net = new vision.CifarResNet(20, { numClasses: 10 });
 * const { train: shapes } = vision.drawnShapes({ train: 20, transform: new vision.transforms.ToTensor() });
 * const features = await vision.embeddings(net, new data.DataLoader(shapes, { batchSize: 10 }));
 * features.tensors[0].shape; // [20, 64]
 */
export async function embeddings(
  model: Classifier,
  batches: AsyncIterable<readonly [images: Tensor, labels: Tensor]>,
): Promise<TensorDataset<[features: Tensor, labels: Tensor]>> {
  requireClassifier('embeddings', model);
  requireBatches('embeddings', 'batches', batches);
  const features: Tensor[] = [];
  const labels: Tensor[] = [];
  for await (const batch of batches) {
    requireList('embeddings', 'a batch', batch);
    const [images, classes] = batch;
    checkTensors('embeddings', { images, labels: classes });
    features.push(inspecting(model, () => noGrad(() => model.embed(images))));
    labels.push(classes);
  }
  if (features.length === 0) throw new ArgumentError('embeddings', 'there are no batches');
  return new TensorDataset(cat(features), cat(labels));
}
