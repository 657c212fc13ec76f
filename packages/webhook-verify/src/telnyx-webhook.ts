import { ed25519 } from './ed25519.ts';
import { encodeBase64 } from './base64.ts';
import { parseJson } from './json.ts';

/** A webhook that Telnyx signed. Only `verifyTelnyxWebhook` makes one. */
export interface VerifiedTelnyxWebhook {
  readonly carrier: 'telnyx';
  /** Always true: the raw body is what is signed. */
  readonly bodyAuthenticated: true;
  /** Which of the public keys it was signed for; 0 for a single one. */
  readonly secretIndex: number;
  /** When Telnyx signed it, in seconds since 1970. */
  readonly signedAtSeconds: number;
  /** `data.id` of the event, the same for every retry; undefined when the body has none. */
  readonly eventId: string | undefined;
  /**
   * The same for every re-encoding of one signed request, and made of signed data only. A retry
   * by Telnyx is signed anew and has another one: recognise it by `eventId`.
   */
  readonly replayKey: string;
  /** The parsed JSON body, parsed once. Throws `malformed_body` when it is not JSON. */
  json(): unknown;
}

/** What `verifyTelnyxWebhook` knows once a signature has matched. */
interface Verified {
  readonly body: Uint8Array;
  /** The signed text: timestamp, `|`, body. */
  readonly message: Uint8Array;
  readonly signedAtSeconds: number;
  readonly secretIndex: number;
}

export class TelnyxWebhook implements VerifiedTelnyxWebhook {
  readonly carrier = 'telnyx';
  readonly bodyAuthenticated = true;
  readonly #verified: Verified;
  #json: { readonly value: unknown } | undefined;

  constructor(verified: Verified) {
    this.#verified = verified;
  }

  get secretIndex(): number {
    return this.#verified.secretIndex;
  }

  get signedAtSeconds(): number {
    return this.#verified.signedAtSeconds;
  }

  get eventId(): string | undefined {
    try {
      const id = property(property(this.json(), 'data'), 'id');
      return typeof id === 'string' && id !== '' ? id : undefined;
    } catch {
      return undefined;
    }
  }

  get replayKey(): string {
    // SHA-512, because that is what every runtime of this module has at hand.
    const digest = encodeBase64(ed25519.sha512(this.#verified.message).subarray(0, 33));
    return `telnyx:${digest.replaceAll('+', '-').replaceAll('/', '_')}`;
  }

  json(): unknown {
    this.#json ??= { value: parseJson(this.#verified.body) };
    return this.#json.value;
  }
}

function property(value: unknown, name: string): unknown {
  return Object.getOwnPropertyDescriptor(Object(value), name)?.value;
}
