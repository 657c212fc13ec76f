import { describe, expect, it } from 'vitest';
import { TelephonyError } from './error.ts';
import {
  assertOutboundMedia,
  type OutboundFile,
  type OutboundMediaLimits,
} from './media-limits.ts';

const limits: OutboundMediaLimits = {
  by: 'url',
  maxCount: 3,
  maxBytes: 1000,
  maxTotalBytes: 1500,
  byType: [
    { types: ['image/jpeg', 'image/png'], maxBytes: 1000 },
    { types: ['text/*'], maxBytes: 100 },
  ],
};
const picture = (bytes: number): OutboundFile => ({ contentType: 'image/png', bytes });

function problemOf(
  files: readonly OutboundFile[],
  over: OutboundMediaLimits | false = limits,
): string | undefined {
  try {
    assertOutboundMedia(files, over);
    return undefined;
  } catch (error) {
    if (!TelephonyError.isInstance(error) || error.outcome !== 'not-performed') throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('what a carrier takes of media', () => {
  it('is taken up to the very limit', () => {
    expect(problemOf([])).toBeUndefined();
    expect(problemOf([], false)).toBeUndefined();
    expect(problemOf([picture(1000), picture(500), {}])).toBeUndefined();
    expect(problemOf([{ contentType: 'text/vcard', bytes: 100 }])).toBeUndefined();
  });

  it.each([
    [
      [{}, {}, {}, {}],
      'invalid_request: 4 media are too many for one message: this carrier takes 3',
    ],
    [[picture(1001)], 'invalid_request: media 1 has 1001 bytes and this carrier takes 1000'],
    [[{}, { contentType: 'text/plain', bytes: 101 }], 'invalid_request: media 2 has 101 bytes'],
    [
      [{ contentType: 'video/mp4', bytes: 1 }],
      'invalid_request: media 1: this carrier takes no video/mp4',
    ],
    [[picture(800), picture(701)], 'invalid_request: the media have 1501 bytes together'],
  ])('is refused beyond it, with the figure', (files, problem) => {
    expect(problemOf(files)).toContain(problem);
  });

  it('is anything of the largest size where the carrier does not tell types apart, and nothing where it takes none', () => {
    const { byType: _, ...plain } = limits;
    expect(problemOf([{ contentType: 'video/mp4', bytes: 1000 }], plain)).toBeUndefined();
    expect(problemOf([{}], false)).toBe('unsupported: this carrier cannot send pictures and files');
    const rest = { ...limits, byType: [{ types: ['*'], maxBytes: 10 }] };
    expect(problemOf([{ contentType: 'video/mp4', bytes: 10 }], rest)).toBeUndefined();
  });
});
