import { createQuietHours } from '@openclaw/telephony-server';
import { countScheduled } from '../scheduled-figures.ts';
import { finding, type Look } from './finding.ts';

/** What is configured, and whether it lets in whom it should not. */
export const configuration: Look = async ({ config, accountId, accounts, database }) => {
  const { ok, wrong } = finding('configuration');
  if (config.skipSignatureVerification) {
    return wrong('skipSignatureVerification is on: anybody on this machine can text');
  }
  const others = accounts.filter(({ id }) => id !== accountId).map(({ id }) => id);
  const more = others.length === 0 ? '' : `; --account looks at ${others.join(', ')}`;
  return ok(
    `account "${accountId}", ${config.provider}, policy "${config.inboundPolicy}", data in ${database}${more}`,
  );
};

/** Whether the tunnel that is configured is open. */
export const tunnel: Look = async ({ config, running }) => {
  const { ok, wrong, skipped } = finding('tunnel');
  const { provider } = config.tunnel;
  if (running?.tunnelUrl !== undefined) return ok(`open, and reached at ${running.tunnelUrl}`);
  if (provider === 'none') return skipped('none is configured');
  if (running === undefined) {
    return wrong(`${provider} is opened by \`telephony serve\`, and none answers on this data`);
  }
  return wrong(
    provider === 'tailscale-serve'
      ? 'tailscale-serve is reached by your own tailnet alone: no carrier gets through'
      : `${provider} is configured, and the server that runs has no tunnel: was it started with another one?`,
  );
};

/** When nobody is texted who did not just text. */
export const quietHours: Look = async ({ config }) => {
  const { ok } = finding('quiet hours');
  const hours = config.outbound.quietHours;
  if (hours === undefined) return ok('none are set');
  const leftMs = createQuietHours(hours)(new Date());
  const now = leftMs === 0 ? 'not now' : `now, for ${Math.ceil(leftMs / 60_000)} min more`;
  return ok(`${hours.from} to ${hours.to} in ${hours.timeZone}; ${now}`);
};

/** What is to leave later, and should have left. */
export const scheduledTexts: Look = async ({ view, running }) => {
  const { ok, wrong } = finding('scheduled texts');
  const { count, overdueCount } = await countScheduled(view);
  if (overdueCount === 0) return ok(count === 0 ? 'none' : String(count));
  const overdue = `${overdueCount} of ${count} overdue`;
  return running === undefined
    ? wrong(`${overdue}: no \`telephony serve\` answers on this data`)
    : ok(`${overdue}: limits or quiet hours keep them; see: telephony scheduled list`);
};

/** What was given up and waits for a person. */
export const deadLetters: Look = async ({ view }) => {
  const { ok, wrong } = finding('given up');
  const { texts, signals, outbox } = await view.queues();
  const dead = texts.dead + signals.dead + outbox.dead;
  return dead === 0 ? ok('nothing') : wrong(`${dead}; see: telephony dead list`);
};

/** Messages of which nobody knows whether they were sent. */
export const unknownSends: Look = async ({ view }) => {
  const { ok, wrong } = finding('sends of unknown fate');
  const { length } = await view.unknownSends();
  return length === 0 ? ok('none') : wrong(`${length}; see: telephony unknown list`);
};
