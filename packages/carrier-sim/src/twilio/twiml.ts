import { parseXml, textOf, type XmlElement } from '../carrier/xml.ts';

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

const notXml: TwimlReply = { messages: [], problem: 12_100 };

/**
 * Reads the reply to a message webhook as Twilio does: TwiML, or a plain text that becomes a message.
 *
 * Understood are `<Message>` with `<Body>` and `<Media>`; other elements lead to 12200, other content types to 12300.
 */
export function readReply(contentType: string | undefined, body: string): TwimlReply {
  if (body.trim() === '') return { messages: [] };
  if (typeOf(contentType) === 'text/plain') return { messages: [{ body, mediaUrls: [] }] };
  if (!isXmlType(contentType)) return { messages: [], problem: 12_300 };
  const root = parseXml(body);
  if (root === undefined) return notXml;
  if (root.name !== 'Response') return { messages: [], problem: 12_200 };
  const verbs = root.children.filter((child) => typeof child !== 'string');
  const messages = verbs.filter(({ name }) => name === 'Message').map(readMessage);
  const understood = messages.length === verbs.length;
  return { messages, ...(understood ? {} : { problem: 12_200 }) };
}

/** True for a content type that Twilio reads as TwiML. */
export function isXmlType(contentType: string | undefined): boolean {
  return /^(?:text\/(?:xml|html)|application\/(?:xml|.+\+xml))$/u.test(typeOf(contentType));
}

function typeOf(contentType = ''): string {
  return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}

function readMessage({ attributes, children }: XmlElement): TwimlMessage {
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
