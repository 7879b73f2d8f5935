/** Reads the SVG of a figure strictly, as far as the tests ask about it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plainText(text: string): string {
  return text.replace(/&(\w*);?/g, (whole, name: string) => {
    if (!(name in entities) || !whole.endsWith(';')) throw new Error(`bad entity ${whole}`);
    return entities[name]!;
  });
}

/** @throws Error if the text isn't well-formed XML of elements, attributes and text */
export function parseSvg(svg: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const token = /<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|([\s\S])/g;
  for (const [, closing, name, attributes, alone, text, wrong] of svg.matchAll(token)) {
    const top = open.at(-1)!;
    if (wrong !== undefined) throw new Error(`unexpected ${wrong}`);
    if (text !== undefined) top.text += plainText(text);
    else if (closing) {
      if (top.name !== name) throw new Error(`</${name}> closes <${top.name}>`);
      open.pop();
    } else {
      const pairs = [...attributes!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [
        key!,
        plainText(value!),
      ]);
      const element: Element = { name: name!, attributes: Object.fromEntries(pairs), children: [], text: '' };
      top.children.push(element);
      if (!alone) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('elements are left open');
  return root.children[0]!;
}

/** An element and everything in it. */
export function* all(element: Element): Generator<Element> {
  yield element;
  for (const child of element.children) yield* all(child);
}

/** What is drawn for the data: marks of one kind, such as `symbol`, `line`, `rect` or `text`. */
export const marks = (svg: Element, kind: string): Element[] =>
  [...all(svg)]
    .filter(({ attributes }) =>
      new RegExp(`\\bmark-${kind}\\b.*\\brole-mark\\b`).test(attributes.class ?? ''),
    )
    .flatMap(({ children }) => children);

/** All texts, those of several lines joined. */
export const texts = (svg: Element): string[] =>
  [...all(svg)]
    .filter(({ name }) => name === 'text')
    .map((element) => element.text + element.children.map(({ text }) => text).join('\n'));
