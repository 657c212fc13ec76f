import assert from 'node:assert/strict';
import type { MessagingProvider, TelephonyProvider } from '@openclaw/telephony-core';
import { abortingWith, type Answer, answering, failingWith } from './answers.ts';
import { showsSecret } from './canaries.ts';
import type { CarrierReply, HttpCarrier, RecordedRequest } from './fixtures.ts';
import { requireFixture } from './missing-fixture.ts';
import { play } from './scene.ts';
import type { Suite } from './suite.ts';

const picture = 'the bytes of a picture';
const foreignUrl = 'https://files.example.com/canary.png';
/** What is never asked for, neither at first nor after a redirect: other schemes, this machine, its network. */
const forbidden = [
  'http://files.example.com/canary.png',
  'file:///etc/passwd',
  'data:text/plain,x',
  'https://127.0.0.1/canary.png',
  'https://0x7f.1/canary.png',
  'https://localhost/canary.png',
  'https://a.localhost./canary.png',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/canary.png',
  'https://[fd00::1]/canary.png',
  'https://user:pass@files.example.com/canary.png',
];
const pictureReply = { status: 200, headers: { 'content-type': 'image/png' }, body: picture };

const byUrl =
  (table: (url: URL) => CarrierReply): Answer =>
  (request, signal) =>
    answering(table(request.url))(request, signal);

/** Fetching what came with a message over HTTP. Credentials are for the provider's own origin alone. */
export function describeMedia<Provider extends TelephonyProvider>(
  { runner, contract }: Suite<Provider>,
  carrier: HttpCarrier,
): void {
  const fixtureOf = () =>
    requireFixture(carrier.media, {
      path: 'carrier.media',
      what: 'the URL of a file as an inbound message names it, and who may see the credentials',
      because: 'the provider has messaging.fetchMedia',
    });
  const showsCredentials = ({ url, headers }: RecordedRequest): boolean =>
    headers.has('authorization') ||
    showsSecret(`${url.href} ${JSON.stringify([...headers])}`, contract.secrets);
  const scene = { mayLeaveOrigins: true };

  runner.describe('media', () => {
    runner.it('gives the carrier’s own origin what it needs, and returns the file', async () => {
      const { url, credentials } = fixtureOf();
      const answer = answering(pictureReply);
      await play(contract, { ...scene, answer }, async ({ messaging, requests }) => {
        const response = await fetchMediaOf(messaging)({ url: new URL(url) });
        assert.equal(await response.text(), picture);
        assert.equal(response.headers.get('content-type'), 'image/png');
        assert.deepEqual(
          requests.map((request) => [request.method, request.url.href, showsCredentials(request)]),
          [['GET', new URL(url).href, credentials === 'own-origin']],
        );
      });
    });

    runner.it('shows a foreign origin no credentials', async () => {
      fixtureOf();
      const answer = answering(pictureReply);
      await play(contract, { ...scene, answer }, async ({ messaging, requests }) => {
        // To refuse is as good.
        await fetchMediaOf(messaging)({ url: new URL(foreignUrl) }).catch(() => undefined);
        assert.ok(!requests.some(showsCredentials), 'a foreign origin saw the credentials');
      });
    });

    for (const target of redirectTargetsOf(carrier)) {
      runner.it(`follows a redirect to ${target} without the credentials`, async () => {
        const { url } = fixtureOf();
        const answer = byUrl(({ href }) =>
          href === new URL(url).href
            ? { status: 307, headers: { location: target } }
            : pictureReply,
        );
        await play(contract, { ...scene, answer }, async ({ messaging, requests }) => {
          const response = await fetchMediaOf(messaging)({ url: new URL(url) });
          assert.equal(await response.text(), picture);
          const foreign = requests.filter((request) => request.url.href === target);
          assert.equal(foreign.length, 1);
          assert.ok(!foreign.some(showsCredentials), 'a foreign origin saw the credentials');
        });
      });
    }

    runner.it('shows nobody the credentials once it has been elsewhere', async () => {
      const { url } = fixtureOf();
      const own = new URL(url).href;
      let isBack = false;
      const answer = byUrl(({ href }) => {
        if (href === foreignUrl) {
          isBack = true;
          return { status: 307, headers: { location: own } };
        }
        return isBack ? pictureReply : { status: 307, headers: { location: foreignUrl } };
      });
      await play(contract, { ...scene, answer }, async ({ messaging, requests }) => {
        // To refuse is as good: whoever was elsewhere chose where to go.
        await fetchMediaOf(messaging)({ url: new URL(url) }).catch(() => undefined);
        assert.ok(!requests.slice(1).some(showsCredentials), 'a stranger led the credentials');
      });
    });

    runner.it('follows a relative redirect', async () => {
      const { url } = fixtureOf();
      const target = new URL('/canary-picture.png', url);
      const answer = byUrl(({ href }) =>
        href === target.href
          ? pictureReply
          : { status: 301, headers: { location: target.pathname } },
      );
      await play(contract, { ...scene, answer }, async ({ messaging, requests }) => {
        const response = await fetchMediaOf(messaging)({ url: new URL(url) });
        assert.equal(await response.text(), picture);
        assert.deepEqual(
          requests.map((request) => request.url.href),
          [new URL(url).href, target.href],
        );
      });
    });

    for (const location of forbidden) {
      runner.it(`does not ask ${location}`, async () => {
        fixtureOf();
        await play(contract, scene, async ({ messaging, requests, failureOf }) => {
          const error = await failureOf(() => fetchMediaOf(messaging)({ url: new URL(location) }));
          assert.equal(error.outcome, 'not-performed', 'reading leaves nothing behind');
          assert.equal(requests.length, 0, 'it was asked');
        });
      });

      runner.it(`does not follow a redirect to ${location}`, async () => {
        const { url } = fixtureOf();
        const answer = answering({ status: 302, headers: { location } });
        await play(contract, { ...scene, answer }, async ({ messaging, requests, failureOf }) => {
          const error = await failureOf(() => fetchMediaOf(messaging)({ url: new URL(url) }));
          assert.equal(error.outcome, 'not-performed', 'reading leaves nothing behind');
          assert.equal(requests.length, 1, 'the redirect was followed');
        });
      });
    }

    runner.it('gives up on redirects without end', async () => {
      const { url } = fixtureOf();
      const answer = answering({ status: 302, headers: { location: url } });
      await play(contract, { ...scene, answer }, async ({ messaging, requests, failureOf }) => {
        const { code } = await failureOf(() => fetchMediaOf(messaging)({ url: new URL(url) }));
        assert.equal(code, 'malformed_response');
        assert.ok(requests.length <= 10, `${requests.length} requests for one file`);
      });
    });

    runner.it('gives up on a redirect to nowhere', async () => {
      const { url } = fixtureOf();
      const answer = answering({ status: 302, headers: { location: 'https://[' } });
      await play(contract, { ...scene, answer }, async ({ messaging, requests, failureOf }) => {
        const { code } = await failureOf(() => fetchMediaOf(messaging)({ url: new URL(url) }));
        assert.equal(code, 'malformed_response');
        assert.equal(requests.length, 1);
      });
    });

    for (const [status, code] of [
      [401, 'auth_failed'],
      [404, 'not_found'],
      [429, 'rate_limited'],
      [500, 'provider_unavailable'],
      [304, 'malformed_response'],
    ] as const) {
      runner.it(`reports a ${status} as ${code}`, async () => {
        const { url } = fixtureOf();
        const answer = answering({ status, body: picture });
        await play(contract, { ...scene, answer }, async ({ messaging, failureOf }) => {
          const error = await failureOf(() => fetchMediaOf(messaging)({ url: new URL(url) }));
          assert.equal(error.code, code);
          assert.equal(error.httpStatus, status, 'httpStatus is not that of the reply');
          assert.equal(error.outcome, 'not-performed', 'reading leaves nothing behind');
        });
      });
    }

    runner.it('can be tried again after a connection that is reset', async () => {
      const { url } = fixtureOf();
      const answer = failingWith('ECONNRESET');
      await play(contract, { ...scene, answer }, async ({ messaging, failureOf }) => {
        const { code, outcome } = await failureOf(() =>
          fetchMediaOf(messaging)({ url: new URL(url) }),
        );
        assert.deepEqual({ code, outcome }, { code: 'network', outcome: 'not-performed' });
      });
    });

    runner.it('does not gather a file that is too large: it is streamed, or refused', async () => {
      const { url } = fixtureOf();
      const source = endlessFile();
      await play(contract, { ...scene, answer: source.answer }, async ({ messaging }) => {
        const response = await fetchMediaOf(messaging)({ url: new URL(url) }).catch(
          () => undefined,
        );
        await response?.body?.cancel();
        assert.ok(source.chunkCount() <= 4, 'the file was read before anybody asked for it');
        assert.ok(source.isCancelled(), 'nobody told the carrier to stop');
      });
    });

    runner.it('stops when its caller does', async () => {
      const { url } = fixtureOf();
      await play(contract, scene, async ({ messaging, requests, failureOf }) => {
        const signal = AbortSignal.abort();
        const { code } = await failureOf(() =>
          fetchMediaOf(messaging)({ url: new URL(url) }, { signal }),
        );
        assert.equal(code, 'aborted');
        assert.equal(requests.length, 0, 'a request left');
      });
    });

    runner.it('stops when its caller does, while the carrier is at it', async () => {
      const { url } = fixtureOf();
      const controller = new AbortController();
      const { signal } = controller;
      const answer = abortingWith(controller);
      await play(contract, { ...scene, answer }, async ({ messaging, failureOf }) => {
        const { code, outcome } = await failureOf(() =>
          fetchMediaOf(messaging)({ url: new URL(url) }, { signal }),
        );
        assert.deepEqual({ code, outcome }, { code: 'aborted', outcome: 'not-performed' });
      });
    });
  });
}

