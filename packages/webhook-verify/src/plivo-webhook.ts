import { hash } from 'node:crypto';
import type { SignedText } from './plivo-message.ts';
import { blockBytes } from './hmac.ts';
import { FormParameters, type WebhookParameters } from './parameters.ts';

/** A webhook that Plivo signed. Only `verifyPlivoWebhook` makes one. */
export interface VerifiedPlivoWebhook {
  readonly carrier: 'plivo';
  /** Which family of headers it was verified with. */
  readonly signatureVersion: 'v3' | 'v2';
  /** False for V2, which signs neither query nor body: do not act on the parameters alone. */
  readonly bodyAuthenticated: boolean;
  /** Which of the auth tokens it was signed with; 0 for a single one. */
  readonly secretIndex: number;
  /** The form's fields; those of the query for a GET. */
  readonly parameters: WebhookParameters;
  /**
   * `MessageUUID`, with `:Status` and `:Sequence` for a status callback; undefined for calls,
   * whose fields alone do not tell a repeated request from a new one. No more authentic than the
   * body: see `bodyAuthenticated`.
   */
  readonly eventId: string | undefined;
  /** The same for every re-encoding of one signed request, and made of signed data only. */
  readonly replayKey: string;
}

/** What `verifyPlivoWebhook` knows once a signature has matched. */
interface Verified extends SignedText {
  readonly signatureVersion: 'v3' | 'v2';
  readonly secretIndex: number;
}

export class PlivoWebhook implements VerifiedPlivoWebhook {
  readonly carrier = 'plivo';
  readonly #verified: Verified;
  #parameters: WebhookParameters | undefined;

  constructor(verified: Verified) {
    this.#verified = verified;
  }

  get signatureVersion(): 'v3' | 'v2' {
    return this.#verified.signatureVersion;
  }

  get bodyAuthenticated(): boolean {
    return this.#verified.signatureVersion === 'v3';
  }

  get secretIndex(): number {
    return this.#verified.secretIndex;
  }

  get parameters(): WebhookParameters {
    this.#parameters ??= new FormParameters(this.#verified.form);
    return this.#parameters;
  }

  get eventId(): string | undefined {
    const message = this.parameters.get('MessageUUID');
    if (message === undefined) return undefined;
    const parts = [message, this.parameters.get('Status'), this.parameters.get('Sequence')];
    return parts.filter((part) => part !== undefined).join(':');
  }

  get replayKey(): string {
    return `plivo:${hash('sha256', this.#verified.message.subarray(blockBytes), 'base64url')}`;
  }
}
