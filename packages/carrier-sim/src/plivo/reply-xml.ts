import { parseXml, textOf, type XmlElement } from '../carrier/xml.ts';

/** A message that a reply asks for. */
export interface XmlMessage {
  readonly src: string | undefined;
  readonly dst: string | undefined;
  readonly callbackUrl: string | undefined;
  readonly callbackMethod: string | undefined;
  readonly body: string;
}

/** Reads the reply to a message webhook: `<Response>` with any number of `<Message>`; anything else asks for nothing. */
export function readReply(body: string): readonly XmlMessage[] {
  const root = parseXml(body);
  if (root?.name !== 'Response') return [];
  return root.children
    .filter((child) => typeof child !== 'string')
    .filter(({ name }) => name === 'Message')
    .map(readMessage);
}

function readMessage(element: XmlElement): XmlMessage {
  const { attributes } = element;
  return {
    src: attributes.get('src'),
    dst: attributes.get('dst'),
    callbackUrl: attributes.get('callbackUrl'),
    callbackMethod: attributes.get('callbackMethod'),
    body: textOf(element).trim(),
  };
}
