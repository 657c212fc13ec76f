export {
  type AccessDecision,
  type AccessPolicy,
  type AccessPolicyName,
  type AccessPolicyOptions,
  createAccessPolicy,
  type IgnoreReason,
} from './access-policy.ts';
export type { ApprovedSender } from './approvals.ts';
export type { RandomBytes } from './code.ts';
export {
  createPairingStore,
  type PairingApproval,
  type PairingRequest,
  type PairingStore,
  type PairingStoreOptions,
  type PendingSender,
} from './pairing-store.ts';
export { approvedText, pairingText, type PairingTextOptions } from './texts.ts';
