/** Sign-ins of a history (factorNodeHistory.ts) by use cases, and what its pages and rows must say. */
import { randomUUID } from 'node:crypto';
import { NO_RELYING_PARTY } from '../../src/domain/securityEvent.ts';
import { BOTH_KINDS } from '../../src/domain/signIn/levels.ts';
import type { PendingRequest } from '../../src/domain/signIn/pendingRequest.ts';
import { readSubmittedForm, type SubmittedForm } from '../../src/features/signIn/holder/holder.ts';
import { submitPassword } from '../../src/features/signIn/password/submitPassword.ts';
import { showSignIn, type StepToShow } from '../../src/features/signIn/showSignIn.ts';
import type { AppContext } from '../../src/features/appContext.ts';
import type { CardHistory } from './cardHistory.ts';
import { A_REQUEST } from './factorPerson.ts';
import type { Nodes } from './nodes.ts';

/** A sign-in at one browser. */
export interface OpenSignIn {
  readonly request: PendingRequest;
  /** The secret of the last form; null before the first. */
  secret: string | null;
}

export class SignInSteps {
  /** Keys, answers and codes that signed in. */
  readonly #used = new Set<string>();
  readonly #nodes: Nodes;
  readonly #history: CardHistory;

  constructor(nodes: Nodes, history: CardHistory) {
    this.#nodes = nodes;
    this.#history = history;
  }

  begin(): OpenSignIn {
    return { request: { ...A_REQUEST, id: randomUUID() }, secret: null };
  }

  async beginWithPassword(context: AppContext): Promise<OpenSignIn> {
    const signIn = this.begin();
    const { userId: typedName, password } = this.#history.person;
    const sent = this.fillIn(context, signIn);
    const entered = await submitPassword(context, {
      interactionId: signIn.request.id,
      typedName,
      password,
      address: '192.0.2.2',
      userAgent: '',
      browsers: [],
      requiredKinds: BOTH_KINDS,
      at: NO_RELYING_PARTY,
      sent,
      secret: null,
    });
    if (entered.holds) signIn.secret = sent.secret;
    return signIn;
  }

  fillIn(context: AppContext, { request }: OpenSignIn): SubmittedForm {
    return readSubmittedForm(context, request.id, { nonce: randomUUID(), typed: [] });
  }

  async show(context: AppContext, { request, secret }: OpenSignIn): Promise<StepToShow> {
    return await showSignIn(context, request, secret);
  }

  /** What every form of a factor has. */
  compose(signIn: OpenSignIn, sent: SubmittedForm) {
    return {
      interactionId: signIn.request.id,
      clientId: 'history',
      at: NO_RELYING_PARTY,
      sessionUid: null,
      ownBrowser: null,
      browsers: [],
      requestSource: { userAgent: '', address: '192.0.2.2' },
      sent,
      secret: signIn.secret,
      prepare: () => Promise.resolve(null),
    };
  }

  /**
   * @param many how many of the same secret signed in at once
   * @param wasBlocked before it was sent
   * @throws when it had signed in before, or the ID was blocked
   */
  accept(secret: string, many: number, wasBlocked: boolean): void {
    if (many > 1 || this.#used.has(secret)) throw new Error(`a secret was accepted twice: ${secret}`);
    this.#used.add(secret);
    if (wasBlocked) throw new Error('success after an acknowledged block');
  }

  /** Nothing of a blocked ID lives. */
  async holdAfterBlock(): Promise<void> {
    if (!this.#history.isBlocked) return;
    const [row] = await this.#nodes.database.query<{ alive: number }>(
      `SELECT (SELECT count(*) FROM security_keys WHERE identity_id = $1 AND ended_at IS NULL)::int
         + (SELECT count(*) FROM code_tokens WHERE identity_id = $1 AND state IN ('ordered', 'sent', 'active'))::int
         + (SELECT count(*) FROM sign_ins s JOIN identities i ON i.id = s.identity_id
            WHERE i.id = $1 AND s.signed_in_at IS NOT NULL AND s.password_at > i.ended_at)::int AS alive`,
      [this.#history.person.identityId],
    );
    if (row?.alive !== 0)
      throw new Error('success after an acknowledged block: a factor or sign-in lives on');
  }

  /** The page after a right password asks for all that can be given now, and for nothing else. */
  async holdPage(node: number, countingKeys: ReadonlySet<string>): Promise<string> {
    const context = this.#history.contextOf(node);
    const signIn = await this.beginWithPassword(context);
    const shown = await this.show(context, signIn);
    const { person, isBlocked } = this.#history;
    if (isBlocked) {
      if (shown.page === 'refused' && shown.refusal === 'id_blocked') return 'id_blocked';
      throw new Error(`a blocked ID goes on: ${shown.page}`);
    }
    const [row] = await this.#nodes.database.query<{ card: boolean; token: boolean; locked: Date | null }>(
      `SELECT EXISTS (SELECT FROM key_cards WHERE identity_id = $1 AND state = 'active' AND bit_count(spent) < 148) AS card,
         EXISTS (SELECT FROM code_tokens WHERE identity_id = $1 AND state = 'active') AS token,
         (SELECT a.expires_at FROM attempts a JOIN identities i ON i.key_tries = a.subject
          WHERE i.id = $1 AND a.wrong >= $2) AS locked`,
      [person.identityId, context.rules.key.tries],
    );
    const isLocked = (row?.locked?.getTime() ?? 0) > context.clock.now().getTime();
    const asked = shown.page === 'key' ? shown : { card: null, codeToken: null, webAuthn: null };
    const requested = {
      card: asked.card !== null,
      token: asked.codeToken !== null,
      keys: (asked.webAuthn?.allowCredentials ?? []).map(({ id }) => id).toSorted(),
    };
    const usable = {
      card: row?.card === true && !isLocked,
      token: row?.token === true && !isLocked,
      keys: [...countingKeys].toSorted(),
    };
    if (JSON.stringify(requested) !== JSON.stringify(usable))
      throw new Error(
        `the page asks for ${JSON.stringify(requested)} where there is ${JSON.stringify(usable)}`,
      );
    return shown.page;
  }
}
