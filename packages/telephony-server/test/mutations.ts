/** From 0 to below 1, the same sequence for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A request on the wire, in the parts that get changed apart from each other. */
export interface WireRequest {
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

type Change = (request: WireRequest, pick: Pick) => WireRequest;
interface Pick {
  /** A whole number from 0 to below `end`. */
  readonly below: (end: number) => number;
  readonly of: <T>(list: readonly T[]) => T | undefined;
}

const methods = ['GET', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'post', 'PÖST', '', 'CONNECT'];
const targets = [
  '/telephony/webhook/',
  '/telephony/webhook?x=1',
  '/telephony/webhook%00',
  '/telephony/webhook/../webhook',
  '/telephony/status',
  '/telephony/status/aaaa.0',
  '/telephony/status/%2e%2e/webhook',
  '//evil.example/telephony/webhook',
  'http://evil.example/telephony/webhook',
  '/health?deep=1',
  '/metrics',
  '*',
  '/\u0000',
  '/#',
];
const strangeHeaders = [
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Content-Length: 0',
  'Content-Length: 9999999999999999999999',
  'Content-Length: -5',
  'Expect: 100-continue',
  'Expect: a-miracle',
  'Connection: upgrade',
  'Upgrade: websocket',
  'Content-Encoding: gzip',
  'Content-Type: multipart/form-data; boundary=x',
  'Host: other',
  'X-Forwarded-Host: evil.example',
  'X-Forwarded-For: 127.0.0.1',
  'X-Original-URL: /telephony/webhook',
  'x-mock-signature: ',
  'x-mock-signature: é',
  'Telnyx-Timestamp: NaN',
  ': nameless',
  'folded: a\r\n b',
  'nul: \u0000',
  `long: ${'x'.repeat(17_000)}`,
];

const flipBit: Change = (request, { below }) => {
  const body = Buffer.from(request.body);
  const at = below(body.length);
  body[at] = (body[at] ?? 0) ^ (1 << below(8));
  return { ...request, body };
};
const changes: readonly Change[] = [
  flipBit,
  flipBit,
  (request, { below }) => ({
    ...request,
    body: request.body.subarray(0, below(request.body.length)),
  }),
  (request, { below }) => {
    const at = below(request.body.length);
    const extra = Buffer.from([below(256), below(256)]);
    const body = Buffer.concat([request.body.subarray(0, at), extra, request.body.subarray(at)]);
    return { ...request, body };
  },
  (request) => ({ ...request, body: Buffer.concat([request.body, request.body]) }),
  (request, { below }) => ({ ...request, body: Buffer.alloc(below(70_000), below(256)) }),
  (request, { of }) => ({ ...request, line: request.line.replace(/^\S+/u, of(methods) ?? '') }),
  (request, { of }) => ({ ...request, line: request.line.replace(/ \S+ /u, ` ${of(targets)} `) }),
  (request, { of }) => ({
    ...request,
    line: request.line.replace(
      /HTTP.*/u,
      of(['HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'HTTPS', '']) ?? '',
    ),
  }),
  (request, { of }) => ({ ...request, headers: [...request.headers, of(strangeHeaders) ?? ''] }),
  (request, { of }) => ({ ...request, headers: [of(strangeHeaders) ?? '', ...request.headers] }),
  (request, { below }) => {
    const gone = below(request.headers.length);
    return { ...request, headers: request.headers.filter((_, index) => index !== gone) };
  },
  (request, { of }) => ({ ...request, headers: [...request.headers, of(request.headers) ?? ''] }),
  (request, { below }) => {
    const at = below(request.headers.length);
    const headers = request.headers.map((header, index) => {
      if (index !== at) return header;
      const from = below(header.length);
      return header.slice(0, from) + String.fromCharCode(below(256)) + header.slice(from + 1);
    });
    return { ...request, headers };
  },
  (request, { below }) => {
    const at = below(request.headers.length);
    const headers = request.headers.map((header, index) =>
      index === at ? header.toUpperCase() : header,
    );
    return { ...request, headers };
  },
];

/** The bytes of a request after one to four changes; its length is set right in every other one. */
export function mutate(request: WireRequest, random: () => number): Buffer {
  const below = (end: number): number => Math.floor(random() * end);
  const pick: Pick = { below, of: (list) => list[below(list.length)] };
  let changed = request;
  for (let left = 1 + below(4); left > 0; left -= 1)
    changed = pick.of(changes)?.(changed, pick) ?? changed;
  const { line, body } = changed;
  const headers =
    random() < 0.5
      ? changed.headers
      : changed.headers.map((header) =>
          /^content-length: \d+$/iu.test(header) ? `Content-Length: ${body.length}` : header,
        );
  const head = Buffer.from(`${[line, ...headers].join('\r\n')}\r\n\r\n`, 'latin1');
  const bytes = Buffer.concat([head, body]);
  // A connection that breaks off anywhere.
  return random() < 0.05 ? bytes.subarray(0, below(bytes.length)) : bytes;
}
