import { TelephonyError } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openHost, picture, type Place, serveHost, temporaryFolder } from './media-host.testing.ts';

const bounds = { ttlMs: 10, keptMs: 25, maxEntries: 3 };

/** What a file of the host should be. */
interface Expected {
  readonly secret: string;
  readonly keptUntil: number;
  servedUntil?: number | undefined;
  isRemoved: boolean;
}
const isLive = ({ isRemoved, servedUntil, keptUntil }: Expected, time: number): boolean =>
  !isRemoved && (servedUntil ?? keptUntil) > time;

type Step =
  | { readonly act: 'keep' }
  | { readonly act: 'publish' | 'withdraw' | 'discard'; readonly which: number }
  | { readonly act: 'wait'; readonly ms: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ act: fc.constant('keep' as const) }),
  fc.record({
    act: fc.constantFrom('publish' as const, 'withdraw' as const, 'discard' as const),
    which: fc.nat(4),
  }),
  fc.record({ act: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 12 }) }),
);
const isRefused =
  (code: string) =>
  (failure: unknown): 'refused' => {
    if (TelephonyError.isInstance(failure) && failure.code === code) return 'refused';
    throw failure;
  };

/** Does the steps to a host and to a model of it; gives what a carrier sees after each, and what it should see. */
async function play(
  open: (now: () => Date) => Place,
  steps: readonly Step[],
): Promise<{ readonly seen: readonly unknown[]; readonly wanted: readonly unknown[] }> {
  let time = 1000;
  const now = (): Date => new Date(time);
  const host = openHost(open(now), { ...bounds, now });
  const ask = await serveHost(host);
  const files: Expected[] = [];
  const [seen, wanted]: [unknown[], unknown[]] = [[], []];
  for (const one of steps) {
    if (one.act === 'wait') time += one.ms;
    else if (one.act === 'keep') {
      for (const file of files) file.isRemoved ||= !isLive(file, time);
      const hasRoom = files.filter(({ isRemoved }) => !isRemoved).length < bounds.maxEntries;
      const secret = await host.keep(picture()).catch(isRefused('limit_reached'));
      seen.push(secret !== 'refused');
      wanted.push(hasRoom);
      if (hasRoom) files.push({ secret, keptUntil: time + bounds.keptMs, isRemoved: false });
    } else {
      const file = files[files.length - 1 - one.which];
      if (file === undefined) continue;
      if (one.act === 'publish') {
        const url = await host.publish(file.secret).catch(isRefused('not_found'));
        seen.push(url !== 'refused');
        wanted.push(isLive(file, time));
        if (url !== 'refused') file.servedUntil = time + bounds.ttlMs;
      } else if (one.act === 'withdraw') {
        await host.withdraw(file.secret);
        file.servedUntil = undefined;
      } else {
        await host.discard(file.secret);
        file.isRemoved ||= file.servedUntil === undefined;
      }
    }
    for (const file of files) {
      seen.push((await ask(`${host.path}/${file.secret}/cat.png`)).status);
      wanted.push(!file.isRemoved && (file.servedUntil ?? 0) > time ? 200 : 404);
    }
  }
  host.close();
  return { seen, wanted };
}

it.each<[string, () => Promise<(now: () => Date) => Place>]>([
  [
    'a folder',
    async () => {
      const folder = await temporaryFolder();
      return () => ({ folder });
    },
  ],
  ['a store', async () => (now) => ({ store: createMemoryStore({ now }).keyValue })],
])(
  'a media host in %s serves exactly what is published, in any order of events',
  async (_, place) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        const { seen, wanted } = await play(await place(), steps);
        expect(seen).toEqual(wanted);
      }),
      { numRuns: 25 },
    );
  },
);
