import { problemOf, runningAccount } from './running.ts';

/** What the host gives to an account that it starts, as far as it is used here. */
export interface AccountContext {
  readonly accountId: string;
  readonly abortSignal: AbortSignal;
  readonly setStatus: (status: AccountStatus) => void;
}

/** How an account is. */
export interface AccountStatus {
  readonly accountId: string;
  readonly running: boolean;
  readonly connected: boolean;
  readonly lifecycle: 'starting' | 'ready' | 'blocked' | 'stopped';
  readonly lastError?: string | null;
  readonly lastConnectedAt?: number;
}

const intervalMs = 1000;

/** Tells the host how an account is, now and whenever that changes, until it is to stop: the service starts and stops on its own. */
export async function reportStatus(ctx: AccountContext): Promise<void> {
  const { accountId, abortSignal, setStatus } = ctx;
  let last = '';
  const look = (): void => {
    const problem = problemOf(accountId);
    const now = problem ?? (runningAccount(accountId) === undefined ? 'starting' : 'ready');
    if (now === last) return;
    last = now;
    const ready = now === 'ready';
    setStatus({
      accountId,
      running: ready,
      connected: ready,
      lifecycle: ready ? 'ready' : problem === undefined ? 'starting' : 'blocked',
      lastError: problem ?? null,
      ...(ready ? { lastConnectedAt: Date.now() } : {}),
    });
  };
  look();
  const timer = setInterval(look, intervalMs);
  timer.unref();
  await new Promise<void>((resolve) => {
    if (abortSignal.aborted) resolve();
    else abortSignal.addEventListener('abort', () => resolve(), { once: true });
  });
  clearInterval(timer);
  setStatus({ accountId, running: false, connected: false, lifecycle: 'stopped' });
}
