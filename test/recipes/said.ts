import type { OnEvent } from '../../src/recipes/index.js';

/** Takes events, and keeps the texts among them: `data: XOR, 200 points`. */
export function listener(): { readonly said: string[]; readonly onEvent: OnEvent } {
  const said: string[] = [];
  return {
    said,
    onEvent(event) {
      if (event.type === 'text') said.push(`${event.label}: ${event.text}`);
    },
  };
}
