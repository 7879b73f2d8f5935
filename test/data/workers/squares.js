// Example i is [i, i², noise]; what goes wrong is chosen by the options.
import * as myelin from 'myelin';
import * as data from 'myelin/data';

class Squares extends data.Dataset {
  constructor({ length, fail }) {
    super();
    this.length = length;
    this.fail = fail;
  }

  get(index) {
    if (index === this.fail?.at) {
      if (this.fail.how === 'exit') process.exit(3);
      if (this.fail.how === 'function') return [() => {}];
      if (this.fail.how === 'forget') return new Promise(() => {});
      if (this.fail.how === 'loop') for (;;);
      throw new RangeError('too square');
    }
    return [index, myelin.tensor([index ** 2, 1], { dtype: 'int32' }), myelin.rand([2])];
  }
}

await data.serveDataset((options) => {
  if (options.length === 0) throw new Error('nothing to serve');
  return new Squares(options);
});
