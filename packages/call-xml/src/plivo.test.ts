import plivo from 'plivo';
import { describe, expect, it } from 'vitest';
import {
  dial,
  dtmf,
  getInput,
  hangup,
  play,
  type PlivoElement,
  plivoXml,
  redirect,
  speak,
  stream,
  wait,
} from './plivo.ts';

const url = new URL('https://sms.example.com/a?b=1&c=2');
const body = (...elements: readonly PlivoElement[]): string =>
  plivoXml(...elements).replace(/^.*?<Response>|<\/Response>$/gu, '');

describe('Plivo XML', () => {
  it('is what the SDK writes', () => {
    const sdk = plivo.Response();
    sdk.addSpeak('Tom and Jerry', { voice: 'WOMAN', language: 'en-US' });
    sdk.addPlay(url.href);
    sdk.addDTMF('12#');
    sdk.addWait({ length: 2 });
    sdk.addDial().addNumber('15550100123');
    sdk.addRedirect(url.href, { method: 'POST' });
    sdk.addHangup({ reason: 'busy' });
    expect(
      body(
        speak('Tom and Jerry', { voice: 'WOMAN', language: 'en-US' }),
        play(url),
        dtmf('12#'),
        wait(2),
        dial('15550100123'),
        redirect(url),
        hangup('busy'),
      ),
    ).toBe(String(sdk.toXML()).replace(/^.*?<Response>|<\/Response>$/gu, ''));
  });

  it('collects input within the times that Plivo allows', () => {
    expect(
      body(
        getInput({ input: ['digits'], action: url, timeoutSeconds: 1, prompt: [speak('Code?')] }),
      ),
    ).toBe(
      '<GetInput inputType="dtmf" action="https://sms.example.com/a?b=1&amp;c=2" method="POST" ' +
        'executionTimeout="5"><Speak>Code?</Speak></GetInput>',
    );
  });

  it('streams both ways and keeps the call', () => {
    const wss = new URL('wss://sms.example.com/s');
    expect(
      body(stream(wss, { contentType: 'audio/x-mulaw;rate=8000', headers: { token: 'x' } })),
    ).toBe(
      '<Stream bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000" ' +
        'extraHeaders="token=x">wss://sms.example.com/s</Stream>',
    );
  });

  it('is an empty document without an element', () => {
    expect(plivoXml()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s seconds', (seconds) => {
    expect(() => wait(seconds)).toThrow(RangeError);
    expect(() => getInput({ input: ['digits'], action: url, timeoutSeconds: seconds })).toThrow(
      `expected a number of seconds, not ${seconds}`,
    );
  });
});
