import { CommandFailure } from '../exit-code.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type WorkplaceOptions } from '../workplace.ts';

/** Tells what became of a message: what is known here, and else what the carrier says. */
export async function status(
  terminal: Terminal,
  messageId: string,
  options: WorkplaceOptions,
): Promise<void> {
  const workplace = await openWorkplace(options);
  try {
    const delivery = await workplace.server.refreshDelivery(messageId);
    if (delivery === undefined) throw new CommandFailure(`nothing is known of ${messageId}`);
    sayJson(terminal, delivery);
    const arrived = delivery.status === 'delivered' || delivery.status === 'read';
    const failed = delivery.status === 'failed' || delivery.status === 'undelivered';
    const colour = arrived ? 'green' : failed ? 'red' : 'yellow';
    const code =
      delivery.carrierErrorCode === undefined ? '' : ` (error ${delivery.carrierErrorCode})`;
    say(terminal, `${styled(terminal, colour, delivery.status)}${code}`);
    say(terminal, `  receipts: ${delivery.history.join(', ')}`);
    if (delivery.contradicted)
      say(terminal, '  the carrier reported two ends that cannot both be right');
    say(terminal, `  since ${delivery.updatedAt.toISOString()}`);
  } finally {
    await workplace.close();
  }
}
