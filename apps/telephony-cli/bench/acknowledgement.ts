import { createConnections } from '../test/reliability/connections.testing.ts';
import { startServe } from './contestant.ts';
import { type Gate, quantile } from './gate.ts';
import { nextText } from './inbound-texts.ts';
import { createServeFolder } from './serve-folder.ts';

const textsPerSecond = 500;
const warmUpSeconds = 2;
const seconds = 10;

/** How long carriers wait for their 200 while texts come at a steady rate, whether or not the ones before are answered. */
export async function measureAcknowledgement(): Promise<readonly Gate[]> {
  using folder = createServeFolder();
  const { origin, child } = await startServe(folder.args);
  const count = textsPerSecond * (warmUpSeconds + seconds);
  const texts = Array.from({ length: count }, () => nextText(origin));
  const connections = createConnections(origin, 256);
  const latencies: number[] = [];
  const answers: Promise<void>[] = [];
  let refusedCount = 0;
  const acknowledge = async (text: Uint8Array, index: number, dueMs: number): Promise<void> => {
    const { status } = await connections.send(text);
    if (status !== 200) refusedCount += 1;
    if (index >= textsPerSecond * warmUpSeconds) latencies.push(performance.now() - dueMs);
  };
  const started = performance.now();
  for (const [index, text] of texts.entries()) {
    // From the moment at which it was to be sent: a queue in front of the server is the server's.
    const dueMs = started + (index * 1000) / textsPerSecond;
    while (performance.now() < dueMs) await new Promise((resolve) => setTimeout(resolve, 1));
    answers.push(acknowledge(text, index, dueMs));
  }
  await Promise.all(answers);
  connections.close();
  await child.kill();
  const [middle, late] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  const figures = `median ${middle.toFixed(1)} ms, p99 ${late.toFixed(1)} ms, under 50`;
  return [
    { text: `acknowledgement at ${textsPerSecond} texts/s: ${figures}`, held: late < 50 },
    { text: `not acknowledged: ${refusedCount} of ${count}`, held: refusedCount === 0 },
  ];
}
