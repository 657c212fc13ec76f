import type { CallRecord } from './call.ts';
import type { CallLine } from './call-line.ts';
import { type CallStep, type DocumentRequest, takeSteps } from './call-steps.ts';

/** Where a call goes on: with a document that has to be asked for, or with one that is there. */
export type CallRoute = DocumentRequest | { readonly steps: readonly CallStep[] };

/** Asks the application what to do. Undefined when no answer could be had that the carrier understands. */
export type AskForSteps = (request: DocumentRequest) => Promise<readonly CallStep[] | undefined>;

/** A document that sends the call in a circle is left alone after so many. */
const maxDocumentCount = 100;

/**
 * Carries a call along by its documents until it has ended.
 *
 * @param first what the first document said, when it was asked for already
 */
export async function followDocuments(
  call: CallRecord,
  line: CallLine<CallRoute>,
  ask: AskForSteps,
  first: CallRoute,
): Promise<void> {
  let route: CallRoute | undefined = first;
  for (let count = 0; route !== undefined && count < maxDocumentCount; count += 1) {
    // Each document comes after the one before.
    const steps: readonly CallStep[] | undefined =
      'steps' in route ? route.steps : await ask(route);
    if (call.end !== undefined) return;
    route = line.takeDiversion();
    if (route !== undefined) continue;
    if (steps === undefined) break;
    const next = await takeSteps(line, steps);
    route = line.takeDiversion() ?? next;
    if (call.end !== undefined) return;
    if (route === undefined) line.end({ reason: 'completed', by: 'end-of-document' });
  }
  line.end({ reason: 'completed', by: 'error' });
}
