import { describe, expect, it } from 'vitest';
import { failuresOf, resultsOf } from './collecting-runner.testing.ts';
import type { ProviderContract } from './fixtures.ts';
import { createPigeonProvider, pigeonCarrier, pigeonContract } from './pigeon-contract.testing.ts';

const honest = pigeonContract(createPigeonProvider);
const bare: ProviderContract = {
  createProvider: createPigeonProvider,
  secrets: honest.secrets,
  carrier: { kind: 'http', origins: pigeonCarrier.origins },
  webhooks: { scheme: honest.webhooks.scheme, sign: honest.webhooks.sign },
};
/** A provider that claims less. */
const claiming = (capabilities: object): ProviderContract => ({
  ...bare,
  createProvider(stage) {
    const { messaging, ...provider } = createPigeonProvider(stage);
    const { getMessage: _, fetchMedia: __, ...sending } = messaging;
    return {
      ...provider,
      messaging: { ...sending, capabilities: { ...messaging.capabilities, ...capabilities } },
    };
  },
});
const missingIn = async (contract: ProviderContract): Promise<readonly string[]> => {
  const paths = (await failuresOf(contract)).flatMap(
    (failure) => /the fixture ([\w.]+) is missing/u.exec(failure)?.[1] ?? [],
  );
  return [...new Set(paths)].toSorted();
};
const always = [
  'carrier.send.accepted',
  'carrier.send.errorBodies',
  ...[
    'badCredentials',
    'contentRejected',
    'invalidRecipient',
    'noFunds',
    'optedOut',
    'rateLimited',
    'senderNotAllowed',
    'serverError',
  ].map((name) => `carrier.send.failures.${name}`),
  ...['emoji', 'fromSenderName', 'fromShortCode', 'stop', 'text'].map((name) => `inbound.${name}`),
  ...['genuine', 'get', 'json'].map((name) => `webhooks.${name}`),
];

describe('a claim without a fixture', () => {
  it('fails, and the failure says what is missing and why', async () => {
    expect(await missingIn(bare)).toEqual(
      [
        ...always,
        'carrier.getMessage',
        'carrier.media',
        'carrier.send.poolId',
        ...['channel', 'pictureOnly', 'severalPictures', 'stopAnswered'].map(
          (name) => `inbound.${name}`,
        ),
        'receipts',
        'receipts.optedOut',
      ].toSorted(),
    );
    expect(await failuresOf(bare)).toContain(
      'inbound > a picture without a text: the fixture inbound.pictureOnly is missing: ' +
        'the raw webhook of a picture without a text. ' +
        'It is needed because the provider claims mms among capabilities.channels.',
    );
  });

  it('is no failure where nothing is claimed', async () => {
    const modest = claiming({
      channels: ['sms'],
      deliveryReceipts: 'none',
      optOut: 'application',
      senderPools: false,
    });
    expect(await missingIn(modest)).toEqual(always.toSorted());
  });

  it('asks a provider without messaging for webhooks alone', async () => {
    const contract: ProviderContract = {
      ...bare,
      createProvider(stage) {
        const { messaging: _, ...provider } = createPigeonProvider(stage);
        return provider;
      },
    };
    expect(await missingIn(contract)).toEqual([
      'webhooks.genuine',
      'webhooks.get',
      'webhooks.json',
    ]);
  });

  it('does not take a receipt’s words, or its error code, for granted', async () => {
    const { failure: _, ...receipts } = honest.receipts;
    const incomplete: ProviderContract = {
      ...honest,
      receipts: { ...receipts, statuses: { queued: 'queued' } },
    };
    const failures = (await failuresOf(incomplete)).join('\n');
    expect(failures).toContain('the fixture receipts.failure is missing');
    expect(failures).toContain('no word of receipts.statuses means sent');
  });
});

/** The contract of a pigeon that never refuses a recipient who opted out. */
const optedOut = (never: string): ProviderContract => ({
  ...honest,
  carrier: {
    ...pigeonCarrier,
    send: {
      ...pigeonCarrier.send,
      failures: { ...pigeonCarrier.send.failures, optedOut: { never } },
    },
  },
});

describe('a carrier that never does something', () => {
  it('says why, in the name of the test', async () => {
    const results = await resultsOf(optedOut('it reports that in a receipt'));
    expect(results).toContainEqual({
      name: 'send, refused by the carrier > a recipient who opted out: never, because it reports that in a receipt',
    });
    expect(results.filter(({ failure }) => failure !== undefined)).toEqual([]);
  });

  it('has to have a reason', async () => {
    expect((await failuresOf(optedOut(' '))).join()).toContain('says "never" and gives no reason');
  });
});

describe('a fixture that is wrong', () => {
  it('fails for a secret that would be found anywhere', async () => {
    const failures = await failuresOf({ ...honest, secrets: ['abc'] });
    expect(failures[0]).toContain('secrets[0] has fewer than 8 characters');
  });

  it('fails for a contract without secrets', async () => {
    const failures = await failuresOf({ ...honest, secrets: [] });
    expect(failures.join()).toContain('the fixture secrets is empty');
  });

  it('fails for several pictures that are one', async () => {
    const inbound = { ...honest.inbound, severalPictures: honest.inbound.pictureOnly };
    const failures = await failuresOf({ ...honest, inbound });
    expect(failures.join()).toContain('the fixture names 1 media, and 2 are needed');
  });
});
