export {
  type Account,
  accountNamed,
  parseAccounts,
  parseConfig,
  type ParseOptions,
} from './accounts.ts';
export { apiOrigin } from './api-origin.ts';
export { carrierFolder } from './carrier-folder.ts';
export { ConfigError } from './config-error.ts';
export { type ConfiguredMediaHostOptions, createConfiguredMediaHost } from './create-media-host.ts';
export { createProvider, type CreateProviderOptions } from './create-provider.ts';
export {
  type ConfiguredServer,
  type ConfiguredServerOptions,
  createConfiguredServer,
} from './create-server.ts';
export {
  type AccountServer,
  type ConfiguredServers,
  createConfiguredServers,
  notRunning,
} from './create-servers.ts';
export { dataFolder } from './data-folder.ts';
export { defaultRecipient } from './default-recipient.ts';
export type { Environment } from './environment.ts';
export { idleSettings } from './idle-settings.ts';
export { type JsonSchema, telephonyJsonSchema } from './json-schema.ts';
export { loadAccounts, loadConfig, type LoadConfigOptions } from './load.ts';
export { createProbe, forgeProbe, type Probe } from './probe.ts';
export { secretPaths } from './secret-paths.data.ts';
export { type TelephonyConfig, telephonyConfigSchema } from './schema.ts';
export { createUndiciTransport, type UndiciTransportOptions } from './undici-transport.ts';
export { webhookUrl } from './webhook-url.ts';
