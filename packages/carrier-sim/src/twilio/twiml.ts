/** A message that a reply asks for. */
export interface TwimlMessage {
  readonly to?: string;
  readonly from?: string;
  readonly statusCallback?: string;
  readonly body: string;
  readonly mediaUrls: readonly string[];
}

/** What a reply asks for, and the error number of what was wrong with it. */
export interface TwimlReply {
  readonly messages: readonly TwimlMessage[];
  readonly problem?: number;
}

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

const notXml: TwimlReply = { messages: [], problem: 12_100 };

/**
 * Reads the reply to a message webhook as Twilio does: TwiML, or a plain text that becomes a message.
 *
 * Understood are `<Message>` with `<Body>` and `<Media>`; other elements lead to 12200, other content types to 12300.
 */
export function readReply(contentType: string | undefined, body: string): TwimlReply {
  if (body.trim() === '') return { messages: [] };
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/plain') return { messages: [{ body, mediaUrls: [] }] };
  if (!/^(?:text\/(?:xml|html)|application\/(?:xml|.+\+xml))$/u.test(type)) {
    return { messages: [], problem: 12_300 };
  }
  const root = parseXml(body);
  if (root === undefined) return notXml;
  if (root.name !== 'Response') return { messages: [], problem: 12_200 };
  const verbs = root.children.filter((child) => typeof child !== 'string');
  const messages = verbs.filter(({ name }) => name === 'Message').map(readMessage);
  const understood = messages.length === verbs.length;
  return { messages, ...(understood ? {} : { problem: 12_200 }) };
}

function readMessage({ attributes, children }: Element): TwimlMessage {
  const nouns = children.filter((child) => typeof child !== 'string');
  const texts = nouns.filter(({ name }) => name === 'Body').map(textOf);
  const media = nouns.filter(({ name }) => name === 'Media').map(textOf);
  const bare = children.filter((child) => typeof child === 'string').join('');
  const to = attributes.get('to');
  const from = attributes.get('from');
  const statusCallback = attributes.get('statusCallback') ?? attributes.get('action');
  return {
    ...(to === undefined ? {} : { to }),
    ...(from === undefined ? {} : { from }),
    ...(statusCallback === undefined ? {} : { statusCallback }),
    body: texts.length > 0 ? texts.join('') : bare.trim(),
    mediaUrls: media.map((url) => url.trim()),
  };
}

function textOf({ children }: Element): string {
  return children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

const token =
  /<\?[^]*?\?>|<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<\/([\w.:-]+)\s*>|<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;

/** A small XML reader (no document types): undefined for what is not well-formed. */
function parseXml(source: string): Element | undefined {
  const document: Element = { name: '', attributes: new Map(), children: [] };
  const open: Element[] = [document];
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
