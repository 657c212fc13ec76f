export { mockError, mockProviderId } from './errors.ts';
export type { SentMessage } from './messaging.ts';
export { createMockProvider, type MockProvider, type MockProviderOptions } from './provider.ts';
export { mockSignatureHeader, signMockWebhook } from './signature.ts';
export {
  createMockWebhook,
  type MockReceipt,
  type MockText,
  type MockWebhookOptions,
} from './webhook-body.ts';
