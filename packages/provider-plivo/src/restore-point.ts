import {
  isJsonObject,
  type JsonObject,
  type TelephonyError,
  textIn,
} from '@openclaw/telephony-core';
import { isApplicationId, type NumberApplication } from './number-application.ts';
import { type ApplicationChange, webhookFields } from './application-settings.ts';
import { refuse } from './errors.ts';

/** What a number had: its application, and what that said, in the very bytes. */
export interface RestorePoint {
  /** `null`: none. */
  readonly applicationId: string | null;
  readonly fields: ApplicationChange;
}

const known: ReadonlySet<string> = new Set(
  webhookFields.flatMap(([, url, method]) => [url, method]),
);

/** Remembers what there is; `undefined` where that cannot be read. */
export function restorePointOf(application: NumberApplication): JsonObject | undefined {
  if (application.kind === 'unrecognised') return undefined;
  if (application.kind === 'none') return { applicationId: null, fields: {} };
  const { id, resource } = application;
  const fields: Record<string, string> = {};
  for (const [, url, method] of webhookFields) {
    fields[url] = textIn(resource, url) ?? '';
    const verb = textIn(resource, method);
    if (verb !== undefined) fields[method] = verb;
  }
  return { applicationId: id, fields };
}

/**
 * Reads what {@link restorePointOf} made, after it was kept somewhere.
 *
 * @throws {TelephonyError} `invalid_request`, `not-performed`, for anything else
 */
export function readRestorePoint(value: JsonObject): RestorePoint {
  const { applicationId, fields } = value;
  const isId =
    applicationId === null || (typeof applicationId === 'string' && isApplicationId(applicationId));
  if (!isId || !isJsonObject(fields)) throw notOurs();
  const read: Record<string, string> = {};
  for (const [name, text] of Object.entries(fields)) {
    if (!known.has(name) || typeof text !== 'string') throw notOurs();
    read[name] = text;
  }
  return { applicationId, fields: read };
}

/** What has to be written so that the application says again what it said; `undefined` when it does. */
export function changeBackTo(
  { fields }: RestorePoint,
  application: JsonObject,
): ApplicationChange | undefined {
  const change: Record<string, string> = {};
  for (const names of webhookFields) {
    const pair = names.slice(1).filter((name) => fields[name] !== undefined);
    if (pair.every((name) => (textIn(application, name) ?? '') === fields[name])) continue;
    for (const name of pair) change[name] = fields[name] ?? '';
  }
  return Object.keys(change).length === 0 ? undefined : change;
}

function notOurs(): TelephonyError {
  return refuse(
    'invalid_request',
    '`restore` was not made by this provider: pass on unchanged what inspect or apply returned',
  );
}
