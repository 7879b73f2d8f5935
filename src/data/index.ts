export { cacheFolder, type FindOptions, findFiles, type RemoteDataset, type RemoteFile } from './cache.js';
export { readIdx, readIdxBytes } from './idx-file.js';
export { loadMnist, mnistFiles, readLabeledImages } from './mnist.js';
export * from './portable.js';
