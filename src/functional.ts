import './ops/index.js';
