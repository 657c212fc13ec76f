import { hash } from 'node:crypto';
import { parseJson } from './json.ts';
import { ListedParameters, type WebhookParameters } from './parameters.ts';
import type { ReadRequest } from './request.ts';

/** A webhook that Twilio signed. Only `verifyTwilioWebhook` makes one. */
export interface VerifiedTwilioWebhook {
  readonly carrier: 'twilio';
  /** Always true: the body is part of the signed text, or its digest is. */
  readonly bodyAuthenticated: true;
  /** Which of the auth tokens it was signed with; 0 for a single one. */
  readonly secretIndex: number;
  /** The form of the URL that Twilio signed: as received, or with the port added or removed. */
  readonly signedUrl: string;
  /** The form's fields; those of the query for a GET; none for a JSON body. */
  readonly parameters: WebhookParameters;
  /**
   * `MessageSid`, with `:MessageStatus` for a status callback; `CallSid:CallStatus:SequenceNumber`
   * for a call status callback. Undefined for everything else: a call makes many requests, and
   * their fields alone do not tell a repeated one from a new one.
   */
  readonly eventId: string | undefined;
  /** The same for every re-encoding of one signed request, and made of signed data only. */
  readonly replayKey: string;
  /** The parsed JSON body, parsed once. Throws `malformed_body` when it is not JSON. */
  json(): unknown;
}

export class TwilioWebhook implements VerifiedTwilioWebhook {
  readonly carrier = 'twilio';
  readonly bodyAuthenticated = true;
  readonly secretIndex: number;
  readonly signedUrl: string;
  readonly #request: ReadRequest;
  readonly #signedFields: string;
  #parameters: WebhookParameters | undefined;
  #json: { readonly value: unknown } | undefined;

  /** `parameters` are those of the body; `signedFields` has a character for each byte. */
  constructor(
    request: ReadRequest,
    parameters: WebhookParameters | undefined,
    signedFields: string,
    signedUrl: string,
    secretIndex: number,
  ) {
    this.#request = request;
    this.#parameters = parameters;
    this.#signedFields = signedFields;
    this.signedUrl = signedUrl;
    this.secretIndex = secretIndex;
  }

  get parameters(): WebhookParameters {
    this.#parameters ??= this.#readQuery();
    return this.#parameters;
  }

  get eventId(): string | undefined {
    const { parameters } = this;
    const message = parameters.get('MessageSid') ?? parameters.get('SmsSid');
    if (message !== undefined) return join(message, parameters.get('MessageStatus'));
    const sequence = parameters.get('SequenceNumber');
    if (sequence === undefined) return undefined;
    return join(parameters.get('CallSid'), parameters.get('CallStatus'), sequence);
  }

  get replayKey(): string {
    const url = Buffer.from(this.signedUrl);
    const signedText = Buffer.concat([url, Buffer.from(this.#signedFields, 'latin1')]);
    return `twilio:${hash('sha256', signedText, 'base64url')}`;
  }

  json(): unknown {
    this.#json ??= { value: parseJson(this.#request.body) };
    return this.#json.value;
  }

  #readQuery(): WebhookParameters {
    const query = this.#request.method === 'GET' ? this.signedUrl.indexOf('?') : -1;
    // Twilio signed the query as it is, so nothing in it is an error.
    return new ListedParameters(new URLSearchParams(query < 0 ? '' : this.signedUrl.slice(query)));
  }
}

function join(...parts: readonly (string | undefined)[]): string | undefined {
  const [first] = parts;
  return first === undefined ? undefined : parts.filter((part) => part !== undefined).join(':');
}
