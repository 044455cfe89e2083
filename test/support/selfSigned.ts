/** A key and a self-signed certificate, for a TLS server of a suite. */
import { generateKeyPairSync, sign } from 'node:crypto';

const SEQUENCE = 0x30;
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');

export function selfSigned(name: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = encodeDer(SEQUENCE, ECDSA_WITH_SHA256);
  const subject = encodeDer(
    SEQUENCE,
    encodeDer(0x31, encodeDer(SEQUENCE, COMMON_NAME, encodeDer(0x0c, Buffer.from(name)))),
  );
  const validity = encodeDer(SEQUENCE, encodeTime(-1), encodeTime(30));
  const certificateInfo = encodeDer(
    SEQUENCE,
    encodeDer(0x02, Buffer.from([1])),
    algorithm,
    subject,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', certificateInfo, privateKey)]);
  const certificate = encodeDer(SEQUENCE, certificateInfo, algorithm, encodeDer(0x03, signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

export function encodeDer(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

/** As `YYMMDDhhmmssZ`. */
export function encodeTime(daysFromNow: number): Buffer {
  const at = new Date(Date.now() + daysFromNow * 24 * 3_600_000).toISOString();
  return encodeDer(0x17, Buffer.from(`${at.replace(/\D/g, '').slice(2, 14)}Z`));
}
