import type { Keywords, OptOutType } from '../carrier/opt-out.ts';

/** The keywords that Plivo listens to, in a list of its own. */
export const keywords: Keywords = {
  STOP: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'],
  START: ['START', 'YES', 'UNSTOP'],
  HELP: ['HELP', 'INFO'],
};

/** What `MessageIntent` says of them. */
export const intents: Readonly<Record<OptOutType, string>> = {
  STOP: 'optout',
  START: 'optin',
  HELP: 'help',
};
