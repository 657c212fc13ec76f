import { once } from 'node:events';
import { get } from 'node:http';
import { describe, expect, it } from 'vitest';
import { changed, withSend, withTransport } from './broken-provider.testing.ts';
import { failuresOf } from './collecting-runner.testing.ts';
import { pigeon, pigeonError } from './pigeon-messaging.testing.ts';

const anySender = { kind: 'number', address: 'undefined' };

describe('a provider that sends badly', () => {
  it.each([
    [
      'asks another host',
      withTransport(
        (transport) => (request) =>
          transport({ ...request, url: new URL(request.url.pathname, 'https://else.example.com') }),
      ),
      /a request went to https:\/\/else\.example\.com/u,
    ],
    [
      'uses the global fetch',
      withSend((send) => async (message, options) => {
        await fetch(`${pigeon.origin}/ping`).catch(() => undefined);
        return send(message, options);
      }),
      /used the network past the stage/u,
    ],
    [
      'uses node:http',
      withSend((send) => async (message, options) => {
        // Nothing listens on the port; that somebody tried is enough.
        await once(get('http://127.0.0.1:1/'), 'error');
        return send(message, options);
      }),
      /used the network past the stage/u,
    ],
    [
      'passes on two recipients joined with "<"',
      withSend((send) => (message, options) => {
        const [first] = message.to.split('<');
        return send(changed(message, { to: first }), options);
      }),
      /refuses two recipients joined with "<" before anything is sent: it should have failed/u,
    ],
    [
      'makes up a country',
      withSend((send) => (message, options) => {
        const to = String(message.to).replace(/^5/u, '+5');
        return send(changed(message, { to }), options);
      }),
      /refuses a number without its country before anything is sent: it should have failed/u,
    ],
    [
      'sends from nobody',
      withSend((send) => (message, options) => {
        const { from } = message;
        const isMeant = from.kind === 'pool' || from.kind === 'number';
        return send(isMeant ? message : changed(message, { from: anySender }), options);
      }),
      /refuses a bare number as the sender before anything is sent: it should have failed/u,
    ],
    [
      'cuts a long text in silence',
      withSend(
        (send) => (message, options) =>
          send(changed(message, { text: message.text?.slice(0, 140) }), options),
      ),
      /refuses 321 GSM-7 characters before anything is sent: it should have failed/u,
    ],
    [
      'refuses what it claims to take',
      withSend(
        (send) => (message, options) =>
          (message.text?.length ?? 0) > 160
            ? Promise.reject(pigeonError('invalid_request'))
            : send(message, options),
      ),
      /sends 320 GSM-7 characters, the most that it claims: the pigeon failed/u,
    ],
    [
      'loses the picture',
      withSend(
        (send) => (message, options) =>
          send(changed({ ...message, text: 'x' }, { media: [] }), options),
      ),
      /sends a picture without a text: no value of the request is the URL of the picture/u,
    ],
    [
      'changes the text',
      withSend(
        (send) => (message, options) =>
          send(changed(message, { text: message.text?.normalize('NFD') }), options),
      ),
      /exactly one request, and returns the id: no value of the request is the text/u,
    ],
    [
      'forgets whom to tell of receipts',
      withSend(
        (send) => (message, options) =>
          send(changed(message, { statusCallback: undefined }), options),
      ),
      /no value of the request is the URL for receipts/u,
    ],
    [
      'ignores an option in silence',
      withSend(
        (send) => (message, options) =>
          send(changed(message, { providerOptions: undefined }), options),
      ),
      /warns of an option that it does not know, and sends all the same: no warning names/u,
    ],
    [
      'sends by GET',
      withTransport(
        (transport) =>
          ({ url, headers }) =>
            transport({ url, headers, method: 'GET' }),
      ),
      /exactly one request, and returns the id/u,
    ],
  ])('fails the kit: it %s', async (_, contract, expected) => {
    expect((await failuresOf(contract)).join('\n')).toMatch(expected);
  });
});
