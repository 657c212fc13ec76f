import type { AskForSteps } from '../carrier/call-documents.ts';
import type { CallStep, DocumentRequest } from '../carrier/call-steps.ts';
import { dispatchCallWebhook } from '../carrier/call-webhook.ts';
import { isAcknowledged, type WebhookAttempt } from '../carrier/webhook-request.ts';
import type { PlivoCallRecord } from './call.ts';
import { type CallEvent, callParameters, inputParameters } from './call-parameters.ts';
import { readCallXml } from './call-xml.ts';
import type { PlivoContext } from './context.ts';
import { draftWebhook } from './signed-webhook.ts';

/** Where a webhook goes. */
export type WebhookTarget = Omit<DocumentRequest, 'input'>;

/** What a call's webhooks have beside the call itself. */
export interface CallWebhooksOptions {
  /** Asked when a document cannot be had, or be understood. */
  readonly fallback: WebhookTarget | undefined;
  readonly ring: WebhookTarget | undefined;
  readonly hangup: WebhookTarget | undefined;
  /** Set after the others: replaces a field, or adds one. */
  readonly extra: Readonly<Record<string, string>>;
}

/** The questions and the reports of one call. */
export interface CallWebhooks {
  readonly ask: AskForSteps;
  readonly tellOfRinging: () => Promise<void>;
  readonly tellOfEnd: () => Promise<void>;
}

/** Makes the webhooks of one call. */
export function createCallWebhooks(
  context: PlivoContext,
  call: PlivoCallRecord,
  { fallback, ring, hangup, extra }: CallWebhooksOptions,
): CallWebhooks {
  const { inFlight, options } = context;
  let questionCount = 0;

  async function post(
    event: string,
    { url, method }: WebhookTarget,
    { kind, more = [] }: { readonly kind: CallEvent; readonly more?: readonly [string, string][] },
  ): Promise<WebhookAttempt | undefined> {
    if (inFlight.stopped) return undefined;
    const parameters = callParameters(options.authId, call, kind);
    for (const [name, value] of [...more, ...Object.entries(extra)]) parameters.set(name, value);
    const subaccount = call.authId === options.authId ? undefined : call.authId;
    const draft = draftWebhook(context, { url, method, parameters, subaccount, isOfCall: true });
    const { attempts } = await dispatchCallWebhook(context, call, event, draft);
    return attempts.at(-1);
  }

  async function askOnce(request: DocumentRequest): Promise<readonly CallStep[] | undefined> {
    const asked = request.input === undefined ? 'Redirect' : 'GetInput';
    const kind = questionCount === 0 ? 'StartApp' : asked;
    questionCount += 1;
    const more = [...inputParameters(request.input)];
    const attempt = await post('document', request, { kind, more });
    if (!isAcknowledged(attempt)) {
      call.problems.push(7_011);
      return undefined;
    }
    const { steps, unknownCount } = readCallXml(attempt?.replyBody ?? '', request.url);
    for (let count = 0; count < unknownCount; count += 1) call.problems.push(501);
    if (steps === undefined) call.problems.push(8_011);
    return steps;
  }

  return {
    async ask(request) {
      const steps = await askOnce(request);
      if (steps !== undefined || fallback === undefined || inFlight.stopped) return steps;
      return askOnce(fallback);
    },
    async tellOfRinging() {
      if (ring === undefined || call.end !== undefined) return;
      await post('ringing', ring, { kind: 'Ring' });
    },
    async tellOfEnd() {
      if (hangup === undefined || call.end === undefined) return;
      await post(call.status, hangup, { kind: 'Hangup' });
    },
  };
}
