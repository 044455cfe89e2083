/**
 * The sign-in as a state, and the one place that says which page is next. Every step does its deed, saves, and
 * comes back here: reload, back and double-click are all the same case.
 */
import type { Identity } from './person.ts';
import { keysLeft, type KeyCard } from './keyCard.ts';
import type { RelyingPartyKind } from './relyingParty.ts';
import type { ToldRefusal } from './refusal.ts';

/** The last thing that happened in this sign-in that the next page has to mention. */
export type Outcome =
  | { kind: 'wrong_password' }
  | { kind: 'incomplete' }
  | { kind: 'wrong_key' }
  | { kind: 'malformed_key' }
  | { kind: 'stale_key' }
  | { kind: 'locked'; step: 'password' | 'key'; opensAt: Date };

/** One interaction of a browser with Nøgle, from the first page to the code. Nothing here reaches the session. */
export interface SignIn {
  /** Set when the password was right. */
  readonly identity: Identity | null;
  /** The card in use, if the identity has one. */
  readonly card: KeyCard | null;
  /** When a key of this interaction was spent; from then on it goes on as signed in. */
  readonly signedInAt: Date | null;
  /** The person said yes to the consent page of this interaction. */
  readonly consented: boolean;
  readonly outcome: Outcome | null;
  /** The name as it was typed, so that nothing is lost after a wrong password. */
  readonly typedName: string;
}

/** What the relying party asked for, as far as it decides the next page. */
export interface Asked {
  readonly kind: RelyingPartyKind;
  /** A password and a key; without them somebody is signed in already and only the rest is asked. */
  readonly signIn: boolean;
  /** The relying party wants the consent page, whatever is remembered. */
  readonly consentPage: boolean;
  /** The scopes that nobody agreed to yet. */
  readonly missingConsent: readonly string[];
}

export type Step =
  | { page: 'password'; outcome: Outcome | null; typedName: string }
  | { page: 'locked'; step: 'password' | 'key'; opensAt: Date }
  | { page: 'refused'; refusal: ToldRefusal }
  /** The challenge may still have to be drawn: `card.challenge` is null then. */
  | { page: 'key'; identity: Identity; card: KeyCard; outcome: Outcome | null }
  | { page: 'public-sites'; identity: Identity }
  | { page: 'consent'; identity: Identity }
  | { page: 'done'; identity: Identity; signedInAt: Date | null };

/** Reads the state, says the step. A blocked ID or an empty card is told only after a right password. */
export function nextStep(signIn: SignIn, asked: Asked, now: Date): Step {
  const { identity, card, outcome, signedInAt } = signIn;
  if (!signedInAt && outcome?.kind === 'locked' && outcome.opensAt > now) {
    return { page: 'locked', step: outcome.step, opensAt: outcome.opensAt };
  }
  if (!identity) return { page: 'password', outcome, typedName: signIn.typedName };
  if (identity.isBlocked) return { page: 'refused', refusal: 'id_blocked' };
  if (signedInAt || !asked.signIn) return stepAfterSignIn(signIn, identity, asked);
  if (!card) return { page: 'refused', refusal: 'no_active_card' };
  if (keysLeft(card.spent) === 0) return { page: 'refused', refusal: 'no_keys_left' };
  return { page: 'key', identity, card, outcome };
}

/** Both factors were shown. Nothing reaches the session before what follows is answered too. */
function stepAfterSignIn(signIn: SignIn, identity: Identity, asked: Asked): Step {
  if (asked.kind === 'public' && !identity.publicSites) return { page: 'public-sites', identity };
  const mustAsk = asked.missingConsent.length > 0 || (asked.consentPage && !signIn.consented);
  if (mustAsk) return { page: 'consent', identity };
  return { page: 'done', identity, signedInAt: signIn.signedInAt };
}
