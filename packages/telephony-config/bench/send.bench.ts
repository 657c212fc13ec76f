import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createPlivoProvider } from '@openclaw/provider-plivo';
import { createTelnyxProvider } from '@openclaw/provider-telnyx';
import { createTwilioProvider } from '@openclaw/provider-twilio';
import { createFetchTransport, type OutboundMessage, parseE164 } from '@openclaw/telephony-core';
import { createUndiciTransport } from '../src/undici-transport.ts';
import * as plivo from 'plivo';
import Telnyx from 'telnyx';
import twilio from 'twilio';

type Send = () => Promise<unknown>;

const roundCount = 21;
const warmUpCount = 2;
const sendCount = 700;
/** How many at once: the first argument. */
const inFlight = Number(process.argv[2] ?? 16);

const carrier = fork(new URL('./carrier.child.ts', import.meta.url));
const [port] = await once(carrier, 'message');
const baseUrl = `http://127.0.0.1:${String(port)}`;

const ours = '+15550100100';
const theirs = '+15550100123';
const text = 'Your table is ready.';
const message: OutboundMessage = {
  to: parseE164(theirs),
  from: { kind: 'number', address: parseE164(ours) },
  text,
};
const accountSid = `AC${'0'.repeat(32)}`;
const authId = 'MA00000000000000000000';
const token = '0123456789abcdef0123456789abcdef';
const publicKey = Buffer.alloc(32, 1).toString('base64');

const http = new twilio.RequestClient();
const genuine = http.request.bind(http);
http.request = (options) =>
  genuine({ ...options, uri: options.uri.replace('https://api.twilio.com', baseUrl) });
const twilioSdk = twilio(accountSid, token, { httpClient: http });
const telnyxSdk = new Telnyx({ apiKey: 'KEY0', baseURL: `${baseUrl}/v2`, maxRetries: 0 });
const plivoSdk = new plivo.Client(authId, token, { url: `${baseUrl}/v1/Account/${authId}` });

const fetchTransport = createFetchTransport();
const undiciTransport = createUndiciTransport();
const providers = (transport: typeof fetchTransport) => ({
  twilio: createTwilioProvider({ accountSid, authToken: token, baseUrl, transport }),
  telnyx: createTelnyxProvider({ apiKey: 'KEY0', publicKey, baseUrl, transport }),
  plivo: createPlivoProvider({ authId, authToken: token, baseUrl, transport }),
});
const overFetch = providers(fetchTransport);
const overUndici = providers(undiciTransport);

const carriers: Readonly<Record<string, { sdk: Send; overFetch: Send; overUndici: Send }>> = {
  twilio: {
    sdk: () => twilioSdk.messages.create({ to: theirs, from: ours, body: text }),
    overFetch: () => overFetch.twilio.messaging.send(message),
    overUndici: () => overUndici.twilio.messaging.send(message),
  },
  telnyx: {
    sdk: () => telnyxSdk.messages.send({ to: theirs, from: ours, text }),
    overFetch: () => overFetch.telnyx.messaging.send(message),
    overUndici: () => overUndici.telnyx.messaging.send(message),
  },
  plivo: {
    sdk: () => plivoSdk.messages.create(ours, theirs, text),
    overFetch: () => overFetch.plivo.messaging.send(message),
    overUndici: () => overUndici.plivo.messaging.send(message),
  },
};

/** CPU microseconds of this process for one send; the carrier is another process. */
async function cpuPerSend(send: Send): Promise<number> {
  let left = sendCount;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / sendCount;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const order = ['sdk', 'overFetch', 'overUndici'] as const;
type Times = Record<(typeof order)[number], number>;
const rounds = new Map(Object.keys(carriers).map((name): [string, Times[]] => [name, []]));

// The first rounds only warm up: what a compiler costs is paid once in the life of a server.
for (let round = -warmUpCount; round < roundCount; round += 1) {
  for (const [name, contestants] of Object.entries(carriers)) {
    const times = { sdk: 0, overFetch: 0, overUndici: 0 };
    // Every other round backwards, so that nobody always follows the same neighbour.
    for (const each of round % 2 === 0 ? order : order.toReversed()) {
      times[each] = await cpuPerSend(contestants[each]);
    }
    if (round >= 0) rounds.get(name)?.push(times);
  }
}

let allPassed = true;
for (const [name, measured] of rounds) {
  for (const each of order) {
    const microseconds = median(measured.map((times) => times[each]));
    console.log(`${microseconds.toFixed(0).padStart(6)} µs  ${name}, ${each}`);
  }
  for (const [each, atMost] of [
    ['overFetch', 0.75],
    ['overUndici', 0.25],
  ] as const) {
    const ratio = median(measured.map((times) => times[each] / times.sdk));
    const passed = ratio <= atMost;
    allPassed &&= passed;
    console.log(
      `${passed ? 'pass' : 'MISS'}  ${name}, ${each} against the SDK: ${ratio.toFixed(3)} x, at most ${atMost}`,
    );
  }
}
carrier.disconnect();
process.exitCode = allPassed ? 0 : 1;
