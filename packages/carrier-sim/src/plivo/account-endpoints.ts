import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, type ApiReplies } from './api-reply.ts';
import type { PlivoContext } from './context.ts';

/** `GET /v1/Account/{auth_id}/` */
export function readAccount(replies: ApiReplies, authId: string): LoopbackReply {
  return replies.document(200, {
    account_type: authId.startsWith('SA') ? 'subaccount' : 'standard',
    address: '',
    auth_id: authId,
    auto_recharge: false,
    billing_mode: 'prepaid',
    cash_credits: '100.00000',
    city: '',
    name: 'carrier-sim',
    resource_uri: `/v1/Account/${authId}/`,
    state: '',
    timezone: 'UTC',
  });
}

/** `GET …/Powerpack/{uuid}/` */
export function readPowerpack(
  { numbers, options: { authId } }: PlivoContext,
  replies: ApiReplies,
  uuid: string,
): LoopbackReply {
  const [number] = numbers.ofPowerpack(uuid);
  if (number === undefined) throw new ApiError(404);
  return replies.document(200, {
    uuid,
    name: 'carrier-sim',
    application_id: number.appId ?? null,
    application_type: 'xml',
    sticky_sender: true,
    local_connect: true,
    number_pool: `/v1/Account/${authId}/NumberPool/${uuid}/`,
  });
}
