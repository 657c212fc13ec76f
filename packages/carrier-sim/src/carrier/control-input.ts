import type { CarrierFault } from './fault-kinds.ts';
import type { FaultMatch } from './faults.ts';
import type { InboundText } from './inbound-text.ts';
import { ControlError, type JsonReader } from './json-reader.ts';
import type { NumberChange } from './options.ts';

/** Reads an inbound text. Media come as `{ contentType, base64 }`. */
export function readText(json: JsonReader): InboundText {
  const optOutType = json.optionalString('optOutType');
  return {
    from: json.string('from'),
    to: json.string('to'),
    text: json.optionalString('text') ?? '',
    media: json.objects('media').map((item) => ({
      contentType: item.string('contentType'),
      bytes: Buffer.from(item.string('base64'), 'base64'),
    })),
    parameters: json.optionalObject('parameters')?.strings() ?? {},
    ...(optOutType === undefined
      ? {}
      : { optOutType: json.oneOf('optOutType', ['STOP', 'START', 'HELP']) }),
  };
}

const replyPlaces = ['send', 'call', 'api', 'media'] as const;
const webhookPlaces = ['receipt', 'inbound', 'call-webhook'] as const;

/** Reads a fault. */
export function readFault(json: JsonReader): CarrierFault {
  const on = json.oneOf('on', [...replyPlaces, ...webhookPlaces]);
  const times = json.optionalNumber('times');
  const match = json.optionalObject('match');
  const common = {
    ...(times === undefined ? {} : { times }),
    ...(match === undefined ? {} : { match: readMatch(match) }),
  };
  if (on === 'receipt' || on === 'inbound' || on === 'call-webhook') {
    const kind = json.oneOf('kind', ['lost', 'duplicate', 'forged', 'hang-up', 'slow']);
    if (kind === 'slow') return { on, kind, delayMs: number(json, 'delayMs'), ...common };
    return { on, kind, ...common };
  }
  const kind = json.oneOf('kind', [
    'status-500',
    'html',
    'status-429',
    'error',
    'slow',
    'drop-before-accept',
    'drop-after-accept',
    'cut-off-json',
    'cut-off-reply',
  ]);
  if (kind === 'slow') return { on, kind, delayMs: number(json, 'delayMs'), ...common };
  if (kind === 'error') return { on, kind, code: number(json, 'code'), ...common };
  if (kind === 'status-500' || kind === 'html') {
    return { on, kind, afterAccept: json.optionalBoolean('afterAccept') ?? false, ...common };
  }
  if (kind !== 'status-429') return { on, kind, ...common };
  const retryAfterSeconds = json.optionalNumber('retryAfterSeconds');
  return { on, kind, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }), ...common };
}

function readMatch(json: JsonReader): FaultMatch {
  const { to, from, containing, status } = json.strings();
  return {
    ...(to === undefined ? {} : { to }),
    ...(from === undefined ? {} : { from }),
    ...(containing === undefined ? {} : { containing }),
    ...(status === undefined ? {} : { status }),
  };
}

/** What a control endpoint can change of a number; a carrier takes of it what it has. */
interface NumberSettings extends NumberChange {
  readonly messageFallbackUrl?: string;
  readonly messageMethod?: 'GET' | 'POST';
}

/** Reads what is to be changed of a number. */
export function readNumberSettings(json: JsonReader): NumberSettings {
  const { messageUrl, messageFallbackUrl, voiceUrl } = json.strings();
  const method = json.optionalString('messageMethod');
  return {
    ...(messageUrl === undefined ? {} : { messageUrl }),
    ...(messageFallbackUrl === undefined ? {} : { messageFallbackUrl }),
    ...(voiceUrl === undefined ? {} : { voiceUrl }),
    ...(method === undefined
      ? {}
      : { messageMethod: json.oneOf('messageMethod', ['GET', 'POST']) }),
  };
}

function number(json: JsonReader, name: string): number {
  const value = json.optionalNumber(name);
  if (value === undefined) throw new ControlError(`\`${name}\` is missing`);
  return value;
}
