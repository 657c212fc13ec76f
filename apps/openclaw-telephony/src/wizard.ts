import { createProvider, loadConfig, webhookUrl } from '@openclaw/telephony-config';
import { createFetchTransport, isE164 } from '@openclaw/telephony-core';
import { readAccount } from './account.ts';
import { type CarrierName, credentials } from './credentials.data.ts';
import { environment } from './environment.ts';
import { toNumber } from './phone.ts';
import { isRecord, type JsonRecord, recordIn } from './record.ts';
import { type HostConfig, settingsOf, withoutHostKeys } from './section.ts';
import { settingsFrom, type SetupInput } from './setup-settings.ts';

/** How a person is asked: what the host gives to wizards. */
export interface Prompter {
  select<Value>(question: {
    message: string;
    options: { value: Value; label: string; hint?: string }[];
    initialValue?: Value;
  }): Promise<Value>;
  text(question: {
    message: string;
    initialValue?: string;
    placeholder?: string;
    sensitive?: boolean;
    validate?: (value: string) => string | undefined;
  }): Promise<string>;
  confirm(question: { message: string; initialValue?: boolean }): Promise<boolean>;
  note(message: string, title?: string): Promise<void>;
}

const labels: { readonly [key: string]: string } = {
  accountSid: 'Account SID (begins with AC)',
  authToken: 'Auth token',
  authId: 'Auth ID (begins with MA or SA)',
  apiKey: 'API key (begins with KEY)',
  publicKey: 'Public key (Keys & Credentials, in the portal)',
  webhookSecret: 'Any word: simulated webhooks are signed with it',
};

/**
 * Asks for everything that an account needs, tries it at the carrier, and offers to point the number here.
 *
 * @returns the settings of the account, to be joined with what it has
 */
export async function runWizard(
  prompter: Prompter,
  cfg: HostConfig,
  accountId: string,
): Promise<{ readonly [key: string]: unknown }> {
  const before = readAccount(cfg, accountId);
  const carrier = await prompter.select<CarrierName>({
    message: 'Which carrier?',
    options: [
      { value: 'twilio', label: 'Twilio' },
      { value: 'telnyx', label: 'Telnyx' },
      { value: 'plivo', label: 'Plivo' },
      { value: 'mock', label: 'None: a simulated one', hint: 'try it without an account' },
    ],
    ...(before.provider === undefined ? {} : { initialValue: before.provider }),
  });
  for (;;) {
    const input = { ...(await ask(prompter, carrier, before)), provider: carrier };
    const settings = settingsFrom(carrier, input);
    const problem = await tryOut(prompter, joined(settingsOf(cfg, accountId), settings));
    if (problem === undefined) {
      const policy = await askPolicy(prompter, before.inboundPolicy);
      return { ...settings, ...policy };
    }
    await prompter.note(problem, 'This does not work yet');
    if (!(await prompter.confirm({ message: 'Enter it again?', initialValue: true }))) {
      return settings;
    }
  }
}

async function ask(
  prompter: Prompter,
  carrier: CarrierName,
  before: { readonly fromNumber: string | undefined; readonly publicUrl: string | undefined },
): Promise<SetupInput> {
  const given: { [key: string]: string } = {};
  for (const { key, variable, secret, required } of credentials[carrier]) {
    if (!required) continue;
    const isSet = variable !== undefined && (environment()[variable] ?? '') !== '';
    if (isSet && (await prompter.confirm({ message: `Use ${variable} of the environment?` }))) {
      continue;
    }
    given[key] = await prompter.text({
      message: labels[key] ?? key,
      sensitive: secret,
      validate: (value) => (value.trim() === '' ? 'it cannot be empty' : undefined),
    });
  }
  const fromNumber = await prompter.text({
    message: 'Your number at this carrier',
    placeholder: '+15550100100',
    initialValue: before.fromNumber ?? '',
    validate: (value) => (toNumber(value) === '' ? 'a number as +15550100100' : undefined),
  });
  const publicUrl = await prompter.text({
    message: 'Where does the carrier reach this machine? Empty: a tunnel, or later',
    placeholder: 'https://sms.example.com',
    initialValue: before.publicUrl ?? '',
    validate: (value) =>
      value.trim() === '' || URL.canParse(value) ? undefined : 'an address as https://…',
  });
  return { ...given, fromNumber, ...(publicUrl.trim() === '' ? {} : { publicUrl }) };
}

/** What is wrong with the settings, in the words of the configuration or the carrier. */
async function tryOut(prompter: Prompter, settings: JsonRecord): Promise<string | undefined> {
  try {
    await pointHere(prompter, settings);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'the carrier does not answer';
  }
}

/**
 * Looks at the number with the credentials, and offers to point it here.
 *
 * @throws {Error} when the settings cannot be used, or the carrier refuses them
 */
async function pointHere(prompter: Prompter, value: JsonRecord): Promise<void> {
  const config = await loadConfig({ value, environment: environment() });
  const { numberSetup } = createProvider(config, { transport: createFetchTransport() });
  const number = config.fromNumber;
  if (numberSetup === undefined || number === undefined || !isE164(number)) return;
  const { messageUrl } = await numberSetup.inspect(number);
  const wanted = webhookUrl(config);
  if (wanted === undefined || messageUrl?.href === wanted.href) return;
  const now = messageUrl?.href ?? 'nowhere';
  const change = await prompter.confirm({
    message: `Texts to ${number} go to ${now}. Send them to ${wanted.href} from now on?`,
    initialValue: true,
  });
  if (!change) return;
  await numberSetup.apply(number, { messageUrl: wanted });
  await prompter.note(`Before, texts went to ${now}.`, 'The number now leads here');
}

/** What the account has, and over it what was entered; without what the host alone knows. */
function joined(before: JsonRecord, entered: JsonRecord): JsonRecord {
  const { accounts: _others, defaultAccount: _which, serve, ...rest } = withoutHostKeys(before);
  const { mode: _mode, ...own } = isRecord(serve) ? serve : {};
  const both: { [key: string]: unknown } = { ...rest, serve: own };
  for (const [key, value] of Object.entries(entered)) {
    both[key] = isRecord(value) ? { ...recordIn(both, key), ...value } : value;
  }
  return both;
}

async function askPolicy(
  prompter: Prompter,
  before: string,
): Promise<{ readonly [key: string]: unknown }> {
  const inboundPolicy = await prompter.select({
    message: 'Who may text the agent?',
    options: [
      { value: 'pairing', label: 'Whoever you approve', hint: 'strangers get a code' },
      { value: 'allowlist', label: 'Numbers that you name now', hint: 'others get no answer' },
      { value: 'disabled', label: 'Nobody', hint: 'the agent only sends' },
    ],
    initialValue: before === 'open' ? 'pairing' : before,
  });
  if (inboundPolicy !== 'allowlist') return { inboundPolicy };
  const written = await prompter.text({
    message: 'Which numbers? Separate them with commas',
    validate: (value) =>
      value.split(',').every((one) => toNumber(one) !== '') ? undefined : 'numbers as +15550100123',
  });
  return { inboundPolicy, allowFrom: written.split(',').map(toNumber) };
}
