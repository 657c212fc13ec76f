// The application of the demo. It shows what a handler is: a function of a text and a way to answer.
import type { MessageHandler } from '@openclaw/telephony-server';
import { longAnswer } from './demo/long-answer.ts';

/** How long the agent "thinks" about a hard question: time enough for the demo to kill the server. */
const thinkingMs = 400;

const agent: MessageHandler = async ({ text, media }, reply) => {
  const question = text.trim().toLowerCase();
  if (question.startsWith('tell me everything')) {
    await reply(longAnswer());
    return;
  }
  if (question.startsWith('think')) {
    await new Promise((resolve) => setTimeout(resolve, thinkingMs));
  }
  await reply(
    media.length > 0 ? `Got ${media.length} picture(s). ${text}`.trim() : `You said: ${text}`,
  );
};

export default agent;
