/** What a keyword asks for. */
export type OptOutType = 'STOP' | 'START' | 'HELP';

/** The keywords that a carrier listens to. */
export type Keywords = Readonly<Record<OptOutType, readonly string[]>>;

const replies: Readonly<Record<OptOutType, string>> = {
  STOP: 'You are unsubscribed and get no more messages from this number. Text START to subscribe again.',
  START: 'You are subscribed again. Text HELP for help, STOP to unsubscribe.',
  HELP: 'Text STOP to unsubscribe. Message and data rates may apply.',
};

/** Recognises a text that is one keyword and nothing else. */
export function readKeyword(text: string, keywords: Keywords): OptOutType | undefined {
  const word = text.trim().toUpperCase();
  if (keywords.STOP.includes(word)) return 'STOP';
  if (keywords.START.includes(word)) return 'START';
  return keywords.HELP.includes(word) ? 'HELP' : undefined;
}

/** A text that the carrier itself answered. */
export interface AutoReply {
  readonly from: string;
  readonly to: string;
  readonly body: string;
}

/** Somebody who does not want messages. */
export interface OptOutPair {
  /** One of our numbers, or the sender pool that it belongs to. */
  readonly sender: string;
  readonly recipient: string;
}

/** Who does not want messages from whom. */
export interface OptOuts {
  /** Acts on a keyword, and returns the carrier's own answer. `START` of somebody who never left is not answered. */
  apply(type: OptOutType, sender: string, recipient: string): string | undefined;
  has(sender: string, recipient: string): boolean;
  readonly pairs: readonly OptOutPair[];
  clear(): void;
}

/** Makes an empty list. */
export function createOptOuts(): OptOuts {
  const blocked = new Map<string, OptOutPair>();
  return {
    apply(type, sender, recipient) {
      const key = keyOf(sender, recipient);
      if (type === 'STOP') {
        // Somebody who left already is not told again.
        if (blocked.has(key)) return undefined;
        blocked.set(key, { sender, recipient });
      } else if (type === 'START' && !blocked.delete(key)) {
        return undefined;
      }
      return replies[type];
    },
    has: (sender, recipient) => blocked.has(keyOf(sender, recipient)),
    get pairs() {
      return [...blocked.values()];
    },
    clear: () => blocked.clear(),
  };
}

function keyOf(sender: string, recipient: string): string {
  return `${sender} ${recipient}`;
}
