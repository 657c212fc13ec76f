import { fileOf } from './secret-files.ts';
import { type Settings, settingAt, withSetting } from './settings-tree.ts';

/** Environment variables, as `process.env` has them. */
export type Environment = { readonly [name: string]: string | undefined };

/** Settings after the environment was asked, and what it left unclear. */
export interface FilledSettings {
  readonly settings: Settings;
  /** Which settings are the environment's, by their path, and the name of the variable. */
  readonly variables: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** A pool sends before a number does: it would overrule the number that the file says. */
const pool = 'TWILIO_MESSAGING_SERVICE_SID';
/** Variables that configure the default account, and where their values go. */
const ofAccount: readonly (readonly [name: string, path: string])[] = [
  ['TWILIO_ACCOUNT_SID', 'twilio.accountSid'],
  ['TWILIO_AUTH_TOKEN', 'twilio.authToken'],
  [pool, 'twilio.messagingServiceSid'],
  ['TELNYX_API_KEY', 'telnyx.apiKey'],
  ['TELNYX_MESSAGING_PROFILE_ID', 'telnyx.messagingProfileId'],
  ['TELNYX_PUBLIC_KEY', 'telnyx.publicKey'],
  ['TELNYX_CONNECTION_ID', 'telnyx.connectionId'],
  ['PLIVO_AUTH_ID', 'plivo.authId'],
  ['PLIVO_AUTH_TOKEN', 'plivo.authToken'],
];
const ofTunnel: typeof ofAccount = [
  ['NGROK_AUTHTOKEN', 'tunnel.ngrokAuthToken'],
  ['NGROK_DOMAIN', 'tunnel.ngrokDomain'],
];
/** What each carrier calls the account: whoever sets it uses that carrier. */
const carriers: readonly (readonly [carrier: string, variable: string])[] = [
  ['twilio', 'TWILIO_ACCOUNT_SID'],
  ['telnyx', 'TELNYX_API_KEY'],
  ['plivo', 'PLIVO_AUTH_ID'],
];
const numbers = ['TWILIO_PHONE_NUMBER', 'TWILIO_SMS_FROM'];
/** Other programs have it for a name as well: it counts where nothing else says who sends. */
const lastNumber = 'TWILIO_FROM_NUMBER';

/** Fills what an account leaves open from the environment: of the carrier that it uses, and of no other. Empty variables count
 * as absent, and the file wins. */
export function withEnvironment(settings: Settings, environment: Environment): FilledSettings {
  const problems: string[] = [];
  const variables = new Map<string, string>();
  let filled = settings;
  if (filled['provider'] === undefined) {
    const named = carriers.filter(([, variable]) => isSet(environment, variable));
    const [[carrier] = []] = named;
    if (named.length === 1) filled = { ...filled, provider: carrier };
    else if (named.length > 1) {
      const names = named.map(([, variable]) => variable).join(' and ');
      problems.push(
        `provider is missing, and the environment names several carriers (${names}): which one?`,
      );
    }
  }
  const { provider } = filled;
  // What is set for another carrier is another program's business.
  const saysWho = filled['fromNumber'] !== undefined && filled['sender'] !== 'service';
  const own = ofAccount.filter(
    ([name, path]) => path.startsWith(`${String(provider)}.`) && !(saysWho && name === pool),
  );
  filled = fill(filled, own, environment, variables);
  if (filled['fromNumber'] === undefined && provider === 'twilio') {
    const usual = numbers.filter((name) => isSet(environment, name));
    const isSaid =
      usual.length > 0 || settingAt(filled, ['twilio', 'messagingServiceSid']) !== undefined;
    const given = isSaid ? usual : [lastNumber].filter((name) => isSet(environment, name));
    const values = new Set(given.map((name) => valueOf(environment, name)));
    if (values.size > 1) {
      problems.push(
        `fromNumber is missing, and ${given.join(' and ')} differ: set one of them, or fromNumber`,
      );
    }
    const [name] = given;
    if (values.size === 1 && name !== undefined) {
      filled = { ...filled, fromNumber: valueOf(environment, name) };
      variables.set('fromNumber', name);
    }
  }
  return { settings: filled, variables, problems };
}

/** Fills what the whole process shares: the tunnel. */
export function withTunnelEnvironment(settings: Settings, environment: Environment): Settings {
  return fill(settings, ofTunnel, environment, new Map());
}

/** Without the space and the end of the line that files of variables bring along. */
const valueOf = (environment: Environment, name: string): string =>
  (environment[name] ?? '').trim();

const isSet = (environment: Environment, name: string): boolean =>
  valueOf(environment, name) !== '';

function fill(
  settings: Settings,
  table: typeof ofAccount,
  environment: Environment,
  variables: Map<string, string>,
): Settings {
  let filled = settings;
  for (const [name, dotted] of table) {
    if (!isSet(environment, name)) continue;
    const path = dotted.split('.');
    const isGiven = [path, fileOf(path)].some((each) => settingAt(settings, each) !== undefined);
    if (isGiven) continue;
    filled = withSetting(filled, path, valueOf(environment, name));
    variables.set(dotted, name);
  }
  return filled;
}
