/** What never may be of a person's factors, whatever happened, by words of its own. */
import type { FactorPerson, FactorUse, ModelKey } from './factorPerson.ts';

const WAIT_MS = 24 * 3_600_000;
const MOST = 10;

function maySignIn({ addedAt, isConfirmed, endedAt }: ModelKey, now: Date): boolean {
  return endedAt === null && now.getTime() >= addedAt.getTime() + (isConfirmed ? 0 : WAIT_MS);
}

function mayBeUsed(by: FactorUse['by'], at: Date): boolean {
  if (by === null) return true;
  if ('place' in by) return maySignIn(by, at);
  const { handedAt, startedAt } = by;
  return handedAt !== null || (startedAt !== null && at.getTime() >= startedAt.getTime() + WAIT_MS);
}

/**
 * @param secrets those that were used before; gets the others
 * @returns what is so, in words; null where all is well
 */
export function findBroken(person: FactorPerson, secrets: Set<string>): string | null {
  return findBrokenUse(person, secrets) ?? findBrokenState(person) ?? findStranded(person);
}

function findBrokenUse(person: FactorPerson, secrets: Set<string>): string | null {
  const { uses } = person;
  person.uses = [];
  for (const { secret, by, at, wasBlocked } of uses) {
    if (secrets.has(secret)) return 'a secret was used twice';
    secrets.add(secret);
    if (!mayBeUsed(by, at)) return 'a factor counted before its wait was over';
    if (wasBlocked) return 'a factor was used after a block of the ID';
  }
  return null;
}

function findBrokenState({
  cards,
  keysAlive,
  tokens,
  sessions,
  isBlocked,
  now,
}: FactorPerson): string | null {
  const among = (...states: string[]) => cards.filter(({ state }) => states.includes(state)).length;
  if (among('active') > 1) return 'two cards are in use';
  if (among('ordered', 'sent') > 1) return 'two cards are on the way';
  if (keysAlive.length > MOST) return 'more than ten security keys';
  if (cards.some(({ state, activatesAt }) => state === 'active' && activatesAt !== null && activatesAt > now))
    return 'a card counted before its wait was over';
  const mayCount = (openedAt: Date | null) =>
    openedAt === null || now.getTime() >= openedAt.getTime() + WAIT_MS;
  if (cards.some(({ state, openedAt }) => state === 'active' && !mayCount(openedAt)))
    return 'a card counted before its wait was over';
  const tokensAmong = (...states: string[]) =>
    tokens.all.filter(({ state }) => states.includes(state)).length;
  if (tokensAmong('active') > 1 || tokensAmong('ordered', 'sent') > 1) return 'two code tokens';
  const { active } = tokens;
  if (active && !mayBeUsed(active, now)) return 'a factor counted before its wait was over';
  if (!isBlocked) return null;
  if (among('active', 'ordered', 'sent') + keysAlive.length + tokensAmong('active', 'ordered', 'sent') > 0)
    return 'a block left a factor alive';
  return sessions.some(({ isOver }) => !isOver) ? 'a block left a session alive' : null;
}

/** The page after a right password asks for every factor that can be given, and for no other. */
function findStranded(person: FactorPerson): string | null {
  const { active, keysAlive, tokens, isBlocked, keysLockedUntil, now } = person;
  const step = person.showAfterPassword();
  if (isBlocked)
    return step.page === 'refused' && step.refusal === 'id_blocked' ? null : 'a blocked ID goes on';
  const isLocked = keysLockedUntil !== null && keysLockedUntil > now;
  const card = active?.spent.includes('0') && !isLocked ? active.id : null;
  const keys = keysAlive.filter((key) => maySignIn(key, now)).map(({ id }) => id);
  const asked = step.page === 'key' ? step : { card: null, codeToken: null, securityKeys: [] };
  if ((asked.card?.id ?? null) !== card)
    return card ? 'a card in use is not asked for' : 'a card is asked for';
  const token = isLocked ? null : (tokens.active?.id ?? null);
  if ((asked.codeToken?.id ?? null) !== token)
    return token ? 'a code is not asked for' : 'a code is asked for';
  const listed = asked.securityKeys.map(({ id }) => id);
  if (keys.some((id) => !listed.includes(id))) return 'a security key that counts is not asked for';
  return listed.length === keys.length ? null : 'a security key is asked for that does not count';
}
