import type { TelephonyErrorCode } from './error.ts';

/** What one of a carrier's error numbers means. */
export interface CarrierErrorMeaning {
  /** The carrier's number, as a string: the `providerCode` of an error, the `carrierErrorCode` of a receipt. */
  readonly providerCode: string;
  readonly code: TelephonyErrorCode;
  /**
   * True where the same message may be accepted, or arrive, later without anybody changing anything: after waiting, and
   * longer each time, where the code is `rate_limited` or `limit_reached`.
   */
  readonly retryable: boolean;
  readonly meaning: string;
  /** The carrier's own page about it. */
  readonly documentation: URL;
}

/** A {@link CarrierErrorMeaning} as a line of a table. */
export type CarrierErrorRow = readonly [
  number: number,
  code: TelephonyErrorCode,
  retryable: boolean,
  meaning: string,
];

/** A carrier's error numbers, as far as its provider knows them. */
export interface CarrierErrors {
  /** In the order of the rows. */
  readonly all: readonly CarrierErrorMeaning[];
  /** `undefined` for a number that is not in the table. */
  readonly describe: (providerCode: string) => CarrierErrorMeaning | undefined;
}

/**
 * Makes a carrier's error numbers from the lines of a table, which names each number once.
 *
 * @param documentationOf - finds the carrier's page about a number
 * @example
 * const errors = createCarrierErrors(
 *   [[4001, 'recipient_opted_out', false, 'the recipient has opted out with STOP']],
 *   (providerCode) => new URL(`https://carrier.example.com/errors/${providerCode}`),
 * );
 * errors.describe('4001')?.code; // 'recipient_opted_out'
 */
export function createCarrierErrors(
  rows: readonly CarrierErrorRow[],
  documentationOf: (providerCode: string) => URL,
): CarrierErrors {
  const all = rows.map(([number, code, retryable, meaning]): CarrierErrorMeaning => {
    const providerCode = String(number);
    return {
      providerCode,
      code,
      retryable,
      meaning,
      documentation: documentationOf(providerCode),
    };
  });
  const byProviderCode: ReadonlyMap<string, CarrierErrorMeaning> = new Map(
    all.map((error) => [error.providerCode, error]),
  );
  return { all, describe: (providerCode) => byProviderCode.get(providerCode) };
}
