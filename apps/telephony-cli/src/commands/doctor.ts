import { openAccountView } from '@openclaw/telephony-server';
import {
  configuration,
  deadLetters,
  quietHours,
  scheduledTexts,
  tunnel,
  unknownSends,
} from '../doctor/at-home.ts';
import { clock, numberAtCarrier } from '../doctor/at-the-carrier.ts';
import { forgedProbe, genuineProbe, publicAddress } from '../doctor/at-the-door.ts';
import { CommandFailure } from '../exit-code.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type WorkplaceOptions } from '../workplace.ts';

const looks = [
  configuration,
  tunnel,
  numberAtCarrier,
  clock,
  publicAddress,
  genuineProbe,
  forgedProbe,
  quietHours,
  scheduledTexts,
  deadLetters,
  unknownSends,
];

/** Looks at everything that must be right before a text can arrive, and says what to do about what is not. */
export async function doctor(terminal: Terminal, options: WorkplaceOptions): Promise<void> {
  const workplace = await openWorkplace(options);
  const marks = {
    ok: styled(terminal, 'green', '✓'),
    wrong: styled(terminal, 'red', '✗'),
    skipped: styled(terminal, 'yellow', '–'),
  };
  try {
    const { store, accountId } = workplace;
    const patient = { ...workplace, view: openAccountView({ store, accountId }) };
    let isHealthy = true;
    for (const look of looks) {
      const found = await look(patient);
      isHealthy &&= found.result !== 'wrong';
      sayJson(terminal, found);
      say(terminal, `${marks[found.result]} ${found.check}: ${found.detail}`);
    }
    if (!isHealthy) throw new CommandFailure('something is wrong; see the lines marked ✗');
  } finally {
    await workplace.close();
  }
}
