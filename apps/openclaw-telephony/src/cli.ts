import type { OpenClawPluginApi } from 'openclaw/plugin-sdk/channel-core';

/** The command, as the manifest names it too. */
export const cliDescriptor = {
  name: 'telephony',
  description: 'Send texts, look at messages and accounts',
  hasSubcommands: true,
};

/** `openclaw telephony …`: asks the running gateway, and never opens a listener or a database of its own. */
export function registerCli(api: OpenClawPluginApi): void {
  api.registerCli(
    ({ program }) => {
      const telephony = program.command('telephony').description(cliDescriptor.description);
      telephony
        .command('send')
        .description('Send a text')
        .argument('<to>', 'a number as +15550100123')
        .argument('<message>', 'what to say')
        .option('--media <url>', 'public address of a picture')
        .option('--account <id>', 'which account')
        .action(async (to: string, message: string, { media, account }: SendOptions) => {
          const request = { to, message, ...named('accountId', account) };
          await ask(media === undefined ? 'telephony.send' : 'telephony.send_mms', {
            ...request,
            ...named('mediaUrl', media),
          });
        });
      telephony
        .command('call')
        .description('Place a call')
        .argument('<to>', 'a number as +15550100123')
        .option('--message <text>', 'what is read to whoever picks up')
        .option('--account <id>', 'which account')
        .action((to: string, { message, account }: CallOptions) =>
          ask('telephony.call', {
            to,
            ...named('message', message),
            ...named('accountId', account),
          }),
        );
      telephony
        .command('status')
        .description('How the accounts are, or what became of one message')
        .argument('[messageId]', 'what a send printed')
        .action((messageId: string | undefined) =>
          ask('telephony.status', named('messageId', messageId)),
        );
      telephony
        .command('simulate')
        .description('Play somebody who texts an account of the mock carrier; prints the answer')
        .argument('<message>', 'what they text')
        .option('--from <number>', 'who they are')
        .action((message: string, { from }: { readonly from?: string }) =>
          ask('telephony.simulate', { message, ...named('to', from) }),
        );
      telephony
        .command('setup')
        .description(
          'Point the number at the carrier here; shows what it would change unless --yes',
        )
        .option('--yes', 'change it')
        .option('--undo', 'put back what was there before')
        .option('--account <id>', 'which account')
        .action(({ yes, undo, account }: SetupOptions) =>
          ask('telephony.setup', {
            action: undo === true ? 'undo' : yes === true ? 'apply' : 'show',
            ...named('accountId', account),
          }),
        );
      telephony
        .command('doctor')
        .description('Look at everything that must be right before a text can arrive')
        .action(() => ask('telephony.doctor', {}));
    },
    { descriptors: [cliDescriptor] },
  );
}

interface SendOptions {
  readonly media?: string;
  readonly account?: string;
}

interface CallOptions {
  readonly message?: string;
  readonly account?: string;
}

interface SetupOptions {
  readonly yes?: boolean;
  readonly undo?: boolean;
  readonly account?: string;
}

const named = (name: string, value: string | undefined): { readonly [name: string]: string } =>
  value === undefined ? {} : { [name]: value };

async function ask(method: string, params: { readonly [name: string]: unknown }): Promise<void> {
  const { callGatewayFromCli } = await import('openclaw/plugin-sdk/gateway-runtime');
  const answer = await callGatewayFromCli(method, { timeout: '90000', json: true }, params, {
    progress: false,
  });
  console.log(JSON.stringify(answer, null, 2));
}
