import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { join } from 'node:path';
import type { CarrierSim, InboundDelivery, SimMessage } from '@openclaw/carrier-sim';
import { isFinalStatus } from '@openclaw/telephony-core';
import type { Delivery } from '@openclaw/telephony-server';
import { openWorkplace, type Workplace } from '../workplace.ts';
import type { CarrierName } from '../carrier-names.ts';
import { startSimulatedCarrier } from '../simulated-carrier.ts';
import { createServerProcess, type ServerProcess, spawnTelephony } from './server-process.ts';
import type { Transcript } from './transcript.ts';

/** The number that the demo runs. Numbers with 555-01xx belong to nobody. */
export const botNumber = '+15550100100';
/** Where the carrier believes that the bot is: a public address, which leads to this machine. */
const publicOrigin = 'https://bot.example.com';
const webhookPath = '/telephony/webhook';

/** A simulated carrier, a real server process, and a look into its database. */
export interface Stage {
  readonly sim: CarrierSim;
  readonly server: ServerProcess;
  readonly transcript: Transcript;
  readonly webhookUrl: string;
  /** Somebody texts the bot; the line is told when the webhook has ended. */
  text(from: string, words: string): Promise<InboundDelivery>;
  /** The bot's next text to somebody, once its fate is known. */
  answer(
    to: string,
    matching?: string | RegExp,
  ): Promise<{ message: SimMessage; delivery: Delivery }>;
  /** What the carrier has accepted for somebody so far. */
  sentTo(to: string): readonly SimMessage[];
  /** Resolves when neither server nor carrier has anything left to do. */
  quiet(): Promise<void>;
  /** Runs a command of this program, and returns what it printed. */
  run(...args: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Builds the stage in a folder. */
export async function openStage(
  carrier: CarrierName,
  data: string,
  transcript: Transcript,
): Promise<Stage> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const port = await freePort();
  const webhookUrl = `${publicOrigin}${webhookPath}`;
  const { sim, settings: account } = await startSimulatedCarrier(carrier, {
    numbers: [{ number: botNumber, messageUrl: webhookUrl }],
    receipts: 'reversed',
    origins: { [publicOrigin]: `http://127.0.0.1:${port}` },
  });
  const config = join(data, 'telephony.json5');
  const settings = {
    ...account,
    fromNumber: botNumber,
    publicUrl: publicOrigin,
    serve: { port, path: webhookPath },
    // The simulated carrier has no queue that could overflow.
    outbound: { segmentsPerSecond: 1000 },
  };
  await writeFile(config, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  const server = createServerProcess({ config, data, log: join(data, 'server.log') });
  const observer = await openWorkplace({ config, data });

  let askedAt = Date.now();
  const quiet = async (): Promise<void> => {
    do await sim.settled();
    while (!(await isIdle(observer)));
  };
  return {
    sim,
    server,
    transcript,
    webhookUrl,
    async text(from, words) {
      askedAt = Date.now();
      const start = performance.now();
      const delivery = await sim.text({ from, to: botNumber, text: words });
      transcript.text({
        direction: 'in',
        who: from,
        text: words,
        result: `answered ${delivery.attempts.at(-1)?.status ?? 'nothing'}`,
        ok: delivery.acknowledged,
        ms: performance.now() - start,
      });
      return delivery;
    },
    async answer(to, matching) {
      const message = await sim.nextMessage({
        to,
        ...(matching === undefined ? {} : { matching }),
      });
      const delivery = await fate(observer, message.id);
      transcript.text({
        direction: 'out',
        who: to,
        text: message.body,
        segmentCount: message.numSegments,
        encoding: message.encoding === 'gsm7' ? 'GSM-7' : 'UCS-2',
        result: delivery.status,
        ok: isFinalStatus(delivery.status),
        ms: message.acceptedAt.getTime() - askedAt,
      });
      return { message, delivery };
    },
    sentTo: (to) => sim.messages.filter((message) => message.to === to),
    quiet,
    async run(...args) {
      askedAt = Date.now();
      const child = spawnTelephony([...args, '-c', config, '-d', data]);
      const output = child.stdout === null ? '' : await readText(child.stdout);
      return output.trim();
    },
    async close() {
      await server.stop();
      await observer.close();
      await sim.close();
    },
  };
}

async function isIdle({ store }: Workplace): Promise<boolean> {
  for (const name of ['signals:default', 'texts:default', 'outbox:default']) {
    const figures = await store.queue(name, { parse: () => undefined }).inspect();
    if (figures.waiting + figures.running > 0) {
      await pause();
      return false;
    }
  }
  return true;
}

/** Waits until the server knows how a message ended. */
async function fate({ server }: Workplace, messageId: string): Promise<Delivery> {
  const end = performance.now() + 5000;
  for (;;) {
    const delivery = await server.delivery(messageId);
    if (delivery !== undefined && (isFinalStatus(delivery.status) || performance.now() > end)) {
      return delivery;
    }
    if (performance.now() > end)
      throw new Error('the server never heard of a message that it sent');
    await pause();
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** A port that was free a moment ago: the server must come back on the same one after it was killed. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
