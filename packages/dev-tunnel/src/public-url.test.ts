import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertPublicUrl, carrierUrl } from './public-url.ts';
import { type NotPublicReason, TunnelError } from './tunnel-error.ts';

function reasonFor(url: string | URL, options?: { allowHttp?: boolean }): string | undefined {
  try {
    assertPublicUrl(url, options);
    return 'public';
  } catch (error) {
    return TunnelError.isInstance(error) ? error.reason : 'another error';
  }
}

function messageFor(url: string): string {
  try {
    return assertPublicUrl(url).href;
  } catch (error) {
    return String(error);
  }
}

describe('assertPublicUrl', () => {
  it.each([
    'https://sms.example.com/telephony/webhook',
    'https://sms.example.com:8443/x?y=1',
    'https://SMS.Example.COM./',
    'https://laptop.tail1234.ts.net/x',
    'https://xn--bcher-kva.example.org/',
    'https://8.8.8.8/',
    'https://100.63.255.255/',
    'https://100.128.0.1/',
    'https://172.32.0.1/',
    'https://[2606:4700::1111]/',
    'https://localhost.example.com/',
    'https://sms.example.com/@path?user@host',
  ])('lets %s pass', (url) => {
    expect(assertPublicUrl(url).href).toBe(new URL(url).href);
  });
  it('lets http pass only when asked', () => {
    expect(reasonFor('http://sms.example.com/')).toBe('not_https');
    expect(reasonFor('http://sms.example.com/', { allowHttp: true })).toBe('public');
    expect(reasonFor('http://10.0.0.1/', { allowHttp: true })).toBe('private');
    expect(reasonFor('ftp://sms.example.com/', { allowHttp: true })).toBe('not_https');
  });

  const refused: readonly (readonly [string, NotPublicReason])[] = [
    ['', 'not_a_url'],
    ['sms.example.com', 'not_a_url'],
    ['/telephony/webhook', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['javascript:alert(1)', 'not_https'],
    ['wss://sms.example.com/', 'not_https'],
    ['https://user:word@sms.example.com/', 'userinfo'],
    ['https://@sms.example.com/', 'userinfo'],
    ['https:\\\\user@sms.example.com/', 'userinfo'],
    ['https://localhost/', 'loopback'],
    ['https://LOCALHOST./', 'loopback'],
    ['https://sms.localhost/', 'loopback'],
    ['https://127.0.0.1/', 'loopback'],
    ['https://127.255.255.254:3335/', 'loopback'],
    ['https://[::1]/', 'loopback'],
    ['https://0.0.0.0/', 'unspecified'],
    ['https://[::]/', 'unspecified'],
    ['https://10.1.2.3/', 'private'],
    ['https://172.16.0.1/', 'private'],
    ['https://172.31.255.255/', 'private'],
    ['https://192.168.1.10/', 'private'],
    ['https://[fec0::1]/', 'private'],
    ['https://169.254.169.254/', 'link_local'],
    ['https://[fe80::1]/', 'link_local'],
    ['https://100.64.0.1/', 'cgnat'],
    ['https://100.101.102.103/', 'cgnat'],
    ['https://100.127.255.255/', 'cgnat'],
    ['https://[fd7a:115c:a1e0::1]/', 'unique_local'],
    ['https://[fc00::1]/', 'unique_local'],
    ['https://[::ffff:8.8.8.8]/', 'ipv4_mapped'],
    ['https://[::ffff:7f00:1]/', 'ipv4_mapped'],
    ['https://[::10.0.0.1]/', 'ipv4_mapped'],
    ['https://[64:ff9b::10.0.0.1]/', 'ipv4_mapped'],
    ['https://[2002:a00:1::]/', 'ipv4_mapped'],
    ['https://[2001:db8::1]/', 'reserved'],
    ['https://[2001::1]/', 'reserved'],
    ['https://[4000::1]/', 'reserved'],
    ['https://[ff02::1]/', 'reserved'],
    ['https://192.0.2.1/', 'reserved'],
    ['https://198.18.0.1/', 'reserved'],
    ['https://203.0.113.9/', 'reserved'],
    ['https://224.0.0.1/', 'reserved'],
    ['https://255.255.255.255/', 'reserved'],
    ['https://2130706433/', 'disguised_ip'],
    ['https://0x7f000001/', 'disguised_ip'],
    ['https://0x7f.1/', 'disguised_ip'],
    ['https://0177.0.0.1/', 'disguised_ip'],
    ['https://127.1/', 'disguised_ip'],
    ['https://134744072/', 'disguised_ip'],
    ['https://８.8.8.8/', 'disguised_ip'],
    ['https://8%2e8.8.8/', 'disguised_ip'],
    ['https://server/', 'single_label'],
    ['https://server./', 'single_label'],
    ['https://printer.local/', 'local_name'],
    ['https://Printer.LOCAL./', 'local_name'],
    ['https://nas.lan/', 'local_name'],
    ['https://db.internal/', 'local_name'],
    ['https://router.home.arpa/', 'local_name'],
    ['https://sms.test/', 'local_name'],
    ['https://sms.example/', 'local_name'],
    ['https://abcdef.onion/', 'local_name'],
  ];
  it.each(refused)('refuses %s as %s', (url, reason) => {
    expect(reasonFor(url)).toBe(reason);
  });
  it.each(refused)('gives a reason in words for %s, without the URL itself', (url) => {
    const message = messageFor(url.replace('word', 'canary'));
    expect(message).toMatch(/cannot be given to a carrier: .{8,}/u);
    expect(message).not.toContain('canary');
  });
  it('refuses a disguised address also as a URL object, which has already rewritten it', () => {
    expect(reasonFor(new URL('https://2130706433/'))).toBe('loopback');
    expect(reasonFor(new URL('https://0xA9FEA9FE/'))).toBe('link_local');
  });
  it('refuses every address of a private range, however it is written', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const first = fc.constantFrom([10], [127], [192, 168], [169, 254], [0]);
    fc.assert(
      fc.property(
        first,
        fc.tuple(byte, byte, byte),
        fc.constantFrom(4, 8, 10, 16),
        (head, tail, form) => {
          const bytes = [...head, ...tail].slice(0, 4);
          const value = bytes.reduce((sum, part) => sum * 256 + part, 0);
          const host = {
            4: bytes.join('.'),
            8: `0${value.toString(8)}`,
            10: String(value),
            16: `0x${value.toString(16)}`,
          }[form];
          const mapped = `[::ffff:${bytes.join('.')}]`;
          expect(reasonFor(`https://${host}/`)).not.toBe('public');
          expect(reasonFor(`https://${mapped}/`)).toBe('ipv4_mapped');
        },
      ),
    );
  });
  it('never throws anything but its own error', () => {
    const part = fc.constantFrom(
      'https:',
      '//',
      '\\',
      '@',
      ':',
      '[',
      ']',
      '::',
      '.',
      '%',
      '1',
      'a',
      '\t',
      'ß',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        expect(reasonFor(parts.join(''))).not.toBe('another error');
        expect(reasonFor(`https://${parts.join('')}`)).not.toBe('another error');
      }),
    );
  });
});

describe('carrierUrl', () => {
  it('gives the address of a tunnel to the internet, and none of one to the tailnet', () => {
    const publicUrl = new URL('https://laptop.tail1234.ts.net/x');
    expect(carrierUrl({ publicUrl, reach: 'internet' }).href).toBe(publicUrl.href);
    expect(() => carrierUrl({ publicUrl, reach: 'tailnet' })).toThrow(/tailscale-funnel/u);
  });
});
