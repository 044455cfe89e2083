/**
 * The words of the code are those of the field. Some that were once here have another, which everybody knows;
 * a few had two meanings. `test/vocabulary.test.ts` keeps them out of names, comments and docs.
 */
import type { Declared } from './sources.ts';

/** A part of a name -> what is said in its place. The regex has to fit the whole part, in lower case. */
const BANNED_PARTS: readonly (readonly [banned: string, instead: string])[] = [
  ['deeds?|deedable', 'action, command'],
  ['grounds?|worlds?|surroundings', 'options, deps, context'],
  ['dice', 'random'],
  ['shelf|shelves', 'card set'],
  ['bonds?', 'row MAC'],
  ['told|tells?|tellers?', 'notified, notify, notifier'],
  ['sought|came|seeker|asker', 'a noun: query, outcome'],
  ['besides?|anew|apart|away|alike', 'also, again, distinct, unavailable, similar'],
  ['who(so)?(m|se)?ever|whatever|whose|whom|ours|theirs|mine', 'a noun'],
  ['nobody|somebody|anybody', 'no one, someone, anyone'],
  ['strikes?', 'fixed tick'],
  ['gather(s|ed|ing)?', 'batch'],
  ['carry|carries', 'store in cookies'],
  ['lack(s|ing)?', 'missing'],
  ['least', 'minimum'],
  ['hurdles?', 'blocker'],
  ['marks|likeness(es)?', 'fingerprints, similarity'],
  ['worn|borne|shuts?', 'exhausted, allowed, locked'],
  ['standings?', 'status'],
  ['visitors?', 'browser id, user'],
  ['doors?', 'public form, middleware'],
  ['engines?', 'provider'],
  ['troubles?', 'HTTP error'],
  ['ladders?|rungs?', 'lockout policy'],
  ['leads?|led', 'redirect, resume'],
  ['judge[sd]?|judging|unjudged|misjudged', 'evaluate, verify, decide'],
  ['gives?|giving|gave', 'submit'],
  ['kept|begun|meant', 'a noun or a present tense'],
  ['said|says?|saying', 'state, message'],
  ['patience|heap', 'max wait, many'],
];

/** Invented phrases, as they would stand in a comment or on a page -> what is said in their place. */
const BANNED_PHRASES: readonly (readonly [banned: RegExp, instead: string])[] = [
  [/\bdeeds?\b/i, 'action, command'],
  [/\bthe engine\b/i, 'the provider'],
  [/\bown sites?\b|\bsites? of our own\b/i, 'first-party client'],
  [/\bbesides\b/i, 'also'],
  [/\banew\b/i, 'again'],
  [/\bwho(m)?ever\b/i, 'a person who, anyone who'],
  [/\b(no|some|any)body\b/i, 'no one, someone, anyone'],
  [/\bdice\b|\bshelf\b|\blikeness\b|\bteller\b/i, 'random, card set, similarity, notifier'],
  [/\bworn out\b|\bborne\b/i, 'exhausted, allowed'],
  [/\b(is|are|was|were) lacking\b/i, 'is missing'],
  [/\blead(s)? on\b|\bled on\b/i, 'redirect, resume'],
  [/\bat the strike\b|\bthe clock strikes\b|\bwhen it strikes\b/i, 'on a fixed tick'],
  [/\b(is|be) felt\b/i, 'takes effect on'],
  [/\bfriends\b/i, 'dependencies'],
  [/\bunjudged\b|\bladders?\b/i, 'not verified, lockout policy'],
];

/**
 * Part of the contract with the outside, or of what is stored: such a name can only be changed by a
 * migration.
 */
export const STORED_NAMES: ReadonlySet<string> = new Set([
  'deed',
  'isLastRung',
  'isSomebodyElse',
  'least',
  'theirs',
  'told_at',
  'told_by',
]);

const partsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^a-zæøå]+/);

const BANNED_PART = new RegExp(`^(${BANNED_PARTS.map(([banned]) => banned).join('|')})$`);

export function listBanned(declared: readonly Declared[]): Declared[] {
  return declared.filter(
    ({ name }) => !STORED_NAMES.has(name) && partsOf(name).some((part) => BANNED_PART.test(part)),
  );
}

/** The banned phrases of a text, each with what is said in its place. */
export function listBannedPhrases(text: string): string[] {
  return BANNED_PHRASES.flatMap(([banned, instead]) => {
    const found = banned.exec(text);
    return found ? [`${found[0]}: ${instead}`] : [];
  });
}