/** Somebody else, whoever looks like the carrier and is not, and whom the carrier really redirects to. */
function redirectTargetsOf({ media }: HttpCarrier): readonly string[] {
  if (media === undefined) return [foreignUrl];
  const { hostname } = new URL(media.url);
  const alike = [`https://${hostname}.example.com/a.png`, `https://${hostname}:8443/a.png`];
  return [foreignUrl, ...alike, ...media.redirects];
}

/** A file of one terabyte, as far as it is asked for. */
function endlessFile(): {
  readonly answer: Answer;
  readonly chunkCount: () => number;
  readonly isCancelled: () => boolean;
} {
  let chunkCount = 0;
  let cancelled = false;
  const chunk = new Uint8Array(64 * 1024);
  return {
    answer: () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            chunkCount += 1;
            if (chunkCount > 1000) controller.close();
            else controller.enqueue(chunk);
          },
          cancel() {
            cancelled = true;
          },
        }),
        { headers: { 'content-type': 'image/png', 'content-length': String(2 ** 40) } },
      ),
    chunkCount: () => chunkCount,
    isCancelled: () => cancelled,
  };
}

/** The method, for a provider that claims it. */
export function fetchMediaOf(
  messaging: MessagingProvider,
): NonNullable<MessagingProvider['fetchMedia']> {
  const fetchMedia = messaging.fetchMedia?.bind(messaging);
  assert.ok(fetchMedia, 'messaging.fetchMedia comes and goes');
  return fetchMedia;
}
