import { isRecord } from './record.ts';
import { setupFields } from './setup-fields.data.ts';
import type { SetupInput } from './setup-settings.ts';

type Fields = { readonly [key: string]: Field };
type Field = {
  readonly kind: 'string' | 'choice' | 'integer' | 'string-list';
  readonly choices?: readonly string[];
};

const fields: Fields = { name: { kind: 'string' }, ...setupFields };

/** What flags, a form or a program gave, or what is wrong with it. Never repeats a value: it may be a secret. */
export function readSetupInput(
  raw: unknown,
):
  | { readonly ok: true; readonly value: SetupInput }
  | { readonly ok: false; readonly error: string } {
  if (!isRecord(raw)) return { ok: false, error: 'the settings must be an object' };
  const input = Object.fromEntries(
    Object.entries(raw).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, normalized(key, value)]],
    ),
  );
  if (isSetupInput(input)) return { ok: true, value: input };
  return { ok: false, error: problemsIn(input).join('; ') };
}

const isSetupInput = (input: object): input is SetupInput => problemsIn(input).length === 0;

/** Flags are texts, whatever they stand for. */
function normalized(key: string, value: unknown): unknown {
  const kind = fields[key]?.kind;
  if (typeof value !== 'string') return value;
  if (kind === 'integer') return /^\d+$/u.test(value) ? Number(value) : value;
  if (kind !== 'string-list') return value;
  return value.split(/[\n,]/u).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

function problemsIn(input: object): string[] {
  return Object.entries(input).flatMap(([key, value]: [string, unknown]) => {
    const field = fields[key];
    if (field === undefined) return [`there is no setting ${key}`];
    const expected = expectedInsteadOf(value, field);
    return expected === undefined ? [] : [`${key} must be ${expected}`];
  });
}

function expectedInsteadOf(value: unknown, { kind, choices = [] }: Field): string | undefined {
  const isText = typeof value === 'string';
  if (kind === 'string') return isText ? undefined : 'a text';
  if (kind === 'choice') {
    return isText && choices.includes(value) ? undefined : `one of ${choices.join(', ')}`;
  }
  if (kind === 'integer') return isCount(value) ? undefined : 'a whole number, 0 or more';
  const isList = Array.isArray(value) && value.every((part) => typeof part === 'string');
  return isList ? undefined : 'a list of texts, with commas between them';
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
