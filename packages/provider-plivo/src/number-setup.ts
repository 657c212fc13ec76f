import {
  type CallOptions,
  type E164,
  type JsonObject,
  type NumberSetup,
  redactAddress,
  TelephonyError,
  type WebhookSettings,
} from '@openclaw/telephony-core';
import {
  changeOf,
  leavesNothing,
  nowhere,
  onlyThese,
  settingsOf,
  webhookFields,
} from './application-settings.ts';
import { createApplications } from './applications.ts';
import { refuse } from './errors.ts';
import { applicationIdIn, type NumberApplication } from './number-application.ts';
import { afterChange } from './partial-change.ts';
import type { RestClient } from './rest-client.ts';
import {
  changeBackTo,
  readRestorePoint,
  type RestorePoint,
  restorePointOf,
} from './restore-point.ts';

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
  readonly application: Exclude<NumberApplication, { readonly kind: 'unrecognised' }>;
}

/** Reads and sets the webhooks of the account's numbers, which Plivo keeps in applications. */
export function createPlivoNumberSetup(options: PlivoNumberSetupOptions): NumberSetup {
  const { rest } = options;
  const applications = createApplications(options);

  async function find(number: E164, callOptions?: CallOptions): Promise<NumberApplication> {
    const resource = await rest({ path: `/Number/${number.slice(1)}/` }, callOptions).catch(
      (error: unknown) => {
        if (!TelephonyError.isInstance(error) || error.code !== 'not_found') throw error;
        throw refuse('not_found', `${redactAddress(number)} is not a number of this Plivo account`);
      },
    );
    const id = applicationIdIn(resource);
    if (id === undefined) return { kind: 'unrecognised' };
    if (id === null) return { kind: 'none' };
    return { kind: 'known', id, resource: await applications.read(id, callOptions) };
  }

  /** An empty id: to none. */
  async function moveTo(id: string, digits: string, callOptions?: CallOptions): Promise<void> {
    await rest({ path: `/Number/${digits}/`, json: { app_id: id } }, callOptions);
  }

  async function change(
    { digits, application }: FoundNumber,
    wanted: WebhookSettings,
    callOptions?: CallOptions,
  ): Promise<void> {
    const current: JsonObject = application.kind === 'known' ? application.resource : {};
    const fields = changeOf(wanted, current);
    if (fields === undefined) return;
    if (application.kind === 'none') {
      const id = await applications.provide(digits, onlyThese(wanted), callOptions);
      await afterChange(`the Plivo application ${id} was made ready for this number`, () =>
        moveTo(id, digits, callOptions),
      );
    } else if (leavesNothing(wanted, current)) {
      // Nothing is left of it for this number, so the application may stay as it is for whoever else uses it.
      await moveTo('', digits, callOptions);
    } else {
      await applications.change(application.id, { digits, fields }, callOptions);
    }
  }

  async function putBack(
    { digits, application }: FoundNumber,
    point: RestorePoint,
    callOptions?: CallOptions,
  ): Promise<void> {
    const currentId = application.kind === 'known' ? application.id : null;
    const { applicationId: id } = point;
    if (id === null) {
      if (currentId !== null) await moveTo('', digits, callOptions);
      return;
    }
    const resource =
      application.kind === 'known' && application.id === id
        ? application.resource
        : await applications.read(id, callOptions);
    const fields = changeBackTo(point, resource);
    if (fields !== undefined) await applications.change(id, { digits, fields }, callOptions);
    if (currentId === id) return;
    const move = (): Promise<void> => moveTo(id, digits, callOptions);
    if (fields === undefined) await move();
    else await afterChange(`the Plivo application ${id} got its old webhooks back`, move);
  }

  return {
    async inspect(number, callOptions) {
      return withRestore(await find(number, callOptions));
    },
    async apply(number, wanted, callOptions) {
      const { restore } = wanted;
      const point = restore === undefined ? undefined : readRestorePoint(restore);
      const application = await find(number, callOptions);
      if (application.kind === 'unrecognised') {
        if (point === undefined && wantsNothing(wanted)) return {};
        throw unrecognised(number);
      }
      const found = { digits: number.slice(1), application };
      if (point === undefined) await change(found, wanted, callOptions);
      else await putBack(found, point, callOptions);
      return withRestore(application);
    },
  };
}

function withRestore(application: NumberApplication): WebhookSettings {
  const restore = restorePointOf(application);
  if (restore === undefined) return {};
  return {
    ...(application.kind === 'known' ? settingsOf(application.resource) : nowhere),
    restore,
  };
}

function wantsNothing(wanted: WebhookSettings): boolean {
  return webhookFields.every(([name]) => wanted[name] === undefined);
}

function unrecognised(number: E164): TelephonyError {
  return refuse(
    'invalid_request',
    `what Plivo says about the application of ${redactAddress(number)} is not understood, and is not ` +
      'replaced: give the number an XML application in the Plivo console',
  );
}
