/** Entry `myelin/vision`: networks for images. */
export { LeNet5 } from './models/lenet5.js';
