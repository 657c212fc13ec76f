/** Keeps the next turn of a conversation away from one that is just ending. */
export interface TurnGate {
  /**
   * A turn begins, after any turn of this conversation that is ending. One that is still thinking is not waited for: the
   * host lets a text reach it, as a command or an addition.
   */
  enter(conversation: string): Promise<Turn>;
}

/** A turn that began. */
export interface Turn {
  /** Its answer is being delivered. */
  ending(): void;
  /** It is over. */
  over(): void;
}

/**
 * The host closes what a turn works with while its answer is delivered. A text that comes in this moment would be given
 * to the turn that closes, and be answered with an error.
 */
export function createTurnGate(): TurnGate {
  /** How many turns of a conversation are ending now, and who waits for that. */
  const ending = new Map<string, { count: number; readonly waiting: (() => void)[] }>();
  return {
    async enter(conversation) {
      for (;;) {
        const before = ending.get(conversation);
        if (before === undefined) break;
        await new Promise<void>((resolve) => before.waiting.push(resolve));
      }
      let state: 'thinking' | 'ending' | 'over' = 'thinking';
      return {
        ending() {
          if (state !== 'thinking') return;
          state = 'ending';
          const others = ending.get(conversation) ?? { count: 0, waiting: [] };
          others.count += 1;
          ending.set(conversation, others);
        },
        over() {
          const others = state === 'ending' ? ending.get(conversation) : undefined;
          state = 'over';
          if (others === undefined) return;
          others.count -= 1;
          if (others.count > 0) return;
          ending.delete(conversation);
          for (const wake of others.waiting) wake();
        },
      };
    },
  };
}
