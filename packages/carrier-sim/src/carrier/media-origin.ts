import type { LoopbackReply, LoopbackRequest } from './loopback-server.ts';
import type { CarrierContext } from './context.ts';
import { breakReply, type Refusals } from './reply-faults.ts';

/** Answers a request to the second origin: anybody may download, and every request is kept for inspection. */
export function answerMedia(
  context: CarrierContext,
  { method, path, headers }: LoopbackRequest,
  refusals: Refusals,
): Promise<LoopbackReply | 'hang-up'> {
  context.cdnRequests.add({ method, path, headers });
  const carryOut = (): Promise<LoopbackReply> => {
    const [, messageId = '', mediaId = ''] = path.split('/');
    const media = context.messages.inbound(messageId)?.media.find(({ id }) => id === mediaId);
    if (media === undefined) return Promise.resolve({ status: 404 });
    const { contentType, bytes } = media;
    return Promise.resolve({ status: 200, headers: { 'Content-Type': contentType }, body: bytes });
  };
  const fault = context.faults.strike('media', {});
  const pause = (ms: number): Promise<boolean> => context.inFlight.pause(ms);
  return breakReply(fault, { carryOut, pause, refusals });
}

/** Where anybody may download a picture. */
export function cdnUrlOf({ cdnUrl }: CarrierContext, messageId: string, mediaId: string): string {
  return `${cdnUrl}/${messageId}/${mediaId}`;
}
