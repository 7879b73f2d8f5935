// What a build made, kept by the hash of everything that went into it.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { root } from './sources.mjs';

const week = 7 * 24 * 3600 * 1000;

export class Cache {
  #folder;

  /** @param {string} name a folder below .cache/ */
  constructor(name) {
    this.#folder = path.join(root, '.cache', name);
    mkdirSync(this.#folder, { recursive: true });
  }

  file(name) {
    return path.join(this.#folder, name);
  }

  /** Whether it is there; asking keeps it for another week. */
  has(name) {
    const file = this.file(name);
    if (!existsSync(file)) return false;
    utimesSync(file, new Date(), new Date());
    return true;
  }

  /** Takes a file in, which nobody sees before it is whole: `make` writes it to the path that it is given. */
  async add(name, make) {
    const temporary = this.file(`${name}.${process.pid}`);
    await make(temporary);
    renameSync(temporary, this.file(name));
  }

  /** Makes `target` the file called `name`. A process that has the old one loaded keeps it. */
  place(name, target) {
    if (this.isPlaced(name, target)) return;
    mkdirSync(path.dirname(target), { recursive: true });
    rmSync(target, { force: true });
    copyFileSync(this.file(name), target);
  }

  /** Whether `target` is the file called `name`. */
  isPlaced(name, target) {
    return this.has(name) && existsSync(target) && readFileSync(target).equals(readFileSync(this.file(name)));
  }

  /** Forgets what no build has used for a week. */
  prune() {
    const oldest = Date.now() - week;
    for (const name of readdirSync(this.#folder)) {
      const file = this.file(name);
      if (statSync(file).mtimeMs < oldest) rmSync(file, { force: true });
    }
  }
}
