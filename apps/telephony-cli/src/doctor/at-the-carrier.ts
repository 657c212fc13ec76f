import { apiOrigin } from '@openclaw/telephony-config';
import { isE164 } from '@openclaw/telephony-core';
import { isCalledAs, isSet, ourSettings, printableSettings } from '../number-webhook.ts';
import { ask, finding, type Look } from './finding.ts';

/** Carriers refuse, and we refuse, what is older than five minutes. */
const maxClockSkewMs = 60_000;

/** Whether the credentials work, and where the carrier calls. */
export const numberAtCarrier: Look = async ({ config, provider }) => {
  const { ok, wrong, skipped } = finding('number at the carrier');
  const number = config.fromNumber;
  if (provider.numberSetup === undefined || number === undefined || !isE164(number)) {
    return skipped('there is no number that can be looked up');
  }
  try {
    const now = await provider.numberSetup.inspect(number);
    if (config.publicUrl === undefined) {
      return wrong('the credentials work; publicUrl is missing, so that no text can find us');
    }
    const wanted = ourSettings(config);
    if (isSet(now, wanted)) return ok('the credentials work, and texts come to us');
    const [is, ought] = [printableSettings(now), printableSettings(wanted)];
    if (!isCalledAs(now, wanted) && isSet({ ...now, calledByGet: [] }, wanted)) {
      return wrong('we are called by GET, and understand only POST; run: telephony setup webhook');
    }
    const what =
      is.messageUrl === ought.messageUrl
        ? `calls go to ${is.voiceUrl ?? 'nowhere'}, not to ${ought.voiceUrl ?? 'nowhere'}`
        : `texts go to ${is.messageUrl ?? 'nowhere'}, not to ${ought.messageUrl ?? 'nowhere'}`;
    return wrong(`${what}; run: telephony setup webhook`);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
};

/** Whether this machine's clock agrees with the carrier's. */
export const clock: Look = async ({ config }) => {
  const { ok, wrong, skipped } = finding('clock');
  const origin = apiOrigin(config);
  if (origin === undefined) return skipped('there is no carrier to compare it with');
  const response = await ask(origin);
  const date = Date.parse(response?.headers.get('date') ?? '');
  if (Number.isNaN(date)) return skipped('the carrier does not tell the time');
  const skewMs = Date.now() - date;
  if (Math.abs(skewMs) <= maxClockSkewMs) return ok('as the carrier has it');
  const seconds = Math.abs(Math.round(skewMs / 1000));
  return wrong(
    `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the carrier: set it, or webhooks are refused`,
  );
};
