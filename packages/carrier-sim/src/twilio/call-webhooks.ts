import { dispatchCallWebhook } from '../carrier/call-webhook.ts';
import type { AskForSteps } from '../carrier/call-documents.ts';
import type { CallStep, DocumentRequest } from '../carrier/call-steps.ts';
import type { WebhookAttempt } from '../carrier/webhook-request.ts';
import { alertFor } from './alert.ts';
import type { TwilioCallRecord } from './call.ts';
import { callParameters, inputParameters, reportParameters } from './call-parameters.ts';
import { readCallTwiml } from './call-twiml.ts';
import type { SimContext } from './context.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import { signedWebhook, withForeignSignature } from './signed-webhook.ts';

/** What a call's webhooks have beside the call itself. */
export interface CallWebhooksOptions {
  /** Asked when a document cannot be had, or be understood. */
  readonly fallback: Omit<DocumentRequest, 'input'> | undefined;
  /** Where reports go, and which of them. */
  readonly reports:
    | {
        readonly url: string;
        readonly method: 'GET' | 'POST';
        readonly events: ReadonlySet<CallEvent>;
      }
    | undefined;
  /** Set after the others: replaces a field, or adds one. */
  readonly extra: Readonly<Record<string, string>>;
}

/** What Twilio reports of a call. */
export type CallEvent = 'initiated' | 'ringing' | 'answered' | 'completed';

/** The questions and the reports of one call. */
export interface CallWebhooks {
  readonly ask: AskForSteps;
  /** Posts a report, where one was asked for. */
  readonly tell: (event: CallEvent) => Promise<void>;
}

/** Makes the webhooks of one call. */
export function createCallWebhooks(
  context: SimContext,
  call: TwilioCallRecord,
  { fallback, reports, extra }: CallWebhooksOptions,
): CallWebhooks {
  const { options, inFlight, now } = context;
  let sequence = 0;

  const complain = (code: number, url: string): void => {
    call.problems.push(code);
    context.alerts.add({ code, sid: call.id, url });
  };

  async function post(
    event: string,
    { url, method }: Omit<DocumentRequest, 'input'>,
    more: readonly (readonly [string, string])[],
  ): Promise<WebhookAttempt | undefined> {
    if (inFlight.stopped) return undefined;
    const parameters = callParameters(options.accountSid, call);
    for (const [name, value] of [...more, ...Object.entries(extra)]) parameters.set(name, value);
    const message = signedWebhook(context, url, method, parameters);
    const { attempts } = await dispatchCallWebhook(context, call, event, {
      first: message,
      forge: withForeignSignature,
      send: (sending) =>
        deliverWebhook(context, { message, configuredUrl: url, sid: call.id, ...sending }),
    });
    const last = attempts.at(-1);
    const problem = last === undefined ? undefined : alertFor(last);
    if (problem !== undefined) call.problems.push(problem);
    return last;
  }

  async function askOnce(
    request: DocumentRequest,
    more: readonly (readonly [string, string])[] = [],
  ): Promise<readonly CallStep[] | undefined> {
    const fields = [...inputParameters(request.input), ...more];
    const attempt = await post('document', request, fields);
    const { status = 0, contentType, replyBody = '' } = attempt ?? {};
    if (status < 200 || status > 299) return undefined;
    const { steps, problems } = readCallTwiml(replyBody, { url: request.url, contentType });
    for (const problem of problems) complain(problem, request.url);
    return steps;
  }

  return {
    async ask(request) {
      const steps = await askOnce(request);
      if (steps !== undefined || fallback === undefined || inFlight.stopped) return steps;
      const code = String(call.problems.at(-1) ?? 11_200);
      return askOnce({ ...fallback }, [
        ['ErrorCode', code],
        ['ErrorUrl', request.url],
      ]);
    },
    async tell(event) {
      const isLate = call.end !== undefined && event !== 'completed';
      if (reports === undefined || !reports.events.has(event) || isLate) return;
      const fields = reportParameters(call, { at: new Date(now()), sequence });
      sequence += 1;
      const status = event === 'initiated' ? 'initiated' : call.status;
      await post(status, reports, [['CallStatus', status], ...fields]);
    },
  };
}
