import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readContentType, sniffContentType, toFileName } from './media-type.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const box = (brand: string): Uint8Array => bytesOf(`\0\0\0\x20ftyp${brand}\0\0\0\0`);

describe('the type of a file', () => {
  it.each([
    ['image/jpeg', bytesOf('\xff\xd8\xff\xe0\0\x10JFIF')],
    ['image/png', bytesOf('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
    ['image/gif', bytesOf('GIF89a\x01\0')],
    ['image/gif', bytesOf('GIF87a\x01\0')],
    ['image/webp', bytesOf('RIFF\x10\0\0\0WEBPVP8 ')],
    ['audio/wav', bytesOf('RIFF\x10\0\0\0WAVEfmt ')],
    ['image/heic', box('heic')],
    ['image/heic', box('mif1')],
    ['image/avif', box('avif')],
    ['video/3gpp', box('3gp4')],
    ['video/3gpp', box('3g2a')],
    ['video/mp4', box('isom')],
    ['video/mp4', box('mp42')],
    ['audio/mp4', box('M4A ')],
    ['video/quicktime', box('qt  ')],
    ['audio/mpeg', bytesOf('ID3\x04\0')],
    ['audio/mpeg', bytesOf('\xff\xfb\x90\x64')],
    ['audio/amr', bytesOf('#!AMR\n\x3c')],
    ['audio/amr-wb', bytesOf('#!AMR-WB\n\x3c')],
    ['audio/ogg', bytesOf('OggS\0\x02')],
    ['application/pdf', bytesOf('%PDF-1.7\n')],
    ['text/vcard', bytesOf('BEGIN:VCARD\r\nVERSION:2.1\r\nN:M\xfcller\r\nEND:VCARD')],
    ['text/vcard', Buffer.from('\uFEFFBegin:vCard\nEND:VCARD')],
    ['text/calendar', bytesOf('BEGIN:VCALENDAR\r\n')],
    ['application/smil', bytesOf('<?xml version="1.0"?>\n<smil><head/></smil>')],
    ['text/plain', Buffer.from('Grüße, 漢字 and a <3\n\tsincerely')],
  ])('is %s by its bytes', (contentType, bytes) => {
    expect(sniffContentType(bytes)).toBe(contentType);
  });

  it.each([
    ['nothing', ''],
    ['a web page', '<!DOCTYPE html><script>alert(1)</script>'],
    ['a page without a doctype', '  <html><body></body></html>'],
    ['a drawing that runs scripts', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['a script', '#!/bin/sh\nrm -rf /'],
    ['a program', 'MZ\x90\0\x03\0\0\0'],
    ['another program', '\x7fELF\x02\x01\x01\0'],
    ['an archive', 'PK\x03\x04\x14\0'],
    ['a container of an unknown brand', '\0\0\0\x20ftypevil'],
    ['another RIFF file', 'RIFF\x10\0\0\0AVI LIST'],
    ['a PNG with one byte wrong', '\x89PNG\r\n\x1b\n'],
    ['broken UTF-8', 'caf\xe9 at noon'],
    ['text with a NUL', 'BEGIN:VCARD\0'],
  ])('is unknown for %s', (_, text) => {
    expect(sniffContentType(bytesOf(text))).toBeUndefined();
  });

  it('can be asked of any bytes, and looks at nothing outside of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const around = new Uint8Array([...bytes, 0xff, 0xd8, 0xff]);
        const type = sniffContentType(around.subarray(0, bytes.length));
        expect(type).toBe(sniffContentType(bytes));
        expect(type ?? 'none').not.toMatch(/html|svg|script/u);
      }),
    );
  });
});

describe('names for files', () => {
  it('have an ending that fits the type, whatever was wished', () => {
    expect(toFileName('../../etc/pass wd', 'image/png', 'media-1')).toBe('pass-wd.png');
    expect(toFileName(String.raw`C:\me\Großes Bild.exe`, 'image/jpeg', 'x')).toBe(
      'Gro-es-Bild.jpg',
    );
    expect(toFileName('..', 'text/plain', 'media-2')).toBe('media-2.txt');
    expect(toFileName(undefined, 'application/x-thing', 'media-3')).toBe('media-3.bin');
    expect(toFileName('a.thing', 'application/x-thing', 'media-3')).toBe('a.thing');
  });
  it('are always safe in a URL and on a disk', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-composite' }),
        fc.constantFrom('image/png', 'a/b'),
        (wish, type) => {
          expect(toFileName(wish, type, 'media-1')).toMatch(/^[\w-]{1,40}\.[\w-]{1,8}$/u);
        },
      ),
    );
  });
  it('and types in headers hold nothing else', () => {
    expect(readContentType(' Image/JPEG ; name="a.jpg"')).toBe('image/jpeg');
    expect(readContentType('image/svg+xml')).toBe('image/svg+xml');
    expect(readContentType('image/png\r\nX-Evil: 1')).toBeUndefined();
    expect(readContentType('image')).toBeUndefined();
  });
});
