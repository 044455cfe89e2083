/** Security keys of test people, and sign-ins with them, by an authenticator in software. */
import { randomUUID } from 'node:crypto';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { tryInsertSecurityKey } from '../../src/db/factors/securityKeyLife.ts';
import { composeUserHandle } from '../../src/domain/factors/securityKey.ts';
import { composeChallenge } from '../../src/features/signIn/securityKey/webAuthnRequest.ts';
import { SoftAuthenticator, type AnswerOverrides, type SoftAuthenticatorOptions } from './authenticator.ts';
import { hiddenFields, type BrowserPage, type TestBrowser } from './browser.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson } from './people.ts';

export interface HeldSecurityKey {
  readonly authenticator: SoftAuthenticator;
  readonly id: string;
}

interface SecurityKeyState {
  readonly isAttested?: boolean;
  readonly countsFrom?: Date;
}

/** A security key that counts, as if it had been added a while ago. */
export async function aSecurityKey(
  nodes: Nodes,
  { identityId }: Pick<TestPerson, 'identityId'>,
  options: Partial<SoftAuthenticatorOptions> = {},
  { isAttested = false, countsFrom = new Date(0) }: SecurityKeyState = {},
): Promise<HeldSecurityKey> {
  const { origin, hostname: rpId } = new URL(nodes.issuer);
  const authenticator = new SoftAuthenticator({ origin, rpId, ...options });
  const created = authenticator.create({
    challenge: 'AAAA',
    rp: { name: 'Nøgle', id: rpId },
    user: { id: composeUserHandle(identityId).toString('base64url'), name: 'x', displayName: 'x' },
    pubKeyCredParams: [-7, -8, -257].map((alg) => ({ alg, type: 'public-key' as const })),
  });
  const { credential, synced } = await readCreated(created, { origin, rpId });
  const id = randomUUID();
  const addedAt = new Date(0);
  const key = {
    ...credential,
    id,
    identityId,
    isSynced: synced,
    isBackedUp: synced,
    isAttested,
    name: 'Nøglering',
    addedAt,
    addedBy: 'self_service' as const,
    countsFrom,
    announcedAt: addedAt,
  };
  const isAdded = await nodes.context.database.transaction(
    async (db) => await tryInsertSecurityKey(db, key, 10),
  );
  if (!isAdded) throw new Error('the security key was not added');
  return { authenticator, id };
}

async function readCreated(
  created: ReturnType<SoftAuthenticator['create']>,
  { origin, rpId }: { origin: string; rpId: string },
) {
  const { registrationInfo } = await verifyRegistrationResponse({
    response: created,
    expectedChallenge: 'AAAA',
    expectedOrigin: origin,
    expectedRPID: rpId,
  });
  if (!registrationInfo) throw new Error('the authenticator made no credential');
  const { credential, credentialDeviceType, aaguid } = registrationInfo;
  return {
    synced: credentialDeviceType === 'multiDevice',
    credential: {
      credentialId: Buffer.from(credential.id, 'base64url'),
      publicKey: Buffer.from(credential.publicKey),
      signCount: credential.counter,
      transports: credential.transports ?? [],
      aaguid,
      isDiscoverable: true,
    },
  };
}

/** The options that a page gives the browser, with the challenge that the script makes of its form. */
export function requestOptionsOf(page: BrowserPage): Parameters<SoftAuthenticator['get']>[0] {
  const text = /data-webauthn="get" data-options="([^"]+)"/.exec(page.text)?.[1];
  if (text === undefined) throw new Error(`page ${page.page} asks for no security key`);
  const options = JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as object;
  const { csrf = '', form = '' } = hiddenFields(page);
  return { ...options, challenge: composeChallenge(csrf, form) };
}

/** Answers the page's form for a security key. */
export async function sendAssertion(
  browser: TestBrowser,
  page: BrowserPage,
  { authenticator }: HeldSecurityKey,
  overrides: AnswerOverrides = {},
): Promise<BrowserPage> {
  const answer = authenticator.get(requestOptionsOf(page), overrides);
  return await browser.send(page, { credential: JSON.stringify(answer) });
}
