import {
  type CarrierName,
  type Credential,
  credentials,
  isCarrierName,
} from './credentials.data.ts';
import { environment } from './environment.ts';
import { isRecord, type JsonRecord, recordIn, textIn } from './record.ts';
import { defaultAccountOf, type HostConfig, isEnabled, settingsOf } from './section.ts';

/** Who may text the agent. */
export type InboundPolicy = 'disabled' | 'allowlist' | 'pairing' | 'open';

/** Whether credentials are there: as text, as a reference or file that only the gateway resolves, or not. */
export type CredentialStatus = 'available' | 'configured_unavailable' | 'missing';

/**
 * One account, read without checking it: what the host asks for many times, and what may be shown. It holds no secret.
 */
export interface TelephonyAccount {
  readonly accountId: string;
  readonly name: string | undefined;
  readonly enabled: boolean;
  readonly provider: CarrierName | undefined;
  readonly fromNumber: string | undefined;
  readonly inboundPolicy: InboundPolicy;
  /** The same under the name that the host knows. */
  readonly dmPolicy: InboundPolicy;
  readonly allowFrom: readonly string[];
  readonly defaultTo: string | undefined;
  readonly publicUrl: string | undefined;
  readonly skipSignatureVerification: boolean;
  readonly serve: ServeSettings;
  readonly tunnel: string;
  readonly tokenStatus: CredentialStatus;
  readonly configured: boolean;
  /** What is missing, as `twilio.authToken`. */
  readonly missing: readonly string[];
}

/** Where webhooks come in. */
export interface ServeSettings {
  /** `own`: a listener of the plugin's; `gateway`: a path of the gateway's own port. */
  readonly mode: 'own' | 'gateway';
  readonly port: number;
  readonly bind: string;
  readonly path: string;
  readonly statusPath: string;
}

/** Reads one account; the one that is meant by default when none is named. */
export function readAccount(
  cfg: HostConfig | undefined,
  accountId: string | null = null,
): TelephonyAccount {
  const id = accountId ?? defaultAccountOf(cfg);
  const settings = settingsOf(cfg, id);
  const inboundPolicy = policyOf(settings);
  const variables = id === defaultAccountOf(cfg) ? environment() : {};
  const provider = isCarrierName(settings['provider'])
    ? settings['provider']
    : carrierIn(variables);
  const fromNumber =
    textIn(settings, 'fromNumber') ??
    (provider === 'twilio' ? ofTwilio.map((name) => variables[name]).find(Boolean) : undefined);
  const missing = missingIn(settings, provider, variables);
  if (fromNumber === undefined && !hasPool(settings, provider, variables))
    missing.push('fromNumber');
  return {
    accountId: id,
    name: textIn(settings, 'name'),
    enabled: isEnabled(cfg, id),
    provider,
    fromNumber,
    inboundPolicy,
    dmPolicy: inboundPolicy,
    allowFrom: Array.isArray(settings['allowFrom']) ? settings['allowFrom'].map(String) : [],
    defaultTo: textIn(settings, 'defaultTo'),
    publicUrl: textIn(settings, 'publicUrl'),
    skipSignatureVerification: settings['skipSignatureVerification'] === true,
    serve: serveOf(recordIn(settings, 'serve')),
    tunnel: tunnelOf(settings),
    tokenStatus: statusOf(settings, provider, variables),
    configured: missing.length === 0,
    missing,
  };
}

const ofTwilio = ['TWILIO_PHONE_NUMBER', 'TWILIO_SMS_FROM', 'TWILIO_FROM_NUMBER'];

/** The carrier whose account the environment names, when it names one and no other. */
function carrierIn(variables: Variables): CarrierName | undefined {
  const named = Object.entries(credentials).flatMap(([carrier, [first]]) =>
    first?.variable !== undefined && (variables[first.variable] ?? '') !== '' ? [carrier] : [],
  );
  const [only] = named;
  return named.length === 1 && isCarrierName(only) ? only : undefined;
}

const policies: readonly InboundPolicy[] = ['disabled', 'allowlist', 'pairing', 'open'];

function policyOf(settings: JsonRecord): InboundPolicy {
  return policies.find((policy) => policy === settings['inboundPolicy']) ?? 'pairing';
}

function serveOf(serve: JsonRecord): ServeSettings {
  return {
    mode: serve['mode'] === 'gateway' ? 'gateway' : 'own',
    port: typeof serve['port'] === 'number' ? serve['port'] : 3335,
    bind: textIn(serve, 'bind') ?? '127.0.0.1',
    path: textIn(serve, 'path') ?? '/telephony/webhook',
    statusPath: textIn(serve, 'statusPath') ?? '/telephony/status',
  };
}

type Variables = { readonly [name: string]: string | undefined };

function missingIn(
  settings: JsonRecord,
  provider: CarrierName | undefined,
  variables: Variables,
): string[] {
  if (provider === undefined) return ['provider'];
  const section = recordIn(settings, provider);
  return credentials[provider]
    .filter((one) => one.required && credentialStatus(section, one, variables) === 'missing')
    .map(({ key }) => `${provider}.${key}`);
}

function statusOf(
  settings: JsonRecord,
  provider: CarrierName | undefined,
  variables: Variables,
): CredentialStatus {
  if (provider === undefined) return 'missing';
  const section = recordIn(settings, provider);
  const found = new Set(
    credentials[provider]
      .filter(({ secret, required }) => secret && required)
      .map((one) => credentialStatus(section, one, variables)),
  );
  if (found.has('missing')) return 'missing';
  return found.has('configured_unavailable') ? 'configured_unavailable' : 'available';
}

function credentialStatus(
  section: JsonRecord,
  { key, variable, file }: Credential,
  variables: Variables,
): CredentialStatus {
  const value = section[key];
  if (typeof value === 'string' && value !== '') return 'available';
  if (Array.isArray(value) && value.length > 0) return 'available';
  if (isRecord(value)) return 'configured_unavailable';
  if (file !== undefined && textIn(section, file) !== undefined) return 'configured_unavailable';
  const inEnvironment = variable === undefined ? undefined : variables[variable];
  return inEnvironment === undefined || inEnvironment === '' ? 'missing' : 'available';
}

/** The tunnel, under either of the names that it has. */
function tunnelOf(settings: JsonRecord): string {
  const mode = textIn(recordIn(settings, 'tailscale'), 'mode');
  if (mode === 'serve' || mode === 'funnel') return `tailscale-${mode}`;
  return textIn(recordIn(settings, 'tunnel'), 'provider') ?? 'none';
}

/** What sends for a number, at the carriers that have such a thing. */
const pools: Partial<{
  readonly [carrier in CarrierName]: readonly [key: string, variable?: string];
}> = {
  twilio: ['messagingServiceSid', 'TWILIO_MESSAGING_SERVICE_SID'],
  telnyx: ['messagingProfileId', 'TELNYX_MESSAGING_PROFILE_ID'],
  plivo: ['powerpackUuid'],
};

function hasPool(
  settings: JsonRecord,
  provider: CarrierName | undefined,
  variables: Variables,
): boolean {
  const pool = provider === undefined ? undefined : pools[provider];
  if (provider === undefined || pool === undefined || settings['sender'] === 'number') return false;
  const [key, variable = ''] = pool;
  const written = textIn(recordIn(settings, provider), key);
  // A number in the file goes before a pool in the environment.
  const isOverruled =
    settings['sender'] !== 'service' && textIn(settings, 'fromNumber') !== undefined;
  return (written ?? (isOverruled ? undefined : variables[variable]) ?? '') !== '';
}
