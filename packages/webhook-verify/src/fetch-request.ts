import { WebhookVerificationError, asVerificationError } from './error.ts';
import { joinPublicUrl, requireTarget } from './public-url.ts';
import {
  defaultMaxBodyBytes,
  findHeader,
  type WebhookLimits,
  type WebhookRequest,
} from './request.ts';

export interface FetchRequestOptions {
  /**
   * The origin or the full URL (when it has a path) that the carrier requests. Default: the URL of
   * the request, which behind a proxy is not the one that was signed.
   */
  readonly publicUrl?: string;
}

/**
 * A fetch-API request in the neutral shape. No byte of the body is read before one header of each
 * list in `required` is seen, and none beyond the limit. Throws `WebhookVerificationError`.
 */
export async function readFetchRequest(
  request: Request,
  options: FetchRequestOptions & WebhookLimits,
  required: readonly (readonly string[])[],
): Promise<WebhookRequest> {
  try {
    for (const names of required) {
      if (names.some((name) => findHeader(request.headers, name) !== undefined)) continue;
      throw new WebhookVerificationError(
        'missing_header',
        `The request has no ${names.join(' or ')} header.`,
      );
    }
    const { publicUrl } = options;
    return {
      method: request.method,
      url: publicUrl === undefined ? request.url : joinPublicUrl(publicUrl, targetOf(request.url)),
      headers: request.headers,
      body: await readStream(request.body, options.maxBodyBytes ?? defaultMaxBodyBytes),
    };
  } catch (error) {
    throw asVerificationError(error);
  }
}

function targetOf(url: string): string {
  const path = url.indexOf('/', url.indexOf('://') + 3);
  return requireTarget(path < 0 ? '/' : url.slice(path));
}

async function readStream(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream ?? []) {
    length += chunk.length;
    if (length > limit) {
      throw new WebhookVerificationError(
        'malformed_body',
        `The body is larger than maxBodyBytes (${String(limit)}).`,
      );
    }
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
