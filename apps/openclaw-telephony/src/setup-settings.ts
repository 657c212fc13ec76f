import type { CarrierName } from './credentials.data.ts';
import { toAllowEntry, toNumber } from './phone.ts';

/** What the flags of `channels add` or the wizard gave. */
export interface SetupInput {
  readonly name?: string;
  readonly provider?: string;
  readonly fromNumber?: string;
  readonly accountSid?: string;
  readonly messagingServiceSid?: string;
  readonly authId?: string;
  readonly authToken?: unknown;
  readonly apiKey?: unknown;
  readonly publicKey?: string;
  readonly messagingProfileId?: string;
  readonly webhookSecret?: unknown;
  readonly inboundPolicy?: string;
  readonly allowFrom?: readonly string[];
  readonly publicUrl?: string;
  readonly webhookPort?: number;
  readonly serveMode?: string;
}

/** The settings that an input stands for. */
export function settingsFrom(
  carrier: CarrierName | undefined,
  input: SetupInput,
): { readonly [key: string]: unknown } {
  const section = carrier === undefined ? {} : credentialsFrom(carrier, input);
  const serve = given({ port: input.webhookPort, mode: input.serveMode });
  return {
    enabled: true,
    ...given({
      name: input.name,
      provider: input.provider,
      fromNumber: input.fromNumber === undefined ? undefined : toNumber(input.fromNumber),
      inboundPolicy: input.inboundPolicy,
      allowFrom: input.allowFrom?.map(toAllowEntry),
      publicUrl: input.publicUrl,
    }),
    ...(Object.keys(serve).length > 0 ? { serve } : {}),
    ...(carrier !== undefined && Object.keys(section).length > 0 ? { [carrier]: section } : {}),
  };
}

function credentialsFrom(carrier: CarrierName, input: SetupInput): { [key: string]: unknown } {
  const { accountSid, authToken, messagingServiceSid, apiKey, publicKey } = input;
  const { messagingProfileId, authId, webhookSecret } = input;
  return given(
    {
      twilio: { accountSid, authToken, messagingServiceSid },
      telnyx: { apiKey, publicKey, messagingProfileId },
      plivo: { authId, authToken },
      mock: { webhookSecret },
    }[carrier],
  );
}

function given(settings: { readonly [key: string]: unknown }): { [key: string]: unknown } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
