/** Entry `myelin/viz`: pictures of data and of training. */
export * from './portable.js';
export { saveFigure } from './save.js';
