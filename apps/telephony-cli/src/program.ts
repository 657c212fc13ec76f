import { buffer } from 'node:stream/consumers';
import { Command, InvalidArgumentError, Option } from 'commander';
import { carrierNames } from './carrier-names.ts';
import type { Terminal } from './terminal.ts';

/** Options that stand on the program itself. */
interface GlobalOptions {
  readonly json?: boolean;
}

/** What the commands reach of the world around them. */
export interface ProgramContext {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly environment: { readonly [name: string]: string | undefined };
  /** Listens from now on for the person who wants the command to stop. */
  readonly onStop: () => AbortSignal;
}

const withNumber = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'configuration in JSON5; else the environment configures')
    .option('-d, --data <folder>', 'where the database is kept')
    .option('--provider <name>', 'another carrier than the configuration names');
const collect = (value: string, previous: readonly string[]): string[] => [...previous, value];

/** @throws {InvalidArgumentError} for what is no number of seconds above 0 */
function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}

/** @throws {InvalidArgumentError} for what is no port */
function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/u.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a port from 0 to 65535.');
}

const carrierOption = (flags: string): Option =>
  new Option(flags, 'which carrier').choices(carrierNames);

/** The commands, their words and their options. What they do is loaded when it is asked for. */
export function createProgram(context: ProgramContext): Command {
  const program = new Command('telephony')
    .description('Texts for software: run a phone number, send, verify, pair.')
    .option('--json', 'print JSON for programs instead of words for people')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .showHelpAfterError('(telephony --help shows how)');
  const { stdin, stdout, stderr, environment, onStop } = context;
  const terminal = (): Terminal => {
    const { json = false } = program.opts<GlobalOptions>();
    return { stdin, stdout, stderr, json };
  };
  program
    .command('demo')
    .description('show the whole way of a text on a simulated carrier, in a few seconds')
    .addOption(carrierOption('--carrier <name>').default('twilio'))
    .option('-i, --interactive', 'go on afterwards: type a line, it is texted to the bot')
    .option('-d, --data <folder>', 'where the database is kept; default: a new folder')
    .action(async (options) => {
      const { demo } = await import('./demo/demo.ts');
      await demo(terminal(), options, onStop());
    });

  withNumber(program.command('serve'))
    .description('run a phone number: receive, store, answer, send')
    .option(
      '--handler <module>',
      'module whose default export answers: async (message, reply) => …',
    )
    .option('--echo', 'answer every text with itself')
    .option('-v, --verbose', 'log every receipt too')
    .action(async (options) => {
      const { serve } = await import('./commands/serve.ts');
      await serve(terminal(), options, onStop());
    });

  withNumber(program.command('send'))
    .description('send one text, and tell what became of it')
    .argument('<to>', 'number as +15550100123')
    .argument('[text...]', 'words of the text')
    .option('--media <url>', 'picture or file by public URL; may be repeated', collect, [])
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait until it is sent')
        .default(30)
        .argParser(parseSeconds),
    )
    .action(async (to: string, text: readonly string[], options) => {
      const { send } = await import('./commands/send.ts');
      await send(terminal(), to, text.join(' '), options);
    });

  program
    .command('segment')
    .description('show what a text costs in segments, and why')
    .argument('[text...]', 'the text; default: standard input')
    .action(async (words: readonly string[]) => {
      const { segment } = await import('./commands/segment.ts');
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
      const { verify } = await import('./commands/verify.ts');
      await verify(terminal(), options, environment);
    });

  withNumber(program.command('status'))
    .description('tell what became of a message')
    .argument('<id>', "the carrier's id, as `send` printed it")
    .action(async (id: string, options) => {
      const { status } = await import('./commands/status.ts');
      await status(terminal(), id, options);
    });

  withNumber(program.command('doctor'))
    .description('look at everything that must be right before a text can arrive')
    .action(async (options) => {
      const { doctor } = await import('./commands/doctor.ts');
      await doctor(terminal(), options);
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
      const { simulate } = await import('./commands/simulate.ts');
      await simulate(terminal(), options, onStop());
    });

  const setup = program.command('setup').description('set up the number at the carrier');
  withNumber(setup.command('webhook'))
    .description('point the number at us: shows the difference, asks, applies')
    .option('-y, --yes', 'do not ask')
    .option('--undo', 'put back what was there before')
    .action(async (options) => {
      const { setupWebhook } = await import('./commands/setup-webhook.ts');
      await setupWebhook(terminal(), options);
    });

  const pair = program.command('pair').description('who may text: list, approve, revoke');
  withNumber(pair.command('list'))
    .description('show who waits with a code, and who was let in')
    .action(async (options) => {
      const { listPairs } = await import('./commands/pair.ts');
      await listPairs(terminal(), options);
    });
  withNumber(pair.command('approve'))
    .description('let somebody in by the code that they were texted')
    .argument('<code>')
    .action(async (code: string, options) => {
      const { approvePair } = await import('./commands/pair.ts');
      await approvePair(terminal(), code, options);
    });
  withNumber(pair.command('revoke'))
    .description('take an approval back')
    .argument('<number>')
    .action(async (number: string, options) => {
      const { revokePair } = await import('./commands/pair.ts');
      await revokePair(terminal(), number, options);
    });
  return program;
}
