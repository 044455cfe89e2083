/** A maker of security keys: its root, and what attests the keys of one model. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { SoftAuthenticatorOptions } from './authenticator.ts';
import { encodeDer, encodeTime } from './selfSigned.ts';

const SEQUENCE = 0x30;
const SET = 0x31;
const UTF8 = 0x0c;
const PRINTABLE = 0x13;
const OCTETS = 0x04;
const ECDSA_WITH_SHA256 = encodeDer(SEQUENCE, oid('2a8648ce3d040302'));
/** id-fido-gen-ce-aaguid. */
const AAGUID = oid('2b0601040182e51c010104');
const BASIC_CONSTRAINTS = oid('551d13');
const TRUE = encodeDer(0x01, Buffer.from([0xff]));

export interface Maker {
  /** PEM. */
  readonly root: string;
  readonly attest: NonNullable<SoftAuthenticatorOptions['attest']>;
}

export function aMaker(aaguid: string): Maker {
  const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const model = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rootName = encodeName([['550403', UTF8, 'Rod for proever']]);
  const modelName = encodeName([
    ['550406', PRINTABLE, 'DK'],
    ['55040a', UTF8, 'Producent'],
    ['55040b', UTF8, 'Authenticator Attestation'],
    ['550403', UTF8, 'Model'],
  ]);
  const isRoot = encodeExtension(BASIC_CONSTRAINTS, encodeDer(SEQUENCE, TRUE), true);
  const rootDer = encodeCertificate(
    { issuer: rootName, subject: rootName, key: root.publicKey, extensions: [isRoot] },
    root.privateKey,
  );
  const bytes = encodeDer(OCTETS, Buffer.from(aaguid.replaceAll('-', ''), 'hex'));
  const extensions = [
    encodeExtension(BASIC_CONSTRAINTS, encodeDer(SEQUENCE), true),
    encodeExtension(AAGUID, bytes, false),
  ];
  const modelDer = encodeCertificate(
    { issuer: rootName, subject: modelName, key: model.publicKey, extensions },
    root.privateKey,
  );
  const lines = rootDer.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    root: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    attest: (data) => ({ alg: -7, sig: sign('sha256', data, model.privateKey), x5c: [modelDer] }),
  };
}

interface CertificateContent {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly key: KeyObject;
  readonly extensions: readonly Buffer[];
}

function encodeCertificate({ issuer, subject, key, extensions }: CertificateContent, by: KeyObject): Buffer {
  const info = encodeDer(
    SEQUENCE,
    encodeDer(0xa0, encodeDer(0x02, Buffer.from([2]))),
    encodeDer(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    issuer,
    encodeDer(SEQUENCE, encodeTime(-1), encodeTime(3_000)),
    subject,
    key.export({ type: 'spki', format: 'der' }),
    encodeDer(0xa3, encodeDer(SEQUENCE, ...extensions)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', info, by)]);
  return encodeDer(SEQUENCE, info, ECDSA_WITH_SHA256, encodeDer(0x03, signature));
}

function encodeName(parts: readonly (readonly [string, number, string])[]): Buffer {
  const names = parts.map(([id, tag, text]) =>
    encodeDer(SET, encodeDer(SEQUENCE, oid(id), encodeDer(tag, Buffer.from(text)))),
  );
  return encodeDer(SEQUENCE, ...names);
}

function encodeExtension(id: Buffer, content: Buffer, isCritical: boolean): Buffer {
  return encodeDer(SEQUENCE, id, ...(isCritical ? [TRUE] : []), encodeDer(OCTETS, content));
}

function oid(hex: string): Buffer {
  return encodeDer(0x06, Buffer.from(hex, 'hex'));
}
