import type { Work } from './workload.js';

interface TfTensor {
  readonly shape: readonly number[];
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface ConvOptions {
  readonly x: TfTensor;
  readonly filter: TfTensor;
  readonly strides: number;
  readonly pad: number;
  readonly bias: TfTensor;
  readonly activation: 'relu' | 'linear';
}

/** TensorFlow.js, as far as this file uses it. */
interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  tidy(work: () => TfTensor): TfTensor;
  randomNormal(shape: readonly number[], mean: number, deviation: number): TfTensor;
  zeros(shape: readonly number[]): TfTensor;
  add(a: TfTensor, b: TfTensor): TfTensor;
  relu(x: TfTensor): TfTensor;
  pad(x: TfTensor, paddings: readonly (readonly [number, number])[]): TfTensor;
  maxPool(x: TfTensor, size: number, strides: number, pad: 'valid'): TfTensor;
  mean(x: TfTensor, axes: readonly number[]): TfTensor;
  matMul(a: TfTensor, b: TfTensor): TfTensor;
  readonly fused: { conv2d(options: ConvOptions): TfTensor };
}

type Layer = (x: TfTensor) => TfTensor;

/** ResNet-18 on NHWC images, batch norm in weights and bias, ReLU in the convolutions: what the converter makes. */
function resNet(tf: TensorFlow): Layer {
  const conv = (
    inChannels: number,
    outChannels: number,
    size: number,
    strides: number,
    activation: 'relu' | 'linear',
  ): Layer => {
    const deviation = Math.sqrt(2 / (inChannels * size * size));
    const filter = tf.randomNormal([size, size, inChannels, outChannels], 0, deviation);
    const bias = tf.zeros([outChannels]);
    return (x) => tf.fused.conv2d({ x, filter, strides, pad: size >> 1, bias, activation });
  };
  const block = (inChannels: number, outChannels: number, strides: number): Layer => {
    const first = conv(inChannels, outChannels, 3, strides, 'relu');
    const second = conv(outChannels, outChannels, 3, 1, 'linear');
    const shortcut: Layer =
      inChannels === outChannels ? (x) => x : conv(inChannels, outChannels, 1, strides, 'linear');
    return (x) => tf.relu(tf.add(second(first(x)), shortcut(x)));
  };
  const stem = conv(3, 64, 7, 2, 'relu');
  const blocks = [64, 128, 256, 512].flatMap((width, i) => [
    block(i === 0 ? 64 : width / 2, width, i === 0 ? 1 : 2),
    block(width, width, 1),
  ]);
  const weight = tf.randomNormal([512, 1000], 0, 0.05);
  const bias = tf.zeros([1000]);
  const around = [1, 1] as const;
  return (x) => {
    // After ReLU, zeros around the image are what max pooling ignores.
    const pooled = tf.maxPool(tf.pad(stem(x), [[0, 0], around, around, [0, 0]]), 3, 2, 'valid');
    const features = tf.mean(
      blocks.reduce((h, layer) => layer(h), pooled),
      [1, 2],
    );
    return tf.add(tf.matMul(features, weight), bias);
  };
}

/** Evaluation of ResNet-18 in TensorFlow.js on WASM, where it has one thread on Node; null where it isn't installed. */
export async function prepareTfjsResNet(): Promise<Work | null> {
  const [name, backend] = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'];
  const modules = await Promise.all([import(name), import(backend)]).catch(() => null);
  if (modules === null) return null;
  const tf = modules[0] as TensorFlow;
  await tf.setBackend('wasm');
  const model = resNet(tf);
  const x = tf.randomNormal([1, 224, 224, 3], 0, 1);
  return async () => {
    const logits = tf.tidy(() => model(x));
    await logits.data();
    logits.dispose();
  };
}
