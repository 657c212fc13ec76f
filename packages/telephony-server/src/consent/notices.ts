import { pairingText } from '@openclaw/pairing-store';
import {
  type E164,
  type InboundMessage,
  isE164,
  isShortCode,
  type MessageAddress,
  type OptOutKeyword,
  type ShortCode,
} from '@openclaw/telephony-core';
import type { ConsentLedger, Said } from './consent.ts';
import { correlationIdOf } from '../observe/correlation.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { digestId } from '../outbox/send-id.ts';

/** The texts that the server sends by itself. Each should fit one segment: 160 characters of GSM-7. */
export interface NoticeTexts {
  readonly pairing?: (code: string) => string;
  readonly stopped?: string;
  readonly started?: string;
  readonly help?: string;
}

/** Sends what the server says by itself, each notice once. */
export interface Notices {
  sendPairing(message: InboundMessage, code: string, correlationId?: string): Promise<void>;
  /** Records a STOP and answers nothing yet; `answerKeyword` with the same id may still do so. */
  recordStop(asked: {
    readonly id: string;
    readonly message: InboundMessage;
    readonly said?: Said;
  }): Promise<void>;
  answerKeyword(asked: {
    readonly id: string;
    readonly message: InboundMessage;
    readonly keyword: OptOutKeyword;
    readonly said?: Said;
    readonly correlationId?: string;
  }): Promise<void>;
}

const defaults = {
  stopped: 'You have been unsubscribed and will get no more texts. Reply START to get them again.',
  started: 'You will get texts again. Reply STOP to stop them.',
  help: 'Reply STOP to stop these texts.',
};

/** True for an address that a text can be sent back to. */
export function canBeAnswered(address: MessageAddress): address is E164 | ShortCode {
  return isE164(address) || isShortCode(address);
}

/** Makes the notices of one number. */
export function createNotices(options: {
  readonly outbox: Outbox;
  readonly consent: ConsentLedger;
  /** True when nobody else answers STOP and HELP. */
  readonly answersOptOut: boolean;
  readonly texts?: NoticeTexts;
  readonly now: () => Date;
}): Notices {
  const { outbox, consent, answersOptOut, now } = options;
  const texts = { ...defaults, ...options.texts };
  const pairing = options.texts?.pairing ?? ((code) => pairingText({ code }));
  const speaksTo = ({ from, optOut }: InboundMessage): boolean =>
    answersOptOut && optOut === undefined && canBeAnswered(from);
  return {
    async recordStop({ message, said }) {
      const confirmationId = dailyId('stop', message.from, now());
      await consent.stop(message.from, speaksTo(message) ? confirmationId : undefined, said);
    },
    async sendPairing({ from }, code, correlationId) {
      if (!isE164(from)) return;
      // The id is the request's: however often the person texts, and however often this runs, one text.
      await outbox.send({
        id: digestId('pairing', from, code),
        to: from,
        text: pairing(code),
        ...answering(correlationId),
      });
    },
    async answerKeyword({ id, message, keyword, said, correlationId = correlationIdOf(id) }) {
      const { from } = message;
      let sendId = dailyId(keyword, from, now());
      if (keyword === 'stop') {
        const permitted = await consent.stop(from, speaksTo(message) ? sendId : undefined, said);
        // A second STOP is as silent as any other text to somebody who is blocked. One that came before midnight, and
        // is worked off after it, is not.
        const yesterday = dailyId(keyword, from, new Date(now().getTime() - dayMs));
        if (permitted !== sendId && permitted !== yesterday) return;
        sendId = permitted;
      } else if (keyword === 'start') {
        // Somebody who was not stopped is told nothing, or anybody could make us send as often as they like.
        if (!(await consent.start(from, id, said))) return;
      } else if (await consent.blocks(from, sendId)) return;
      if (!speaksTo(message) || !canBeAnswered(from)) return;
      const text = { stop: texts.stopped, start: texts.started, help: texts.help }[keyword];
      await outbox.send({ id: sendId, to: from, text, ...answering(correlationId) });
    },
  };
}

/** These words are ours, and the person who gets them has just texted: plain, and at any hour. */
const answering = (correlationId: string | undefined) => ({
  purpose: 'notice' as const,
  isAnswer: true,
  flattenMarkdown: false,
  ...(correlationId === undefined ? {} : { correlationId }),
});

const dayMs = 24 * 3_600_000;

/** Each answer once a day for each person: anybody may ask, and each costs. */
const dailyId = (keyword: OptOutKeyword, from: string, at: Date): string =>
  digestId(keyword, from, at.toISOString().slice(0, 10));
