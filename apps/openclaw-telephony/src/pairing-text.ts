import { pairingText } from '@openclaw/pairing-store';

/** What a stranger gets: one segment, with the very command that lets them in. */
export const hostPairingText = (code: string): string =>
  pairingText({
    code,
    template:
      'This number is private. To be let in, ask its owner to run: openclaw pairing approve telephony {code} (works for {minutes} min)',
  });
