import type { InboundMessage, OptOutKeyword } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { ada, ours } from '../running-server.testing.ts';
import { keywordOf, liftsStop } from './keyword.ts';

const message = (text: string, optOut?: OptOutKeyword): InboundMessage => ({
  id: 'm',
  from: ada,
  to: ours,
  text,
  media: [],
  ...(optOut === undefined ? {} : { optOut }),
});

describe('what a carrier takes for a START', () => {
  it.each(['Yes', ' y ', 'OK', 'go', 'Resume', 'CONTINUE'])(
    'is an ordinary text, and lifts a STOP, when it is the answer %j',
    (text) => {
      expect(keywordOf(message(text, 'start'))).toBeUndefined();
      expect(liftsStop(message(text, 'start'))).toBe(true);
    },
  );
  it.each(['START', 'unstop', 'JOIN', 'sign me up'])(
    'is a word of consent when it is %j',
    (text) => {
      expect(keywordOf(message(text, 'start'))).toBe('start');
    },
  );
  it('is nothing but a word of consent for STOP and HELP, whatever the words', () => {
    expect(keywordOf(message('ok', 'stop'))).toBe('stop');
    expect(keywordOf(message('ok', 'help'))).toBe('help');
  });
});

describe('without a word of the carrier', () => {
  it('only "yes" is both', () => {
    expect(keywordOf(message('Yes'))).toBeUndefined();
    expect(liftsStop(message('Yes'))).toBe(true);
    expect(keywordOf(message('Go'))).toBeUndefined();
    expect(liftsStop(message('Go'))).toBe(false);
    expect(keywordOf(message('Start'))).toBe('start');
  });
});
