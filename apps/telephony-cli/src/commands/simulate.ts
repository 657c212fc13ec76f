import { parseE164 } from '@openclaw/telephony-core';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import type { CarrierName } from '../carrier-names.ts';
import { startSimulatedCarrier } from '../simulated-carrier.ts';

/** Options of `telephony simulate`. */
export interface SimulateOptions {
  readonly carrier: CarrierName;
  readonly port: number;
  readonly number: string;
  readonly webhook?: string;
}

/** Runs a simulated carrier for anybody's tests, until it is told to stop. */
export async function simulate(
  terminal: Terminal,
  options: SimulateOptions,
  stop: AbortSignal,
): Promise<void> {
  const { carrier, port, webhook } = options;
  const number = parseE164(options.number);
  const { sim, settings } = await startSimulatedCarrier(carrier, {
    port,
    numbers: [{ number, ...(webhook === undefined ? {} : { messageUrl: webhook }) }],
  });
  try {
    sayJson(terminal, { url: sim.url, control: `${sim.url}/_sim/`, number, settings });
    say(
      terminal,
      `${styled(terminal, 'green', '✓')} ${carrier} is simulated at ${styled(terminal, 'bold', sim.url)}`,
    );
    say(
      terminal,
      `  its number is ${number}; texts to it go to ${webhook ?? 'nobody yet (--webhook <url>)'}`,
    );
    say(terminal, `  settings for it: ${JSON.stringify({ fromNumber: number, ...settings })}`);
    say(
      terminal,
      `  somebody texts:  curl -d '{"from":"+15550100123","to":"${number}","text":"Hello"}' ${sim.url}/_sim/texts`,
    );
    await untilStopped(stop);
  } finally {
    await sim.close();
  }
}
