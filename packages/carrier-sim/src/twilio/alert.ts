import type { WebhookAttempt } from '../carrier/webhook-request.ts';

/** What the carrier would show in its debugger about one of our replies. */
export interface Alert {
  /**
   * 11200: the URL was not answered with 2xx. 11205: it could not be connected to. 11750: the reply is too long.
   * 12100: the reply is no XML. 12200: an element is not understood. 12300: the content type is not understood.
   * Of calls: 11100: a URL in TwiML is none. 13510: there is nothing to say. 20501: the verb is not simulated. 21626: a
   * call reports nothing, because it asked for an unknown event. 31920: the URL of a stream is not one of `wss:` without
   * a query. Any other: a message in the reply was refused with that error.
   */
  readonly code: number;
  /** The message or the call that the webhook was about. */
  readonly sid: string;
  /** The webhook's URL. */
  readonly url: string;
}

/** The alert that a failed attempt leads to; `undefined` when there is nothing to complain about. */
export function alertFor(attempt: WebhookAttempt): number | undefined {
  const { status, error } = attempt;
  if (error === 'aborted' || error === 'hung-up') return undefined;
  if (error === 'reply-too-long') return 11_750;
  if (error === 'read-timeout') return 11_200;
  if (error !== undefined) return 11_205;
  return status !== undefined && status >= 200 && status < 300 ? undefined : 11_200;
}
