import { Command } from 'commander';
import type { CommandContext, ProgramContext } from './program/command-context.ts';
import { addNumberCommands } from './program/number-commands.ts';
import { addRecordCommands } from './program/record-commands.ts';
import { addToolCommands } from './program/tool-commands.ts';

export type { ProgramContext } from './program/command-context.ts';

/** Options that stand on the program itself. */
interface GlobalOptions {
  readonly json?: boolean;
}

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
  const commandContext: CommandContext = {
    ...context,
    terminal() {
      const { stdin, stdout, stderr } = context;
      const { json = false } = program.opts<GlobalOptions>();
      return { stdin, stdout, stderr, json };
    },
  };
  addNumberCommands(program, commandContext);
  addRecordCommands(program, commandContext);
  addToolCommands(program, commandContext);
  return program;
}
