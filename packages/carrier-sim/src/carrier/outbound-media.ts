import { exchange } from './http-exchange.ts';
import { routeTo } from './origin-routes.ts';
import type { CarrierContext } from './context.ts';
import type { MediaDownload, OutboundRecord } from './message.ts';

/** What no carrier takes more of. */
const maxMediaBytes = 5 * 1024 * 1024;

/** Downloads what the application wants to send, as the carrier does. False when something could not be had. */
export async function downloadMedia(
  context: CarrierContext,
  record: OutboundRecord,
  userAgent: string,
): Promise<boolean> {
  const downloads = await Promise.all(
    record.mediaUrls.map((url) => download(context, url, userAgent)),
  );
  record.mediaDownloads.push(...downloads);
  return downloads.every(
    ({ status, error }) =>
      error === 'not-routed' || (status !== undefined && status >= 200 && status < 300),
  );
}

async function download(
  { options, timing, inFlight }: CarrierContext,
  url: string,
  userAgent: string,
): Promise<MediaDownload> {
  const route = routeTo(url, options.origins ?? {});
  if (typeof route === 'string') return { url, error: route };
  const result = await exchange({
    route,
    method: 'GET',
    headers: [
      ['User-Agent', userAgent],
      ['Accept', '*/*'],
      ['Connection', 'close'],
    ],
    body: new Uint8Array(),
    connectTimeoutMs: timing.connectTimeoutMs,
    readTimeoutMs: timing.readTimeoutMs,
    maxReplyBytes: maxMediaBytes,
    hangUp: false,
    signal: inFlight.signal,
  });
  if ('error' in result) return { url, error: result.error };
  const { status, contentType, body } = result;
  return { url, status, bytes: body, ...(contentType === undefined ? {} : { contentType }) };
}
