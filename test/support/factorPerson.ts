/**
 * A person's factors as the pure rules see them: cards, security keys and sign-ins, without a database. What
 * the rules decide is done; nothing else changes a state.
 */
import { decideCardCommand, findNextCardState, type CardCommand } from '../../src/domain/card/cardLife.ts';
import { KEYS_ON_CARD, type ComingCard, type KeyCard } from '../../src/domain/card/keyCard.ts';
import {
  isCounterFallen,
  listCountingKeys,
  MAX_SECURITY_KEYS,
  readCountsFrom,
  readEndReason,
  type SecurityKeyPlace,
} from '../../src/domain/factors/securityKey.ts';
import { CODE_TOKEN_WAIT_MS, matchCode } from '../../src/domain/factors/codeToken.ts';
import type { Identity } from '../../src/domain/person/person.ts';
import {
  BOTH_KINDS,
  PASSWORD,
  SUBSTANTIAL,
  withFactor,
  type Factor,
} from '../../src/domain/signIn/levels.ts';
import { nextSignInStep, type SignInState, type SignInStep } from '../../src/domain/signIn/signIn.ts';
import type { PendingRequest } from '../../src/domain/signIn/pendingRequest.ts';
import { ModelTokens, type ModelToken } from './factorTokens.ts';

/** The rules that histories take; a control replaces one of them by a wrong one. */
export const RULES = {
  decideCardCommand,
  isCounterFallen,
  listCountingKeys,
  /** Those that may confirm an addition. */
  listConfirmingKeys: listCountingKeys,
  maxSecurityKeys: MAX_SECURITY_KEYS,
  nextSignInStep,
  readCountsFrom,
  matchCode,
  codeTokenWaitMs: CODE_TOKEN_WAIT_MS,
  /** Whether a block of the ID ends what is no card. */
  endsAll: true,
  /** Whether an answer serves for the page that asked for it, and for no other. */
  isSameChallenge: (asked: number, answered: number) => asked === answered,
};
export type FactorRules = typeof RULES;

export const HOUR_MS = 3_600_000;

/** At a relying party that asks for nothing in particular. */
export const A_REQUEST: PendingRequest = {
  id: 'request',
  ageMs: 0,
  formOrigins: '',
  resumeUrl: '',
  clientId: 'history',
  names: { da: 'Historie', en: 'History' },
  purposes: { da: null, en: null },
  logo: null,
  kind: 'public',
  resistance: null,
  resistanceInstead: null,
  signIn: true,
  requiredKinds: BOTH_KINDS,
  minimumAcr: SUBSTANTIAL,
  minimumProofing: SUBSTANTIAL,
  stepUp: null,
  accountId: null,
  consentPage: false,
  isTrusted: true,
  scopes: ['openid'],
  claims: [],
  uiLocales: '',
  loginHint: '',
};

export interface ModelCard {
  readonly id: string;
  state: Parameters<typeof findNextCardState>[0];
  spent: string;
  challenge: number | null;
  readonly replacesLost: boolean;
  activatesAt: Date | null;
  /** When its first key was given without one of the old card. */
  openedAt: Date | null;
}

export interface ModelKey {
  readonly id: string;
  readonly addedAt: Date;
  /** Where it was added, and whether another confirmed it. */
  readonly place: SecurityKeyPlace;
  readonly isConfirmed: boolean;
  readonly countsFrom: Date;
  readonly isSynced: boolean;
  readonly isAttested: boolean;
  /** As stored, and in the device. */
  signCount: number;
  deviceCount: number;
  endedAt: Date | null;
}

/** A use of a factor, once: a key of a card, a code, or an answer of a security key. */
export interface FactorUse {
  readonly secret: string;
  /** Null for a card's. */
  readonly by: ModelKey | ModelToken | null;
  readonly at: Date;
  readonly wasBlocked: boolean;
}

export interface ModelSession {
  readonly at: Date;
  readonly factor: Factor;
  isOver: boolean;
}

export interface ModelSignIn {
  /** Null where a security key takes the place of user ID and password. */
  readonly passwordAt: Date | null;
  readonly challenge: number;
  readonly request: PendingRequest;
}

export class FactorPerson {
  readonly cards: ModelCard[] = [];
  readonly keys: ModelKey[] = [];
  readonly tokens: ModelTokens;
  readonly sessions: ModelSession[] = [];
  /** Since the invariants were looked at. */
  uses: FactorUse[] = [];
  now = new Date('2031-01-06T09:00:00Z');
  isBlocked = false;
  /** After too many wrong keys of the card. */
  keysLockedUntil: Date | null = null;
  readonly rules: FactorRules;
  #serial = 0;
  #endedAt = new Date(0);

  constructor(rules: FactorRules) {
    this.rules = rules;
    this.tokens = new ModelTokens(rules);
    this.cards.push(this.#makeCard('active', false));
  }

  nextNumber(): number {
    this.#serial += 1;
    return this.#serial;
  }

  #makeCard(state: ModelCard['state'], replacesLost: boolean): ModelCard {
    const spent = '0'.repeat(KEYS_ON_CARD);
    return {
      id: `card ${this.nextNumber()}`,
      state,
      spent,
      challenge: null,
      replacesLost,
      activatesAt: null,
      openedAt: null,
    };
  }

  get active(): ModelCard | null {
    return this.cards.find(({ state }) => state === 'active') ?? null;
  }

