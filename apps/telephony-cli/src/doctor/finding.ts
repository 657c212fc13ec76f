import type { AccountView } from '@openclaw/telephony-server';
import type { Workplace } from '../workplace.ts';

/** What one look found. `skipped`: it could not be looked at, and why. */
export interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'wrong' | 'skipped';
  readonly detail: string;
}

/** What a look has to look at. */
export interface Patient extends Workplace {
  readonly view: AccountView;
}

/** Looks at one thing that must be right, and says what to do when it is not. */
export type Look = (patient: Patient) => Promise<Finding>;

/** Makes a finding of a check. */
export const finding = (check: string) => ({
  ok: (detail: string): Finding => ({ check, result: 'ok', detail }),
  wrong: (detail: string): Finding => ({ check, result: 'wrong', detail }),
  skipped: (detail: string): Finding => ({ check, result: 'skipped', detail }),
});

const timeoutMs = 10_000;

/** Asks a web server; `undefined` when it does not answer. */
export const ask = (url: URL, init: RequestInit = {}): Promise<Response | undefined> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs), ...init }).catch(
    () => undefined,
  );
