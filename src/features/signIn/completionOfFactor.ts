/** What a sign-in is completed with, whatever the factor: the response, and the values of its statement. */
import { withFactor, type Factor } from '../../domain/signIn/levels.ts';
import type { PageRefusal } from '../../domain/errors/refusal.ts';
import type { RequestSource } from '../../domain/clientContext.ts';
import type { Completion, SealedResponse } from '../../db/signIn/completion.ts';
import type { StoredSignIn } from '../../db/signIn/signIns.ts';
import {
  hashBrowser,
  hashBrowsers,
  hashBrowserSubject,
  hashKnownNetwork,
  hashKnownNetworkSubject,
  sealClientContext,
} from '../authentication/index.ts';
import { hashInteractionId, readInteractionExpiry, type AppContext } from '../appContext.ts';
import { hashHolder, makeSignInMac, type SubmittedForm } from './holder/holder.ts';
import { sealAnswer } from './holder/storedAnswer.ts';
import { showSignIn, type StepToShow } from './showSignIn.ts';
import type { Submission } from './step.ts';

/**
 * This ID, or this factor of it (null), is not accepted here, though it is right: it is not used up, and no
 * sign-in is recorded.
 */
interface PreparedRefusal {
  readonly refusal: PageRefusal | null;
}

/** Prepares the response as if the factor were right; returns null when something else is asked after it. */
export type PrepareResponse = (asIf: {
  stored: StoredSignIn;
  signedInAt: Date;
  factor: Factor;
}) => Promise<SealedResponse | PreparedRefusal | null>;

type SignInEnd = Extract<StepToShow, { page: 'done' }>;

/** Prepares the response to a right factor, for every answer that could be right. */
export function prepareCompletion({ deps, ctx, next, request, sent }: Submission): {
  prepare: PrepareResponse;
  withdraw: () => void;
  findEnd: () => SignInEnd | null;
} {
  const { context, interactions } = deps;
  let withdraw = () => {};
  let end: SignInEnd | null = null;
  const prepare: PrepareResponse = async ({ stored, signedInAt, factor }) => {
    const asIf = { ...stored, signedInAt, factors: withFactor(stored.factors, factor), outcome: null };
    const shown = await showSignIn(context, request, sent.secret, asIf);
    if (shown.page === 'refused') return { refusal: shown.refusal };
    // Of this ID the request takes only a factor that cannot be phished.
    if (shown.page === 'key') return { refusal: null };
    if (shown.page !== 'done') return null;
    end = shown;
    const passwordAt = stored.passwordAt ?? signedInAt;
    const preparation = await interactions.prepareResponse(ctx, next, {
      request,
      authentication: { ...shown, passwordAt, signedInAt },
      seal: (answer) => sealAnswer(context, request.id, sent.secret, answer),
    });
    withdraw = preparation.withdraw;
    return preparation.prepared;
  };
  return { prepare, withdraw: () => withdraw(), findEnd: () => end };
}

/** The form that gives a factor, with its browser. */
export interface SubmittedFactor {
  readonly interactionId: string;
  readonly clientId: string;
  /** The new value for the cookie of a browser that becomes the person's own; never a previous one. */
  readonly ownBrowser: string | null;
  /** Values of the known-browser cookies. */
  readonly browsers: readonly string[];
  readonly requestSource: RequestSource;
  readonly sent: SubmittedForm;
  /** The secret of the holder's cookie, if this browser has one. */
  readonly secret: string | null;
}

export interface FactorToComplete {
  readonly identityId: string;
  readonly stored: StoredSignIn;
  readonly factor: Factor;
  readonly answer: SealedResponse | null;
  readonly now: Date;
  /** What the audit event says of the factor. */
  readonly details: Record<string, unknown>;
}

export function composeCompletionOfFactor(
  context: AppContext,
  submitted: SubmittedFactor,
  { identityId, stored, factor, answer, now, details }: FactorToComplete,
): Completion {
  const { random, keyring } = context;
  const { interactionId, clientId, sent, secret } = submitted;
  const signedInAt = stored.now;
  // A factor in place of the password has its time.
  const passwordAt = stored.passwordAt ?? signedInAt;
  const factors = withFactor(stored.facts.factors, factor);
  const signedIn = { ...stored.facts, identityId, passwordAt, signedInAt, factors };
  const browser = submitted.ownBrowser === null ? null : hashBrowser(context, submitted.ownBrowser);
  const network = hashKnownNetwork(context, submitted.requestSource.address);
  const seen = sealClientContext(keyring, stored.logSalt, submitted.requestSource);
  return {
    interaction: hashInteractionId(context, interactionId),
    identityId,
    passwordAt,
    signedInAt,
    formerHolder: secret === null ? null : hashHolder(context, interactionId, secret),
    holder: sent.holder,
    macs: {
      right: makeSignInMac(context, interactionId, signedIn, sent.holder),
      wrong: makeSignInMac(context, interactionId, stored.facts, sent.holder),
    },
    now,
    expiresAt: readInteractionExpiry(now),
    event: { kind: 'signed_in', details: { clientId, ...details, ...seen } },
    ownBrowser: browser && { browser, tries: hashBrowserSubject(context, identityId, browser) },
    browsers: hashBrowsers(context, submitted.browsers),
    network: { key: network, tries: hashKnownNetworkSubject(context, identityId, network) },
    // In a step-up the person was notified when the session began.
    wasKnown: stored.knownBrowser,
    newBrowser: stored.isStepUp
      ? null
      : { id: random.uuid(), details: { relyingParty: clientId, at: now.toISOString(), ...seen } },
    answer,
  };
}
