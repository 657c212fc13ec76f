import { isWebUrl } from '../carrier/address.ts';
import { elementsIn, methodOf, speaker } from '../carrier/call-element.ts';
import type { CallStep } from '../carrier/call-steps.ts';
import { parseXml, textOf, type XmlElement } from '../carrier/xml.ts';
import { isXmlType } from './twiml.ts';

/** What a document asks for. */
export interface CallTwiml {
  /** Undefined for a document that Twilio cannot carry out at all. */
  readonly steps: readonly CallStep[] | undefined;
  /** Error numbers of what was wrong with it. */
  readonly problems: readonly number[];
}

/** Where a document came from, and how. */
export interface TwimlSource {
  readonly url: string;
  readonly contentType: string | undefined;
}

/**
 * Reads a document for calls as Twilio does.
 *
 * 12100: no XML. 12200: a verb or an attribute that is none, and is left out. 12300: another content type. 11100: a URL
 * that is none, at which the call ends. 20501: a verb of Twilio's that is not simulated, and is left out.
 */
export function readCallTwiml(body: string, { url, contentType }: TwimlSource): CallTwiml {
  if (body.trim() !== '' && !isXmlType(contentType)) return broken(12_300);
  const root = parseXml(body);
  if (root === undefined) return broken(12_100);
  if (root.name !== 'Response') return broken(12_200);
  const problems: number[] = [];
  const steps = elementsIn(root).flatMap((verb) => readVerb(verb, url, problems));
  return { steps, problems };
}

function broken(problem: number): CallTwiml {
  return { steps: undefined, problems: [problem] };
}

const notSimulated: ReadonlySet<string> = new Set([
  'Conference',
  'Enqueue',
  'Leave',
  'Pay',
  'Prompt',
  'Queue',
  'Record',
  'Refer',
  'Sms',
  'Start',
  'Stop',
]);

function readVerb(verb: XmlElement, base: string, problems: number[]): readonly CallStep[] {
  const { name, attributes } = verb;
  const attribute = (key: string): string | undefined => attributes.get(key);
  const text = textOf(verb).trim();
  const complain = (code: number): readonly CallStep[] => {
    problems.push(code);
    return [];
  };
  const at = (url: string, use: (absolute: string) => CallStep): readonly CallStep[] => {
    const absolute = resolve(url, base);
    if (absolute !== undefined) return [use(absolute)];
    problems.push(11_100);
    return [{ do: 'hang-up' }];
  };
  switch (name) {
    case 'Say': {
      return text === '' ? complain(13_510) : [{ do: 'say', text, ...speaker(verb) }];
    }
    case 'Play': {
      const digits = attribute('digits');
      if (digits !== undefined) return [{ do: 'tones', digits }];
      return at(text, (url) => ({ do: 'play', url }));
    }
    case 'Pause': {
      return [{ do: 'pause', seconds: number(attribute('length'), 1) }];
    }
    case 'Gather': {
      return at(attribute('action') ?? base, (url) => readGather(verb, url, problems));
    }
    case 'Connect': {
      const stream = elementsIn(verb).find((noun) => noun.name === 'Stream');
      const url = stream?.attributes.get('url') ?? '';
      if (stream === undefined) return complain(20_501);
      return /^wss:\/\/[^?]+$/u.test(url) ? [{ do: 'stream', url }] : complain(31_920);
    }
    case 'Dial': {
      return [{ do: 'dial', to: text }];
    }
    case 'Redirect': {
      return at(text, (url) => ({ do: 'redirect', to: { url, method: methodOf(verb) } }));
    }
    case 'Reject': {
      return [{ do: 'reject', reason: attribute('reason') === 'busy' ? 'busy' : 'rejected' }];
    }
    case 'Hangup': {
      return [{ do: 'hang-up' }];
    }
    default: {
      return complain(notSimulated.has(name) ? 20_501 : 12_200);
    }
  }
}

const inPrompts: ReadonlySet<string> = new Set(['Say', 'Play', 'Pause']);

function readGather(verb: XmlElement, url: string, problems: number[]): CallStep {
  const { attributes } = verb;
  const kinds = (attributes.get('input') ?? 'dtmf').split(/\s+/u);
  const prompt = elementsIn(verb).flatMap((noun) => {
    if (inPrompts.has(noun.name)) return readVerb(noun, url, problems);
    problems.push(12_200);
    return [];
  });
  const digits = attributes.get('numDigits');
  return {
    do: 'gather',
    accepts: kinds.map((kind) => (kind === 'speech' ? 'speech' : 'digits')),
    prompt,
    action: { url, method: methodOf(verb) },
    maxDigits: digits === undefined ? undefined : number(digits, 0),
    timeoutSeconds: number(attributes.get('timeout'), 5),
    tellsNothing: attributes.get('actionOnEmptyResult') === 'true',
  };
}

function number(value: string | undefined, otherwise: number): number {
  const found = Number(value ?? otherwise);
  return Number.isFinite(found) && found >= 0 ? found : otherwise;
}

/** A whole URL stays as it was written: it is going to be signed. */
function resolve(url: string, base: string): string | undefined {
  if (isWebUrl(url)) return url;
  return URL.canParse(url, base) ? new URL(url, base).href : undefined;
}
