export type { DeleteOptions, Entry, KeyValueStore, ListOptions, SetOptions } from './key-value.ts';
export { createMemoryStore, type MemoryStoreOptions } from './memory/memory-store.ts';
export { StoreError, type StoreErrorCode } from './store-error.ts';
export type { StoreOptions, TelephonyStore } from './store.ts';
export { Dead, Retry, type RetryOptions } from './verdict.ts';
export type {
  DeadJob,
  Job,
  JobFailure,
  NewJob,
  QueueFigures,
  QueueOptions,
  RunOptions,
  Runner,
  WorkQueue,
} from './work-queue.ts';
