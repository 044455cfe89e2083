/**
 * A security key in software: makes and signs what a browser would return for WebAuthn, so that a story needs
 * no browser. Each answer may be told to be wrong in one respect.
 */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { encodeCbor, type CborValue } from './cbor.ts';

export type SoftAlgorithm = -7 | -8 | -257;

export interface SoftAuthenticatorOptions {
  readonly origin: string;
  readonly rpId: string;
  readonly algorithm?: SoftAlgorithm;
  /** Backup eligible, and backed up. */
  readonly synced?: boolean;
  readonly aaguid?: string;
  /** Whether it keeps the credential, so that it can be found without its id. */
  readonly discoverable?: boolean;
  /** Vouches for the model: signs `authData | clientDataHash`. Without it a direct one signs itself. */
  readonly attest?: (data: Buffer) => { alg: number; sig: Buffer; x5c: readonly Buffer[] };
}

/** What an answer says in place of the truth. */
export interface AnswerOverrides {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly userVerified?: boolean;
  readonly userPresent?: boolean;
  readonly signCount?: number;
  /** base64url; null leaves it out. */
  readonly userHandle?: string | null;
  /** The id of another credential, base64url; the signature is still this one's. */
  readonly credentialId?: string;
  readonly crossOrigin?: boolean;
  /** In place of its own (COSE_Key). */
  readonly publicKey?: Map<number, CborValue>;
}

export interface ExportedCredential {
  /** base64url */
  readonly id: string;
  /** base64url */
  readonly userHandle: string;
  readonly pkcs8: Buffer;
  readonly signCount: number;
  readonly rpId: string;
  readonly discoverable: boolean;
  readonly synced: boolean;
}

interface SoftCredential {
  readonly id: string;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  readonly publicKey: Map<number, CborValue>;
  signCount: number;
}

const NO_MODEL = '00000000-0000-0000-0000-000000000000';
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const HAS_CREDENTIAL = 0x40;

export class SoftAuthenticator {
  readonly #options: Required<Omit<SoftAuthenticatorOptions, 'attest'>> &
    Pick<SoftAuthenticatorOptions, 'attest'>;
  readonly #credentials: SoftCredential[] = [];

  constructor(options: SoftAuthenticatorOptions) {
    this.#options = { algorithm: -7, synced: false, aaguid: NO_MODEL, discoverable: true, ...options };
  }

  /** Ids of its credentials, base64url, the newest last. */
  get credentialIds(): string[] {
    return this.#credentials.map(({ id }) => id);
  }

  /** Its newest credential with all that another authenticator needs to answer in its place. */
  exportCredential(): ExportedCredential {
    const credential = this.#credentials.at(-1);
    if (!credential) throw new Error('the authenticator has no credential');
    const { id, userHandle, privateKey, signCount } = credential;
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    const { rpId, discoverable, synced } = this.#options;
    return { id, userHandle, pkcs8, signCount, rpId, discoverable, synced };
  }

