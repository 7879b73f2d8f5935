import { checkOption, instance } from '../../core/options.js';
import { Module } from './module.js';

const anyModule = instance('a Module', (value): value is Module => value instanceof Module);

/** @throws ArgumentError unless the argument is a module */
export const requireModule = (operation: string, name: string, value: unknown): void =>
  checkOption(operation, name, anyModule, value);
