import { secretPaths, telephonyJsonSchema } from '@openclaw/telephony-config';
import { channelId } from './channel-id.ts';
import { cliDescriptor } from './cli.ts';
import { isRecord, type JsonRecord, recordIn } from './record.ts';
import { setupFields } from './setup-fields.data.ts';

/** What the host knows of the plugin before it loads a line of it: `openclaw.plugin.json`. */
export function manifest(): JsonRecord {
  const schema = channelSchema();
  return {
    id: channelId,
    name: 'Telephony',
    description: 'Text your agent over Twilio, Telnyx or Plivo',
    categories: ['channels'],
    channels: [channelId],
    activation: { onStartup: true },
    contracts: { tools: ['telephony'] },
    cliCommands: [cliDescriptor],
    configSchema: { type: 'object', additionalProperties: false, properties: {} },
    channelConfigs: {
      [channelId]: {
        label: 'Telephony',
        description: 'SMS and MMS over Twilio, Telnyx or Plivo',
        schema,
        uiHints: uiHintsOf(schema),
      },
    },
  };
}

/** The part of package.json that the host reads. */
export function packageMetadata(): JsonRecord {
  return {
    extensions: ['./dist/index.js'],
    setupEntry: './dist/setup-entry.js',
    channel: {
      id: channelId,
      label: 'Telephony',
      selectionLabel: 'Telephony (SMS and MMS)',
      detailLabel: 'Telephony',
      docsPath: `/channels/${channelId}`,
      docsLabel: channelId,
      blurb: 'Text your agent over Twilio, Telnyx or Plivo.',
      order: 90,
      quickstartAllowFrom: true,
      setup: {
        fields: Object.entries(setupFields).map(([key, field]) => Object.assign({ key }, field)),
      },
    },
    compat: { pluginApi: '>=2026.9.4' },
    build: { openclawVersion: '2026.9.6' },
    install: {
      npmSpec: '@openclaw/telephony',
      defaultChoice: 'npm',
      minHostVersion: '>=2026.9.4',
    },
  };
}

const secretRef = (source: string, pattern?: string): JsonRecord => ({
  type: 'object',
  additionalProperties: false,
  required: ['source', 'provider', 'id'],
  properties: {
    source: { type: 'string', const: source },
    provider: { type: 'string', pattern: '^[a-z][a-z0-9_-]{0,63}$' },
    id: { type: 'string', ...(pattern === undefined ? {} : { pattern }) },
  },
});
const name = '^[A-Z][A-Z0-9_]{0,127}$';
const reference: JsonRecord = {
  oneOf: [secretRef('env', name), secretRef('store', name), secretRef('file'), secretRef('exec')],
};

/** The libraries' schema, with what only a host has: references to secrets, its own keys, its own port. */
function channelSchema(): JsonRecord {
  const { properties: own, ...rest } = adapted(telephonyJsonSchema(), secrets);
  const properties = isRecord(own) ? own : {};
  const accounts = recordIn(properties, 'accounts');
  const entry = recordIn(accounts, 'additionalProperties');
  return {
    ...rest,
    properties: {
      ...withHostKeys(properties),
      configWrites: { type: 'boolean', description: 'Whether chat commands may change this' },
      accounts: {
        ...accounts,
        additionalProperties: { ...entry, properties: withHostKeys(recordIn(entry, 'properties')) },
      },
    },
  };
}

const secrets = new Set<string>([...secretPaths, 'telnyx.publicKey']);

function withHostKeys(properties: JsonRecord): JsonRecord {
  const serve = recordIn(properties, 'serve');
  return {
    ...properties,
    name: { type: 'string', description: 'What the account is called in lists' },
    serve: {
      ...serve,
      properties: {
        ...recordIn(serve, 'properties'),
        mode: {
          type: 'string',
          enum: ['own', 'gateway'],
          default: 'own',
          description: 'A listener of its own, or paths on the port of the gateway',
        },
      },
    },
  };
}

/** The same schema with a reference beside the text of each secret. Defaults of whole sections are left out. */
function adapted(schema: JsonRecord, paths: ReadonlySet<string>, path = ''): JsonRecord {
  if (paths.has(path)) {
    const { description, writeOnly: _secret, $schema: _dialect, ...text } = schema;
    return { ...(description === undefined ? {} : { description }), anyOf: [text, reference] };
  }
  const copy: { [key: string]: unknown } = { ...schema };
  if (isRecord(copy['default'])) delete copy['default'];
  if (isRecord(schema['properties'])) {
    copy['properties'] = Object.fromEntries(
      Object.entries(schema['properties']).map(([key, inner]) => {
        const at = path === '' ? key : `${path}.${key}`;
        return [key, isRecord(inner) ? adapted(inner, paths, at) : inner];
      }),
    );
  }
  if (isRecord(schema['additionalProperties'])) {
    copy['additionalProperties'] = adapted(schema['additionalProperties'], paths, '');
  }
  return copy;
}

/** What forms show: a label and a sentence for each setting, and which of them are secrets. */
function uiHintsOf(schema: JsonRecord): JsonRecord {
  const hints: { [path: string]: JsonRecord } = {
    '': { label: 'Telephony', help: 'SMS and MMS over Twilio, Telnyx or Plivo.' },
  };
  const visit = (one: JsonRecord, path: string): void => {
    for (const [key, inner] of Object.entries(recordIn(one, 'properties'))) {
      if (!isRecord(inner)) continue;
      const at = path === '' ? key : `${path}.${key}`;
      const { description } = inner;
      hints[at] = {
        label: labelOf(key),
        ...(typeof description === 'string' ? { help: description } : {}),
        ...(secrets.has(at) && at !== 'telnyx.publicKey' ? { sensitive: true } : {}),
        ...(key === 'fromNumber' ? { presentation: 'phone-number' } : {}),
      };
      if (key !== 'accounts') visit(inner, at);
    }
  };
  visit(schema, '');
  return hints;
}

const spelled: { readonly [key: string]: string } = {
  sms: 'SMS',
  publicUrl: 'Public URL',
  trustedProxyIPs: 'Trusted proxy IPs',
  accountSid: 'Account SID',
  apiKeySid: 'API key SID',
  apiKey: 'API key',
  apiKeyFile: 'API key file',
  baseUrl: 'API address',
  host: 'Files of this machine',
  ttlMs: 'URL lifetime (ms)',
};

/** `segmentNumbering` as `Segment numbering`. */
const labelOf = (key: string): string =>
  spelled[key] ??
  key
    .replaceAll(/([A-Z][a-z])/gu, ' $1')
    .toLowerCase()
    .replace(/ ms$/u, ' (ms)')
    .replace(/^./u, (first) => first.toUpperCase());
