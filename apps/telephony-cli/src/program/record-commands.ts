import { type Command, Option } from 'commander';
import {
  type CommandContext,
  countOption,
  secondsOption,
  withNumber,
  withRecords,
} from './command-context.ts';

/** Commands that look into the database, while a server runs or not, and what a person decides there. */
export function addRecordCommands(program: Command, context: CommandContext): void {
  const { terminal, onStop } = context;
  withNumber(program.command('status'))
    .description('tell how the number is; with an id, what became of a message or a call')
    .argument('[id]', 'id of the carrier or of the send, as `send` and `call` printed it')
    .action(async (id: string | undefined, options) => {
      const { status } = await import('../commands/status.ts');
      await status(terminal(), id, options);
    });

  const messages = program.command('messages').description('texts, in and out: list, show, tail');
  withFilter(withRecords(messages.command('list')))
    .description('show the newest texts')
    .addOption(countOption('-n, --limit <count>', 'how many', 20))
    .option('--after <id>', 'go on after this one, as the last list ended')
    .action(async (options) => {
      const { listMessages } = await import('../commands/messages.ts');
      await listMessages(terminal(), options);
    });
  withRecords(messages.command('show'))
    .description('show one text with everything that is known of it')
    .argument('<id>', "the id in the list, of a send, or the carrier's")
    .action(async (id: string, options) => {
      const { showMessage } = await import('../commands/messages.ts');
      await showMessage(terminal(), id, options);
    });
  withFilter(withRecords(messages.command('tail')))
    .description('show texts as they come and go, until Ctrl+C')
    .addOption(countOption('-n, --limit <count>', 'how many of the past, first', 10))
    .action(async (options) => {
      const { tailMessages } = await import('../commands/messages.ts');
      await tailMessages(terminal(), options, onStop());
    });

  const dead = program.command('dead').description('what was given up: list, retry');
  withRecords(dead.command('list'))
    .description('show what was given up, and why')
    .action(async (options) => {
      const { listDead } = await import('../commands/dead.ts');
      await listDead(terminal(), options);
    });
  withRecords(dead.command('retry'))
    .description('put it back into its queue')
    .argument('[id...]', 'ids of the list')
    .option('--all', 'everything')
    .action(async (ids: readonly string[], options) => {
      const { retryDead } = await import('../commands/dead.ts');
      await retryDead(terminal(), ids, options);
    });

  const scheduled = program
    .command('scheduled')
    .description('what is to leave later: list, cancel');
  withRecords(scheduled.command('list'))
    .description('show it, the next one first')
    .addOption(countOption('-n, --limit <count>', 'how many', 100))
    .action(async (options) => {
      const { listScheduled } = await import('../commands/scheduled.ts');
      await listScheduled(terminal(), options);
    });
  withRecords(scheduled.command('cancel'))
    .description('call it off')
    .argument('<id...>', 'ids of the list')
    .action(async (ids: readonly string[], options) => {
      const { cancelScheduled } = await import('../commands/scheduled.ts');
      await cancelScheduled(terminal(), ids, options);
    });

  const unknown = program
    .command('unknown')
    .description('messages that may or may not have been sent: list, resolve');
  withRecords(unknown.command('list'))
    .description('show them')
    .action(async (options) => {
      const { listUnknown } = await import('../commands/unknown.ts');
      await listUnknown(terminal(), options);
    });
  withNumber(unknown.command('resolve'))
    .description("say what the carrier's console says, or send them again")
    .argument('<send>', 'the id of the send, as the list has it')
    .addOption(
      new Option('--as <decision>', 'they did leave; or: send them again')
        .choices(['sent', 'send-again'])
        .makeOptionMandatory(),
    )
    .addOption(secondsOption('--timeout <seconds>', 'how long to wait until it is sent', 30))
    .action(async (sendId: string, options) => {
      const { resolveUnknown } = await import('../commands/unknown.ts');
      await resolveUnknown(terminal(), sendId, options);
    });
}

const withFilter = (command: Command): Command =>
  command
    .addOption(new Option('--direction <way>', 'only these').choices(['inbound', 'outbound']))
    .option('--with <number>', 'only with this person');
