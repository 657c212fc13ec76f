import twilio from 'twilio';
import { describe, expect, it } from 'vitest';
import {
  connectStream,
  dial,
  gather,
  hangup,
  pause,
  play,
  playDigits,
  redirect,
  reject,
  say,
  twiml,
  type TwimlVerb,
} from './twiml.ts';

const url = new URL('https://sms.example.com/a?b=1&c=2');
const body = (...verbs: readonly TwimlVerb[]): string =>
  twiml(...verbs).replace(/^.*?<Response>|<\/Response>$/gu, '');

describe('TwiML', () => {
  it('is what the SDK writes', () => {
    const sdk = new twilio.twiml.VoiceResponse();
    sdk.say({ voice: 'Polly.Joanna', language: 'en-US' }, 'Tom & "Jerry" <3');
    sdk.play(url.href);
    sdk.play({ digits: '1w2#' });
    sdk.pause({ length: 2 });
    sdk.dial().number('+15550100123');
    sdk.redirect({ method: 'POST' }, url.href);
    sdk
      .connect()
      .stream({ url: 'wss://sms.example.com/s' })
      .parameter({ name: 'token', value: 'x' });
    sdk.hangup();
    // The one permitted difference: we escape quotes in text as well, which a parser undoes.
    const ours = twiml(
      say('Tom & "Jerry" <3', { voice: 'Polly.Joanna', language: 'en-US' }),
      play(url),
      playDigits('1w2#'),
      pause(2),
      dial('+15550100123'),
      redirect(url),
      connectStream(new URL('wss://sms.example.com/s'), { token: 'x' }),
      hangup(),
    );
    expect(ours.replaceAll('&quot;', '"')).toBe(sdk.toString().replaceAll('&quot;', '"'));
  });

  it('is an empty document without a verb', () => {
    expect(twiml()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  });

  it('declines a call, busy or not', () => {
    expect(body(reject())).toBe('<Reject/>');
    expect(body(reject('busy'))).toBe('<Reject reason="busy"/>');
  });

  it('gathers digits and speech, and posts even when nothing was heard', () => {
    expect(
      body(
        gather({
          input: ['digits', 'speech'],
          action: url,
          maxDigits: 4,
          timeoutSeconds: 5,
          language: 'de-DE',
          prompt: [say('Your code?')],
        }),
      ),
    ).toBe(
      '<Gather input="dtmf speech" action="https://sms.example.com/a?b=1&amp;c=2" method="POST" ' +
        'actionOnEmptyResult="true" numDigits="4" timeout="5" speechTimeout="auto" language="de-DE">' +
        '<Say>Your code?</Say></Gather>',
    );
  });

  it('never pauses for less than a second', () => {
    expect(body(pause(0.2))).toBe('<Pause length="1"/>');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s seconds', (seconds) => {
    expect(() => pause(seconds)).toThrow(RangeError);
    expect(() => gather({ input: ['digits'], action: url, timeoutSeconds: seconds })).toThrow(
      `expected a number of seconds, not ${seconds}`,
    );
  });
});
