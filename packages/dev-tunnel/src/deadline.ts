import { TunnelError } from './tunnel-error.ts';

/** A limit of time that also ends with the caller's own signal. `end()` must be called when the work is done. */
export function deadline(
  timeoutMs: number,
  what: string,
  parent?: AbortSignal,
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(abortedBy());
  const timer = setTimeout(
    () =>
      controller.abort(new TunnelError('timeout', `${what} was not ready within ${timeoutMs} ms.`)),
    timeoutMs,
  );
  if (parent?.aborted === true) abort();
  parent?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      parent?.removeEventListener('abort', abort);
    },
  };
}

/** The caller's own reason may be anything, so it is not passed on. */
export const abortedBy = (): TunnelError =>
  new TunnelError('aborted', 'The tunnel was not opened, because its signal was aborted.');

/** What `work` gives, or the signal's reason, whichever is first. What comes too late is handed to `tooLate`. */
export function within<T>(
  signal: AbortSignal,
  work: Promise<T>,
  tooLate: (value: T) => Promise<void>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      work.then(tooLate).catch(() => undefined);
      reject(signal.reason);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    return undefined;
  });
}
