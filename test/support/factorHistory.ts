/**
 * Random histories of one person's factors over the pure rules (factorPerson.ts): sign-ins by cards and
 * security keys, answers that are sent again, additions, blocks, and time that passes.
 */
import { KEYS_ON_CARD } from '../../src/domain/card/keyCard.ts';
import { factorOf, MAX_SECURITY_KEYS } from '../../src/domain/factors/securityKey.ts';
import { isResistant, resistanceOf, type Factor } from '../../src/domain/signIn/levels.ts';
import { findBroken } from './factorInvariants.ts';
import type { FactorPlan, FactorStep } from './factorPlans.ts';
import {
  A_REQUEST,
  FactorPerson,
  HOUR_MS,
  type FactorRules,
  type ModelKey,
  type ModelSignIn,
} from './factorPerson.ts';

/** A key that signed for a page: what a thief may send again. */
interface Answer {
  readonly key: ModelKey;
  readonly challenge: number;
  readonly signCount: number;
}

export class FactorHistory {
  readonly counts = new Map<string, number>();
  readonly #person: FactorPerson;
  readonly #secrets = new Set<string>();
  readonly #answers: Answer[] = [];
  #signIn: ModelSignIn | null = null;

  constructor(rules: FactorRules) {
    this.#person = new FactorPerson(rules);
  }

  /** @throws at the first step after which something is so that never may be */
  walk(steps: readonly FactorPlan[]): void {
    const person = this.#person;
    for (const [at, { name, number }] of steps.entries()) {
      const outcome = `${name}: ${this.#act(name, number)}`;
      this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
      const broken = findBroken(person, this.#secrets);
      if (broken !== null) {
        const done = steps.slice(0, at + 1).map((one) => one.name);
        throw new Error(`${broken} after ${done.join(', ')}`);
      }
      person.now = new Date(person.now.getTime() + 1_000);
    }
  }

  #act(name: FactorStep, number: number): string {
    const person = this.#person;
    switch (name) {
      case 'open':
        return this.#open(number);
      case 'card-key':
        return this.#giveCardKey(null);
      case 'card-key-again':
        return this.#giveCardKey(number);
      case 'wear-out':
        return this.#wearOut();
      case 'answer':
        return this.#answer(number, false);
      case 'answer-alone':
        return this.#answer(number, true);
      case 'answer-again':
        return this.#answerAgain(number);
      case 'answer-of-copy':
        return this.#answer(number, number % 2 === 0, -1);
      case 'add':
        return person.add('self_service', false, number);
      case 'add-confirmed':
        return number % 3 === 0 ? this.#addByCode(number) : this.#addByAnswer(number);
      case 'add-at-desk':
        return person.add('desk', number % 5 !== 0, number);
      case 'add-many':
        for (let i = 0; i < MAX_SECURITY_KEYS; i += 1) person.add('desk', true, number + i);
        return 'done';
      case 'end-key':
        return person.endKey(number);
      case 'order':
        return person.command({ kind: 'order' });
      case 'sent':
        return person.send();
      case 'first-key':
        return this.#giveFirstKey(number);
      case 'not-arrived':
        return person.command({ kind: 'not_arrived' });
      case 'spend-many':
        return this.#spendMany(number);
      case 'code':
        return this.#giveCode(null);
      case 'code-again':
        return this.#giveCode(number);
      case 'token-order':
        return person.active ? person.tokens.order() : 'no card';
      case 'token-sent':
        return person.tokens.send();
      case 'token-first-code':
        return this.#activateToken();
      case 'token-at-desk':
        return person.isBlocked ? 'blocked' : person.tokens.handOver(person.now);
      case 'token-end':
        return person.tokens.end('blocked', number % 2 === 0);
      case 'hours-pass':
        return person.pass(1 + (number % 11));
      case 'day-passes':
        return person.pass(24 + (number % 30));
      case 'block-card':
        person.endSessions();
        person.tokens.end('blocked', false);
        return person.command({ kind: 'block_card' });
      case 'block':
        return person.block();
      case 'reopen':
        person.isBlocked = false;
        return person.command({ kind: 'order' });
    }
  }

