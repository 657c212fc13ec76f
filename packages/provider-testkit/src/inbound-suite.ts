import assert from 'node:assert/strict';
import type { InboundMessage, OptOutKeyword, TelephonyProvider } from '@openclaw/telephony-core';
import { contractValues } from './contract-values.ts';
import type { InboundFixture, InboundFixtures, Never } from './fixtures.ts';
import { itWithFixture } from './missing-fixture.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';
import { receiveOne, seal } from './webhook-scene.ts';

const { person, ownNumber, text, emojiText, stopText, shortCode, senderName } = contractValues;

/** What a message to us must become. */
interface Expected {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly leastMediaCount: number;
  readonly optOut?: OptOutKeyword;
}

const plain: Expected = { from: person, to: ownNumber, text, leastMediaCount: 0 };
const always = 'the provider has messaging';

/** Messages to us, as the carrier really sends them. */
export function describeInbound<Provider extends TelephonyProvider>(suite: Suite<Provider>): void {
  const { runner, contract, claims } = suite;
  const capabilities = claims.messaging;
  if (capabilities === undefined) return;
  const { channels, optOut } = capabilities;
  const fixtures = contract.inbound ?? {};

  const understands = (
    name: string,
    key: keyof InboundFixtures,
    expected: Expected,
    because: string,
  ): void => {
    const fixture: InboundFixture | Never | undefined = fixtures[key];
    const what = `the raw webhook of ${name}`;
    itWithFixture(runner, name, fixture, { path: `inbound.${key}`, what, because }, (given) =>
      receiveMessage(suite, given, expected),
    );
  };

  runner.describe('inbound', () => {
    understands('a text', 'text', plain, always);
    understands('an emoji', 'emoji', { ...plain, text: emojiText }, always);
    understands('a text from a short code', 'fromShortCode', { ...plain, from: shortCode }, always);
    understands(
      'a text from an alphanumeric sender',
      'fromSenderName',
      { ...plain, from: senderName },
      always,
    );
    understands('STOP', 'stop', { ...plain, text: stopText }, always);
    if (optOut === 'carrier') {
      understands(
        'STOP that the carrier answered',
        'stopAnswered',
        { ...plain, text: stopText, optOut: 'stop' },
        'the provider claims capabilities.optOut: carrier',
      );
    }
    if (channels.includes('mms')) {
      const because = 'the provider claims mms among capabilities.channels';
      const picture = { ...plain, text: '', leastMediaCount: 1 };
      understands('a picture without a text', 'pictureOnly', picture, because);
      const several = { ...plain, leastMediaCount: 2 };
      understands('several pictures', 'severalPictures', several, because);
    }
    const other = channels.find((channel) => channel === 'rcs' || channel === 'whatsapp');
    if (other !== undefined || fixtures.channel !== undefined) {
      itWithFixture(
        runner,
        'a text on another channel keeps its prefix',
        fixtures.channel,
        {
          path: 'inbound.channel',
          what: 'the raw webhook of a text from and to addresses with a channel prefix',
          because: `the provider claims ${other ?? 'another channel'} among capabilities.channels`,
        },
        (given) => {
          assert.ok(/^[a-z]+:/u.test(given.from), 'inbound.channel.from has no prefix');
          return receiveMessage(suite, given, { ...plain, from: given.from, to: given.to });
        },
      );
    }
  });
}

async function receiveMessage<Provider extends TelephonyProvider>(
  { contract }: Suite<Provider>,
  { request, messageId, media = [] }: InboundFixture,
  expected: Expected,
): Promise<void> {
  const { leastMediaCount, optOut, ...rest } = expected;
  assert.ok(
    media.length >= leastMediaCount,
    `the fixture names ${media.length} media, and ${leastMediaCount} are needed`,
  );
  await play(contract, {}, async (scene) => {
    const event = receiveOne(contract, scene, await seal(contract.webhooks, request));
    assert.equal(event.type, 'message.received', `it became ${event.type}`);
    const { message } = event;
    const { from, to, text: words } = message;
    assert.deepEqual({ from, to, text: words }, rest);
    assert.equal(message.id, messageId, 'the message has another id');
    assert.deepEqual(
      urlsOf(message),
      media.map((url) => new URL(url).href),
    );
    assert.equal(message.optOut, optOut);
  });
}

function urlsOf({ media }: InboundMessage): readonly string[] {
  return media.map(({ url }) => url.href);
}
