import type { LoopbackReply, LoopbackRequest } from '../carrier/loopback-server.ts';
import type { SimContext } from './context.ts';
import { isInbound } from './message-store.ts';
import { breakReply } from './reply-faults.ts';

/** Answers a request to the second origin: anybody may download, and every request is kept for inspection. */
export function answerMedia(
  context: SimContext,
  { method, path, headers }: LoopbackRequest,
): Promise<LoopbackReply | 'hang-up'> {
  context.cdnRequests.add({ method, path, headers });
  const carryOut = (): Promise<LoopbackReply> => {
    const [, messageSid = '', mediaSid = ''] = path.split('/');
    const record = context.messages.get(messageSid);
    const media =
      record !== undefined && isInbound(record)
        ? record.media.find(({ sid }) => sid === mediaSid)
        : undefined;
    if (media === undefined) return Promise.resolve({ status: 404 });
    const { contentType, bytes } = media;
    return Promise.resolve({ status: 200, headers: { 'Content-Type': contentType }, body: bytes });
  };
  const fault = context.faults.strike('media', {});
  return breakReply(fault, carryOut, (ms) => context.inFlight.pause(ms));
}
