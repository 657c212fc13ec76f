import { ActionError } from './action-error.ts';
import { announced } from './announced.ts';
import { awaitAccount, problemOf, type RunningAccount, runningAccounts } from './running.ts';
import { defaultAccount } from './section.ts';

/** A reload takes an account away for a moment. */
const accountWaitMs = 5000;

/**
 * The account that a request is for: the one that it names, else the one that is meant by default, and never another
 * because that one does not run: it has another number, and lets other people in.
 *
 * @throws {ActionError} when it does not run, with the reason
 */
export async function accountFor(
  { accountId }: { readonly accountId?: string },
  waitMs = accountWaitMs,
): Promise<RunningAccount> {
  const id = accountId ?? defaultId();
  const account = await awaitAccount(id, waitMs);
  if (account !== undefined) return account;
  if (accountId === undefined && (announced()?.accounts ?? []).length === 0) {
    throw new ActionError('no telephony account runs in this gateway');
  }
  throw new ActionError(`account "${id}" does not run: ${whyNot(id)}`);
}

/** All that run, in which something is looked for; one of them at least. */
export async function accountsFor(
  request: { readonly accountId?: string },
  waitMs = accountWaitMs,
): Promise<readonly RunningAccount[]> {
  const isAny = request.accountId === undefined && runningAccounts().length > 0;
  return isAny ? runningAccounts() : [await accountFor(request, waitMs)];
}

/** Where no service was ever started, there is only what somebody put there. */
const defaultId = (): string =>
  announced()?.defaultAccountId ?? runningAccounts()[0]?.accountId ?? defaultAccount;

/** Why an account does not run, and what to do. */
export function whyNot(accountId: string): string {
  const problem = problemOf(accountId);
  if (problem !== undefined) return problem;
  const known = announced();
  if (known === undefined) return 'the plugin did not start here; the gateway log says why';
  const account = known.accounts.find((one) => one.accountId === accountId);
  if (account === undefined) {
    const ids = known.accounts.map((one) => one.accountId);
    return [
      'there is no such account',
      ...(ids.length > 0 ? [`there are ${ids.join(', ')}`] : []),
    ].join('; ');
  }
  if (!account.enabled) return 'it is disabled';
  if (account.missing.length > 0) return `missing: ${account.missing.join(', ')}`;
  return 'it is starting; try again in a moment';
}
