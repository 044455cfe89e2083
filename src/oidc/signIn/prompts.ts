/**
 * The order of the provider's prompts: login, proofing, public sites, consent. Password and key are one
 * prompt; nothing reaches the session before all of it is given. The provider's own checks of `acr` and of
 * subject hints loop when they cannot be met; here they end in an error. What a request still needs is
 * decided by domain/signIn/levels.ts.
 */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import {
  BOTH_KINDS,
  composeRequirement,
  isProofingEnough,
  isTwoFactor,
  kindsOfAmr,
  missingAuthentication,
  shownAcr,
  SUBSTANTIAL,
  type MissingAuthentication,
  type RequiredAuthentication,
  type SessionLevel,
} from '../../domain/signIn/levels.ts';
import { CLAIMS_BY_SCOPE } from '../../domain/signIn/claims.ts';
import { describeProtocolError, describeRefusal } from '../../domain/errors/refusal.ts';
import { requireUnitOfWork } from '../../db/unitOfWork.ts';
import { isExcludedFromPublicSites, type PersonAccount } from '../tokens/accounts.ts';
import type { ConsentReader } from '../tokens/consents.ts';
import {
  readRequestedAcr,
  readResistance,
  type RequestedClaim,
  type RequestedClaims,
} from './requestedAcr.ts';
import { writeDetails, type RequiredSignIn, type SignInDetails } from './signInDetails.ts';

const { Prompt, Check } = interactionPolicy;
type ProviderContext = KoaContextWithOIDC;
type ReadSubject = (ctx: ProviderContext, accountId: string) => string;

export function createPrompts(sub: ReadSubject, consents: ConsentReader) {
  const login = new Prompt(
    { name: 'login', requestable: true },
    composeRequestedSignIn,
    createCheck('no_session', 'nobody is signed in', (ctx) => {
      return !ctx.oidc.session?.accountId || readProviderAccount(ctx)?.identity.isBlocked === true;
    }),
    createCheck(
      'public_ended',
      'public sites were switched off since this sign-in',
      isOlderThanPublicSitesOff,
    ),
    createCheck(
      'public_sites',
      'with both factors shown it is asked whether the ID works here too',
      isPublicSitesQuestionDue,
    ),
    createCheck(
      LEVEL_REASON,
      'the sign-in that there is is too low, too old, or without a fresh key',
      (ctx) => isLevelMissing(ctx, consents),
    ),
    createCheck('subject', 'the person asked for is not the one who is signed in', (ctx) =>
      isDifferentPerson(ctx, sub),
    ),
  );
  const proofing = new Prompt(
    { name: 'proofing' },
    new Check('proofing_too_low', describeRefusal('proofing_too_low'), 'access_denied', async (ctx) => {
      return isProofingTooLow(ctx.oidc) && !(await isSilentWithoutConsent(ctx, consents));
    }),
  );
  const publicSites = new Prompt(
    { name: 'public_sites' },
    new Check(
      'public_sites_off',
      describeRefusal('public_sites_off'),
      'interaction_required',
      async (ctx) => {
        const account = readProviderAccount(ctx);
        if (!account || !isExcludedFromPublicSites(account.identity, ctx.oidc.client)) return false;
        return !(await isSilentWithoutConsent(ctx, consents));
      },
    ),
  );
  const consent = new Prompt(
    { name: 'consent', requestable: true },
    new Check('consent_missing', 'the person has not agreed to this yet', 'consent_required', (ctx) =>
      isConsentMissing(ctx, consents),
    ),
  );

  const policy = interactionPolicy.base();
  policy.clear();
  policy.add(login);
  policy.add(proofing);
  policy.add(publicSites);
  policy.add(consent);
  return policy;
}

/** The reason of an interaction that needs only a higher level. */
const LEVEL_REASON = 'level';

