// Measures the built package against its peers and against a bare scan of the same characters, and fails when a gate is
// missed by the median of the rounds. Run it with `pnpm --filter @openclaw/sms-encoding bench` after a build.
import { countSegments, segmentMessage } from '@openclaw/sms-encoding';
import { count as smsLengthCount } from 'sms-length';
import { SegmentedMessage } from 'sms-segments-calculator';
import { split } from 'split-sms';
import { hasRun, measureRounds, median } from './rounds.ts';
import type { Contestant } from './rounds.ts';

/** `left / right` in time must be at least, or at most, a number. */
interface Gate {
  readonly slower: string;
  readonly faster: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

interface Case {
  readonly title: string;
  readonly contestants: readonly Contestant[];
  readonly gates: readonly Gate[];
}

const ours = 'sms-encoding';

function flat(text: string): string {
  // A string that was put together is a tree until something reads it: let nobody pay for that.
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

const sentence = 'The quick brown fox jumps over 13 lazy dogs (and one cat): 5 £ each! ';
const gsm7 = flat(sentence.repeat(30).slice(0, 1600));
const escaped = flat(`${gsm7.slice(0, 790)}[€]${gsm7.slice(796)}`);
const short = flat(gsm7.slice(0, 160));
const cjk = flat('我能吞下玻璃而不伤身体。'.repeat(140).slice(0, 1600));
const emojiLast = flat(`${gsm7.slice(0, 1598)}😀`);
const emojiInside = flat(`${gsm7.slice(0, 800)}😀${gsm7.slice(802)}`);

const costs = new Uint16Array(0x1_0000).fill(1);
const characters = new Uint16Array(4096).map((_unused, index) => gsm7.charCodeAt(index) || 0);

/** The least that can be done to count: look every character up, nothing else. */
function scan(count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index++) {
    sum = (sum + (costs[characters[index] ?? 0] ?? 0)) | 0;
  }
  return sum;
}

const segmenting = (text: string): Contestant[] => [
  { name: ours, run: () => segmentMessage(text).segments.length },
  { name: 'split-sms', run: () => split(text).parts.length },
];
const calculator = (text: string): Contestant => ({
  name: 'sms-segments-calculator',
  run: () => new SegmentedMessage(text).segmentsCount,
});

const cases: readonly Case[] = [
  {
    title: 'segmentMessage, 160 GSM-7 characters',
    contestants: [...segmenting(short), calculator(short)],
    gates: [],
  },
  {
    title: 'segmentMessage, 1600 GSM-7 characters',
    contestants: [...segmenting(gsm7), calculator(gsm7)],
    gates: [
      { slower: 'split-sms', faster: ours, atLeast: 25 },
      { slower: 'sms-segments-calculator', faster: ours, atLeast: 1000 },
    ],
  },
  {
    title: 'countSegments, 1600 GSM-7 characters',
    contestants: [
      { name: ours, run: () => countSegments(gsm7) },
      { name: 'sms-length', run: () => smsLengthCount(gsm7).messages },
      { name: 'a scan of a typed array', run: () => scan(gsm7.length) },
    ],
    gates: [{ slower: ours, faster: 'a scan of a typed array', atMost: 2 }],
  },
  {
    title: 'countSegments, 1600 septets of GSM-7, three characters escaped',
    contestants: [
      { name: ours, run: () => countSegments(escaped) },
      { name: 'sms-length', run: () => smsLengthCount(escaped).messages },
      { name: 'a scan of a typed array', run: () => scan(gsm7.length) },
    ],
    gates: [{ slower: ours, faster: 'a scan of a typed array', atMost: 2 }],
  },
  {
    title: 'segmentMessage, 1600 CJK characters',
    contestants: segmenting(cjk),
    gates: [{ slower: 'split-sms', faster: ours, atLeast: 2 }],
  },
  {
    title: 'segmentMessage, 1600 characters, the last one an emoji',
    contestants: segmenting(emojiLast),
    gates: [{ slower: 'split-sms', faster: ours, atLeast: 20 }],
  },
  {
    // split-sms reads no further than the emoji; the earlier it stands, the less there is to gain.
    title: 'segmentMessage, 1600 characters with an emoji in the middle',
    contestants: segmenting(emojiInside),
    gates: [{ slower: 'split-sms', faster: ours, atLeast: 10 }],
  },
];

function judge(gate: Gate, results: ReadonlyMap<string, readonly number[]>): boolean {
  const slower = results.get(gate.slower) ?? [];
  const faster = results.get(gate.faster) ?? [];
  const ratio = median(slower.map((time, round) => time / (faster[round] ?? Number.NaN)));
  const { atLeast = 0, atMost = Infinity } = gate;
  const passed = ratio >= atLeast && ratio <= atMost;
  const bound = gate.atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  console.log(
    `  ${passed ? 'ok    ' : 'MISSED'} ${gate.slower} / ${gate.faster}: ${ratio.toFixed(2)} (gate: ${bound})`,
  );
  return passed;
}

let missedCount = 0;
for (const { title, contestants, gates } of cases) {
  console.log(title);
  const results = measureRounds(contestants);
  for (const [name, times] of results) {
    console.log(`  ${name}: ${(median(times) / 1000).toFixed(3)} µs`);
  }
  for (const gate of gates) if (!judge(gate, results)) missedCount++;
}
if (!hasRun() || missedCount > 0) {
  console.error(`${missedCount} gates missed`);
  process.exitCode = 1;
}
