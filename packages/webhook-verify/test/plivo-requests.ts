import { signPlivoV2Webhook, signPlivoV3Webhook } from '../src/plivo.ts';
import type { WebhookRequest } from '../src/request.ts';

export const authToken = 'plivoTestAuthToken0000000000000000000000';
export const nonce = '05429567804466091622';
export const url = 'https://hooks.example.com/plivo/inbound';
export const body = 'From=14155550001&To=14155550002&Text=Gr%C3%BC%C3%9Fe+%26&MessageUUID=u-1';
export const plain: WebhookRequest = { method: 'POST', url, headers: {}, body };

export function v3(changes: Partial<WebhookRequest> = {}, token = authToken): WebhookRequest {
  const request = { ...plain, ...changes };
  return { ...request, headers: signPlivoV3Webhook(request, { authToken: token, nonce }) };
}
export function v2(changes: Partial<WebhookRequest> = {}, token = authToken): WebhookRequest {
  const request = { ...plain, ...changes };
  return { ...request, headers: signPlivoV2Webhook(request, { authToken: token, nonce }) };
}
export const withHeaders = (
  request: WebhookRequest,
  headers: Record<string, string | undefined>,
) => ({
  ...request,
  headers: { ...Object.fromEntries(Object.entries(request.headers)), ...headers },
});
