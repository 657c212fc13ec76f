/** One element of a document. The brand keeps the words of one carrier out of the documents of another. */
export interface XmlElement<Dialect extends string> {
  readonly dialect: Dialect;
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly children: readonly (XmlElement<Dialect> | string)[];
}

/** `undefined` leaves an attribute out. */
export type XmlAttributes = { readonly [name: string]: string | number | boolean | undefined };

const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

/** Writes a document. Whatever a text or an attribute holds, the result is well-formed (XML 1.0 §2.2, §2.4). */
export function serializeXml<Dialect extends string>(root: XmlElement<Dialect>): string {
  return declaration + writeElement(root);
}

function writeElement<Dialect extends string>(element: XmlElement<Dialect>): string {
  const { name, attributes, children } = element;
  let open = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) open += ` ${key}="${escapeXml(String(value))}"`;
  }
  if (children.length === 0) return `${open}/>`;
  const inside = children.map((child) =>
    typeof child === 'string' ? escapeXml(child) : writeElement(child),
  );
  return `${open}>${inside.join('')}</${name}>`;
}

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser would turn them into spaces inside of an attribute.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Control characters, which XML 1.0 cannot hold in any form, not even escaped; non-characters; lone surrogates. */
const impossible = /(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]|\p{Surrogate}/gu;

function escapeXml(text: string): string {
  return text
    .replace(impossible, '')
    .replace(/[&<>"'\t\n\r]/gu, (character) => entities[character] ?? character);
}
