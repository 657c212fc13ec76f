import type { PluginRuntime } from 'openclaw/plugin-sdk/channel-core';

type InboundRun = PluginRuntime['channel']['inbound']['run'];

/** What the host calls to say whose a turn is. */
export type TurnLifecycle = NonNullable<Parameters<InboundRun>[0]['turnAdoptionLifecycle']>;

/** Whose a turn is: ours until the host has made it its own. */
export interface TurnAdoption {
  readonly lifecycle: TurnLifecycle;
  /** Whether a crash is the host's to recover from. */
  readonly isAdopted: () => boolean;
  /** Whether the host has put the text behind another turn. It goes on then, or not, after the host's run is over. */
  readonly isDeferred: () => boolean;
  /**
   * Resolves when the host has decided about the turn. A text that it puts behind another turn stands in its memory
   * alone until then, and a crash forgets it.
   *
   * @throws {Error} when the host gave the turn up: the text is to be handled again
   */
  decided(): Promise<void>;
}

/** What {@link createTurnAdoption} takes. */
export interface TurnAdoptionOptions {
  /** Aborted when the run of this text is given up. */
  readonly signal: AbortSignal;
  readonly onAdopted: () => void;
  /** A deferred turn is over, whatever became of it. */
  readonly onSettled: () => void;
}

/** Makes what the host is given with one turn. */
export function createTurnAdoption(options: TurnAdoptionOptions): TurnAdoption {
  const { signal, onAdopted, onSettled } = options;
  let isAdopted = false;
  let isDeferred = false;
  let isGivenUp = false;
  let decide = nothing;
  const decision = new Promise<void>((resolve) => {
    decide = resolve;
  });
  return {
    isAdopted: () => isAdopted,
    isDeferred: () => isDeferred,
    lifecycle: {
      admission: 'exclusive',
      abortSignal: signal,
      onAdopted: () => {
        isAdopted = true;
        onAdopted();
        decide();
      },
      // Nothing is said here: `false` would make the host answer with an error, and then take the text for a duplicate.
      onDeferred: () => {
        isDeferred = true;
        signal.addEventListener('abort', decide, { once: true });
      },
      onAbandoned: () => {
        isGivenUp = true;
        decide();
      },
      onSettled: () => {
        decide();
        onSettled();
      },
    },
    async decided() {
      if (isDeferred) await decision;
      if (isAdopted) return;
      signal.throwIfAborted();
      if (isGivenUp) throw new Error('the host gave the turn up before it began');
    },
  };
}

const nothing = (): void => undefined;
