import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { WebhookVerificationError } from '@openclaw/webhook-verify';
import { verifyPlivoWebhook } from '@openclaw/webhook-verify/plivo';
import { verifyTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
import { verifyTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { CommandFailure, exitCode } from '../exit-code.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';

/** Options of `telephony verify`. */
export interface VerifyOptions {
  readonly carrier: 'twilio' | 'telnyx' | 'plivo';
  readonly url: string;
  readonly method: string;
  readonly header: readonly string[];
  readonly body?: string;
  readonly secretFile?: string;
  readonly at?: string;
}

/** The environment variable that holds a carrier's secret. */
const secretVariable = {
  twilio: 'TWILIO_AUTH_TOKEN',
  telnyx: 'TELNYX_PUBLIC_KEY',
  plivo: 'PLIVO_AUTH_TOKEN',
} as const;

/** Checks a webhook that was captured, and says what was wrong with it. */
export async function verify(
  terminal: Terminal,
  options: VerifyOptions,
  environment: { readonly [name: string]: string | undefined },
): Promise<void> {
  const secret = await readSecret(options, environment);
  const request = {
    method: options.method,
    url: options.url,
    headers: parseHeaders(options.header),
    body: await readBody(options.body, terminal.stdin),
  };
  const now = options.at === undefined ? undefined : parseTime(options.at);
  try {
    if (options.carrier === 'twilio') verifyTwilioWebhook(request, { authToken: secret });
    else if (options.carrier === 'plivo') verifyPlivoWebhook(request, { authToken: secret });
    else verifyTelnyxWebhook(request, { publicKey: secret, ...(now ? { now: () => now } : {}) });
  } catch (error) {
    if (!WebhookVerificationError.isInstance(error)) throw error;
    if (error.reason === 'unusable_secret') throw new CommandFailure(error.message, exitCode.usage);
    sayJson(terminal, { genuine: false, reason: error.reason });
    say(terminal, `${styled(terminal, 'red', '✗ not genuine')}: ${error.message}`);
    throw new CommandFailure('', exitCode.failed);
  }
  sayJson(terminal, { genuine: true });
  say(terminal, styled(terminal, 'green', '✓ genuine'));
}

function parseHeaders(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) {
      throw new CommandFailure('--header must be "Name: value"', exitCode.usage);
    }
    try {
      headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
    } catch {
      throw new CommandFailure('--header holds what no header may hold', exitCode.usage);
    }
  }
  return headers;
}

async function readBody(
  file: string | undefined,
  stdin: NodeJS.ReadableStream,
): Promise<Uint8Array> {
  if (file === undefined) return new Uint8Array();
  if (file === '-') return buffer(stdin);
  return readFile(file).catch(() => {
    throw new CommandFailure(
      `${file} cannot be read: --body names a file, or - for standard input`,
      exitCode.usage,
    );
  });
}

/** From a file or the environment, never from the command line, where every user of the machine could read it. */
async function readSecret(
  { carrier, secretFile }: VerifyOptions,
  environment: { readonly [name: string]: string | undefined },
): Promise<string> {
  if (secretFile !== undefined) {
    const text = await readFile(secretFile, 'utf8').catch(() => {
      throw new CommandFailure(
        `${secretFile} cannot be read: --secret-file names a file`,
        exitCode.usage,
      );
    });
    return text.trim();
  }
  const variable = secretVariable[carrier];
  const secret = environment[variable];
  if (secret === undefined || secret === '') {
    throw new CommandFailure(
      `no secret: set ${variable}, or name a file with --secret-file`,
      exitCode.usage,
    );
  }
  return secret;
}

function parseTime(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new CommandFailure('--at must be a time as 2026-11-20T12:00:00Z', exitCode.usage);
  return at;
}
