/** What happens to security keys in a history (factorNodeHistory.ts). */
import {
  SECURITY_KEY_WAIT_MS,
  type CreatedSecurityKey,
  type SecurityKeyPlace,
} from '../../src/domain/factors/securityKey.ts';
import { endIdentity, lockIdentity } from '../../src/db/cards/cardSets.ts';
import {
  addSecurityKeyInTransaction,
  composeCreation,
  endSecurityKey,
  verifyCreation,
} from '../../src/features/securityKeys/index.ts';
import { blockTarget } from '../../src/features/factors/block.ts';
import { composeChallenge } from '../../src/features/signIn/securityKey/webAuthnRequest.ts';
import { SUBSTANTIAL } from '../../src/domain/signIn/levels.ts';
import { drawSecret } from '../../src/domain/random.ts';
import { submitAssertion } from '../../src/features/signIn/securityKey/submitSecurityKey.ts';
import type { AppContext } from '../../src/features/appContext.ts';
import { SoftAuthenticator } from './authenticator.ts';
import { confirmAddition } from './confirmedAddition.ts';
import type { CardHistory } from './cardHistory.ts';
import type { FactorStepName } from './factorNodeHistory.ts';
import type { Nodes } from './nodes.ts';
import type { OpenSignIn, SignInSteps } from './signInSteps.ts';

const BY = { by: 'person' } as const;

interface HeldKey {
  readonly credentialId: string;
  readonly authenticator: SoftAuthenticator;
  readonly counts: boolean;
  /** From then on it may sign in. */
  readonly from: Date;
  hasEnded: boolean;
}

interface CreatedKey {
  readonly key: CreatedSecurityKey;
  readonly authenticator: SoftAuthenticator;
}

interface Sent {
  readonly key: HeldKey;
  readonly credential: string;
  readonly challenge: string;
  readonly signIn: OpenSignIn;
}

export class SecurityKeySteps {
  readonly #nodes: Nodes;
  readonly #history: CardHistory;
  readonly #signIns: SignInSteps;
  readonly #keys: HeldKey[] = [];
  readonly #sent: Sent[] = [];

  constructor(nodes: Nodes, history: CardHistory, signIns: SignInSteps) {
    this.#nodes = nodes;
    this.#history = history;
    this.#signIns = signIns;
  }

