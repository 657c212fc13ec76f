import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { botNumber, type Carrier, leadsTo, publicOrigin, webhookPath } from './carrier.ts';
import type { Machine } from './machine.ts';
import { hostConfiguration, packPlugin } from './packed-plugin.ts';
import type { Scene } from './scene.ts';
import { check } from './stages.ts';

const secretVariable = 'SIMULATED_SECRET';
export const secretVariables = (value: string): { readonly [name: string]: string } => ({
  [secretVariable]: value,
});

/** From the sources to a gateway that runs the plugin. */
export async function installSteps({ machine, carrier, model, stages }: Scene): Promise<void> {
  let tarball = '';
  await stages.run(
    'build and pack',
    async () => {
      tarball = packPlugin(machine);
      const messages = { queue: { mode: carrier.queueMode } };
      await machine.configure({ ...hostConfiguration(machine, model.url), messages });
      return { tarball: basename(tarball), bytes: statSync(tarball).size };
    },
    { vital: true },
  );
  await stages.run(
    'install from the tarball, without a network',
    async () => {
      await machine.openclaw(['plugins', 'install', tarball, '--force', '--accept-capabilities']);
    },
    { vital: true },
  );
  await stages.run('channels add asks, tries the credentials, and sets the webhook', () =>
    useWizard(machine, carrier),
  );
  await stages.run('channels add, with flags', () => addWithFlags(machine, carrier), {
    vital: true,
  });
  await stages.run('a wrong setting is refused, by its name', async () => {
    const unknown = await machine.openclaw(
      ['config', 'set', 'channels.telephony.fromNumbr', '"+15550100100"', '--strict-json'],
      { mayFail: true },
    );
    check(unknown.code !== 0 && unknown.all.includes('fromNumbr'), unknown.all.slice(-300));
  });
  await stages.run('boot', async () => ({ ...(await machine.gateway.start()) }), { vital: true });
}

/** The host's own command at a terminal, with our questions in it. */
async function useWizard(machine: Machine, carrier: Carrier): Promise<void> {
  const { name, sim, answers } = carrier;
  sim.setNumber(botNumber, { messageUrl: 'https://elsewhere.example.com/sms' });
  await machine.change('channels.telephony', { [name]: { baseUrl: sim.baseUrl } });
  const shown = await machine.converse(
    ['channels', 'add', '--channel', 'telephony'],
    [
      ...answers,
      ['Your number at this carrier', `${botNumber}\r`],
      ['Where does the carrier reach this machine?', `${publicOrigin}\r`],
      ['go to https://elsewhere.example.com/sms', '\r'],
      ['Who may text the agent?', '\r'],
      // The host's own questions after ours.
      ['Set up administration from your own chat account?', '\r'],
    ],
    'Channels updated',
  );
  check(shown.includes('The number now leads here'), shown.slice(-800));
  const now = leadsTo(carrier);
  check(now === `${publicOrigin}${webhookPath}`, `texts go to ${String(now)}`);
  const config = JSON.stringify(machine.configuration());
  check(config.includes(`"provider":"${name}"`), 'the carrier was not written down');
  check(config.includes('"inboundPolicy":"pairing"'), 'the policy was not written down');
}

/** `channels add` with flags for everything but the secret, which is a reference to a variable. */
export async function addWithFlags(
  machine: Machine,
  carrier: Carrier,
  more: object = {},
): Promise<void> {
  await machine.openclaw([
    'channels',
    'add',
    '--channel',
    'telephony',
    '--provider',
    carrier.name,
    '--from-number',
    botNumber,
    '--inbound-policy',
    'pairing',
    '--public-url',
    publicOrigin,
    '--webhook-port',
    String(machine.webhookPort),
    ...carrier.flags,
  ]);
  const [section = '', key = ''] = carrier.secret.path.split('.');
  const reference = { source: 'env', provider: 'default', id: secretVariable };
  await machine.change('channels.telephony', {
    [section]: { [key]: reference, baseUrl: carrier.sim.baseUrl, ...carrier.settings },
    outbound: { segmentsPerSecond: 1000 },
    ...more,
  });
}
