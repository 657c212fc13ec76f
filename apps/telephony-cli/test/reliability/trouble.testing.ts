import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CarrierSimOptions, InboundDelivery } from '@openclaw/carrier-sim';
import type { ChildProgram } from './child-program.testing.ts';
import { readJournal } from './journal.testing.ts';
import { openScene, ourNumber, type Scene, workedOff } from './scene.testing.ts';

/** A server whose database and clock a test can spoil while it runs. */
export interface Trouble {
  readonly scene: Scene;
  readonly server: ChildProgram;
  /** Somebody texts; the status of the last answer, or why there was none. */
  readonly text: (name: string) => Promise<number | string>;
  /** Runs SQL on the server's own connection. */
  readonly sql: (statement: string) => Promise<void>;
  /** The names of the texts that the application has handled to the end, in its order. */
  readonly handled: () => Promise<readonly string[]>;
}

/** Runs a test on a server of its own. Telnyx is the carrier because it comes back after a 503. */
export async function inTrouble(
  test: (trouble: Trouble) => Promise<void>,
  simOptions: Partial<CarrierSimOptions> = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'telephony-trouble-'));
  const scene = await openScene(folder, 'telnyx', simOptions);
  try {
    const server = await scene.start({
      preload: [new URL('preload-trouble.testing.ts', import.meta.url)],
    });
    await test({
      scene,
      server,
      async text(name) {
        const delivery = await scene.sim.text({ from: '+15550100123', to: ourNumber, text: name });
        return lastAnswer(delivery);
      },
      sql: async (statement) => void (await server.ask('sql', statement)),
      async handled() {
        const observer = await scene.observe();
        await workedOff(observer);
        await observer.close();
        return readJournal(scene.journal)
          .filter(({ what }) => what === 'end')
          .map(({ name }) => name);
      },
    });
  } finally {
    await scene.close();
    await rm(folder, { recursive: true });
  }
}

/** How the carrier's last try at a webhook ended. */
function lastAnswer({ attempts }: InboundDelivery): number | string {
  const last = attempts.at(-1);
  return last?.status ?? last?.error ?? 'nothing';
}

/** How all tries at a webhook ended. */
export const answersTo = ({ attempts }: InboundDelivery): (number | string)[] =>
  attempts.map(({ status, error }) => status ?? error ?? 'nothing');
