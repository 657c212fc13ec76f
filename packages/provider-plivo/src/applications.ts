import {
  type CallOptions,
  type JsonObject,
  TelephonyError,
  textIn,
} from '@openclaw/telephony-core';
import type { ApplicationChange } from './application-settings.ts';
import { refuse } from './errors.ts';
import { findListed, type Found } from './listing.ts';
import { applicationIdIn, isApplicationId } from './number-application.ts';
import { malformed, type RestClient } from './rest-client.ts';

/** What {@link createApplications} takes. */
export interface ApplicationsOptions {
  readonly rest: RestClient;
  readonly changesSharedApplications: boolean;
  readonly now: () => Date;
}

/** A change for the sake of one number. */
export interface ChangeForNumber {
  readonly digits: string;
  readonly fields: ApplicationChange;
}

/** The applications of the account. */
export interface Applications {
  read(id: string, callOptions?: CallOptions): Promise<JsonObject>;
  /** Changes one, unless other numbers use it and nobody allowed that. */
  change(id: string, change: ChangeForNumber, callOptions?: CallOptions): Promise<void>;
  /** Makes an application for the number, or takes the one that was made earlier; returns its id. */
  provide(digits: string, fields: ApplicationChange, callOptions?: CallOptions): Promise<string>;
}

/** Reads, changes and makes applications: those of others are left alone. */
export function createApplications(options: ApplicationsOptions): Applications {
  const { rest, changesSharedApplications, now } = options;

  const findOther = (id: string, digits: string, callOptions?: CallOptions): Promise<Found> =>
    findListed(
      rest,
      '/Number/',
      (number) =>
        applicationIdIn(number) === id && textIn(number, 'number')?.replace(/^\+/u, '') !== digits,
      callOptions,
    );

  /** Plivo keeps an application when a number leaves it, or when it could not be moved there. */
  async function findEarlier(digits: string, callOptions?: CallOptions): Promise<string | null> {
    const name = new RegExp(`^telephony-${digits}-\\d+$`, 'u');
    const found = await findListed(
      rest,
      '/Application/',
      (candidate) =>
        name.test(textIn(candidate, 'app_name') ?? '') &&
        isApplicationId(textIn(candidate, 'app_id') ?? ''),
      callOptions,
    );
    const id = typeof found === 'string' ? undefined : textIn(found.record, 'app_id');
    // Somebody may have put another number on it since.
    if (id === undefined || (await findOther(id, digits, callOptions)) !== 'none') return null;
    return id;
  }

  return {
    read: (id, callOptions) =>
      rest({ path: `/Application/${id}/` }, callOptions).catch((error: unknown) => {
        if (!TelephonyError.isInstance(error) || error.code !== 'not_found') throw error;
        throw refuse(
          'not_found',
          `the Plivo application ${id} is not on this account, or was deleted`,
        );
      }),
    async change(id, { digits, fields }, callOptions) {
      const other = changesSharedApplications ? 'none' : await findOther(id, digits, callOptions);
      if (other !== 'none') throw notOwn(id, other);
      await rest({ path: `/Application/${id}/`, json: fields }, callOptions);
    },
    async provide(digits, fields, callOptions) {
      const earlier = await findEarlier(digits, callOptions);
      if (earlier !== null) {
        await rest({ path: `/Application/${earlier}/`, json: fields }, callOptions);
        return earlier;
      }
      const used = Object.entries(fields).filter(([, value]) => value !== '');
      // The time keeps the name apart from one that somebody else's numbers have meanwhile.
      const name = `telephony-${digits}-${now().getTime()}`;
      const json = { app_name: name, ...Object.fromEntries(used) };
      const id = textIn(await rest({ path: '/Application/', json }, callOptions), 'app_id');
      if (id === undefined) throw malformed('the id of the application', true);
      return id;
    },
  };
}

function notOwn(id: string, other: Found): TelephonyError {
  const what =
    other === 'too-many'
      ? 'may be used by other numbers, of which there are too many to look at'
      : 'is used by other numbers as well';
  return refuse(
    'invalid_request',
    `the Plivo application ${id} ${what}, and their webhooks would change too: ` +
      'give this number an application of its own in the Plivo console, or set changesSharedApplications',
  );
}
