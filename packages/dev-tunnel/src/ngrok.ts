import { within } from './deadline.ts';
import { createNgrokConnector, type NgrokSession } from './ngrok-session.ts';
import type { Opener } from './opener.ts';
import { TunnelError, type TunnelErrorCode } from './tunnel-error.ts';

/** Opens a tunnel through ngrok's module. */
export const openNgrok: Opener = async (request, events) => {
  const { ngrok, logger, target, signal, connectNgrok = createNgrokConnector() } = request;
  if (ngrok === undefined) {
    throw new TunnelError('invalid_options', 'ngrok needs a token: set ngrok.authToken.');
  }
  const { domain } = ngrok;
  let shown: string | undefined;
  const session = await within(
    signal,
    connected(() =>
      connectNgrok({
        ...ngrok,
        target,
        onLost: () => logger.warn({ provider: 'ngrok' }, 'the connection to ngrok is lost'),
        onRestored(url) {
          logger.info({ provider: 'ngrok' }, 'the connection to ngrok is back');
          const origin = originOf(url);
          if (origin === undefined || shown === undefined || origin.href === shown) return;
          shown = origin.href;
          events.originChanged(origin);
        },
      }),
    ),
    (late) => late.close(),
  );
  const origin = originOf(session.url);
  if (origin === undefined || (domain !== undefined && origin.hostname !== domain.toLowerCase())) {
    await session.close().catch(() => undefined);
    throw new TunnelError(
      'start_failed',
      'ngrok opened the tunnel under another address than asked for.',
    );
  }
  shown = origin.href;
  return {
    origin,
    reach: 'internet',
    async close() {
      try {
        await session.close();
      } catch {
        throw new TunnelError(
          'start_failed',
          'ngrok did not confirm the end of the session; it ends with this process.',
        );
      }
    },
  };
};

function originOf(url: string | null): URL | undefined {
  if (url === null || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return parsed.protocol === 'https:' ? new URL(parsed.origin) : undefined;
}

async function connected(connect: () => Promise<NgrokSession>): Promise<NgrokSession> {
  try {
    return await connect();
  } catch (error) {
    throw TunnelError.isInstance(error) ? error : explainNgrok(error);
  }
}

type Explanation = readonly [code: TunnelErrorCode, message: string];

const badToken: Explanation = [
  'auth_failed',
  'ngrok does not accept the token: copy it anew from the ngrok dashboard, "Your Authtoken".',
];
const tooManySessions: Explanation = [
  'conflict',
  'This ngrok account has as many sessions open as it may: end the other agent, or use another account.',
];
const foreignDomain: Explanation = [
  'not_permitted',
  'This ngrok account may not use that domain: reserve it in the ngrok dashboard, or leave ngrok.domain out.',
];
const alreadyOnline: Explanation = [
  'conflict',
  'This ngrok domain is already online: end the other tunnel, or set another ngrok.domain.',
];

/** ngrok's error numbers that a person can do something about. */
const known: ReadonlyMap<string, Explanation> = new Map([
  ['105', badToken],
  ['106', badToken],
  ['107', badToken],
  ['4018', badToken],
  ['108', tooManySessions],
  ['313', foreignDomain],
  ['314', foreignDomain],
  ['319', foreignDomain],
  ['320', foreignDomain],
  ['334', alreadyOnline],
]);

/** Of what ngrok says only its error number is taken: some of its messages quote the token. */
function explainNgrok(error: unknown): TunnelError {
  const text = error instanceof Error ? error.message : '';
  const number = /ERR_NGROK_(\d{1,6})/u.exec(text)?.[1];
  const [code, message] = known.get(number ?? '') ?? [
    'start_failed',
    'ngrok could not open the tunnel: is the network there, and what does the status page of ngrok say?',
  ];
  return new TunnelError(code, number === undefined ? message : `${message} (ERR_NGROK_${number})`);
}
