import { describe, expect, it } from 'vitest';
import { mediaOf, MediaError } from './outbound-media.ts';

const readNothing = (): Promise<Uint8Array> => Promise.reject(new Error('it was read'));

describe('an attachment', () => {
  it('is a public address as it is', async () => {
    const source = await mediaOf('https://example.com/cat.png');
    expect(source).toEqual(new URL('https://example.com/cat.png'));
  });

  it('is a file of this machine by its bytes, read by the host alone', async () => {
    const read: string[] = [];
    const readFile = (path: string): Promise<Uint8Array> => {
      read.push(path);
      return Promise.resolve(new Uint8Array([1]));
    };
    const source = await mediaOf('file:///tmp/cat.png', readFile);
    expect(source).toMatchObject({ fileName: 'cat.png' });
    expect(read).toEqual(['/tmp/cat.png']);
  });

  it('is refused when it lies on another machine, whoever reads', async () => {
    await expect(mediaOf('file://host/cat.png', readNothing)).rejects.toThrow(MediaError);
  });

  it.each([['cat.png'], ['/etc/passwd'], ['ftp://example.com/cat.png']])(
    'is refused when nobody lets us read it: %s',
    async (location) => {
      await expect(mediaOf(location)).rejects.toThrow('https://');
    },
  );
});
