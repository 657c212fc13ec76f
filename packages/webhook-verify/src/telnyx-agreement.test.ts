import { expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { telnyxSdkAccepts } from '../test/agreement.ts';
import { text } from '../test/requests.ts';
import { readVectors, verdictOf } from '../test/vectors.ts';
import { signTelnyxWebhook, verifyTelnyxWebhook } from './telnyx.ts';

const [key] = readVectors('telnyx').keys;
const publicKey = key?.rawBase64 ?? '';
const privateKey = Buffer.from(key?.seedHex ?? '', 'hex').toString('base64');
const signedAt = 1_795_165_200;

const cases = fc.record({
  body: fc.oneof(fc.json(), text),
  ageSeconds: fc.constantFrom(0, 0, 0, 299, 300, 301, -300, -301),
  change: fc.constantFrom(
    'nothing',
    'nothing',
    'body',
    'timestamp',
    'signature',
    'padding',
    'digits',
  ),
});

it('agrees with the SDK on 5 000 generated requests', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const disagreements: string[] = [];
  let acceptedCount = 0;
  try {
    await fc.assert(
      fc.asyncProperty(cases, async ({ body, ageSeconds, change }) => {
        const headers: Record<string, string> = {
          ...signTelnyxWebhook({ body }, { privateKey, timestampSeconds: signedAt }),
        };
        const signature = headers['telnyx-signature-ed25519'] ?? '';
        if (change === 'timestamp') headers['telnyx-timestamp'] = String(signedAt + 1);
        if (change === 'digits') headers['telnyx-timestamp'] = `${String(signedAt)}.0`;
        if (change === 'padding')
          headers['telnyx-signature-ed25519'] = signature.replace(/=+$/u, '');
        if (change === 'signature') {
          headers['telnyx-signature-ed25519'] =
            `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
        }
        const received = change === 'body' ? `${body} ` : body;
        vi.setSystemTime((signedAt + ageSeconds) * 1000);
        const sdk = await telnyxSdkAccepts({ publicKey, headers, body: received });
        const ours = verdictOf(() =>
          verifyTelnyxWebhook({ headers, body: received }, { publicKey }),
        );
        if (ours === 'accepted') acceptedCount += 1;
        if ((ours === 'accepted') !== sdk)
          disagreements.push(`${received} ${ours} ${change} ${ageSeconds}`);
      }),
      { numRuns: 5000, seed: 20_261_120 },
    );
  } finally {
    vi.useRealTimers();
  }
  expect(acceptedCount).toBeGreaterThan(1000);
  expect(disagreements).toEqual([]);
});
