import { requireFileName, requirePath } from '../core/arguments.js';
import { FileFormatError } from '../core/errors.js';
import type { Files } from '../host/files.js';
import { requireFiles } from '../host/require.js';
import { loadSafetensors, saveSafetensors } from '../io/safetensors-file.js';
import { attachTensors, detachTensors, type Json, requireTree, type State } from './state.js';

/** Name of the checkpoint that a run resumes from. */
export const LAST = 'last';
/** Name of the checkpoint of the epoch with the best validation. */
export const BEST = 'best';

/** What a checkpoint's JSON holds. */
interface CheckpointFile {
  readonly format: 'myelin checkpoint';
  readonly version: 1;
  /** Name of the file with the tensors, in the same folder. */
  readonly tensors: string;
  readonly state: Json;
}

const FORMAT = { format: 'myelin checkpoint', version: 1 } as const;

const filesFor = (operation: string): Files =>
  requireFiles(operation, 'use io.serializeTorch(state) and io.loadTorchBytes(bytes)');

/**
 * Writes a state as `NAME.json` and a safetensors file that it names. The JSON is replaced only
 * once the tensors are safely on disk, so `NAME` is a complete checkpoint whatever happens:
 * either this one or the previous one.
 *
 * @param tag distinguishes the tensors of successive checkpoints, such as the step
 * @throws FileError if it can't be written, ArgumentError for a state that contains itself or a bigint
 */
export async function saveCheckpoint(folder: string, name: string, tag: string, state: State): Promise<void> {
  const files = filesFor('saveCheckpoint');
  requirePath('saveCheckpoint', 'folder', folder);
  requireFileName('saveCheckpoint', 'name', name);
  requireFileName('saveCheckpoint', 'tag', tag);
  requireTree('saveCheckpoint', 'the state', state);
  files.makeFolder(folder);
  const { json, tensors } = detachTensors(state);
  const file = `${name}-${tag}.safetensors`;
  await saveSafetensors(files.join(folder, file), tensors);
  const content: CheckpointFile = { ...FORMAT, tensors: file, state: json };
  files.write(files.join(folder, `${name}.json`), `${JSON.stringify(content, null, 1)}\n`);
  // Tensors of the previous checkpoint, and leftovers of a process that was killed while writing.
  for (const { name: other } of files.list('saveCheckpoint', folder)) {
    const old = other !== file && other.startsWith(`${name}-`) && other.endsWith('.safetensors');
    if (old || (other.startsWith(`.${name}`) && other.endsWith('.tmp')))
      files.remove('saveCheckpoint', files.join(folder, other));
  }
}

/** Whether there's a checkpoint with this name. */
export function hasCheckpoint(folder: string, name: string): boolean {
  const files = filesFor('hasCheckpoint');
  requirePath('hasCheckpoint', 'folder', folder);
  requireFileName('hasCheckpoint', 'name', name);
  return files.look(files.join(folder, `${name}.json`)) !== null;
}

/**
 * Reads a checkpoint.
 *
 * @throws FileError if it can't be read
 * @throws FileFormatError if it isn't a checkpoint, or its tensors are damaged
 */
export function loadCheckpoint(folder: string, name: string): State {
  const files = filesFor('loadCheckpoint');
  requirePath('loadCheckpoint', 'folder', folder);
  requireFileName('loadCheckpoint', 'name', name);
  const path = files.join(folder, `${name}.json`);
  const content = parse(files.readText('loadCheckpoint', path), path);
  return attachTensors(content.state, loadSafetensors(files.join(folder, content.tensors)));
}

function parse(text: string, path: string): CheckpointFile {
  let content: Partial<CheckpointFile> | null;
  try {
    content = JSON.parse(text) as Partial<CheckpointFile> | null;
  } catch (cause) {
    throw new FileFormatError(
      'loadCheckpoint',
      path,
      0,
      `not JSON: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
  if (content?.format !== FORMAT.format || typeof content.tensors !== 'string' || content.state === undefined)
    throw new FileFormatError('loadCheckpoint', path, 0, 'not a Myelin checkpoint');
  if (content.version !== FORMAT.version)
    throw new FileFormatError(
      'loadCheckpoint',
      path,
      0,
      `has version ${content.version}; only version ${FORMAT.version} is supported`,
    );
  if (/[/\\]/.test(content.tensors))
    throw new FileFormatError(
      'loadCheckpoint',
      path,
      0,
      `names tensors outside its folder: ${content.tensors}`,
    );
  return content as CheckpointFile;
}
