import { noMore } from '../core/exact.js';
import * as F from '../functional.js';
import type { Tensor } from '../tensor/tensor.js';
import { Module } from './module/module.js';
import { count, show } from './sizes.js';

/**
 * Interleaves the channels of `groups` groups.
 *
 * @shape (N, C, …); the output has the same shape
 * @source Zhang et al. 2017, arXiv:1707.01083
 */
export class ChannelShuffle extends Module {
  constructor(
    readonly groups: number,
    ...surplus: readonly never[]
  ) {
    super();
    noMore('ChannelShuffle(groups)', [groups], surplus);
    count('ChannelShuffle', 'groups', groups, 1);
  }

  override forward(x: Tensor): Tensor {
    return F.channelShuffle(x, this.groups);
  }

  protected override describe(): string {
    return show({ groups: this.groups });
  }
}
