import { type Command, Option } from 'commander';
import { parseMoment } from '../moment.ts';
import { collect, type CommandContext, secondsOption, withNumber } from './command-context.ts';

const tunnels = ['none', 'ngrok', 'tailscale-serve', 'tailscale-funnel', 'cloudflared'];

/** Commands that run a number, or act over it. */
export function addNumberCommands(program: Command, context: CommandContext): void {
  const { terminal, environment, onStop, onReload } = context;
  withNumber(program.command('serve'), 'only this account; default: all that are switched on')
    .description('run the numbers of a configuration: receive, store, answer, send')
    .option(
      '--handler <module>',
      'module whose default export answers: async (message, reply) => …',
    )
    .option('--echo', 'answer every text with itself')
    .addOption(
      new Option(
        '--tunnel <provider>',
        'what leads carriers here; default: tunnel.provider',
      ).choices(tunnels),
    )
    .option('--setup-webhook', 'point the numbers here, without asking; setup webhook --undo')
    .addOption(
      secondsOption('--grace <seconds>', 'how long handlers may go on when it is stopped', 30),
    )
    .option('-v, --verbose', 'log what is only of interest when something is wrong')
    .action(async ({ grace, ...options }) => {
      const { serve } = await import('../commands/serve.ts');
      const world = { environment, stop: onStop(), onReload };
      await serve(terminal(), { ...options, graceSeconds: grace }, world);
    });

  withNumber(program.command('send'))
    .description('send one text, and tell what became of it')
    .usage('[options] [to] <text...>')
    .argument(
      '[words...]',
      'whom, as +15550100123 or twilio:+15550100123, then the text; without whom: defaultTo',
    )
    .option('--media <url or file>', 'picture or file; may be repeated', collect, [])
    .option('--flatten', 'turn markdown into plain text')
    .addOption(
      new Option('--at <time>', 'send it then: +2h, 2026-11-21T09:00, 2026-11-21T09:00Z').argParser(
        (written) => parseMoment(written),
      ),
    )
    .addOption(secondsOption('--timeout <seconds>', 'how long to wait until it is sent', 30))
    .action(async (words: readonly string[], options) => {
      const { send } = await import('../commands/send.ts');
      await send(terminal(), words, options);
    });

  withNumber(program.command('call'))
    .description('call somebody and have a message read to them; needs voice.enabled and serve')
    .argument('<to>', 'number as +15550100123, or twilio:+15550100123')
    .argument('[message...]', 'what is read to whoever picks up')
    .addOption(secondsOption('--timeout <seconds>', 'how long to wait until it ends', 60))
    .action(async (to: string, words: readonly string[], options) => {
      const { call } = await import('../commands/call.ts');
      await call(terminal(), to, words.join(' '), options);
    });

  withNumber(program.command('doctor'))
    .description('look at everything that must be right before a text can arrive')
    .action(async (options) => {
      const { doctor } = await import('../commands/doctor.ts');
      await doctor(terminal(), options);
    });

  const setup = program.command('setup').description('set up the number at the carrier');
  withNumber(setup.command('webhook'))
    .description('point the number at us: shows the difference, asks, applies')
    .option('-y, --yes', 'do not ask')
    .option('--undo', 'put back what was there before')
    .action(async (options) => {
      const { setupWebhook } = await import('../commands/setup-webhook.ts');
      await setupWebhook(terminal(), options);
    });

  const pair = program.command('pair').description('who may text: list, approve, revoke');
  withNumber(pair.command('list'))
    .description('show who waits with a code, and who was let in')
    .action(async (options) => {
      const { listPairs } = await import('../commands/pair.ts');
      await listPairs(terminal(), options);
    });
  withNumber(pair.command('approve'))
    .description('let somebody in by the code that they were texted')
    .argument('<code>')
    .action(async (code: string, options) => {
      const { approvePair } = await import('../commands/pair.ts');
      await approvePair(terminal(), code, options);
    });
  withNumber(pair.command('revoke'))
    .description('take an approval back')
    .argument('<number>')
    .action(async (number: string, options) => {
      const { revokePair } = await import('../commands/pair.ts');
      await revokePair(terminal(), number, options);
    });
}
