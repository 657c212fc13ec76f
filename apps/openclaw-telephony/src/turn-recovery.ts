import { setTimeout as pauseFor } from 'node:timers/promises';
import type { Logger } from '@openclaw/telephony-server';
import type { OpenClawConfig } from 'openclaw/plugin-sdk/channel-core';

/** The part of the host that knows what its sessions do. */
export interface HostSessions {
  resolveStorePath(store: string | undefined, of: { readonly agentId: string }): string;
  getSessionEntry(asked: StoredSession): { readonly status?: string | undefined } | undefined;
}

/** Which session, and where the host keeps it. */
export interface StoredSession extends Session {
  readonly storePath: string;
  readonly readConsistency: 'latest';
}

/** A conversation, as the host names it. */
export interface Session {
  readonly agentId: string;
  readonly sessionKey: string;
}

/** What the host takes up again after a restart. */
export interface Recovery {
  /**
   * Resolves when the host does nothing more in this session that it had begun before.
   *
   * @throws {Error} when `signal` is aborted before
   */
  over(session: Session, signal: AbortSignal): Promise<void>;
}

/** What {@link createRecovery} takes. */
export interface RecoveryOptions {
  readonly sessions: HostSessions;
  readonly config: () => OpenClawConfig;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Milliseconds since the gateway's process began. */
  readonly upMs?: () => number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * A gateway that was killed while an agent thought finishes that turn by itself when it is back. A text that comes in
 * meanwhile is put behind this turn, and then run within what the turn has closed: its sender gets an error instead of an
 * answer, and the host takes the text for handled. So the first text of each conversation waits.
 */
export function createRecovery(options: RecoveryOptions): Recovery {
  const { sessions, config, logger } = options;
  const { upMs = () => performance.now(), pause = longPause } = options;
  const idle = new Set<string>();

  const isLate = (): boolean => upMs() > longestMs;

  function isRunning({ agentId, sessionKey }: Session): boolean {
    try {
      const storePath = sessions.resolveStorePath(config().session?.store, { agentId });
      const entry = sessions.getSessionEntry({
        agentId,
        sessionKey,
        storePath,
        readConsistency: 'latest',
      });
      return entry?.status === 'running';
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      logger.warn({ reason }, 'the host does not say what its session does');
      return false;
    }
  }

  return {
    async over(session, signal) {
      const { sessionKey } = session;
      if (isLate() || idle.has(sessionKey)) return;
      if (isRunning(session)) {
        logger.info({}, 'a text waits: the host ends what it had begun before it was restarted');
        for (let quietMs = 0; quietMs < settleMs && !isLate();) {
          await pause(lookEveryMs, signal);
          quietMs = isRunning(session) ? 0 : quietMs + lookEveryMs;
        }
      }
      idle.add(sessionKey);
    },
  };
}

/** What the host does not take up again still stands as running: so nothing waits for it longer than this. */
const longestMs = 5 * 60_000;
const lookEveryMs = 500;
/** The session stands as done a moment before everything of its turn is closed. */
const settleMs = 1500;

const longPause = (ms: number, signal: AbortSignal): Promise<void> =>
  pauseFor(ms, undefined, { signal });