  get coming(): ModelCard | null {
    return this.cards.find(({ state }) => state === 'ordered' || state === 'sent') ?? null;
  }

  get keysAlive(): ModelKey[] {
    return this.keys.filter(({ endedAt }) => endedAt === null);
  }

  /** What the page after a right password shows where nothing else is asked for. */
  showAfterPassword(): SignInStep {
    return this.show({ passwordAt: this.now, challenge: 0, request: A_REQUEST });
  }

  show(signIn: ModelSignIn, given: Factor | null = null, outcome: SignInState['outcome'] = null): SignInStep {
    const before = signIn.passwordAt === null ? new Set<Factor>() : PASSWORD;
    const identity = { id: 'one', isBlocked: this.isBlocked, proofing: 'Substantial', publicSites: true };
    const state: SignInState = {
      identity: identity as Identity,
      card: this.active as KeyCard | null,
      comingCard: this.coming as ComingCard | null,
      securityKeys: this.keysAlive as unknown as SignInState['securityKeys'],
      codeToken: this.tokens.active as unknown as SignInState['codeToken'],
      lastCardState: this.cards.at(-1)?.state ?? null,
      keysLockedUntil: this.keysLockedUntil,
      newCardSkipped: false,
      passwordAt: signIn.passwordAt ?? this.now,
      signedInAt: given === null ? null : this.now,
      factors: given === null ? before : withFactor(before, given),
      consented: false,
      outcome,
      typedName: '',
    };
    return this.rules.nextSignInStep(state, signIn.request, [], this.now);
  }

  /** As the statement that records a factor decides on the locked row of the identity. */
  isAlive({ passwordAt }: ModelSignIn): boolean {
    return !this.isBlocked && (passwordAt ?? this.now) >= this.#endedAt;
  }

  use(secret: string, by: FactorUse['by']): void {
    this.uses.push({ secret, by, at: this.now, wasBlocked: this.isBlocked });
  }

  spend(card: ModelCard, position: number): void {
    this.use(`${card.id} #${position}`, null);
    card.spent = `${card.spent.slice(0, position)}1${card.spent.slice(position + 1)}`;
    card.challenge = null;
  }

  /** @returns why none can be added there; null where one can */
  whyNotAdded(place: SecurityKeyPlace): string | null {
    if (this.isBlocked) return 'blocked';
    if (this.keysAlive.length >= this.rules.maxSecurityKeys) return 'too many';
    return place === 'self_service' && !this.active ? 'no card' : null;
  }

  /** @param isConfirmed a second officer did, or a second way of the person, which was used just before */
  add(place: SecurityKeyPlace, isConfirmed: boolean, number: number): string {
    const { rules, now, active: card } = this;
    const why = this.whyNotAdded(place);
    if (why !== null) return why;
    if (place === 'self_service' && card) {
      this.spend(card, card.spent.indexOf('0'));
      this.command({ kind: 'key_spent' });
    }
    this.keys.push({
      id: `security key ${this.nextNumber()}`,
      place,
      isConfirmed,
      addedAt: now,
      countsFrom: rules.readCountsFrom(isConfirmed, now),
      isSynced: number % 3 === 0,
      isAttested: number % 7 === 1,
      signCount: 0,
      deviceCount: 0,
      endedAt: null,
    });
    return 'added';
  }

  block(): string {
    const outcome = this.command({ kind: 'block_identity' });
    this.isBlocked = true;
    this.endSessions();
    if (this.rules.endsAll) this.tokens.end('blocked', true);
    if (this.rules.endsAll) for (const key of this.keys) key.endedAt ??= this.now;
    return outcome;
  }

  endKey(number: number): string {
    const key = this.keysAlive[number % Math.max(1, this.keysAlive.length)];
    if (!key) return 'none';
    key.endedAt = this.now;
    this.endSessions();
    return readEndReason(key.countsFrom, this.now);
  }

  send(): string {
    const card = this.coming;
    if (card?.state !== 'ordered') return 'none';
    card.state = findNextCardState(card.state, 'send') ?? card.state;
    return 'sent';
  }

  pass(hours: number): string {
    this.now = new Date(this.now.getTime() + hours * HOUR_MS);
    this.tokens.endWait(this.now);
    return this.command({ kind: 'end_wait', now: this.now, skip: false });
  }

  endSessions(): void {
    this.#endedAt = this.now;
    for (const session of this.sessions) session.isOver = true;
  }

  command(command: CardCommand): string {
    const cards = this.cards.map((card) => ({
      ...card,
      keysLeft: KEYS_ON_CARD - card.spent.replaceAll('0', '').length,
    }));
    const decided = this.rules.decideCardCommand(
      { isBlocked: this.isBlocked, threshold: 20, hasAddress: true, cards },
      command,
    );
    if ('refused' in decided) return decided.refused;
    for (const { cardId, move } of decided.moves) {
      const card = this.cards.find(({ id }) => id === cardId);
      const state = card && findNextCardState(card.state, move);
      if (!card || !state) throw new Error(`a card cannot ${move}`);
      card.state = state;
    }
    const waiting = this.cards.find(({ id }) => id === decided.wait?.cardId);
    if (waiting && decided.wait) waiting.activatesAt = decided.wait.opensAt;
    if (decided.order) this.cards.push(this.#makeCard('ordered', decided.order.replacesLost));
    return 'done';
  }
}
