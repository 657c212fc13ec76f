import { isE164, parseE164, TelephonyError } from '@openclaw/telephony-core';
import { approvedText } from '@openclaw/pairing-store';
import { digestId } from '@openclaw/telephony-server';
import { CommandFailure } from '../exit-code.ts';
import { table } from '../table.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from '../workplace.ts';

/** Shows who waits with a code, and who was let in. */
export async function listPairs(terminal: Terminal, options: WorkplaceOptions): Promise<void> {
  const workplace = await openWorkplace(options);
  try {
    const pending = await workplace.pairing.pending();
    const approved = await workplace.pairing.approved();
    sayJson(terminal, { pending, approved });
    if (pending.length + approved.length === 0) return say(terminal, 'Nobody has asked yet.');
    const rows = [
      ...pending.map(({ sender, code, expiresAt }) => [
        sender,
        styled(terminal, 'yellow', 'waiting'),
        code,
        `until ${time(expiresAt)}`,
      ]),
      ...approved.map(({ sender, approvedAt }) => [
        sender,
        styled(terminal, 'green', 'approved'),
        '',
        `since ${time(approvedAt)}`,
      ]),
    ];
    say(terminal, table(terminal, ['number', 'state', 'code', 'when'], rows));
  } finally {
    await workplace.close();
  }
}

/** Lets somebody in, and puts a text into the outbox that tells them. */
export async function approvePair(
  terminal: Terminal,
  code: string,
  options: WorkplaceOptions,
): Promise<void> {
  const workplace = await openWorkplace(options);
  try {
    const result = await workplace.pairing.approve(code);
    if (result.status === 'approved' || result.status === 'already-approved') {
      const { status, sender } = result;
      const told = await tell(workplace, sender, code);
      sayJson(terminal, { status, sender, told });
      const mark = styled(terminal, 'green', '✓');
      return say(terminal, `${mark} ${sender} may text now, and ${howTold(workplace, told)}`);
    }
    const why = {
      'unknown-code': 'no such code: see `telephony pair list`',
      expired: 'that code has expired: the person gets a new one with their next text',
      'too-many-attempts':
        'too many wrong codes were tried: the person gets a new one with their next text',
    }[result.status];
    sayJson(terminal, { status: result.status });
    throw new CommandFailure(why);
  } finally {
    await workplace.close();
  }
}

function howTold({ running }: Workplace, isTold: boolean): string {
  if (!isTold) return 'could not be told so';
  return running === undefined ? 'is told so once `telephony serve` runs' : 'is told so';
}

/** Puts a text into the outbox that says so. Whoever may not be texted is let in all the same. */
async function tell({ server }: Workplace, sender: string, code: string): Promise<boolean> {
  if (!isE164(sender)) return false;
  // The same id however often it is approved: a crash before this line is mended by approving again.
  const spelled = code.toUpperCase().replaceAll(/[^A-Z\d]/gu, '');
  return server
    .send({
      id: digestId('approved', sender, spelled),
      to: sender,
      text: approvedText(),
      purpose: 'notice',
    })
    .then(
      () => true,
      (error: unknown) => {
        if (TelephonyError.isInstance(error)) return false;
        throw error;
      },
    );
}

/** Takes an approval back. */
export async function revokePair(
  terminal: Terminal,
  number: string,
  options: WorkplaceOptions,
): Promise<void> {
  const sender = parseE164(number);
  const workplace = await openWorkplace(options);
  try {
    const revoked = await workplace.pairing.revoke(sender);
    sayJson(terminal, { revoked, sender });
    if (!revoked) throw new CommandFailure(`${sender} was not approved`);
    say(terminal, `${styled(terminal, 'green', '✓')} ${sender} may no longer text`);
  } finally {
    await workplace.close();
  }
}

const time = (date: Date): string => date.toISOString().replace('T', ' ').slice(0, 16);
