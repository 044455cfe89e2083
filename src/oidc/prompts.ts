/**
 * The order in which the engine asks: login, public sites, consent. Password and key are one prompt; nothing reaches the
 * session before all of it is given. The engine's own checks of `acr` and of subject hints loop when they cannot
 * be met: here they end in an error.
 */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { satisfies, SUBSTANTIAL } from '../core/levels.ts';
import { describeProtocolError, describeRefusal } from '../core/refusal.ts';
import { currentUnitOfWork } from '../store/unitOfWork.ts';
import { isShutOut, type KnownAccount } from './accounts.ts';
import type { Consents } from './consents.ts';

const { Prompt, Check } = interactionPolicy;
type Ctx = KoaContextWithOIDC;
type Sub = (ctx: Ctx, accountId: string) => string;

export function createPrompts(sub: Sub, consents: Consents) {
  const login = new Prompt(
    { name: 'login', requestable: true },
    check('no_session', 'nobody is signed in', (ctx) => {
      return !ctx.oidc.session?.accountId || accountOf(ctx)?.identity.isBlocked === true;
    }),
    check('fresh_key', 'this relying party wants a key spent in this request', ({ oidc }) =>
      Boolean(oidc.client?.['require_fresh_key'] && !signedInHere(oidc)),
    ),
    check('public_ended', 'public sites were switched off since this sign-in', isFromBeforeSwitchingOff),
    check('max_age', 'the sign-in is older than max_age', ({ oidc }) => {
      const maxAge = oidc.params?.['max_age'];
      return maxAge !== undefined && !signedInHere(oidc) && (oidc.session?.past(Number(maxAge)) ?? true);
    }),
    check('acr', 'the requested level was not reached', acrIsMissing),
    check('subject', 'the person asked for is not the one who is signed in', (ctx) => isAnother(ctx, sub)),
  );
  const publicSites = new Prompt(
    { name: 'public_sites' },
    new Check('public_sites_off', describeRefusal('public_sites_off'), 'interaction_required', (ctx) => {
      const account = accountOf(ctx);
      return account !== undefined && isShutOut(account.identity, ctx.oidc.client);
    }),
  );
  const consent = new Prompt(
    { name: 'consent', requestable: true },
    new Check('consent_missing', 'the person has not agreed to this yet', 'consent_required', async (ctx) => {
      return (await consents.missing(ctx)).length > 0;
    }),
  );

  const policy = interactionPolicy.base();
  policy.clear();
  policy.add(login);
  policy.add(publicSites);
  policy.add(consent);
  return policy;
}

function check(reason: string, description: string, isMissing: (ctx: Ctx) => boolean) {
  return new Check(reason, description, 'login_required', isMissing);
}

function accountOf({ oidc }: Ctx): KnownAccount | undefined {
  return oidc.account as KnownAccount | undefined;
}

/** Switched off and on again: what the old sign-in would give is over, so the engine asks for a new one. */
function isFromBeforeSwitchingOff(ctx: Ctx): boolean {
  const { client } = ctx.oidc;
  const identity = accountOf(ctx)?.identity;
  // While it is off, the next prompt says so; a new sign-in would not help.
  if (!identity?.publicEndedAt || client?.['kind'] !== 'public' || isShutOut(identity, client)) return false;
  const { signedInAt } = currentUnitOfWork();
  return signedInAt === null || signedInAt <= identity.publicEndedAt;
}

/** True when a key was spent within this very request: a session alone, however young, does not count. */
function signedInHere(oidc: Ctx['oidc']): boolean {
  return oidc.result?.login !== undefined;
}

/** @throws UnmetAuthenticationRequirements for an essential level that nobody here can reach. */
function acrIsMissing({ oidc }: Ctx): boolean {
  const least = oidc.client?.['min_acr'];
  if (typeof least === 'string' && oidc.session?.accountId && !satisfies(oidc.session.acr, least)) {
    if (signedInHere(oidc))
      throw new errors.UnmetAuthenticationRequirements(describeProtocolError('acr_unattainable'));
    return true;
  }
  const asked = requestedClaim(oidc, 'acr');
  if (asked?.essential !== true) return false;
  const values = asked.values ?? (asked.value === undefined ? [] : [asked.value]);
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) {
    throw new errors.InvalidRequest('claims.id_token.acr: value must be a string, values a list of strings');
  }
  if (values.length === 0 || values.some((value) => satisfies(oidc.session?.acr, value))) return false;
  const isAttainable = values.some((value) => satisfies(SUBSTANTIAL, value));
  if (!isAttainable || signedInHere(oidc)) {
    throw new errors.UnmetAuthenticationRequirements(describeProtocolError('acr_unattainable'));
  }
  return true;
}

/** @throws LoginRequired when somebody else signed in than the hint names: asking again would loop. */
function isAnother(ctx: Ctx, sub: Sub): boolean {
  const { oidc } = ctx;
  const hint = oidc.entities.IdTokenHint?.payload.sub;
  const wanted = [hint, requestedClaim(oidc, 'sub')?.value].filter((value) => value !== undefined);
  const accountId = oidc.session?.accountId;
  if (wanted.length === 0 || !accountId) return false;
  const actual = sub(ctx, accountId);
  if (wanted.every((value) => value === actual)) return false;
  if (signedInHere(oidc)) throw new errors.LoginRequired(describeProtocolError('other_person'));
  return true;
}

interface RequestedClaim {
  essential?: unknown;
  value?: unknown;
  values?: unknown;
}

function requestedClaim(oidc: Ctx['oidc'], claim: string): RequestedClaim | undefined {
  const claims = oidc.claims as { id_token?: Record<string, RequestedClaim | null> };
  return claims.id_token?.[claim] ?? undefined;
}
