import { isWebUrl } from '../carrier/address.ts';
import { elementsIn, methodOf, speaker } from '../carrier/call-element.ts';
import type { CallStep } from '../carrier/call-steps.ts';
import { parseXml, textOf, type XmlElement } from '../carrier/xml.ts';

/** What a document asks for. */
export interface CallXml {
  /** Undefined for a document that Plivo does not carry out: error 8011. */
  readonly steps: readonly CallStep[] | undefined;
  /** Elements of Plivo's that are not simulated, and left out. */
  readonly unknownCount: number;
}

const notSimulated: ReadonlySet<string> = new Set([
  'Conference',
  'GetDigits',
  'Message',
  'MultiPartyCall',
  'PreAnswer',
  'Record',
]);

/** The longest text that one `<Speak>` takes. */
const maxSpeakLength = 3_000;

/** Thrown at what makes a document invalid. */
class InvalidXml extends Error {}

/**
 * Reads a document for calls as Plivo does: one element that is none, and nothing of it is carried out.
 *
 * @param url where the document came from; relative addresses start there
 */
export function readCallXml(body: string, url: string): CallXml {
  const root = parseXml(body);
  if (root?.name !== 'Response') return { steps: undefined, unknownCount: 0 };
  let unknownCount = 0;
  try {
    const steps = elementsIn(root).flatMap((element) => {
      if (!notSimulated.has(element.name)) return [readElement(element, url)];
      unknownCount += 1;
      return [];
    });
    return { steps, unknownCount };
  } catch (error) {
    if (error instanceof InvalidXml) return { steps: undefined, unknownCount };
    throw error;
  }
}

function readElement(element: XmlElement, base: string): CallStep {
  const { name, attributes } = element;
  const text = textOf(element).trim();
  switch (name) {
    case 'Speak': {
      if (text.length > maxSpeakLength) throw new InvalidXml();
      return { do: 'say', text, ...speaker(element) };
    }
    case 'Play': {
      return { do: 'play', url: resolve(text, base) };
    }
    case 'DTMF': {
      return { do: 'tones', digits: text };
    }
    case 'Wait': {
      return { do: 'pause', seconds: seconds(attributes.get('length'), 1) };
    }
    case 'GetInput': {
      return readGetInput(element, base);
    }
    case 'Stream': {
      if (!text.startsWith('wss://')) throw new InvalidXml();
      return { do: 'stream', url: text };
    }
    case 'Dial': {
      return { do: 'dial', to: text };
    }
    case 'Redirect': {
      return { do: 'redirect', to: { url: resolve(text, base), method: methodOf(element) } };
    }
    case 'Hangup': {
      const reason = attributes.get('reason');
      if (reason === undefined) return { do: 'hang-up' };
      if (reason !== 'busy' && reason !== 'rejected') throw new InvalidXml();
      return { do: 'reject', reason };
    }
    default: {
      throw new InvalidXml();
    }
  }
}

const inPrompts: ReadonlySet<string> = new Set(['Speak', 'Play']);

function readGetInput(element: XmlElement, base: string): CallStep {
  const { attributes } = element;
  const kinds = (attributes.get('inputType') ?? 'dtmf').split(/\s+/u);
  const action = attributes.get('action');
  const nested = elementsIn(element);
  if (action === undefined || nested.some(({ name }) => !inPrompts.has(name))) {
    throw new InvalidXml();
  }
  const timeoutSeconds = seconds(attributes.get('executionTimeout'), 15);
  if (timeoutSeconds < 5 || timeoutSeconds > 60) throw new InvalidXml();
  const digits = attributes.get('numDigits');
  return {
    do: 'gather',
    accepts: kinds.map((kind) => (kind === 'speech' ? 'speech' : 'digits')),
    prompt: nested.map((child) => readElement(child, base)),
    action: { url: resolve(action, base), method: methodOf(element) },
    maxDigits: digits === undefined ? undefined : seconds(digits, 32),
    timeoutSeconds,
    tellsNothing: false,
  };
}

function seconds(value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!/^\d{1,6}$/u.test(value)) throw new InvalidXml();
  return Number(value);
}

function resolve(url: string, base: string): string {
  if (isWebUrl(url)) return url;
  if (!URL.canParse(url, base)) throw new InvalidXml();
  return new URL(url, base).href;
}
