import { z } from 'zod';

const size = z.int().positive();
const duration = z.int().positive();

const inbound = z.strictObject({
  maxCount: z
    .int()
    .nonnegative()
    .describe('Files of one text that are fetched; 0: none')
    .default(10),
  maxBytes: size.describe('The largest file; default: what maxTotalBytes leaves').optional(),
  maxTotalBytes: size.describe('All files of one text together').default(5 * 1024 * 1024),
  tryAgainAfterMs: z
    .array(z.int().nonnegative())
    .describe('How long a text waits, each time that the carrier cannot deliver its files now')
    .default([2000, 10_000, 60_000, 300_000]),
});

const host = z.strictObject({
  folder: z
    .string()
    .min(1)
    .describe('Where files wait to be sent; default: media, beside the database')
    .optional(),
  allowedFolders: z
    .array(z.string().min(1))
    .describe('Where a file must lie to be sent by its path; default: anywhere')
    .optional(),
  ttlMs: duration
    .describe('How long the carrier may fetch a file, once it has the message')
    .default(10 * 60_000),
  keptMs: duration
    .describe('How long a file may wait for its message to be sent')
    .default(7 * 24 * 3_600_000),
  maxEntries: z.int().positive().describe('Files kept at once, waiting or served').default(64),
  maxTotalBytes: size.describe('What they take of the disk together').default(100_000_000),
});

/** Pictures and files, in both directions. */
export const media = z.strictObject({
  inbound: inbound.describe('Bounds of the files that come with a text').prefault({}),
  host: host.describe('Files of this machine, and how carriers fetch them').prefault({}),
});
