import { wholeSeconds } from './whole-seconds.ts';
import { serializeXml, type XmlElement } from './xml.ts';

/** One verb of TwiML. Only the functions of this file make them. */
export type TwimlVerb = XmlElement<'twiml'>;

function verb(
  name: string,
  attributes: TwimlVerb['attributes'] = {},
  children: TwimlVerb['children'] = [],
): TwimlVerb {
  return { dialect: 'twiml', name, attributes, children };
}

/**
 * Writes the document that Twilio carries out, verb by verb. Without a verb it is an empty document, which ends a call
 * and answers nothing to a text. Reply to Twilio with it as `text/xml`.
 *
 * @example
 * ```ts
 * import { say, hangup, twiml } from '@openclaw/call-xml/twiml';
 *
 * twiml(say('Tom & Jerry are out.'), hangup());
 * // <?xml version="1.0" encoding="UTF-8"?><Response><Say>Tom &amp; Jerry are out.</Say><Hangup/></Response>
 * ```
 * @see https://www.twilio.com/docs/voice/twiml
 */
export function twiml(...verbs: readonly TwimlVerb[]): string {
  return serializeXml(verb('Response', {}, verbs));
}

/** Reads a text aloud. `voice` and `language` are Twilio's names: `Polly.Joanna`, `en-US`. */
export function say(
  text: string,
  options: { readonly voice?: string; readonly language?: string } = {},
): TwimlVerb {
  return verb('Say', { voice: options.voice, language: options.language }, [text]);
}

/** Plays an audio file. */
export function play(url: URL): TwimlVerb {
  return verb('Play', {}, [url.href]);
}

/** Sends DTMF tones: digits, `*`, `#`, and `w` for half a second of silence. */
export function playDigits(digits: string): TwimlVerb {
  return verb('Play', { digits });
}

/**
 * Says nothing for so many whole seconds, at least one.
 *
 * @throws {RangeError} for what is no finite number
 */
export function pause(seconds: number): TwimlVerb {
  return verb('Pause', { length: wholeSeconds(seconds) });
}

/** What {@link gather} takes. */
export interface GatherOptions {
  readonly input: readonly ('digits' | 'speech')[];
  /** Where Twilio posts what it heard. */
  readonly action: URL;
  /** Ends the input after so many digits. */
  readonly maxDigits?: number;
  /** Seconds without input after which Twilio goes on. */
  readonly timeoutSeconds?: number;
  readonly language?: string;
  /** What the caller hears meanwhile: `say`, `play` and `pause` only. */
  readonly prompt?: readonly TwimlVerb[];
}

/**
 * Collects digits or speech. Posts to `action` even when nothing was heard.
 *
 * @throws {RangeError} when `timeoutSeconds` is no finite number
 */
export function gather(options: GatherOptions): TwimlVerb {
  const { input, action, maxDigits, timeoutSeconds, language, prompt = [] } = options;
  return verb(
    'Gather',
    {
      input: input.map((kind) => (kind === 'digits' ? 'dtmf' : kind)).join(' '),
      action: action.href,
      method: 'POST',
      actionOnEmptyResult: true,
      numDigits: maxDigits,
      timeout: timeoutSeconds === undefined ? undefined : wholeSeconds(timeoutSeconds),
      ...(input.includes('speech') ? { speechTimeout: 'auto' } : {}),
      language,
    },
    prompt,
  );
}

/** Connects the call to a media stream, both ways. The parameters arrive in the stream's `start`. */
export function connectStream(
  url: URL,
  parameters: { readonly [name: string]: string } = {},
): TwimlVerb {
  const inside = Object.entries(parameters).map(([name, value]) =>
    verb('Parameter', { name, value }),
  );
  return verb('Connect', {}, [verb('Stream', { url: url.href }, inside)]);
}

/** Connects the caller with a telephone number, as `+15550100123`. */
export function dial(number: string): TwimlVerb {
  return verb('Dial', {}, [verb('Number', {}, [number])]);
}

/** Goes on with the document at another address. */
export function redirect(url: URL): TwimlVerb {
  return verb('Redirect', { method: 'POST' }, [url.href]);
}

/** Declines a call that was not answered yet, which costs nothing. Must be the first verb. */
export function reject(reason?: 'busy' | 'rejected'): TwimlVerb {
  return verb('Reject', { reason });
}

/** Ends the call. */
export function hangup(): TwimlVerb {
  return verb('Hangup');
}
