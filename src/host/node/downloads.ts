import type { Downloads } from '../host.js';
import { files } from './files.js';

const pathOf = (name: string): string => files.join(files.cacheFolder(), name);

export const downloads: Downloads = {
  async read(name) {
    const path = pathOf(name);
    return files.look(path) === null ? null : files.readLater('download', path);
  },
  async keep(name, bytes) {
    const path = pathOf(name);
    files.makeFolder(files.parent(path));
    files.write(path, bytes);
  },
};
