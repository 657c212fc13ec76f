import { readFileSync } from 'node:fs';
import { hostConfiguration, packPlugin } from './packed-plugin.ts';
import { type RunOptions, type RunParts, withMachine } from './run-carrier.ts';
import { check } from './stages.ts';

/** Does what `docs/openclaw/mock.md` says, command by command, and holds the answers against those that it shows. */
export function runGuide(options: RunOptions): Promise<boolean> {
  return withMachine('mock, by the guide', options, async (parts) => {
    const { machine, model, stages } = parts;
    let tarball = '';
    await stages.run(
      'an installed OpenClaw with a model, and the packed plugin',
      async () => {
        await machine.configure(hostConfiguration(machine, model.url));
        tarball = packPlugin(machine);
      },
      { vital: true },
    );
    const start = performance.now();
    const steps = stepsOf(readFileSync(guide, 'utf8'));
    check(steps.length > 5, 'the guide has no commands');
    let code = 'ABCD2345';
    for (const { command, shown } of steps) {
      await stages.run(
        command,
        async () => {
          const answer = await carryOut(
            wordsOf(command.replaceAll('ABCD2345', code)),
            tarball,
            parts,
          );
          code = /approve telephony ([A-Z0-9]{8})/u.exec(answer)?.[1] ?? code;
          for (const line of shown) {
            const said = line.replaceAll('ABCD2345', code);
            check(answer.includes(said), `the guide promises:\n${said}\nand it was:\n${answer}`);
          }
        },
        { vital: true },
      );
    }
    await stages.run('all of it in less than five minutes', () => {
      const seconds = Math.round((performance.now() - start) / 1000);
      check(seconds < 300, `${seconds} s`);
      return Promise.resolve({ seconds });
    });
  });
}

const guide = new URL('../../../../docs/openclaw/mock.md', import.meta.url);

interface Step {
  readonly command: string;
  /** Lines that the guide shows below the command. What differs from one agent to another is `…` there. */
  readonly shown: readonly string[];
}

/** The commands of the guide's shell blocks, and the block of text after each. */
function stepsOf(page: string): Step[] {
  const steps: { command: string; shown: string[] }[] = [];
  for (const [, language, block = ''] of page.matchAll(/^ *```(sh|text)\n([\s\S]*?)^ *```$/gmu)) {
    const lines = block.split('\n').map((line) => line.trim());
    if (language === 'sh') {
      const commands = lines.join('\n').replaceAll(/\\\n/gu, '').split('\n');
      steps.push(...commands.filter(Boolean).map((command) => ({ command, shown: [] })));
    } else {
      steps
        .at(-1)
        ?.shown.push(...lines.flatMap((line) => line.split('…')).filter((part) => part !== ''));
    }
  }
  return steps;
}

/** The words of a command, as a shell would split them. */
const wordsOf = (command: string): string[] =>
  Array.from(command.matchAll(/"([^"]*)"|(\S+)/gu), ([, quoted, bare]) => quoted ?? bare ?? '');

/** Runs one command; only what belongs to this machine is put in: the packed file, and a port that is free. */
async function carryOut(
  [program, ...args]: readonly string[],
  tarball: string,
  { machine }: RunParts,
): Promise<string> {
  check(program === 'openclaw', `the guide runs ${program}`);
  const command = args.join(' ');
  if (command === 'gateway run') {
    await machine.gateway.start();
    return machine.gateway.log().replaceAll(`:${machine.webhookPort}`, ':3335');
  }
  if (command.startsWith('plugins install')) {
    const consent = ['--force', '--accept-capabilities'];
    return (await machine.openclaw(['plugins', 'install', tarball, ...consent])).all;
  }
  const port = command.startsWith('channels add')
    ? ['--webhook-port', String(machine.webhookPort)]
    : [];
  const { all } = await machine.openclaw([...args, ...port]);
  return all.replaceAll(`:${machine.webhookPort}`, ':3335');
}