  async act(name: FactorStepName, node: number, number: number): Promise<string> {
    const context = this.#history.contextOf(node);
    const other = this.#history.contextOf(node + 1);
    switch (name) {
      case 'key-add':
        return await this.#add(context, 'self_service', number);
      case 'key-add-at-desk':
        return await this.#add(context, 'desk', number);
      case 'key-add-twice-at-once': {
        const [one, two] = await Promise.all([
          this.#add(context, 'self_service', number),
          this.#add(other, 'desk', number + 1),
        ]);
        return `${one}, ${two}`;
      }
      case 'key-add-confirmed':
        return await this.#addConfirmed(number % 2 === 0 ? [context, other, other] : [context], number);
      case 'key-end':
        return await this.#end(context, number);
      case 'key-beside':
        return await this.#answer([context], number, false);
      case 'key-alone':
        return await this.#answer([context], number, true);
      case 'key-twice-at-once':
        return await this.#answer([context, other, other, context], number, number % 2 === 0);
      case 'key-again':
        return await this.#answerAgain(context, number);
      case 'key-while-it-ends': {
        const [answered, ended] = await Promise.all([
          this.#answer([context], number, true),
          this.#end(other, number),
        ]);
        return `${answered}, ${ended}`;
      }
      case 'key-while-blocked': {
        const [answered, blocked] = await Promise.all([
          this.#answer([context], number, true),
          this.#history.blockIdentity(node + 1),
        ]);
        for (const key of this.#keys) key.hasEnded = true;
        return `${answered.startsWith('signed in') ? 'signed in' : 'refused'}, ${blocked}`;
      }
      case 'block-keys': {
        const outcome = await blockTarget(context, this.#history.person.identityId, 'security_keys', BY);
        for (const key of this.#keys) key.hasEnded = true;
        return outcome;
      }
      default:
        throw new Error(`no step of security keys: ${name}`);
    }
  }

  /** The credential ids of those that count now, by this history's own account. */
  listCounting(): Set<string> {
    const now = this.#history.contextOf(0).clock.now();
    const counting = this.#keys.filter(({ from, hasEnded }) => !hasEnded && from <= now);
    return new Set(counting.map(({ credentialId }) => credentialId));
  }

  async hold(): Promise<void> {
    if (this.#history.isBlocked) for (const key of this.#keys) key.hasEnded = true;
    const [row] = await this.#nodes.database.query<{ alive: number }>(
      'SELECT count(*)::int AS alive FROM security_keys WHERE identity_id = $1 AND ended_at IS NULL',
      [this.#history.person.identityId],
    );
    const alive = row?.alive ?? 0;
    if (alive > 10) throw new Error('more than ten security keys');
    const known = this.#keys.filter(({ hasEnded }) => !hasEnded).length;
    if (alive !== known) throw new Error(`${alive} security keys live, and should be ${known}`);
  }

  /** What a new device answers, verified. */
  async #create(context: AppContext, number: number): Promise<CreatedKey> {
    const { identityId } = this.#history.person;
    const settings = { issuer: this.#nodes.issuer, attestation: null };
    const { origin, hostname: rpId } = new URL(this.#nodes.issuer);
    const authenticator = new SoftAuthenticator({ origin, rpId, synced: number % 3 === 0 });
    const owner = { identityId, purpose: 'self_service', holder: 'history' } as const;
    const { options, issued } = await composeCreation(context, settings, owner, {
      userName: 'x',
      displayName: 'x',
    });
    const credential = JSON.stringify(authenticator.create({ ...options, excludeCredentials: [] }));
    const created = await verifyCreation(context, settings, owner, { issued, credential });
    if ('fault' in created) throw new Error(`what a device created is refused: ${created.fault}`);
    return { key: created.key, authenticator };
  }

  #keep({ key, authenticator }: CreatedKey, number: number, from: Date): void {
    this.#keys.push({
      credentialId: key.credentialId.toString('base64url'),
      authenticator,
      counts: number % 3 !== 0,
      from,
      hasEnded: false,
    });
  }

  async #add(context: AppContext, place: SecurityKeyPlace, number: number): Promise<string> {
    const { identityId } = this.#history.person;
    // A person who adds one is signed in, or at a desk that looks at the ID.
    if (this.#history.isBlocked) return 'blocked';
    const created = await this.#create(context, number);
    const now = context.clock.now();
    // As a second officer confirms what the first one adds.
    const isConfirmed = place === 'desk';
    const added = { key: created.key, name: 'Nøgle', place, isConfirmed } as const;
    const refused = await context.database.transaction(async (db) => {
      await lockIdentity(db, identityId);
      return await addSecurityKeyInTransaction(context, db, identityId, added, BY);
    });
    if (refused) return refused;
    this.#keep(created, number, isConfirmed ? now : new Date(now.getTime() + SECURITY_KEY_WAIT_MS));
    return 'added';
  }

  /**
   * In self-service, with a key of the card and an answer of another security key.
   * @param contexts each gets the same form, at once
   */
  async #addConfirmed(contexts: readonly AppContext[], number: number): Promise<string> {
    const [context] = contexts;
    const counting = this.#keys.filter(({ credentialId }) => this.listCounting().has(credentialId));
    // Mostly one that may.
    const by = number % 4 === 0 ? this.#pick(number) : counting[number % Math.max(1, counting.length)];
    if (this.#history.isBlocked) return 'blocked';
    if (!context || !by) return 'no key';
    const created = await this.#create(context, number);
    const { from, hasEnded } = by;
    const before = context.clock.now();
    const done = await confirmAddition(this.#history, contexts, {
      created: created.key,
      issuer: this.#nodes.issuer,
      answer: (challenge) =>
        JSON.stringify(
          by.authenticator.get({ challenge, allowCredentials: [] }, by.counts ? {} : { signCount: 0 }),
        ),
    });
    if ('page' in done) return done.page;
    if (hasEnded) throw new Error('a security key that had ended confirmed another');
    if (from > before) throw new Error('a security key counted before its wait was over');
    this.#signIns.accept(done.credential, 1, false);
    this.#keep(created, number, before);
    return 'added';
  }

  #pick(number: number): HeldKey | undefined {
    // Mostly one of those that live.
    const alive = this.#keys.filter(({ hasEnded }) => !hasEnded);
    const among = number % 7 === 0 || alive.length === 0 ? this.#keys : alive;
    return among[number % Math.max(1, among.length)];
  }

