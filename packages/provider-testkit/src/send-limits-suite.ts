import assert from 'node:assert/strict';
import type {
  OutboundMessage,
  TelephonyErrorCode,
  TelephonyProvider,
} from '@openclaw/telephony-core';
import { contractValues } from './contract-values.ts';
import { plainMessage, untyped } from './messages.ts';
import { acceptedNeed, requireFixture } from './missing-fixture.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';

const { person, pictureUrl } = contractValues;

/** What the carrier would refuse, cut or send to somebody else never leaves. */
export function describeSendLimits<Provider extends TelephonyProvider>(
  suite: Suite<Provider>,
): void {
  const { runner, contract, claims } = suite;
  const capabilities = claims.messaging;
  if (capabilities === undefined) return;
  const { gsm7, ucs2 } = capabilities.maxTextLength;

  const refuses = (
    what: string,
    message: OutboundMessage,
    codes: readonly TelephonyErrorCode[],
  ): void => {
    runner.it(`refuses ${what} before anything is sent`, async () => {
      await play(contract, {}, async ({ messaging, requests, failureOf }) => {
        const { code, outcome } = await failureOf(() => messaging.send(message));
        assert.ok(codes.includes(code), `the code is ${code}, not ${codes.join(' or ')}`);
        assert.equal(outcome, 'not-performed');
        assert.equal(requests.length, 0, 'a request left');
      });
    });
  };
  const wrongRecipient = ['invalid_recipient'] as const;

  runner.describe('send, limits', () => {
    // One carrier takes several recipients in one string; a provider that passes it on sends to strangers.
    for (const [what, to] of [
      ['two recipients joined with "<"', `${person}<+15550100124`],
      ['two recipients without plus signs', `${person.slice(1)}<15550100124`],
      ['two recipients joined with a comma', `${person},+15550100124`],
      ['an empty recipient', ''],
      ['a number without its country', '5550100123'],
      ['a number with spaces', '+1 555 010 0123'],
      ['a name as the recipient', contractValues.senderName],
    ] as const) {
      refuses(what, untyped({ to }), wrongRecipient);
    }
    refuses('a list of recipients', untyped({ to: [person, '+15550100124'] }), wrongRecipient);
    // The last is how a caller without types first writes it.
    for (const [what, from] of [
      ['an empty sender', { kind: 'number', address: '' }],
      ['a sender without an address', { kind: 'number' }],
      ['a bare number as the sender', contractValues.ownNumber],
    ] as const) {
      refuses(what, untyped({ from }), ['sender_not_allowed']);
    }
    refuses('a message without text and media', untyped({ text: '' }), ['invalid_request']);
    refuses(`${gsm7 + 1} GSM-7 characters`, untyped({ text: 'a'.repeat(gsm7 + 1) }), [
      'invalid_request',
    ]);
    refuses(`${ucs2 + 1} UCS-2 characters`, untyped({ text: '漢'.repeat(ucs2 + 1) }), [
      'invalid_request',
    ]);
    if (capabilities.outboundMedia === false) {
      const { to, from } = plainMessage;
      refuses('a picture alone, which it cannot send', { to, from, media: [pictureUrl] }, [
        'unsupported',
        'invalid_request',
      ]);
    } else {
      const most = capabilities.outboundMedia.maxCount;
      const media = Array.from({ length: most + 1 }, () => pictureUrl);
      refuses(`${most + 1} pictures`, { ...plainMessage, media }, ['invalid_request']);
    }
    if (!capabilities.senderPools) {
      refuses(
        'a sender pool, which it does not have',
        untyped({ from: { kind: 'pool', id: 'x' } }),
        ['unsupported', 'invalid_request'],
      );
    }

    for (const [what, text] of [
      [`${gsm7} GSM-7 characters`, 'a'.repeat(gsm7)],
      [`${ucs2} UCS-2 characters`, '漢'.repeat(ucs2)],
    ] as const) {
      runner.it(`sends ${what}, the most that it claims`, async () => {
        if (contract.carrier.kind === 'http') {
          requireFixture(contract.carrier.send?.accepted, acceptedNeed);
        }
        await play(contract, {}, async ({ messaging }) => {
          const { messageId } = await messaging.send({ ...plainMessage, text });
          assert.notEqual(messageId, '');
        });
      });
    }
  });
}
