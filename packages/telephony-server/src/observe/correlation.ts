import { hash } from 'node:crypto';

/**
 * The name under which a text, its answers and their receipts stand in the log: 12 characters, made of the id of the
 * text (or of a send that answers nothing). The id cannot be read out of it, and after a restart it is the same.
 *
 * @example
 * logger.info({ correlationId: correlationIdOf(job.id) }, 'handled');
 */
export function correlationIdOf(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, 12);
}
