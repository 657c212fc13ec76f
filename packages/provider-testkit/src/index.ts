export { contractValues } from './contract-values.ts';
export type {
  CarrierFailure,
  CarrierReply,
  GetMessageFixture,
  HttpCarrier,
  InboundFixture,
  InboundFixtures,
  MediaFixtures,
  Never,
  ProviderContract,
  RawWebhook,
  ReceiptFixtures,
  RecordedRequest,
  SendFailureFixtures,
  SendFixtures,
  Signer,
  SimulatedCarrier,
  SimulatedFailure,
  Stage,
  UnsignedWebhook,
  WebhookFixtures,
} from './fixtures.ts';
export { recordRequests } from './record-requests.ts';
export { runProviderContract } from './run-provider-contract.ts';
export type { Runner } from './runner.ts';
