import {
  type CallOptions,
  type E164,
  type NumberSetup,
  redactAddress,
  TelephonyError,
  type WebhookSettings,
} from '@openclaw/telephony-core';
import {
  type ApplicationChange,
  changeOf,
  isNowhere,
  nowhere,
  settingsOf,
} from './application-settings.ts';
import { refuse } from './errors.ts';
import { isRecord, type JsonRecord, textIn } from './json.ts';
import { malformed, type RestClient } from './rest-client.ts';

/** What {@link createPlivoNumberSetup} takes. */
export interface PlivoNumberSetupOptions {
  readonly rest: RestClient;
  readonly changesSharedApplications: boolean;
  readonly now: () => Date;
}

/** A number, and the application that has its webhooks. */
interface FoundNumber {
  /** As Plivo has it in paths: without the plus sign. */
  readonly digits: string;
  readonly applicationId: string | undefined;
  readonly settings: WebhookSettings;
}

const pageSize = 20;
/** Enough for 2,000 numbers. */
const mostPageCount = 100;

/** Reads and sets the webhooks of the account's numbers, which Plivo keeps in applications. */
export function createPlivoNumberSetup(options: PlivoNumberSetupOptions): NumberSetup {
  const { rest, changesSharedApplications, now } = options;

  async function find(number: E164, callOptions?: CallOptions): Promise<FoundNumber> {
    const digits = number.slice(1);
    const resource = await rest({ path: `/Number/${digits}/` }, callOptions).catch(
      (error: unknown) => {
        if (!TelephonyError.isInstance(error) || error.code !== 'not_found') throw error;
        throw refuse('not_found', `${redactAddress(number)} is not a number of this Plivo account`);
      },
    );
    const applicationId = applicationIdIn(resource);
    if (applicationId === undefined) return { digits, applicationId, settings: nowhere };
    const application = await rest({ path: `/Application/${applicationId}/` }, callOptions);
    return { digits, applicationId, settings: settingsOf(application) };
  }

  /** A change of the application would be theirs too, and nobody asked for that. */
  async function assertOwn(found: FoundNumber, callOptions?: CallOptions): Promise<void> {
    for (let page = 0; page < mostPageCount; page += 1) {
      const offset = String(page * pageSize);
      const query = new URLSearchParams({ limit: String(pageSize), offset });
      const { objects } = await rest({ path: '/Number/', query }, callOptions);
      const numbers = (Array.isArray(objects) ? objects : []).filter(isRecord);
      if (numbers.some((candidate) => isAnotherOf(candidate, found))) {
        throw notOwn('is used by other numbers as well', found);
      }
      if (numbers.length < pageSize) return;
    }
    throw notOwn('may be used by other numbers, of which there are too many to look at', found);
  }

  /** An application with a name that none of the account has: they are kept when a number leaves them. */
  async function connect(
    digits: string,
    change: ApplicationChange,
    callOptions?: CallOptions,
  ): Promise<void> {
    const json = { app_name: `telephony-${digits}-${now().getTime()}`, ...change };
    const created = await rest({ path: '/Application/', json }, callOptions);
    const applicationId = textIn(created, 'app_id');
    if (applicationId === undefined) throw malformed('the id of the application', true);
    await rest({ path: `/Number/${digits}/`, json: { app_id: applicationId } }, callOptions);
  }

  return {
    async inspect(number, callOptions) {
      return (await find(number, callOptions)).settings;
    },
    async apply(number, wanted, callOptions) {
      const found = await find(number, callOptions);
      const { digits, applicationId, settings } = found;
      const change = changeOf(wanted, settings);
      if (change === undefined) return settings;
      if (applicationId === undefined) {
        await connect(digits, change, callOptions);
      } else if (isNowhere({ ...settings, ...wanted })) {
        // Nothing is left of it for this number, so the application may stay as it is for whoever else uses it.
        await rest({ path: `/Number/${digits}/`, json: { app_id: '' } }, callOptions);
      } else {
        if (!changesSharedApplications) await assertOwn(found, callOptions);
        const path = `/Application/${applicationId}/`;
        await rest({ path, json: change }, callOptions);
      }
      return settings;
    },
  };
}

/** Plivo names the application by its path. */
function applicationIdIn(resource: JsonRecord): string | undefined {
  const path = textIn(resource, 'application') ?? '';
  return /\/Application\/([0-9A-Za-z-]+)\/?$/u.exec(path)?.[1];
}

/** True for another number with the same application. */
function isAnotherOf(candidate: JsonRecord, { digits, applicationId }: FoundNumber): boolean {
  return (
    applicationIdIn(candidate) === applicationId &&
    textIn(candidate, 'number')?.replace(/^\+/u, '') !== digits
  );
}

function notOwn(what: string, { applicationId }: FoundNumber): TelephonyError {
  return refuse(
    'invalid_request',
    `the Plivo application ${applicationId ?? ''} ${what}, and their webhooks would change too: ` +
      'give this number an application of its own in the Plivo console, or set changesSharedApplications',
  );
}
