import { hash } from 'node:crypto';
import type { WebhookParameters } from './parameters.ts';

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

export class PlivoWebhook implements VerifiedPlivoWebhook {
  readonly carrier = 'plivo';
  readonly signatureVersion: 'v3' | 'v2';
  readonly secretIndex: number;
  readonly parameters: WebhookParameters;
  readonly #signedText: string;

  /** `signedText` has a character for each byte. */
  constructor(
    signatureVersion: 'v3' | 'v2',
    parameters: WebhookParameters,
    signedText: string,
    secretIndex: number,
  ) {
    this.signatureVersion = signatureVersion;
    this.parameters = parameters;
    this.#signedText = signedText;
    this.secretIndex = secretIndex;
  }

  get bodyAuthenticated(): boolean {
    return this.signatureVersion === 'v3';
  }

  get eventId(): string | undefined {
    const message = this.parameters.get('MessageUUID');
    if (message === undefined) return undefined;
    const parts = [message, this.parameters.get('Status'), this.parameters.get('Sequence')];
    return parts.filter((part) => part !== undefined).join(':');
  }

  get replayKey(): string {
    return `plivo:${hash('sha256', Buffer.from(this.#signedText, 'latin1'), 'base64url')}`;
  }
}
