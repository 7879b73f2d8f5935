import { noGrad } from '../../autograd/mode.js';
import { getRngState, setRngState } from '../../core/random.js';
import type { Module } from './module.js';

/** Runs `work` with the model in evaluation mode, and then restores modes, buffers, and the random state. */
export function undisturbed<R>(model: Module, work: () => R): R {
  const modes = model.modules().map((module) => ({ module, training: module.training }));
  const buffers = model.buffers().map((buffer) => ({
    buffer,
    version: buffer.version,
    value: noGrad(() => buffer.clone()),
  }));
  const random = getRngState();
  try {
    model.eval();
    return work();
  } finally {
    setRngState(random);
    for (const { module, training } of modes) module.training = training;
    for (const { buffer, version, value } of buffers)
      if (buffer.version !== version) noGrad(() => buffer.copy_(value));
  }
}
