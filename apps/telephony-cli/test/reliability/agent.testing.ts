// The application of the reliability tests: --handler file:…/agent.testing.ts?journal=<file>. It writes down what it does,
// where a SIGKILL cannot take it back, takes its time over some texts, and answers those that ask for it.
import { appendFileSync } from 'node:fs';
import type { MessageHandler } from '@openclaw/telephony-server';

const journal = new URL(import.meta.url).searchParams.get('journal') ?? '';
const write = (line: string): void => appendFileSync(journal, `${line}\n`);

/** `<name>`, then what is asked for: `answer`, and `<n>ms` to think. */
const agent: MessageHandler = async ({ text }, reply) => {
  const [name = '', ...wishes] = text.split(' ');
  write(`begin ${name}`);
  const pause = wishes.map((wish) => /^(\d+)ms$/u.exec(wish)?.[1]).find(Boolean);
  if (pause !== undefined) await new Promise((resolve) => setTimeout(resolve, Number(pause)));
  if (wishes.includes('answer')) {
    const { id } = await reply(`re ${name}`);
    write(`answer ${name} ${id}`);
  }
  write(`end ${name}`);
};

export default agent;
