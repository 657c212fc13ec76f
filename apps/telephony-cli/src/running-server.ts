import type { KeyValueStore } from '@openclaw/telephony-store';

/** What a running `telephony serve` tells the other commands on the same data. */
export interface RunningServer {
  /** Where it listens on this machine. */
  readonly listening: string;
  /** Where carriers reach it, when that is the same for every account: the address of a tunnel. */
  readonly tunnelUrl?: string;
  readonly processId: number;
  readonly startedAt: string;
}

const key = 'running-server';
const timeoutMs = 2000;

/**
 * Writes down that a server runs. Call the result when it ends; a crash leaves the note, so whoever reads it asks. Neither
 * rejects: `onError` is told when the store does not take it.
 */
export async function announceServer(
  keyValue: KeyValueStore,
  {
    server,
    onError,
  }: { readonly server: RunningServer; readonly onError: (error: unknown) => void },
): Promise<() => Promise<void>> {
  const note = JSON.stringify(server);
  await keyValue.set(key, note).catch(onError);
  const withdraw = async (): Promise<void> => {
    // Another server may have taken over meanwhile.
    if ((await keyValue.get(key))?.value === note) await keyValue.delete(key);
  };
  return () => withdraw().catch(onError);
}

/** The server that runs on this data; `undefined` when none answers. It is only asked whether it is alive. */
export async function findRunningServer(
  keyValue: KeyValueStore,
): Promise<RunningServer | undefined> {
  const entry = await keyValue.get(key);
  const server = entry && parseNote(JSON.parse(entry.value));
  if (server === undefined) return undefined;
  const answer = await fetch(new URL('/health', server.listening), {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok === true ? server : undefined;
}

function parseNote(json: unknown): RunningServer | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { listening, tunnelUrl, processId, startedAt }: { readonly [name: string]: unknown } = {
    ...json,
  };
  if (typeof listening !== 'string' || !URL.canParse(listening)) return undefined;
  return {
    listening,
    ...(typeof tunnelUrl === 'string' ? { tunnelUrl } : {}),
    processId: typeof processId === 'number' ? processId : 0,
    startedAt: typeof startedAt === 'string' ? startedAt : '',
  };
}