function composeRequestedSignIn(ctx: ProviderContext): SignInDetails {
  const { oidc } = ctx;
  const required = requiredOf(oidc);
  const missing = missingOf(oidc);
  const isStepUp = missing !== 'unattainable' && missing.has('possession') && !missing.has('knowledge');
  const isLevelAlone = isStepUp || !isSignInMissing(oidc);
  // For another reason than the level the whole sign-in is required, regardless of the session's factors.
  const whole = isLevelAlone
    ? missingAuthentication({ ...required, again: true }, readSessionLevel(oidc))
    : missing;
  const kinds = whole === 'unattainable' ? BOTH_KINDS : whole;
  return writeDetails({ kinds, isStepUp, ...composeRequirement(required) });
}

/** True when an interaction asks only for a second factor: nothing but the level is missing. */
export function isStepUpAlone(reasons: readonly string[], { isStepUp }: RequiredSignIn): boolean {
  return isStepUp && reasons.every((reason) => reason === LEVEL_REASON);
}

/**
 * No page is shown, and the person has not agreed to this relying party, which is then told that, and nothing
 * about the person.
 */
async function isSilentWithoutConsent(ctx: ProviderContext, consents: ConsentReader): Promise<boolean> {
  return ctx.oidc.prompts.has('none') && (await isConsentMissing(ctx, consents));
}

async function isConsentMissing(ctx: ProviderContext, consents: ConsentReader): Promise<boolean> {
  return (await consents.findMissing(ctx)).length > 0;
}

function createCheck(
  reason: string,
  description: string,
  isMissing: (ctx: ProviderContext) => boolean | Promise<boolean>,
) {
  return new Check(reason, description, 'login_required', isMissing);
}

function readProviderAccount({ oidc }: ProviderContext): PersonAccount | undefined {
  return oidc.account as PersonAccount | undefined;
}

/**
 * Public sites are off, and the signed-in person could switch them on with password and key, in this very
 * request. So they sign in again, and the sign-in asks. Not where only a password would be asked for, and not
 * with `prompt=none`: there the next prompt reports the reason.
 */
function isPublicSitesQuestionDue(ctx: ProviderContext): boolean {
  const { oidc } = ctx;
  const account = readProviderAccount(ctx);
  if (!account || !isExcludedFromPublicSites(account.identity, oidc.client) || account.blocker())
    return false;
  if (isTwoFactorHere(oidc) || oidc.prompts.has('none')) return false;
  const missing = missingAuthentication({ ...requiredOf(oidc), again: true }, readSessionLevel(oidc));
  return missing === 'unattainable' || isTwoFactor(missing);
}

/**
 * Public sites were switched off and on again: the grants of the old sign-in have ended, so the provider asks
 * for a new one.
 */
function isOlderThanPublicSitesOff(ctx: ProviderContext): boolean {
  const { client } = ctx.oidc;
  const identity = readProviderAccount(ctx)?.identity;
  // While public sites are off, the next check handles it, or the next prompt reports it.
  if (
    !identity?.publicEndedAt ||
    client?.['kind'] !== 'public' ||
    isExcludedFromPublicSites(identity, client)
  )
    return false;
  const { signedInAt } = requireUnitOfWork();
  return signedInAt === null || signedInAt <= identity.publicEndedAt;
}

/** Someone signed in within this very request; a session does not count, regardless of how recent it is. */
function isSignedInNow(oidc: ProviderContext['oidc']): boolean {
  return oidc.result?.login !== undefined;
}

/** Both factors were given within this very request. */
function isTwoFactorHere(oidc: ProviderContext['oidc']): boolean {
  return isTwoFactor(kindsOfAmr(oidc.result?.login?.amr));
}

/** The signed-in person's proofing is too low for the registration, whatever they show. */
export function isProofingTooLow({ account, client }: ProviderContext['oidc']): boolean {
  const { identity } = (account ?? {}) as Partial<PersonAccount>;
  return identity !== undefined && !isProofingEnough(identity.proofing, String(client?.['min_proofing']));
}

/** True when a page is still needed, or when the requirement cannot be met. */
export function isSignInMissing(oidc: ProviderContext['oidc']): boolean {
  const missing = missingOf(oidc);
  return missing === 'unattainable' || missing.size > 0;
}

