import { wholeSeconds } from './whole-seconds.ts';
import { serializeXml, type XmlElement } from './xml.ts';

/** One element of Plivo XML. Only the functions of this file make them. */
export type PlivoElement = XmlElement<'plivo'>;

function element(
  name: string,
  attributes: PlivoElement['attributes'] = {},
  children: PlivoElement['children'] = [],
): PlivoElement {
  return { dialect: 'plivo', name, attributes, children };
}

/**
 * Writes the document that Plivo carries out, element by element. Without an element it is an empty document, which ends
 * a call. Reply to Plivo with it as `text/xml`.
 *
 * @example
 * ```ts
 * import { hangup, plivoXml, speak } from '@openclaw/call-xml/plivo';
 *
 * plivoXml(speak('Tom & Jerry are out.'), hangup());
 * // <?xml version="1.0" encoding="UTF-8"?><Response><Speak>Tom &amp; Jerry are out.</Speak><Hangup/></Response>
 * ```
 * @see https://www.plivo.com/docs/voice/xml/overview
 */
export function plivoXml(...elements: readonly PlivoElement[]): string {
  return serializeXml(element('Response', {}, elements));
}

/** The longest text that one {@link speak} takes, in characters. */
export const maxSpeakLength = 3000;

/** Reads a text of at most {@link maxSpeakLength} characters aloud. `voice` is Plivo's: `WOMAN`, `MAN`, `Polly.Joanna`. */
export function speak(
  text: string,
  options: { readonly voice?: string; readonly language?: string } = {},
): PlivoElement {
  return element('Speak', { voice: options.voice, language: options.language }, [text]);
}

/** Plays an mp3 or wav file of at most 10 MB. */
export function play(url: URL): PlivoElement {
  return element('Play', {}, [url.href]);
}

/** Sends DTMF tones. */
export function dtmf(digits: string): PlivoElement {
  return element('DTMF', {}, [digits]);
}

/**
 * Says nothing for so many whole seconds, at least one.
 *
 * @throws {RangeError} for what is no finite number
 */
export function wait(seconds: number): PlivoElement {
  return element('Wait', { length: wholeSeconds(seconds) });
}

/** What {@link getInput} takes. */
export interface GetInputOptions {
  readonly input: readonly ('digits' | 'speech')[];
  /** Where Plivo posts what it heard. */
  readonly action: URL;
  /** Ends the input after so many digits. */
  readonly maxDigits?: number;
  /** Seconds that Plivo waits for the first input, 5 to 60. */
  readonly timeoutSeconds?: number;
  readonly language?: string;
  /** What the caller hears meanwhile: `speak` and `play` only. */
  readonly prompt?: readonly PlivoElement[];
}

/**
 * Collects digits or speech.
 *
 * @throws {RangeError} when `timeoutSeconds` is no finite number
 */
export function getInput(options: GetInputOptions): PlivoElement {
  const { input, action, maxDigits, timeoutSeconds, language, prompt = [] } = options;
  return element(
    'GetInput',
    {
      inputType: input.map((kind) => (kind === 'digits' ? 'dtmf' : kind)).join(' '),
      action: action.href,
      method: 'POST',
      numDigits: maxDigits,
      executionTimeout:
        timeoutSeconds === undefined ? undefined : wholeSeconds(timeoutSeconds, 5, 60),
      language,
    },
    prompt,
  );
}

/**
 * Connects the call to a media stream, both ways, and keeps the call alive for as long as the stream lasts.
 * `headers` arrive in the stream's `start`; letters and digits only, and no secrets: Plivo logs them.
 */
export function stream(
  url: URL,
  options: { readonly contentType: string; readonly headers?: { readonly [name: string]: string } },
): PlivoElement {
  const extraHeaders = Object.entries(options.headers ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
  return element(
    'Stream',
    {
      bidirectional: true,
      keepCallAlive: true,
      contentType: options.contentType,
      extraHeaders: extraHeaders === '' ? undefined : extraHeaders,
    },
    [url.href],
  );
}

/** Connects the caller with a telephone number, as `+15550100123`. */
export function dial(number: string): PlivoElement {
  return element('Dial', {}, [element('Number', {}, [number])]);
}

/** Goes on with the document at another address. */
export function redirect(url: URL): PlivoElement {
  return element('Redirect', { method: 'POST' }, [url.href]);
}

/** Ends the call; with a reason as the first element, declines a call that was not answered yet. */
export function hangup(reason?: 'rejected' | 'busy'): PlivoElement {
  return element('Hangup', { reason });
}
