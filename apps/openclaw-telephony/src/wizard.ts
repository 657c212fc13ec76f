import {
  type Account,
  accountNamed,
  ConfigError,
  createProvider,
  type TelephonyConfig,
  webhookUrl,
} from '@openclaw/telephony-config';
import { createFetchTransport, isE164 } from '@openclaw/telephony-core';
import type { OpenClawConfig } from 'openclaw/plugin-sdk/channel-core';
import { readAccount } from './account.ts';
import { changeAccount } from './config-adapter.ts';
import { type CarrierName, credentials } from './credentials.data.ts';
import { draftAccounts, draftProblems } from './draft-config.ts';
import { environment } from './environment.ts';
import { toNumber } from './phone.ts';
import { recordIn, textIn } from './record.ts';
import { defaultAccount, defaultAccountOf, sectionOf } from './section.ts';
import { settingsFrom, type SetupInput } from './setup-settings.ts';
import { shownUrl } from './shown-url.ts';

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
 * @returns the settings of the account, to be joined with what it has; undefined when nothing is to be written, because
 * the channel could not be started with what was entered
 */
export async function runWizard(
  prompter: Prompter,
  cfg: OpenClawConfig,
  accountId: string,
): Promise<{ readonly [key: string]: unknown } | undefined> {
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
    const known = {
      fromNumber: before.fromNumber,
      publicUrl: ownPublicUrl(cfg, accountId),
      // The environment belongs to the account that is meant by default, which this may become.
      takesEnvironment:
        accountId === defaultAccountOf(changeAccount(cfg, accountId, { fromNumber: 'one' })),
    };
    const input = { ...(await ask(prompter, carrier, known)), provider: carrier };
    const settings = settingsFrom(carrier, input);
    const trouble = await tryOut(prompter, cfg, accountId, settings);
    if (trouble === undefined) {
      const policy = await askPolicy(prompter, before);
      return { ...settings, ...policy };
    }
    await prompter.note(trouble.problem, 'This does not work yet');
    if (!(await prompter.confirm({ message: 'Enter it again?', initialValue: true }))) {
      return trouble.isOfCarrier ? settings : undefined;
    }
  }
}

/** The address of this account, and not the one that it would inherit: that may be another's webhook. */
function ownPublicUrl(cfg: OpenClawConfig, accountId: string): string | undefined {
  const section = sectionOf(cfg);
  const own = textIn(recordIn(recordIn(section, 'accounts'), accountId), 'publicUrl');
  return own ?? (accountId === defaultAccount ? textIn(section, 'publicUrl') : undefined);
}

/** What questions begin with. */
interface Known {
  readonly fromNumber: string | undefined;
  readonly publicUrl: string | undefined;
  readonly takesEnvironment: boolean;
}

async function ask(prompter: Prompter, carrier: CarrierName, before: Known): Promise<SetupInput> {
  const given: { [key: string]: string } = {};
  for (const { key, variable, secret, required } of credentials[carrier]) {
    if (!required) continue;
    const isSet =
      before.takesEnvironment && variable !== undefined && (environment()[variable] ?? '') !== '';
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
      value.trim() === '' || /^https?:\/\/[^/]/iu.test(value.trim())
        ? undefined
        : 'an address as https://…',
  });
  const address = publicUrl.trim();
  return { ...given, fromNumber, ...(address === '' ? {} : { publicUrl: address }) };
}

/** What is wrong, in the words of the configuration or of the carrier. */
interface Trouble {
  readonly problem: string;
  /** The settings can be loaded, and may be right tomorrow. */
  readonly isOfCarrier: boolean;
}

/** Looks at the configuration as a whole, as the gateway will: one account can keep all of them from starting. */
async function tryOut(
  prompter: Prompter,
  cfg: OpenClawConfig,
  accountId: string,
  settings: { readonly [key: string]: unknown },
): Promise<Trouble | undefined> {
  const draft = changeAccount(cfg, accountId, settings);
  const problems = draftProblems(cfg, draft, accountId);
  if (problems.length > 0) return { problem: problems.join('\n'), isOfCarrier: false };
  const accounts = draftOf(draft);
  if (accounts instanceof ConfigError) {
    await prompter.note(accounts.message, 'Not tried at the carrier: this must be mended first');
    return undefined;
  }
  try {
    await pointHere(prompter, accountNamed(accounts, accountId).config);
    return undefined;
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'the carrier does not answer';
    return { problem, isOfCarrier: !(error instanceof ConfigError) };
  }
}

/** The accounts, or what is wrong with one that is not being set up. */
function draftOf(draft: OpenClawConfig): readonly Account[] | ConfigError {
  try {
    return draftAccounts(draft);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/**
 * Looks at the number with the credentials, and offers to point it here.
 *
 * @throws {Error} when the settings cannot be used, or the carrier refuses them
 */
async function pointHere(prompter: Prompter, config: TelephonyConfig): Promise<void> {
  const { numberSetup } = createProvider(config, { transport: createFetchTransport() });
  const number = config.fromNumber;
  if (numberSetup === undefined || number === undefined || !isE164(number)) return;
  const { messageUrl } = await numberSetup.inspect(number);
  const wanted = webhookUrl(config);
  if (wanted === undefined || messageUrl?.href === wanted.href) return;
  const now = messageUrl instanceof URL ? shownUrl(messageUrl) : 'nowhere';
  const change = await prompter.confirm({
    message: `Texts to ${number} go to ${now}. Send them to ${wanted.href} from now on?`,
    initialValue: true,
  });
  if (!change) return;
  await numberSetup.apply(number, { messageUrl: wanted });
  await prompter.note(`Before, texts went to ${now}.`, 'The number now leads here');
}

async function askPolicy(
  prompter: Prompter,
  before: { readonly inboundPolicy: string; readonly allowFrom: readonly string[] },
): Promise<{ readonly [key: string]: unknown }> {
  const inboundPolicy = await prompter.select({
    message: 'Who may text the agent?',
    options: [
      { value: 'pairing', label: 'Whoever you approve', hint: 'strangers get a code' },
      { value: 'allowlist', label: 'Numbers that you name now', hint: 'others get no answer' },
      {
        value: 'disabled',
        label: 'Nobody',
        hint: 'and the agent texts only whom outbound.allowTo names',
      },
    ],
    initialValue: before.inboundPolicy === 'open' ? 'pairing' : before.inboundPolicy,
  });
  if (inboundPolicy !== 'allowlist') {
    // "Everybody" goes together with the policy "open" alone.
    const named = before.allowFrom.filter((entry) => entry !== '*');
    const wasOpen = named.length < before.allowFrom.length;
    return { inboundPolicy, ...(wasOpen ? { allowFrom: named } : {}) };
  }
  const written = await prompter.text({
    message: 'Which numbers? Separate them with commas',
    validate: (value) =>
      value.split(',').every((one) => toNumber(one) !== '') ? undefined : 'numbers as +15550100123',
  });
  return { inboundPolicy, allowFrom: written.split(',').map(toNumber) };
}
