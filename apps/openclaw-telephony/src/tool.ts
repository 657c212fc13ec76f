import type { ActionRequest, ActionResult } from './actions.ts';
import type { HostLog } from './host-logger.ts';
import { isRecord } from './record.ts';

const actions = ['send_sms', 'send_mms', 'initiate_call', 'get_status'] as const;

const description = `Text people, and see what became of a text. Only people who were let in can be texted.
send_sms {to, message} · send_mms {to, message, mediaUrl} · initiate_call {to} · get_status {messageId}`;

const parameters = {
  type: 'object',
  additionalProperties: false,
  required: ['action'],
  properties: {
    action: { type: 'string', enum: [...actions], description: 'What to do' },
    to: { type: 'string', description: 'A number as +15550100123' },
    message: { type: 'string', description: 'Plain text; every 160 characters cost' },
    mediaUrl: { type: 'string', description: 'Public https address of a picture, for send_mms' },
    messageId: { type: 'string', description: 'What a send gave back, for get_status' },
    accountId: { type: 'string', description: 'Which account, when there are several' },
  },
};

/** The tool `telephony`, for agents. The log is told of what nobody foresaw. */
export function createTool(log: Pick<HostLog, 'error'>) {
  return {
    name: 'telephony',
    label: 'Telephony',
    description,
    parameters,
    async execute(_id: string, input: unknown) {
      const details = await act(input, log);
      return { content: [{ type: 'text' as const, text: JSON.stringify(details) }], details };
    },
  };
}

async function act(input: unknown, log: Pick<HostLog, 'error'>): Promise<ActionResult> {
  const [{ call, messageStatus, send }, { sentenceOf }] = await Promise.all([
    import('./actions.ts'),
    import('./action-failure.ts'),
  ]);
  const { action, ...request } = readAction(input);
  try {
    if (action === 'send_sms') return await send(without(request, 'mediaUrl'), 'agent');
    if (action === 'send_mms') return await send(request, 'agent');
    if (action === 'get_status') return await messageStatus(request);
    if (action === 'initiate_call') return await call(request, 'agent');
    return { ok: false, error: `action must be one of ${actions.join(', ')}` };
  } catch (error) {
    return { ok: false, error: sentenceOf(error, log) };
  }
}

/** The known fields of a request, as far as they are texts. */
export function readAction(input: unknown): ActionRequest & { readonly action?: string } {
  if (!isRecord(input)) return {};
  const known = [
    'action',
    'to',
    'message',
    'mediaUrl',
    'messageId',
    'webhookUrl',
    'accountId',
    'id',
  ];
  return Object.fromEntries(
    known.flatMap((key): [string, string][] => {
      const value = input[key];
      return typeof value === 'string' ? [[key, value]] : [];
    }),
  );
}

const without = (request: ActionRequest, key: keyof ActionRequest): ActionRequest => {
  const { [key]: _left, ...rest } = request;
  return rest;
};
