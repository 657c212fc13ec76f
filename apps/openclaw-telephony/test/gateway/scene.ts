import type { InboundDelivery, SimMessage } from '@openclaw/carrier-sim';
import { botNumber, type Carrier } from './carrier.ts';
import type { Machine } from './machine.ts';
import type { MockModel } from './mock-model.ts';
import { check, type Stages } from './stages.ts';

/** A gateway with our plugin, a carrier and a model, all on this machine. */
export interface Scene {
  readonly machine: Machine;
  readonly carrier: Carrier;
  readonly model: MockModel;
  readonly stages: Stages;
  /** Somebody texts; fails unless the webhook was acknowledged. */
  text(
    from: string,
    text: string,
    media?: boolean,
  ): Promise<{ delivery: InboundDelivery; ackMs: number }>;
  /** The next text to somebody that fits. */
  answer(to: string, matching: string | RegExp, timeoutMs?: number): Promise<SimMessage>;
  /** What the carrier took for somebody so far. */
  sentTo(to: string): readonly SimMessage[];
  /** Milliseconds of every acknowledgement, for the figures. */
  readonly ackTimes: number[];
  /** Words that the agent was asked to say to Ada, and that may have reached her once. */
  readonly once: Set<string>;
  /** How often Ada was answered with such a word. */
  answersWith(word: string): number;
}

/** Somebody who is let in, and others. Numbers with 555-01xx belong to nobody. */
export const ada = '+15550100123';
export const bob = '+15550100124';
export const dan = '+15550100126';

/** A picture of one dot. */
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

type Parts = Pick<Scene, 'machine' | 'carrier' | 'model' | 'stages'>;

export function createScene(parts: Parts): Scene {
  const { sim } = parts.carrier;
  const ackTimes: number[] = [];
  const once = new Set<string>();
  const sentTo = (to: string): readonly SimMessage[] =>
    sim.messages.filter((message) => message.to === to);
  return {
    ...parts,
    ackTimes,
    once,
    sentTo,
    answersWith: (word) =>
      sentTo(ada).filter(({ body }) => body.split(/\s/u).includes(word)).length,
    async text(from, text, media = false) {
      const start = performance.now();
      const delivery = await sim.text({
        from,
        to: botNumber,
        text,
        ...(media ? { media: [{ contentType: 'image/png', bytes: picture }] } : {}),
      });
      const ackMs = performance.now() - start;
      ackTimes.push(ackMs);
      check(
        delivery.acknowledged,
        `the webhook was not acknowledged: ${JSON.stringify(delivery.attempts)}`,
      );
      return { delivery, ackMs: Math.round(ackMs) };
    },
    answer: (to, matching, timeoutMs = 30_000) => sim.nextMessage({ to, matching, timeoutMs }),
  };
}