  async #end(context: AppContext, number: number): Promise<string> {
    const { identityId } = this.#history.person;
    const key = this.#pick(number);
    if (!key) return 'none';
    const [row] = await this.#nodes.database.query<{ id: string }>(
      'SELECT id FROM security_keys WHERE credential_id = $1',
      [Buffer.from(key.credentialId, 'base64url')],
    );
    const isEnded = await endSecurityKey(context, identityId, { id: row?.id ?? '', by: BY }, async (db) => {
      await endIdentity(db, identityId, { block: false, now: context.clock.now() });
    });
    key.hasEnded = true;
    return isEnded ? 'ended' : 'had ended';
  }

  /** @param contexts each gets the same answer, in a form of its own, at once */
  async #answer(contexts: readonly AppContext[], number: number, isOnly: boolean): Promise<string> {
    const [context] = contexts;
    const key = this.#pick(number);
    if (!context || !key) return 'no key';
    const signIn = isOnly ? this.#signIns.begin() : await this.#signIns.beginWithPassword(context);
    const shown = await this.#signIns.show(context, signIn);
    if (shown.page !== 'password' && shown.page !== 'key') return shown.page;
    if (!shown.webAuthn) return 'not asked';
    const challenge = composeChallenge(
      context.keyring.csrfToken(signIn.request.id),
      drawSecret(context.random),
    );
    const count = key.counts ? {} : { signCount: 0 };
    const credential = JSON.stringify(key.authenticator.get({ challenge, allowCredentials: [] }, count));
    const sent = { key, credential, challenge, signIn };
    this.#sent.push(sent);
    return await this.#send(contexts, sent);
  }

  /** An earlier answer: at its own page, or at one that was opened since. */
  async #answerAgain(context: AppContext, number: number): Promise<string> {
    const sent = this.#sent[number % Math.max(1, this.#sent.length)];
    if (!sent) return 'nothing';
    if (number % 2 === 0) return await this.#send([context], sent);
    const signIn = this.#signIns.begin();
    const challenge = composeChallenge(
      context.keyring.csrfToken(signIn.request.id),
      drawSecret(context.random),
    );
    return await this.#send([context], { ...sent, challenge, signIn });
  }

  async #send(
    contexts: readonly AppContext[],
    { key, credential, challenge, signIn }: Sent,
  ): Promise<string> {
    const { from, hasEnded } = key;
    const { isBlocked: wasBlocked } = this.#history;
    const forms = contexts.map((context) => this.#signIns.fillIn(context, signIn));
    const before = contexts[0]?.clock.now() ?? from;
    const answers = await Promise.all(
      contexts.map(
        async (context, i) =>
          await submitAssertion(context, {
            ...this.#signIns.compose(signIn, forms[i] as (typeof forms)[number]),
            credential,
            challenge,
            issuer: this.#nodes.issuer,
            requirement: { minimumAcr: SUBSTANTIAL, resistance: null, resistanceInstead: null },
          }),
      ),
    );
    const holder = forms.find((_, i) => answers[i]?.holds);
    if (holder) signIn.secret = holder.secret;
    const accepted = answers.filter(({ kind }) => kind === 'signed_in').length;
    if (accepted === 0) return answers.map(({ kind }) => kind).join(' ');
    if (hasEnded) throw new Error('a security key that had ended signed in');
    if (from > before) throw new Error('a security key counted before its wait was over');
    this.#signIns.accept(credential, accepted, wasBlocked);
    return 'signed in';
  }
}
