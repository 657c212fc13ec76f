/** Why a file that came with a text cannot be had. */
export type MediaUnavailableReason =
  /** The carrier no longer has it. */
  | 'gone'
  | 'too-large'
  /** The text came with more files than are fetched. */
  | 'too-many'
  /** Its bytes are of no type that is let in. */
  | 'refused-type'
  /** The carrier refused it, or it lies where nothing is fetched from. */
  | 'refused'
  /** The carrier failed again and again. */
  | 'carrier-failed'
  /** The provider fetches no media. */
  | 'unsupported';

/** A file that came with a text, or the news that it cannot be had. In the order of `message.media`. */
export type ReceivedMedia =
  | {
      readonly status: 'fetched';
      readonly bytes: Uint8Array;
      /** By the bytes, never by what the sender says. */
      readonly contentType: string;
      /** Made here; nothing of the sender's is in it: `media-1.jpg`. */
      readonly fileName: string;
    }
  | {
      readonly status: 'unavailable';
      readonly reason: MediaUnavailableReason;
      /** A sentence for the person, or the model, that should know that something is missing. */
      readonly notice: string;
    };

/** Bounds of the media that are fetched for one text. */
export interface InboundMediaOptions {
  /** Files that are fetched; default 10. The others become `unavailable`. */
  readonly maxCount?: number;
  /** The largest file; default: what `maxTotalBytes` leaves. */
  readonly maxBytes?: number;
  /** All files of one text together; default 5 MiB. */
  readonly maxTotalBytes?: number;
  /**
   * How long a text waits before it is handled again because the carrier could not deliver its media, one number for each
   * time; after the last, the file is `unavailable`. Default: 2 s, 10 s, 1 min, 5 min.
   */
  readonly tryAgainAfterMs?: readonly number[];
}
