// Every file of operations, for the methods that they attach to Tensor.
import '../autograd/methods.js';
import './random.js';
import './join.js';
import './rearrange.js';
import './slices.js';
import './views.js';
