/** What a child answers when its parent asks { number, topic, words } over the channel between them. */
export interface Answer {
  readonly number: number;
  readonly result?: unknown;
  readonly problem?: string;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** In the child: answers the parent's questions on one topic. Does not keep the process alive. */
export function answerParent(topic: string, answer: (words: string) => unknown): void {
  process.on('message', (question: unknown) => {
    if (fieldOf(question, 'topic') !== topic) return;
    const number = fieldOf(question, 'number');
    const work = async (): Promise<unknown> => answer(String(fieldOf(question, 'words')));
    work().then(
      (result) => process.send?.({ number, result }),
      (error: unknown) => process.send?.({ number, problem: String(error) }),
    );
  });
  process.channel?.unref();
}

/** In the parent: reads what came over the channel. */
export function readAnswer(message: unknown): Answer | undefined {
  const number = fieldOf(message, 'number');
  if (typeof number !== 'number') return undefined;
  const problem = fieldOf(message, 'problem');
  return {
    number,
    result: fieldOf(message, 'result'),
    ...(typeof problem === 'string' ? { problem } : {}),
  };
}
