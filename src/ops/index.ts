// Every file of operations, for the methods that they attach to Tensor.
import '../autograd/methods.js';
import './random.js';
import './join.js';
import './rearrange.js';
import './slices.js';
import './views.js';
import './gather.js';
import './index-axis.js';
import './masked.js';
import './indexing.js';
import './activations.js';
import './binary.js';
import './bitwise.js';
import './cast.js';
import './compare.js';
import './ternary.js';
import './unary.js';
