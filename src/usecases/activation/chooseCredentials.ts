/**
 * Step 3: a user ID and a password of one's own, and the terms. One transaction, judged by the letter: a
 * temporary password opens once, however often and on however many nodes it was begun with. Whether somebody
 * has a user ID is said five times a day, and counted before it is looked up.
 */
import {
  judgeChoice,
  nextActivationStep,
  type Choice,
  type ChoiceFaults,
} from '../../core/issuing/activation.ts';
import { TERMS_VERSION } from '../../core/issuing/terms.ts';
import { ladders, standing } from '../../core/lockout.ts';
import { preparePassword } from '../../core/password.ts';
import type { Identity, Language } from '../../core/person.ts';
import { foldName } from '../../core/userId.ts';
import {
  chooseCredentials as saveCredentials,
  findActivation,
  leadBackToSignIn,
  noteStep,
  UserIdTaken,
  useTemporary,
} from '../../store/issuing/activations.ts';
import { saveUserId } from '../../store/selfService/userIds.ts';
import { judgeTry, readTries, resetPasswordTries } from '../../store/signIn/judgedTries.ts';
import { appendEvent } from '../../store/auditLog.ts';
import { queueBackchannelLogouts, queueMissedLogouts } from '../../store/backchannelLogouts.ts';
import { lockOwner } from '../../store/cardLife.ts';
import type { Queryable } from '../../store/database.ts';
import { forgetBrowsers } from '../../store/knownBrowsers.ts';
import { appendNotice } from '../../store/notices.ts';
import { passwordSubject } from '../signIn/triesOf.ts';
import { hashPassword } from '../passwords/keyedPassword.ts';
import { inTurn, unlessBusy } from '../unlessBusy.ts';
import { fillAllUserIdForms, withForm } from '../userId/forms.ts';
import { interactionKey, type World } from '../world.ts';
import { activationKey } from './activationKey.ts';

export interface GivenChoice extends Choice {
  readonly activation: string;
  /** Of the terms as they were shown. */
  readonly language: Language;
  /** The sign-in that led here, which can go on. */
  readonly from: string | null;
  readonly address: string;
  /** Aborted when the browser is gone. */
  readonly signal?: AbortSignal;
}

const NO_FAULT: ChoiceFaults = { userId: null, password: null, terms: false, understood: false };

/** `busy`: too much is being hashed; nothing was changed. @throws HashingAborted */
export async function chooseCredentials(world: World, given: GivenChoice): Promise<'judged' | 'busy'> {
  return await inTurn(world, given, () => judgeAndChoose(world, given));
}

async function judgeAndChoose(world: World, given: GivenChoice): Promise<'judged' | 'busy'> {
  const { database, clock, keyring, breachedPasswords } = world;
  const now = clock.now();
  const id = activationKey(world, given.activation);
  const note = async (faults: ChoiceFaults) => {
    const typedSealed = keyring.seal('records', given.userId, id);
    await noteStep(database, id, { outcome: { kind: 'choice', faults }, typedSealed, now });
    return 'judged' as const;
  };
  const step = nextActivationStep(await findActivation(database, id), now);
  if (step.page !== 'choose') return 'judged';
  const { identity } = step;
  const faults = judgeChoice(given, identity, await mayAskForUserId(world, identity.id));
  if (faults) return await note(faults);
  if (await breachedPasswords.has(preparePassword(given.password))) {
    return await note({ ...NO_FAULT, password: 'breached' });
  }

  // Not with the network: strangers there do not keep a person out who holds letter and card.
  const hashing = { identity: `activation of ${identity.id}`, signal: given.signal };
  const passwordHash = await unlessBusy(
    hashPassword(world, identity.id, preparePassword(given.password), hashing),
  );
  if (passwordHash === 'busy') return 'busy';
  const userId = foldName(given.userId);
  const chosen = { userId: userId === '' ? identity.userId : userId, passwordHash };
  if (chosen.userId !== identity.userId && !(await askForUserId(world, identity.id))) {
    return await note({ ...NO_FAULT, userId: 'asked_too_often' });
  }
  try {
    const terms = { version: TERMS_VERSION, language: given.language };
    await database.transaction((db) => complete(world, db, { id, identity, chosen, terms }));
  } catch (error) {
    if (error instanceof Stale) return 'judged';
    if (!(error instanceof UserIdTaken)) throw error;
    await appendEvent(database, { kind: 'user_id_refused', identityId: identity.id, details: {} });
    return await note({ ...NO_FAULT, userId: 'taken' });
  }
  await queueMissedLogouts(database, identity.id);
  if (given.from !== null) await leadBackToSignIn(database, interactionKey(world, given.from));
  return 'judged';
}

/** Another one was first, or it was blocked or ended meanwhile: nothing of the transaction is kept. */
class Stale extends Error {}
function questionsOf({ keyring, rules }: World, identityId: string) {
  const subject = keyring.hmac('attempts', `user IDs asked for by identity ${identityId}`);
  return { subject, ladder: ladders(rules).userIdQuestions };
}

async function mayAskForUserId(world: World, identityId: string): Promise<boolean> {
  const { subject, ladder } = questionsOf(world, identityId);
  const { attempts, now } = await readTries(world.database, subject);
  return standing(attempts, ladder, new Date(now.getTime() + world.clock.offsetMs)).kind === 'open';
}

/** Counted whatever the answer, and before it. False when it may not be answered any more. */
async function askForUserId(world: World, identityId: string): Promise<boolean> {
  const { database, dice, clock } = world;
  await fillAllUserIdForms(world);
  const question = { ...questionsOf(world, identityId), isRight: false, form: dice.bytes(16) };
  return (await judgeTry(database, { ...question, offsetMs: clock.offsetMs })).verdict === 'wrong';
}

interface Completion {
  readonly id: Buffer;
  readonly identity: Identity;
  readonly chosen: { readonly userId: string | null; readonly passwordHash: string };
  readonly terms: { readonly version: string; readonly language: Language };
}

/** @throws Stale, UserIdTaken */
async function complete(
  world: World,
  db: Queryable,
  { id, identity, chosen, terms }: Completion,
): Promise<void> {
  const { clock, dice } = world;
  const now = clock.now();
  const identityId = identity.id;
  const unfilled = passwordSubject(world, `identity ${identityId}`);
  await resetPasswordTries(db, identityId, { unfilled, offsetMs: world.clock.offsetMs });
  await lockOwner(db, identityId);
  const current = await findActivation(db, id);
  if (!current || !(await useTemporary(db, id, now))) throw new Stale('the letter opens nothing any more');
  const isNew = chosen.userId !== (current.identity?.userId ?? null);
  if (isNew && chosen.userId !== null) await saveUserId(db, identityId, withForm(chosen.userId));
  await saveCredentials(db, identityId, chosen);
  // What was known belongs to the password of before.
  await forgetBrowsers(db, identityId);
  await appendEvent(db, { kind: 'terms_confirmed', identityId, details: terms });
  if (isNew) {
    await appendEvent(db, { kind: 'user_id_chosen', identityId, details: {} });
  }
  await appendEvent(db, { kind: 'password_chosen', identityId, details: {} });
  if (!current.hasPassword) await appendEvent(db, { kind: 'identity_activated', identityId, details: {} });
  const kind = current.hasPassword ? 'password_changed' : 'id_activated';
  const notice = { kind, details: { at: now.toISOString() } } as const;
  await appendNotice(db, { id: dice.uuid(), identityId, notice }, now);
  if (current.hasPassword) await queueBackchannelLogouts(db, identityId);
}
