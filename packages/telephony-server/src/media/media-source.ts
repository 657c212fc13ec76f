/** A file of this machine. It is read when it is sent; what becomes of it afterwards changes nothing. */
export interface MediaFile {
  /** An absolute path. */
  readonly file: string;
}

/** A file in memory. */
export interface MediaBytes {
  readonly bytes: Uint8Array;
  /** Such as `image/png`. Where the bytes say something else, they are believed. */
  readonly contentType: string;
  /** As the recipient's phone may show it; only letters, digits and dashes of it are kept. */
  readonly fileName?: string;
}

/** Media to send: by a URL that the carrier can reach, or a file that a media host serves to it. */
export type MediaSource = URL | MediaFile | MediaBytes;

/** A file that is ready to be served. */
export interface HostedFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly fileName: string;
}
