import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';

/** One request of the gateway to the model. */
export interface ModelCall {
  /** What the person wrote, with what the host put around it. */
  readonly asked: string;
  readonly hasImage: boolean;
  readonly tools: readonly string[];
}

/** A model that answers by rule, over the OpenAI protocol. */
export interface MockModel {
  readonly url: string;
  readonly calls: readonly ModelCall[];
  /** Thinks until what it gives is called. */
  hold(): () => void;
  close(): Promise<void>;
}

interface Asked {
  readonly content: string;
  /** What people wrote earlier in the conversation. */
  readonly before: string;
  readonly hasImage: boolean;
  readonly toolAnswer: string | undefined;
  readonly tools: readonly string[];
}

/**
 * `SAY:word` in a text is answered with `Answer: word`; `LONG` with a long answer; `TOOL {json}` with a call of the tool
 * `telephony`, `TOOL:name {json}` with one of another tool, and then with what the tool gave back.
 */
export async function startMockModel(): Promise<MockModel> {
  const calls: ModelCall[] = [];
  let held = Promise.resolve();
  const server = createServer((request, response) => {
    answer(request, response, calls, () => held).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    hold() {
      let release: (() => void) | undefined;
      held = new Promise<void>((resolve) => {
        release = resolve;
      });
      return () => release?.();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  calls: ModelCall[],
  thought: () => Promise<void>,
): Promise<void> {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json');
    response.end('{"object":"list","data":[{"id":"mock-1","object":"model"}]}');
    return;
  }
  const asked = readRequest(JSON.parse(await readText(request)));
  calls.push({ asked: asked.content, hasImage: asked.hasImage, tools: asked.tools });
  await thought();
  const [, name = 'telephony', tool] = /TOOL(?::(\w+))? (\{.*?\})/u.exec(asked.content) ?? [];
  const call = tool !== undefined && asked.toolAnswer === undefined ? tool : undefined;
  const words = asked.toolAnswer === undefined ? wordsFor(asked) : `Tool: ${asked.toolAnswer}`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: object, finish: string | null = null): void =>
    void response.write(
      `data: ${JSON.stringify(chunk([{ index: 0, delta, finish_reason: finish }]))}\n\n`,
    );
  send({ role: 'assistant', content: '' });
  if (call === undefined) {
    send({ content: words });
    send({}, 'stop');
  } else {
    const fields = { name, arguments: call };
    send({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: fields }] });
    send({}, 'tool_calls');
  }
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  response.write(`data: ${JSON.stringify({ ...chunk([]), usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

const chunk = (choices: readonly object[]): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'mock-1',
  choices,
});

/** An answer of 1,700 characters that says which part of it is where. */
export const longAnswer = Array.from(
  { length: 100 },
  (_, index) => `part ${1000 + index} of it,`,
).join(' ');

function wordsFor({ content, before, hasImage }: Asked): string {
  if (content.includes('LONG')) return longAnswer;
  const word = /SAY:([\w-]+)/gu;
  // A turn that the host resumes after a crash repeats nothing of what was asked before it.
  const said = [...`${before}\n${content}`.matchAll(word)].at(-1)?.[1] ?? 'hello';
  return `**Answer:** ${said}${hasImage ? ' (saw a picture)' : ''}`;
}

interface Message {
  readonly role?: string;
  readonly content?: unknown;
}

/** The messages after the model's last words: the host adds one of its own behind the person's. */
function readRequest(body: {
  messages?: Message[];
  tools?: { function?: { name?: string } }[];
}): Asked {
  const messages = body.messages ?? [];
  const asText = ({ content }: Message): string =>
    typeof content === 'string' ? content : JSON.stringify(content ?? '');
  const last = messages.findLastIndex(
    ({ role, content }) => role === 'assistant' && typeof content === 'string' && content !== '',
  );
  const tail = messages.slice(last + 1);
  const content = tail
    .filter(({ role }) => role === 'user')
    .map(asText)
    .join('\n');
  // The host writes a message of its own behind the answer of the tool, too.
  const toolAnswer = tail.findLast(({ role }) => role === 'tool');
  const earlier = messages.slice(0, last + 1).filter(({ role }) => role === 'user');
  return {
    before: earlier.map(asText).join('\n'),
    content: content.replaceAll('\\"', '"'),
    hasImage: /image_url|"type":"image/u.test(JSON.stringify(tail)),
    toolAnswer: toolAnswer === undefined ? undefined : asText(toolAnswer).slice(0, 400),
    tools: (body.tools ?? []).flatMap((tool) => tool.function?.name ?? []),
  };
}
