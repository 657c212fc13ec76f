import type { TelephonyConfig } from '@openclaw/telephony-config';
import type { TelephonyProvider } from '@openclaw/telephony-core';
import type { TelephonyServer } from '@openclaw/telephony-server';
import type { TelephonyStore } from '@openclaw/telephony-store';
import type { TelephonyAccount } from './account.ts';
import type { Approvals } from './approvals.ts';
import type { Awaited } from './awaited.ts';
import type { Failure } from './last-failure.ts';

/** An account whose server runs in this process. */
export interface RunningAccount {
  readonly accountId: string;
  /** As the host sees it. */
  readonly account: TelephonyAccount;
  /** As our libraries see it. */
  readonly config: TelephonyConfig;
  readonly mediaPath: string;
  /** The webhook on this machine, when it has a listener of its own. */
  readonly listening: string | undefined;
  readonly provider: TelephonyProvider;
  readonly server: TelephonyServer;
  readonly store: TelephonyStore;
  readonly approvals: Approvals;
  readonly awaited: Awaited;
  readonly lastFailure: () => Failure | undefined;
  start(): Promise<void>;
  close(): Promise<void>;
}

interface Running {
  readonly accounts: Map<string, RunningAccount>;
  readonly problems: Map<string, string>;
  readonly waiting: Set<() => void>;
}

/**
 * One for the process, and not for the module: the host loads a plugin several times, and the copy that sends is not
 * always the copy whose service runs.
 */
const key = Symbol.for('@openclaw/telephony/running');

function running(): Running {
  const known: unknown = Reflect.get(globalThis, key);
  if (isRunning(known)) return known;
  const fresh: Running = { accounts: new Map(), problems: new Map(), waiting: new Set() };
  Reflect.set(globalThis, key, fresh);
  return fresh;
}

const isRunning = (value: unknown): value is Running =>
  typeof value === 'object' && value !== null && 'accounts' in value && 'waiting' in value;

/** Makes an account known to everything that sends. */
export function register(account: RunningAccount): void {
  const { accounts, waiting } = running();
  accounts.set(account.accountId, account);
  for (const wake of waiting) wake();
}

/** Takes it back, unless a newer one took its place. */
export function unregister(account: RunningAccount): void {
  const { accounts } = running();
  if (accounts.get(account.accountId) === account) accounts.delete(account.accountId);
}

export const runningAccount = (accountId: string): RunningAccount | undefined =>
  running().accounts.get(accountId);

export const runningAccounts = (): readonly RunningAccount[] => [...running().accounts.values()];

/** Why an account does not run, for those who ask. */
export const reportProblem = (accountId: string, problem: string): void =>
  void running().problems.set(accountId, problem);

/** Takes one back that is over, unless another took its place. */
export function takeBackProblem(accountId: string, problem: string): void {
  const { problems } = running();
  if (problems.get(accountId) === problem) problems.delete(accountId);
}

export const forgetProblems = (): void => running().problems.clear();

export const problemOf = (accountId: string): string | undefined =>
  running().problems.get(accountId);

/** The account, after at most so long: a reload takes it away for a moment. */
export async function awaitAccount(
  accountId: string,
  timeoutMs: number,
): Promise<RunningAccount | undefined> {
  const { accounts, waiting } = running();
  const found = accounts.get(accountId);
  if (found !== undefined) return found;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      waiting.delete(look);
      resolve();
    };
    const look = (): void => {
      if (accounts.has(accountId)) done();
    };
    const timer = setTimeout(done, timeoutMs);
    waiting.add(look);
  });
  return accounts.get(accountId);
}
