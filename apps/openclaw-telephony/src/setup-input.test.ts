import { describe, expect, it } from 'vitest';
import { readSetupInput } from './setup-input.ts';

describe('what channels add is given', () => {
  it('is read from flags, which are texts', () => {
    expect(
      readSetupInput({
        name: 'Sales',
        provider: 'twilio',
        webhookPort: '4000',
        allowFrom: '+15550100123, *',
        publicUrl: undefined,
      }),
    ).toEqual({
      ok: true,
      value: {
        name: 'Sales',
        provider: 'twilio',
        webhookPort: 4000,
        allowFrom: ['+15550100123', '*'],
      },
    });
  });

  it('is refused by the name of what is wrong, without repeating a secret', () => {
    const wrong: readonly (readonly [unknown, string])[] = [
      [{ authToken: { secret: 1 } }, 'authToken must be a text'],
      [{ provider: 'pigeon' }, 'provider must be one of twilio, telnyx, plivo, mock'],
      [{ webhookPort: '-1' }, 'webhookPort must be a whole number, 0 or more'],
      [{ webhookPort: 1.5 }, 'webhookPort must be a whole number, 0 or more'],
      [{ allowFrom: [1] }, 'allowFrom must be a list of texts, with commas between them'],
      [{ token: 'secret' }, 'there is no setting token'],
      ['provider', 'the settings must be an object'],
    ];
    for (const [input, error] of wrong) expect(readSetupInput(input)).toEqual({ ok: false, error });
  });
});
