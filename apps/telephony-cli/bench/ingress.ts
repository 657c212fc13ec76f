import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnections } from '../test/reliability/connections.testing.ts';
import { type Contestant, startContestant } from './contestant.ts';
import { type Gate, median } from './gate.ts';
import { nextText } from './inbound-texts.ts';

const roundCount = 15;
// What is measured is a server that has been up for a while; until here a tenth of its time goes to the compiler of V8.
const warmUpCount = 8;
const textsPerRound = 3000;
const inFlight = 64;
const names = ['bare', 'express', 'ours'] as const;
const label = {
  bare: 'node:http, reads the body',
  express: 'express 5 + twilio.webhook(), stores nothing',
  ours: 'telephony-server, verified and durable',
};

/** What it costs to take a text in, in CPU time of the server's process, against the floor and against the usual way. */
export async function measureIngress(): Promise<readonly Gate[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ingress-bench-'));
  const contestants = {
    bare: await startContestant(new URL('contestants/bare-http.ts', import.meta.url)),
    express: await startContestant(new URL('contestants/express-twilio.ts', import.meta.url)),
    ours: await startContestant(new URL('contestants/durable-inbox.ts', import.meta.url), [
      join(folder, 'telephony.db'),
    ]),
  };
  const rounds: { readonly [name in (typeof names)[number]]: number }[] = [];
  for (let round = -warmUpCount; round < roundCount; round += 1) {
    const costs = { bare: 0, express: 0, ours: 0 };
    // Every other round backwards, so that nobody always follows the same neighbour.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      costs[name] = await microsecondsPerText(contestants[name]);
    }
    const left = await contestants.ours.child.ask('drain');
    if (left !== 0) throw new Error(`${String(left)} texts were left over`);
    if (round >= 0) rounds.push(costs);
  }
  for (const name of names) await contestants[name].child.kill();
  rmSync(folder, { recursive: true });

  for (const name of names) {
    const cost = median(rounds.map((costs) => costs[name]));
    const rate = Math.round(1e6 / cost);
    console.log(
      `${cost.toFixed(1).padStart(7)} µs, ${String(rate).padStart(6)} a CPU second  ${label[name]}`,
    );
  }
  const cheaper = median(rounds.map(({ express, ours }) => express / ours));
  const dearer = median(rounds.map(({ bare, ours }) => ours / bare));
  return [
    {
      text: `inbound texts a CPU second: ${cheaper.toFixed(2)} x those of express, at least 3`,
      held: cheaper >= 3,
    },
    {
      text: `cost of an inbound text: ${dearer.toFixed(2)} x that of node:http, at most 2.5`,
      held: dearer <= 2.5,
    },
  ];
}

async function microsecondsPerText({ origin, child }: Contestant): Promise<number> {
  const texts = Array.from({ length: textsPerRound }, () => nextText(origin));
  const connections = createConnections(origin, inFlight);
  const before = await child.measure('cpu');
  const replies = await Promise.all(texts.map((text) => connections.send(text)));
  const after = await child.measure('cpu');
  connections.close();
  const refused = replies.find(({ status }) => status !== 200);
  if (refused) throw new Error(`a text was answered ${refused.status}: ${refused.body}`);
  return (after - before) / textsPerRound;
}
