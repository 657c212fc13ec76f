import { buffer } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import {
  carrierOption,
  collect,
  type CommandContext,
  parsePort,
  withNumber,
} from './command-context.ts';

/** Commands that need no number. */
export function addToolCommands(program: Command, context: CommandContext): void {
  const { terminal, stdin, environment, onStop } = context;
  program
    .command('demo')
    .description('show the whole way of a text on a simulated carrier, in a few seconds')
    .addOption(carrierOption('--carrier <name>').default('twilio'))
    .option('-i, --interactive', 'go on afterwards: type a line, it is texted to the bot')
    .option('-d, --data <folder>', 'where the database is kept; default: a new folder')
    .action(async (options) => {
      const { demo } = await import('../demo/demo.ts');
      await demo(terminal(), options, onStop());
    });

  program
    .command('segment')
    .description('show what a text costs in segments, and why')
    .argument('[text...]', 'the text; default: standard input')
    .action(async (words: readonly string[]) => {
      const { segment } = await import('../commands/segment.ts');
      // What a shell puts behind a line belongs to no text.
      const text =
        words.length > 0
          ? words.join(' ')
          : (await buffer(stdin)).toString('utf8').replace(/\r?\n$/u, '');
      segment(terminal(), text);
    });

  program
    .command('verify')
    .description('check whether a captured webhook is genuine')
    .addOption(carrierOption('--carrier <name>').makeOptionMandatory())
    .requiredOption('--url <url>', 'the public URL that was called, as it was called')
    .option('--method <method>', 'how it was called', 'POST')
    .option('-H, --header <line>', 'a header as "Name: value"; may be repeated', collect, [])
    .option('--body <file>', 'the raw body; - reads standard input')
    .option('--secret-file <file>', 'token or public key; default: the environment')
    .option('--at <time>', 'check a timestamp as of then, as 2026-11-20T12:00:00Z')
    .action(async (options) => {
      const { verify } = await import('../commands/verify.ts');
      await verify(terminal(), options, environment);
    });

  program
    .command('simulate')
    .description("run a simulated carrier, for anybody's tests")
    .addOption(carrierOption('--carrier <name>').makeOptionMandatory())
    .addOption(
      new Option('--port <port>', 'where it listens; 0: any free port')
        .default(0)
        .argParser(parsePort),
    )
    .option('--number <number>', 'the number of the account', '+15550100100')
    .option('--webhook <url>', 'where texts to the number are posted')
    .action(async (options) => {
      const { simulate } = await import('../commands/simulate.ts');
      await simulate(terminal(), options, onStop());
    });

  const config = program.command('config').description('the configuration: check, schema');
  withNumber(config.command('check'))
    .description('check it, and print what it comes to, without secrets')
    .action(async (options) => {
      const { checkConfig } = await import('../commands/config.ts');
      await checkConfig(terminal(), options);
    });
  config
    .command('schema')
    .description('print its JSON schema, for editors')
    .action(async () => {
      const { printSchema } = await import('../commands/config.ts');
      printSchema(terminal());
    });
}