  #open(number: number): string {
    const resistance = number % 5 === 0 ? ('phr' as const) : number % 11 === 0 ? ('phrh' as const) : null;
    const step = this.#person.show(this.#begin({ ...A_REQUEST, resistance }));
    return step.page === 'refused' ? step.refusal : step.page;
  }

  /** A sign-in with a right password. */
  #begin(request = A_REQUEST): ModelSignIn {
    const person = this.#person;
    this.#signIn = { passwordAt: person.now, challenge: person.nextNumber(), request };
    return this.#signIn;
  }

  /** @param again the position of a key that may be used up; null for the one that is asked for */
  #giveCardKey(again: number | null): string {
    const person = this.#person;
    const signIn = this.#signIn ?? this.#begin();
    const step = person.show(signIn);
    const card = person.active;
    if (!signIn.passwordAt || step.page !== 'key' || step.card === null || !card) return 'not asked';
    card.challenge ??= card.spent.indexOf('0');
    const position = again === null ? card.challenge : again % KEYS_ON_CARD;
    if (position !== card.challenge || !person.isAlive(signIn)) return 'stale';
    person.spend(card, position);
    person.command({ kind: 'key_spent' });
    return this.#finish(signIn, 'card_key');
  }

  /** Wrong keys until the step is locked: a security key serves meanwhile, at the page that says so. */
  #wearOut(): string {
    const person = this.#person;
    const signIn = this.#signIn ?? this.#begin();
    const step = person.show(signIn);
    if (!signIn.passwordAt || step.page !== 'key' || step.card === null) return 'not asked';
    const opensAt = new Date(person.now.getTime() + 8 * HOUR_MS);
    person.keysLockedUntil = opensAt;
    const { page } = person.show(signIn, null, { kind: 'locked', step: 'key', opensAt });
    if (page !== (step.securityKeys.length > 0 ? 'key' : 'locked')) throw new Error(`stranded at ${page}`);
    return page;
  }

  #spendMany(number: number): string {
    const card = this.#person.active;
    if (!card) return 'no card';
    for (let i = 0; i < number % 60 && card.state === 'active'; i += 1) {
      this.#person.spend(card, card.spent.indexOf('0'));
      this.#person.command({ kind: 'key_spent' });
    }
    return 'done';
  }

  /** A device of the person signs. @param shift of its counter, where a copy of the key signs */
  #answer(number: number, isOnly: boolean, shift = 0): string {
    const person = this.#person;
    const key = person.keys[number % Math.max(1, person.keys.length)];
    if (!key) return 'no key';
    if (isOnly) this.#signIn = { passwordAt: null, challenge: person.nextNumber(), request: A_REQUEST };
    const { challenge } = this.#signIn ?? this.#begin();
    return this.#record(this.#sign(key, challenge, shift));
  }

  #sign(key: ModelKey, challenge: number, shift = 0): Answer {
    if (!key.isSynced && shift === 0) key.deviceCount += 1;
    const signCount = key.isSynced ? 0 : Math.max(0, key.deviceCount + shift);
    const answer = { key, challenge, signCount };
    this.#answers.push(answer);
    return answer;
  }

  #answerAgain(number: number): string {
    const answer = this.#answers.at(-1 - (number % 3));
    const person = this.#person;
    // At the page of before, or at one that was opened since.
    if (number % 2 === 0)
      this.#signIn = { passwordAt: null, challenge: person.nextNumber(), request: A_REQUEST };
    return answer ? this.#record(answer) : 'nothing';
  }

  /** As the statement does that accepts an answer. */
  #record(answer: Answer): string {
    const { key } = answer;
    const signIn = this.#signIn;
    if (!signIn) return 'another challenge';
    const why = this.#judge(answer, signIn.challenge, this.#person.rules.listCountingKeys);
    if (why !== null) return why;
    const factor = factorOf(key);
    if (!isResistant(resistanceOf(new Set([factor])), signIn.request.resistance)) return 'too weak';
    if (!this.#person.isAlive(signIn)) return 'sign-in has ended';
    this.#use(answer);
    return this.#finish(signIn, factor);
  }

  /** @returns why the answer is not accepted at the page that asked for this challenge; null where it is */
  #judge(answer: Answer, asked: number, listAccepted: FactorRules['listCountingKeys']): string | null {
    const { rules, now } = this.#person;
    const { key, signCount, challenge } = answer;
    if (!rules.isSameChallenge(asked, challenge)) return 'another challenge';
    if (rules.isCounterFallen(key.signCount, signCount)) return 'copied';
    if (key.endedAt !== null) return 'has ended';
    return listAccepted([key], now).length === 0 ? 'waits' : null;
  }

  #use({ key, challenge, signCount }: Answer): void {
    key.signCount = signCount;
    this.#person.use(`${key.id} ${challenge} ${signCount}`, key);
  }

  /** With a key of the card and an answer for this addition; now and then an earlier one is sent. */
  #addByAnswer(number: number): string {
    const person = this.#person;
    const why = person.whyNotAdded('self_service');
    if (why !== null) return why;
    const challenge = person.nextNumber();
    const key = person.keys[number % Math.max(1, person.keys.length)];
    const answer = number % 5 === 0 || !key ? this.#answers.at(-1) : this.#sign(key, challenge);
    if (!answer) return 'not confirmed';
    const refused = this.#judge(answer, challenge, person.rules.listConfirmingKeys);
    if (refused !== null) return refused;
    this.#use(answer);
    return person.add('self_service', true, number);
  }

  #addByCode(number: number): string {
    const person = this.#person;
    const why = person.whyNotAdded('self_service');
    if (why !== null) return why;
    const token = person.tokens.active;
    if (!token) return 'not confirmed';
    const match = person.tokens.type(token, number % 2 === 0 ? null : number, person.now);
    if (match.kind !== 'right') return `code ${match.kind}`;
    person.tokens.accept(token, match.code);
    person.use(`${token.id} ${match.code.step}`, token);
    return person.add('self_service', true, number);
  }

  #finish(signIn: ModelSignIn, factor: Factor): string {
    const person = this.#person;
    const step = person.show(signIn, factor);
    this.#signIn = null;
    if (step.page !== 'done' && step.page !== 'new-card') return step.page;
    person.sessions.push({ at: person.now, factor, isOver: false });
    return 'signed in';
  }

  /** @param earlier which of the last codes; null for the one that the device shows */
  #giveCode(earlier: number | null): string {
    const person = this.#person;
    const signIn = this.#signIn ?? this.#begin();
    const step = person.show(signIn);
    const token = person.tokens.active;
    if (!signIn.passwordAt || step.page !== 'key' || step.codeToken === null || !token) return 'not asked';
    const match = person.tokens.type(token, earlier, person.now);
    if (match.kind !== 'right') return match.kind;
    if (!person.isAlive(signIn)) return 'sign-in has ended';
    person.tokens.accept(token, match.code);
    person.use(`${token.id} ${match.code.step}`, token);
    return this.#finish(signIn, 'code_token');
  }

  #activateToken(): string {
    const { active: card, tokens, now } = this.#person;
    if (!card) return 'no card';
    const outcome = tokens.submitFirstCode(now);
    if (outcome !== 'done') return outcome;
    this.#person.spend(card, card.spent.indexOf('0'));
    this.#person.command({ kind: 'key_spent' });
    return outcome;
  }

  /** The first key of a card that was sent: right after another factor, or after the password alone. */
  #giveFirstKey(number: number): string {
    const person = this.#person;
    if (number % 4 === 0) this.#giveCardKey(null);
    if (number % 4 === 1) this.#answer(number, true);
    const card = person.coming;
    const last = person.sessions.at(-1);
    const isRecent = last !== undefined && !last.isOver && last.at.getTime() >= person.now.getTime() - 1_000;
    const after = !isRecent ? 'password' : last.factor === 'card_key' ? 'old_key' : 'other_factor';
    const opensAt = new Date(person.now.getTime() + 24 * HOUR_MS);
    if (card?.state !== 'sent') return 'none';
    const outcome = person.command({ kind: 'first_key', after, opensAt });
    if (outcome !== 'done') return outcome;
    // A key of the old card stands for the wait that it had begun.
    if (after === 'old_key') card.activatesAt = null;
    card.openedAt = after === 'old_key' ? null : person.now;
    person.spend(card, card.spent.indexOf('0'));
    return `done after ${after}, ${card.state}`;
  }
}