  /** @throws as a browser does when it has one of the excluded credentials, or supports no algorithm. */
  create(
    options: PublicKeyCredentialCreationOptionsJSON,
    overrides: AnswerOverrides = {},
  ): RegistrationResponseJSON {
    const { algorithm, aaguid, synced, discoverable } = this.#options;
    if (!options.pubKeyCredParams.some(({ alg }) => alg === algorithm)) throw new Error('NotSupportedError');
    if (options.excludeCredentials?.some(({ id }) => this.credentialIds.includes(id))) {
      throw new Error('InvalidStateError');
    }
    const credential = { ...makeKeys(algorithm), userHandle: options.user.id, signCount: 0 };
    const id = overrides.credentialId ?? credential.id;
    const rawId = Buffer.from(id, 'base64url');
    const clientData = this.#makeClientData('webauthn.create', options.challenge, overrides);
    const authData = Buffer.concat([
      this.#makeAuthData(overrides.signCount ?? 0, HAS_CREDENTIAL, overrides),
      Buffer.from(aaguid.replaceAll('-', ''), 'hex'),
      Buffer.from([rawId.length >> 8, rawId.length & 255]),
      rawId,
      encodeCbor(overrides.publicKey ?? credential.publicKey),
    ]);
    const isDirect = options.attestation === 'direct' || options.attestation === 'enterprise';
    const attestation = isDirect ? this.#attest(credential, authData, clientData) : new Map();
    const attestationObject = new Map<string, CborValue>([
      ['fmt', isDirect ? 'packed' : 'none'],
      ['attStmt', attestation],
      ['authData', authData],
    ]);
    this.#credentials.push(credential);
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: synced ? 'platform' : 'cross-platform',
      clientExtensionResults: { credProps: { rk: discoverable } },
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: encodeCbor(attestationObject).toString('base64url'),
        transports: synced ? ['internal', 'hybrid'] : ['usb', 'nfc'],
      },
    };
  }

  /** @throws as a browser does when none of its credentials is asked for. */
  get(
    options: PublicKeyCredentialRequestOptionsJSON,
    overrides: AnswerOverrides = {},
  ): AuthenticationResponseJSON {
    const allowed = options.allowCredentials ?? [];
    const credential = this.#credentials.findLast(({ id }) =>
      allowed.length === 0 ? this.#options.discoverable : allowed.some((one) => one.id === id),
    );
    if (!credential) throw new Error('NotAllowedError');
    credential.signCount += 1;
    const clientData = this.#makeClientData('webauthn.get', options.challenge, overrides);
    const authData = this.#makeAuthData(overrides.signCount ?? credential.signCount, 0, overrides);
    const id = overrides.credentialId ?? credential.id;
    const { userHandle = this.#options.discoverable ? credential.userHandle : null } = overrides;
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: this.#options.synced ? 'platform' : 'cross-platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: this.#sign(credential, authData, clientData).toString('base64url'),
        ...(userHandle === null ? {} : { userHandle }),
      },
    };
  }

  #makeClientData(type: string, challenge: string, overrides: AnswerOverrides): Buffer {
    const origin = overrides.origin ?? this.#options.origin;
    const crossOrigin = overrides.crossOrigin ?? false;
    return Buffer.from(
      JSON.stringify({ type, challenge: overrides.challenge ?? challenge, origin, crossOrigin }),
    );
  }

  #makeAuthData(signCount: number, more: number, overrides: AnswerOverrides): Buffer {
    const flags =
      more |
      (overrides.userPresent === false ? 0 : USER_PRESENT) |
      (overrides.userVerified === false ? 0 : USER_VERIFIED) |
      (this.#options.synced ? BACKUP_ELIGIBLE | BACKED_UP : 0);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(signCount);
    return Buffer.concat([sha256(overrides.rpId ?? this.#options.rpId), Buffer.from([flags]), counter]);
  }

  #sign({ privateKey }: Pick<SoftCredential, 'privateKey'>, authData: Buffer, clientData: Buffer): Buffer {
    const hash = this.#options.algorithm === -8 ? null : 'sha256';
    return sign(hash, Buffer.concat([authData, sha256(clientData)]), privateKey);
  }

  #attest(credential: SoftCredential, authData: Buffer, clientData: Buffer): Map<string, CborValue> {
    const { attest, algorithm } = this.#options;
    if (attest) {
      const { alg, sig, x5c } = attest(Buffer.concat([authData, sha256(clientData)]));
      return new Map<string, CborValue>([
        ['alg', alg],
        ['sig', sig],
        ['x5c', [...x5c]],
      ]);
    }
    return new Map<string, CborValue>([
      ['alg', algorithm],
      ['sig', this.#sign(credential, authData, clientData)],
    ]);
  }
}

function makeKeys(algorithm: SoftAlgorithm): Pick<SoftCredential, 'id' | 'privateKey' | 'publicKey'> {
  const id = randomBytes(32).toString('base64url');
  const read = (text: string | undefined) => Buffer.from(text ?? '', 'base64url');
  if (algorithm === -7) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    return { id, privateKey, publicKey: makeCoseKey(2, algorithm, [1, read(x), read(y)]) };
  }
  if (algorithm === -8) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const { x } = publicKey.export({ format: 'jwk' });
    return { id, privateKey, publicKey: makeCoseKey(1, algorithm, [6, read(x)]) };
  }
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: 'jwk' });
  return { id, privateKey, publicKey: makeCoseKey(3, algorithm, [read(n), read(e)]) };
}

/** COSE_Key (RFC 9052, 7): type and algorithm, and the parameters of the type at -1, -2 and -3. */
function makeCoseKey(type: number, algorithm: number, parameters: CborValue[]): Map<number, CborValue> {
  const common: [number, CborValue][] = [
    [1, type],
    [3, algorithm],
  ];
  return new Map([...common, ...parameters.map((value, at): [number, CborValue] => [-1 - at, value])]);
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