/**
 * Without consent a site learns nothing of how well the person is known: with `prompt=none` everyone is
 * answered as a person with the best proofing is, and otherwise a page says it, from which the person goes
 * back.
 * @throws UnmetAuthenticationRequirements for a level that this person, or anyone, cannot reach: asking again
 *   would loop.
 */
async function isLevelMissing(ctx: ProviderContext, consents: ConsentReader): Promise<boolean> {
  const { oidc } = ctx;
  const [required, session] = [requiredOf(oidc), readSessionLevel(oidc)];
  const isSilent = await isSilentWithoutConsent(ctx, consents);
  const missing = missingAuthentication(required, isSilent ? asIfProofed(session) : session);
  if (missing !== 'unattainable') return missing.size > 0;
  const isOfPerson = missingAuthentication(required, null) !== 'unattainable';
  if (
    isOfPerson &&
    !isSignedInNow(oidc) &&
    !oidc.prompts.has('none') &&
    (await isConsentMissing(ctx, consents))
  )
    return true;
  throw new errors.UnmetAuthenticationRequirements(describeProtocolError('acr_unattainable'));
}

/** Says what was shown, and nothing of how well the person is known. */
function asIfProofed(session: SessionLevel | null): SessionLevel | null {
  return session && { ...session, acr: shownAcr(kindsOfAmr(session.amr)), proofing: 'Substantial' };
}

function missingOf(oidc: ProviderContext['oidc']): MissingAuthentication {
  return missingAuthentication(requiredOf(oidc), readSessionLevel(oidc));
}

function readSessionLevel(oidc: ProviderContext['oidc']): SessionLevel | null {
  const { session, account } = oidc;
  const { identity } = (account ?? {}) as Partial<PersonAccount>;
  if (!session?.accountId || !identity) return null;
  const { proofing } = identity;
  return { acr: session.acr, amr: session.amr ?? [], proofing, resistance: readResistance(oidc) };
}

function requiredOf(oidc: ProviderContext['oidc']): RequiredAuthentication {
  const { client, params, session } = oidc;
  const maxAge = params?.['max_age'];
  const isOld = maxAge !== undefined && (session?.past(Number(maxAge)) ?? true);
  return {
    minimumAcr: isCprRequested(oidc) ? SUBSTANTIAL : String(client?.['min_acr']),
    minimumProofing: String(client?.['min_proofing']),
    freshKey: client?.['require_fresh_key'] === true && !isTwoFactorHere(oidc),
    acr: readRequestedAcr(oidc),
    again: !isSignedInNow(oidc) && (isOld || oidc.prompts.has('login')),
  };
}

/** A CPR number is neither issued nor shown to someone who knows only a password. */
function isCprRequested(oidc: ProviderContext['oidc']): boolean {
  const { requestParamScopes: scopes, requestParamClaims: claims } = oidc;
  return scopes.has('ssn') || CLAIMS_BY_SCOPE.ssn.some((claim) => claims.has(claim));
}

/** @throws LoginRequired when another person signed in than the hint names: asking again would loop. */
function isDifferentPerson(ctx: ProviderContext, sub: ReadSubject): boolean {
  const { oidc } = ctx;
  const hint = oidc.entities.IdTokenHint?.payload.sub;
  const { value, values } = findRequestedClaim(oidc, 'sub') ?? {};
  const wanted = [hint, value].filter((one) => one !== undefined);
  const accountId = oidc.session?.accountId;
  if ((wanted.length === 0 && !Array.isArray(values)) || !accountId) return false;
  const actual = sub(ctx, accountId);
  const isAmong = !Array.isArray(values) || values.includes(actual);
  if (isAmong && wanted.every((one) => one === actual)) return false;
  if (isSignedInNow(oidc)) throw new errors.LoginRequired(describeProtocolError('other_person'));
  return true;
}

function findRequestedClaim(oidc: ProviderContext['oidc'], claim: string): RequestedClaim | undefined {
  return (oidc.claims as RequestedClaims).id_token?.[claim] ?? undefined;
}
