import type { Keywords } from '../carrier/opt-out.ts';

/** The keywords that Telnyx listens to on every messaging profile, in a list of its own. */
export const keywords: Keywords = {
  STOP: ['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'],
  START: ['START', 'UNSTOP'],
  HELP: ['HELP'],
};
