export { printed } from './canaries.ts';
export { contractValues } from './contract-values.ts';
export { failureOf, rejectionOf, thrownBy } from './failure-of.ts';
export { createFakeFetch, type FakeFetchRequest } from './fake-fetch.ts';
export { createFakeTransport, type FakeReply } from './fake-transport.ts';
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
export type {
  LineFault,
  LoopbackCarrier,
  LoopbackDelivery,
  RoundTripContract,
  RoundTripEnds,
  RoundTripOptions,
  SentWebhook,
} from './round-trip-fixtures.ts';
export { playRoundTrip, type RoundTrip, type RoundTripSceneOptions } from './round-trip-scene.ts';
export { runRoundTrip } from './run-round-trip.ts';
export {
  listenForWebhooks,
  type WebhookListener,
  type WebhookListenerOptions,
} from './webhook-listener.ts';
