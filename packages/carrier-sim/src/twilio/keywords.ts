import type { Keywords } from '../carrier/opt-out.ts';

/**
 * Twilio's default keywords for long codes and toll-free numbers. A list of its own, on purpose: a simulator that shared
 * the application's list could not show that one of them is wrong.
 */
export const keywords: Keywords = {
  STOP: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  START: ['START', 'YES', 'UNSTOP'],
  HELP: ['HELP', 'INFO'],
};
