/** Entry `myelin/viz`: pictures of data and of training. */
export { toPng } from './png.js';
export * from './portable.js';
export { saveFigure } from './save.js';
