import { createHash } from 'node:crypto';
import { signTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { requestBytes } from '../test/reliability/connections.testing.ts';
import {
  accountSid,
  authToken,
  ourNumber,
  publicOrigin,
  webhookPath,
} from './contestants/account.data.ts';

const senderCount = 500;
let count = 0;

/** The request that brings the next text: the 22 fields that the carrier sends, signed, and a message of its own. */
export function nextText(origin: string): Uint8Array {
  count += 1;
  // As random as the carrier's: what is stored by it is stored all over the place.
  const sid = `SM${createHash('md5').update(String(count)).digest('hex')}`;
  const fields = new URLSearchParams({
    ToCountry: 'US',
    ToState: 'CA',
    SmsMessageSid: sid,
    NumMedia: '0',
    ToCity: 'SAN FRANCISCO',
    FromZip: '94105',
    SmsSid: sid,
    FromState: 'CA',
    SmsStatus: 'received',
    FromCity: 'SAN FRANCISCO',
    Body: `Is the table by the window still free at eight? (${count})`,
    FromCountry: 'US',
    To: ourNumber,
    ToZip: '94107',
    NumSegments: '1',
    MessageSid: sid,
    AccountSid: accountSid,
    From: `+1555${String(2_000_000 + (count % senderCount))}`,
    ApiVersion: '2010-04-01',
  });
  const body = Buffer.from(fields.toString());
  const url = `${publicOrigin}${webhookPath}`;
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' };
  const signature = signTwilioWebhook({ method: 'POST', url, headers, body }, { authToken });
  return requestBytes(origin, {
    method: 'POST',
    url,
    body,
    headers: [
      ...Object.entries({ ...headers, ...signature }),
      ['Accept', '*/*'],
      ['User-Agent', 'TwilioProxy/1.1'],
      ['I-Twilio-Idempotency-Token', '5bb2f6d6-2b1b-4e1b-9f0e-8f1a3f0c6f6d'],
    ],
  });
}
