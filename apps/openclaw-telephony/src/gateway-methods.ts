import type { OpenClawPluginApi } from 'openclaw/plugin-sdk/channel-core';
import type { ActionRequest, ActionResult } from './actions.ts';
import { readAction } from './tool.ts';

type Actions = typeof import('./actions.ts');
type Method = (actions: Actions, request: ActionRequest) => ActionResult | Promise<ActionResult>;

const methods: { readonly [name: string]: { readonly scope: Scope; readonly run: Method } } = {
  'telephony.send': {
    scope: 'operator.write',
    run: ({ send }, { mediaUrl: _none, ...request }) => send(request, 'operator'),
  },
  'telephony.send_mms': {
    scope: 'operator.write',
    run: ({ send, ActionError }, request) => {
      if (request.mediaUrl === undefined) throw new ActionError('mediaUrl is missing');
      return send(request, 'operator');
    },
  },
  'telephony.call': {
    scope: 'operator.write',
    run: ({ call }, request) => call(request, 'operator'),
  },
  'telephony.status': {
    scope: 'operator.read',
    run: async (_actions, request) => (await import('./actions.ts')).statusOf(request),
  },
  'telephony.simulate': {
    scope: 'operator.write',
    run: async (_actions, request) => (await import('./simulate.ts')).simulateText(request),
  },
  'telephony.setup': {
    scope: 'operator.admin',
    run: async (_actions, request) => (await import('./setup-webhook.ts')).setupWebhook(request),
  },
  'telephony.doctor': {
    scope: 'operator.read',
    run: async () => (await import('./account-probe.ts')).probeAnnounced(),
  },
};

type Scope = 'operator.read' | 'operator.write' | 'operator.admin';

/** RPC: `openclaw gateway call telephony.send --params '{"to":"+15550100123","message":"Hi"}'`. */
export function registerGatewayMethods(api: OpenClawPluginApi): void {
  for (const [name, { scope, run }] of Object.entries(methods)) {
    api.registerGatewayMethod(
      name,
      async ({ params, respond }) => {
        const [actions, { sentenceOf }] = await Promise.all([
          import('./actions.ts'),
          import('./action-failure.ts'),
        ]);
        try {
          respond(true, await run(actions, readAction(params)));
        } catch (error) {
          const isRequest = error instanceof actions.ActionError;
          respond(false, undefined, {
            code: isRequest ? 'INVALID_REQUEST' : 'UNAVAILABLE',
            message: sentenceOf(error, api.logger),
          });
        }
      },
      { scope },
    );
  }
}
