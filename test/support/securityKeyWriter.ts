/** A writer in the database, without the key rings, who is after the security keys of others. */
import { LOW } from '../../src/domain/signIn/levels.ts';
import { endSecurityKey } from '../../src/features/securityKeys/index.ts';
import { TestBrowser, type BrowserPage } from './browser.ts';
import type { WriterAttack } from './databaseWriter.ts';
import { authRequest, payloadOf, redeemCode, toKeyPage, userinfo } from './flow.ts';
import type { Nodes } from './nodes.ts';
import { aPerson, aRelyingParty, type TestPerson } from './people.ts';
import { aSecurityKey, sendAssertion, type HeldSecurityKey } from './securityKeys.ts';

const codeOf = ({ headers: { location } }: BrowserPage) =>
  location?.includes('code=') ? new URL(location).searchParams.get('code') : null;

/** In place of user ID and password. @returns who signed in at a relying party of theirs, and how */
async function signInWith(
  nodes: Nodes,
  held: HeldSecurityKey,
  params: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const rp = await aRelyingParty(nodes, { min_acr: LOW });
  const request = authRequest(rp, params);
  const browser = new TestBrowser(nodes);
  const page = await browser.follow(request.path);
  const answer = await sendAssertion(browser, page, held, { userHandle: null });
  const code = codeOf(answer);
  if (code === null) return {};
  const tokens = await redeemCode(nodes, rp, code, request.verifier);
  const { text } = await userinfo(nodes, tokens.access_token);
  return { ...payloadOf(tokens.id_token), ...(JSON.parse(text) as Record<string, unknown>) };
}

const isVictim = (claims: Record<string, unknown>, { fullName }: TestPerson) => claims['name'] === fullName;
const change = async (nodes: Nodes, set: string, values: unknown[]) =>
  await nodes.database.query(`UPDATE security_keys SET ${set} WHERE id = $1`, values);

export const WAYS_TO_SECURITY_KEYS: readonly WriterAttack[] = [
  {
    name: 'a security key of their own becomes one of another',
    walk: async (nodes) => {
      const [own, victim] = [await aPerson(nodes), await aPerson(nodes)];
      const held = await aSecurityKey(nodes, own);
      await change(nodes, 'identity_id = $2', [held.id, victim.identityId]);
      return isVictim(await signInWith(nodes, held), victim);
    },
  },
  {
    name: 'the security key of another gets their public key and its id',
    walk: async (nodes) => {
      const [own, victim] = [await aPerson(nodes), await aPerson(nodes)];
      const [mine, theirs] = [await aSecurityKey(nodes, own), await aSecurityKey(nodes, victim)];
      const [row] = await nodes.database.query<{ credential_id: Buffer; public_key: Buffer }>(
        'DELETE FROM security_keys WHERE id = $1 RETURNING credential_id, public_key',
        [mine.id],
      );
      const values = [theirs.id, row?.credential_id, row?.public_key];
      await change(nodes, 'credential_id = $2, public_key = $3', values);
      return isVictim(await signInWith(nodes, mine), victim);
    },
  },
  {
    name: 'a lost security key lives again after its owner removed it',
    walk: async (nodes) => {
      const victim = await aPerson(nodes);
      const lost = await aSecurityKey(nodes, victim);
      const by = { by: 'person' } as const;
      await endSecurityKey(nodes.context, victim.identityId, { id: lost.id, by }, () => Promise.resolve());
      await change(nodes, 'ended_at = NULL, end_reason = NULL', [lost.id]);
      return isVictim(await signInWith(nodes, lost), victim);
    },
  },
  {
    name: 'a security key that they had another add counts before its wait is over',
    walk: async (nodes) => {
      const victim = await aPerson(nodes);
      const countsFrom = new Date(nodes.clock.now().getTime() + 86_400_000);
      const held = await aSecurityKey(nodes, victim, {}, { countsFrom });
      await change(nodes, `counts_from = now() - interval '1 day'`, [held.id]);
      return isVictim(await signInWith(nodes, held), victim);
    },
  },
  {
    name: 'a maker vouches for the model of their own security key',
    walk: async (nodes) => {
      const held = await aSecurityKey(nodes, await aPerson(nodes));
      await change(nodes, 'is_attested = true', [held.id]);
      return (await signInWith(nodes, held, { acr_values: 'phrh' }))['acr'] === 'phrh';
    },
  },
  {
    name: 'their own sign-in by a password has a security key in its row',
    heldBefore: true,
    walk: async (nodes) => {
      const own = await aPerson(nodes);
      await aSecurityKey(nodes, own);
      const browser = new TestBrowser(nodes);
      const page = await toKeyPage(browser, own, authRequest(await aRelyingParty(nodes)));
      await nodes.database.query(
        `UPDATE sign_ins SET signed_in_at = now(), with_key = false, second_factor = 'attested_key'
         WHERE identity_id = $1`,
        [own.identityId],
      );
      return codeOf(await browser.send(page, { continue: '1' })) !== null;
    },
  },
];
