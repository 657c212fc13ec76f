/**
 * Provenance: num_segments as billed on a live Twilio account, reported in TwilioDevEd/message-segment-calculator issues
 * 66 and 39: the 12 reported cases whose exact text is known. Not measured by this project.
 */
export interface BilledCase {
  readonly name: string;
  readonly text: string;
  readonly encoding: 'gsm7' | 'ucs2';
  readonly billedSegments: number;
}

export const billedCases: readonly BilledCase[] = [
  {
    name: '80 a + CRLF + 79 a',
    text: 'a'.repeat(80) + '\r\n' + 'a'.repeat(79),
    encoding: 'gsm7',
    billedSegments: 2,
  },
  {
    name: '80 a + LF + 79 a',
    text: 'a'.repeat(80) + '\n' + 'a'.repeat(79),
    encoding: 'gsm7',
    billedSegments: 1,
  },
  {
    name: '200 a + CRLF + 105 a',
    text: 'a'.repeat(200) + '\r\n' + 'a'.repeat(105),
    encoding: 'gsm7',
    billedSegments: 3,
  },
  {
    name: '70 precomposed e acute',
    text: '\u00e9'.repeat(70),
    encoding: 'gsm7',
    billedSegments: 1,
  },
  {
    name: '70 decomposed e + U+0301',
    text: 'e\u0301'.repeat(70),
    encoding: 'ucs2',
    billedSegments: 3,
  },
  {
    name: '1 decomposed e + U+0301',
    text: 'e\u0301',
    encoding: 'ucs2',
    billedSegments: 1,
  },
  {
    name: '160 a',
    text: 'a'.repeat(160),
    encoding: 'gsm7',
    billedSegments: 1,
  },
  {
    name: '161 a',
    text: 'a'.repeat(161),
    encoding: 'gsm7',
    billedSegments: 2,
  },
  {
    name: '70 CJK',
    text: '\u4e2d'.repeat(70),
    encoding: 'ucs2',
    billedSegments: 1,
  },
  {
    name: '71 CJK',
    text: '\u4e2d'.repeat(71),
    encoding: 'ucs2',
    billedSegments: 2,
  },
  {
    name: '1 pipe',
    text: '|',
    encoding: 'gsm7',
    billedSegments: 1,
  },
  {
    name: '153 closing brackets',
    text: ']'.repeat(153),
    encoding: 'gsm7',
    billedSegments: 3,
  },
];
