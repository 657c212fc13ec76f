/** What split-sms@0.1.7 has; it ships no types. */
declare module 'split-sms' {
  export interface SplitSmsPart {
    readonly content: string;
    readonly length: number;
    readonly bytes: number;
  }
  export function split(message: string): {
    readonly characterSet: 'GSM' | 'Unicode';
    readonly parts: readonly SplitSmsPart[];
    readonly bytes: number;
    readonly length: number;
    readonly remainingInPart: number;
  };
}
