import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { temporary } from './temporary.js';
import { python } from './torch.js';
import type { Work } from './workload.js';

interface OnnxTensor {
  readonly dims: readonly number[];
}

/** onnxruntime-web, as far as this file uses it. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: { readonly executionProviders: readonly string[] },
    ): Promise<{ run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<unknown> }>;
  };
}

/** torchvision's ResNet-18 as an ONNX file, batch norm in the weights; null where torchvision isn't installed. */
function exportResNet(): Uint8Array | null {
  const path = join(temporary, 'resnet18.onnx');
  const script = `
import torch, torchvision
model = torchvision.models.resnet18().eval()
torch.onnx.export(model, torch.zeros(1, 3, 224, 224), ${JSON.stringify(path)}, input_names=['x'])`;
  return spawnSync(python, ['-c', script]).status === 0 ? readFileSync(path) : null;
}

/** Evaluation of ResNet-18 in onnxruntime-web on all cores; null where it or torchvision isn't installed. */
export async function prepareOnnxResNet(): Promise<Work | null> {
  const name = 'onnxruntime-web';
  const ort = (await import(name).catch(() => null)) as OnnxRuntime | null;
  const model = ort && exportResNet();
  if (model === null) return null;
  ort!.env.wasm.numThreads = cpus().length;
  const session = await ort!.InferenceSession.create(model, { executionProviders: ['wasm'] });
  const pixels = Float32Array.from({ length: 3 * 224 * 224 }, Math.random);
  const x = new ort!.Tensor('float32', pixels, [1, 3, 224, 224]);
  return () => session.run({ x });
}
