import type { TelephonyAccount } from './account.ts';
import { channelId } from './channel-id.ts';

/** What is dangerous in the configuration of an account, in sentences. */
export function warningsOf(account: TelephonyAccount): string[] {
  const warnings: string[] = [];
  if (account.skipSignatureVerification) {
    const { mode, bind, port } = account.serve;
    warnings.push(
      `channels.${channelId}.skipSignatureVerification is on: ${
        mode === 'gateway'
          ? 'serve.mode "gateway" is refused with it, because others reach the port of the gateway'
          : `whoever reaches ${bind}:${port} can text the agent as anybody`
      }. Turn it off.`,
    );
  }
  const loopback = /^(?:127\.|localhost$|::1$)/u.test(account.serve.bind);
  if (account.serve.mode === 'own' && !loopback && account.publicUrl === undefined) {
    warnings.push(
      `channels.${channelId}.serve.bind is ${account.serve.bind} without publicUrl: webhooks come in without TLS. Bind to 127.0.0.1 behind a proxy or tunnel.`,
    );
  }
  return warnings;
}

/** What an account lacks to be of use, in sentences. */
export function shortcomingsOf(account: TelephonyAccount): string[] {
  const { accountId, enabled, missing, inboundPolicy, allowFrom, publicUrl, tunnel, serve } =
    account;
  if (!enabled) return [];
  const name = `telephony account "${accountId}"`;
  const found: string[] = [];
  if (missing.length > 0) found.push(`${name} does not start: ${missing.join(', ')} missing.`);
  if (inboundPolicy === 'open' && !allowFrom.includes('*')) {
    found.push(`${name}: inboundPolicy "open" lets nobody in without allowFrom: ["*"].`);
  }
  if (inboundPolicy === 'allowlist' && allowFrom.length === 0) {
    found.push(`${name}: inboundPolicy "allowlist" with an empty allowFrom lets nobody in.`);
  }
  if (tunnel !== 'none' && serve.mode === 'gateway') {
    found.push(
      `${name}: a tunnel leads to a listener of the plugin's own, and serve.mode "gateway" has none: leave the tunnel out, or the mode.`,
    );
  }
  if (account.provider !== 'mock' && publicUrl === undefined && tunnel === 'none') {
    found.push(
      `${name} has neither publicUrl nor a tunnel: the carrier cannot report what became of a text, and cannot fetch files.`,
    );
  }
  return found;
}
