import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** One certificate with its key. */
interface Issued {
  readonly name: string;
  readonly key: KeyObject;
  readonly pem: string;
}

/** A certificate for 127.0.0.1, and all that its server may show of who has issued it. */
export interface SelfMadeCertificate {
  readonly key: string;
  /** The server's own, issued by the intermediate. */
  readonly leaf: string;
  /** The one in between, issued by a root that nobody trusts. */
  readonly intermediate: string;
  readonly root: { readonly key: string; readonly certificate: string };
}

/** Makes a chain of three certificates (RFC 5280 §4.1) that hold until 2049, so that no test depends on the day. */
export function createSelfMadeCertificate(): SelfMadeCertificate {
  const root = issue('root');
  const intermediate = issue('intermediate', root);
  const leaf = issue('leaf', intermediate);
  return {
    key: pkcs8(leaf.key),
    leaf: leaf.pem,
    intermediate: intermediate.pem,
    root: { key: pkcs8(root.key), certificate: root.pem },
  };
}

function issue(name: string, issuer?: Issued): Issued {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const validity = sequence(der(0x17, ascii('000101000000Z')), der(0x17, ascii('491231235959Z')));
  const isAuthority = name !== 'leaf';
  const constraints = sequence(
    oid(0x55, 0x1d, 0x13),
    der(0x04, sequence(...(isAuthority ? [der(0x01, Buffer.of(0xff))] : []))),
  );
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ecdsaWithSha256,
    distinguishedName(issuer?.name ?? name),
    validity,
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(constraints)),
  );
  const signature = sign('sha256', toBeSigned, issuer?.key ?? key);
  const certificate = sequence(
    toBeSigned,
    ecdsaWithSha256,
    der(0x03, Buffer.concat([Buffer.of(0), signature])),
  );
  const lines = certificate.toString('base64').match(/.{1,64}/gu) ?? [];
  const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  return { name, key, pem };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
const ascii = (text: string): Buffer => Buffer.from(text, 'ascii');
const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const distinguishedName = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
