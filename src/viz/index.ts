/** Entry `myelin/viz`: pictures of data and of training. */
export {};
