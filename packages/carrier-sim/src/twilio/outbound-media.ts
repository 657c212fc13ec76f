import { exchange } from '../carrier/http-exchange.ts';
import { routeTo } from '../carrier/origin-routes.ts';
import type { SimContext } from './context.ts';
import type { MediaDownload, OutboundRecord } from './message.ts';

/** Twilio's limit for pictures. */
const maxMediaBytes = 5 * 1024 * 1024;

/** Downloads what the application wants to send, as the carrier does. False when something could not be had. */
export async function downloadMedia(context: SimContext, record: OutboundRecord): Promise<boolean> {
  const downloads = await Promise.all(record.mediaUrls.map((url) => download(context, url)));
  record.mediaDownloads.push(...downloads);
  return downloads.every(
    ({ status, error }) =>
      error === 'not-routed' || (status !== undefined && status >= 200 && status < 300),
  );
}

async function download(
  { options, timing, inFlight }: SimContext,
  url: string,
): Promise<MediaDownload> {
  const route = routeTo(url, options.origins ?? {});
  if (typeof route === 'string') return { url, error: route };
  const result = await exchange({
    route,
    method: 'GET',
    headers: [
      ['User-Agent', 'TwilioProxy/1.1'],
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
