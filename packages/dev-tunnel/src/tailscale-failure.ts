import type { CommandResult } from './run-command.ts';
import { TunnelError } from './tunnel-error.ts';

/** `tailscale` waits after these words until somebody has pressed a button in the admin console. */
export const waitsForConsent = (output: string): boolean =>
  /is not enabled on your tailnet[\s\S]*To enable, visit:\s*https:\/\/\S+\s/u.test(output);

/** What a failed `tailscale` command means for the person who must act. */
export function explainTailscale(
  { stdout, stderr, code }: CommandResult,
  doing: string,
  scrub: (text: string) => string,
): TunnelError {
  const all = `${stdout}\n${stderr}`;
  const feature = /\b(Serve|Funnel|HTTPS) is not enabled on your tailnet/u.exec(all)?.[1];
  if (feature !== undefined) {
    const page = /https:\/\/login\.tailscale\.com\/f\/[a-z]+\?node=\w+/u.exec(all)?.[0];
    const where = page ?? 'the Tailscale admin console';
    return new TunnelError(
      'not_enabled',
      `${feature} is not enabled in this tailnet: an admin must enable it at ${where}, then try again.`,
    );
  }
  if (/access denied|permission denied|must be root/iu.test(all)) {
    return new TunnelError(
      'not_permitted',
      'This user may not change the configuration of Tailscale: run `sudo tailscale set --operator=$USER` once.',
    );
  }
  if (/funnel.*(?:not available|not allowed)|HTTPS.*(?:must be enabled|not enabled)/iu.test(all)) {
    return new TunnelError(
      'not_enabled',
      'This machine may not use funnel: in the Tailscale admin console, switch HTTPS certificates on and give it the node attribute "funnel".',
    );
  }
  if (/shields-up/u.test(all)) {
    return new TunnelError(
      'not_enabled',
      'This machine refuses incoming connections: run `tailscale set --shields-up=false`.',
    );
  }
  if (/failed to connect to local|is tailscaled running|isn't running/iu.test(all)) {
    return new TunnelError(
      'not_running',
      'The Tailscale service does not answer: start it (on Linux `sudo systemctl start tailscaled`).',
    );
  }
  if (/changing the serve config/u.test(all)) {
    return new TunnelError(
      'conflict',
      'Somebody else changes the configuration of Tailscale at this moment: try again.',
    );
  }
  if (/flag provided but not defined|unknown subcommand/u.test(all)) {
    return new TunnelError('start_failed', 'This Tailscale is too old: 1.52 or later is needed.');
  }
  const lines = all.trim().split('\n');
  // The last line is often no more than where to find help.
  const telling = lines.findLast((line) => /error|fail|unable|cannot|invalid/iu.test(line));
  const last = scrub(telling ?? lines.at(-1) ?? '');
  const words = last === '' ? '' : ` It says: ${last}`;
  return new TunnelError('start_failed', `${doing} failed (${code ?? 'ended'}).${words}`);
}
