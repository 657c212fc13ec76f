import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { contractValues, textCanary } from './contract-values.ts';

/** Below this, a secret would be found in any text by accident. */
const leastSecretLength = 8;

/** What may never be shown: its name, for the report, and the characters to look for. */
export type Canaries = ReadonlyMap<string, string>;

/** The canaries of a contract: its secrets, the numbers of both ends, the text. */
export function createCanaries(secrets: readonly string[]): Canaries {
  const canaries = new Map([
    ['the number of the person', contractValues.person.slice(1)],
    ['our own number in full', contractValues.ownNumber.slice(1)],
    ['the text of the message', textCanary],
  ]);
  for (const [index, secret] of secrets.entries()) {
    assert.ok(
      secret.length >= leastSecretLength,
      `secrets[${index}] has fewer than ${leastSecretLength} characters, which occur anywhere: use a longer one`,
    );
    canaries.set(`secrets[${index}]`, secret);
  }
  return canaries;
}

/** Adds what a request carried to prove who we are, as it was encoded. */
export function withCredentialsOf(canaries: Canaries, headers: Headers): Canaries {
  const value = headers.get('authorization')?.replace(/^\S+ /u, '') ?? '';
  if (value.length < leastSecretLength) return canaries;
  return new Map([...canaries, ['the value of the Authorization header', value]]);
}

/**
 * Fails when a value shows a canary in any way in which it may be printed.
 *
 * The failure names the canary and never repeats it.
 */
export function assertNoCanary(value: unknown, where: string, canaries: Canaries): void {
  const faces = printed(value);
  const shown = [...canaries].flatMap(([name, canary]) => (faces.includes(canary) ? [name] : []));
  assert.ok(shown.length === 0, `${where} shows ${shown.join(', ')}`);
}

/**
 * A value in every way in which it may be printed: as text, by `inspect` with all that it hides, as JSON, as a stack.
 *
 * @example
 * assert.ok(!printed(error).includes(authToken));
 */
export function printed(value: unknown): string {
  const faces = [attempt(() => String(value)), inspectAll(value), toJson(value)];
  if (value instanceof Error) faces.push(value.message, value.stack ?? '');
  return faces.join('\n');
}

/** True when the text holds the canary, bare or in Base64. */
export function showsSecret(text: string, secrets: readonly string[]): boolean {
  const decoded = text
    .split(/[^\w+/=-]+/u)
    .map((word) => Buffer.from(word, 'base64').toString('latin1'));
  return secrets.some((secret) => [text, ...decoded].some((face) => face.includes(secret)));
}

function inspectAll(value: unknown): string {
  return inspect(value, {
    depth: 16,
    showHidden: true,
    maxArrayLength: null,
    maxStringLength: null,
  });
}

function toJson(value: unknown): string {
  // A value without JSON, such as undefined, has nothing to show either.
  return attempt(() => JSON.stringify({ value }));
}

/** What cannot be printed in one way, such as a cycle as JSON, is seen in another. */
function attempt(print: () => string): string {
  try {
    return print();
  } catch {
    return '';
  }
}
