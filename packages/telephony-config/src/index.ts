export { apiOrigin } from './api-origin.ts';
export { ConfigError } from './config-error.ts';
export { createProvider } from './create-provider.ts';
export {
  type ConfiguredServer,
  type ConfiguredServerOptions,
  createConfiguredServer,
} from './create-server.ts';
export { dataFolder } from './data-folder.ts';
export type { Environment } from './environment.ts';
export { loadConfig, type LoadConfigOptions, parseConfig } from './load.ts';
export { createProbe, forgeProbe, type Probe } from './probe.ts';
export { resolveRecipient } from './resolve-recipient.ts';
export { type TelephonyConfig, telephonyConfigSchema } from './schema.ts';
export { webhookUrl } from './webhook-url.ts';
