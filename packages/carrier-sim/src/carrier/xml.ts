/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (XmlElement | string)[];
}

/** All text in an element. */
export function textOf({ children }: XmlElement): string {
  return children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

const token =
  /<\?[^]*?\?>|<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<\/([\w.:-]+)\s*>|<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;

/** A small XML reader (no document types): undefined for what is not well-formed. */
export function parseXml(source: string): XmlElement | undefined {
  const document: XmlElement = { name: '', attributes: new Map(), children: [] };
  const open: XmlElement[] = [document];
  token.lastIndex = 0;
  const text = source.replace(/^\uFEFF/u, '');
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return undefined;
    const [, verbatim, closing, opening, attributes = '', empty, plain] = match;
    const parent = open.at(-1);
    if (parent === undefined) return undefined;
    if (verbatim !== undefined) parent.children.push(verbatim);
    else if (plain !== undefined) parent.children.push(unescape(plain));
    else if (closing !== undefined) {
      if (parent.name !== closing) return undefined;
      open.pop();
    } else if (opening !== undefined) {
      const element = { name: opening, attributes: readAttributes(attributes), children: [] };
      parent.children.push(element);
      if (empty === '') open.push(element);
    }
  }
  const [root, ...more] = document.children.filter((child) => typeof child !== 'string');
  return open.length === 1 && more.length === 0 ? root : undefined;
}

function readAttributes(source: string): ReadonlyMap<string, string> {
  const found = source.matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu);
  return new Map(
    Array.from(found, ([, name = '', double, single]) => [name, unescape(double ?? single ?? '')]),
  );
}

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function unescape(text: string): string {
  return text.replaceAll(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/giu,
    (whole, hex, decimal, name) => {
      if (typeof name === 'string') return entities.get(name) ?? whole;
      const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    },
  );
}
