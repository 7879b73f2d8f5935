// npm's install step. An installed package uses the addon that it carries if that loads on this machine;
// otherwise, and in a checkout, the addon is compiled. Without a compiler nothing is lost but speed.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildNative, prebuilt } from './build-native.mjs';

const isCheckout = existsSync(path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'src'));

function loads(file) {
  try {
    createRequire(import.meta.url)(file);
    return true;
  } catch {
    return false;
  }
}

/** The line of the build's output that says what went wrong. */
function reason(output) {
  const line = output.split('\n').find((candidate) => /error: |not found|No such file/i.test(candidate));
  return (line ?? 'the build failed').replace(/^gyp ERR! (stack )?(Error: )?/, '').trim();
}

if (isCheckout || !loads(prebuilt)) {
  const { file, output } = buildNative();
  if (!file)
    console.log(
      `myelin: no native kernels (${reason(output)}); the WebAssembly engine will serve. \`npm run build:native\` in its folder tells more.`,
    );
}
