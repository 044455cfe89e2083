/** Random histories over all factors by the rules alone, and planted faults, each of which is found. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { IS_WHOLE_PROOF } from '../support/index.ts';
import { FactorHistory } from '../support/factorHistory.ts';
import { factorPlans } from '../support/factorPlans.ts';
import { RULES, type FactorRules } from '../support/factorPerson.ts';

/** Ten thousand take half a minute alone. */
const MANY = IS_WHOLE_PROOF ? 10_000 : 2_000;

function walkAll(many: number, rules: FactorRules): Map<string, number> {
  const counts = new Map<string, number>();
  for (const plan of fc.sample(factorPlans, many)) {
    const history = new FactorHistory(rules);
    history.walk(plan);
    for (const [what, times] of history.counts) counts.set(what, (counts.get(what) ?? 0) + times);
  }
  return counts;
}

test(`${MANY} histories: what must never be never is`, () => {
  const counts = walkAll(MANY, RULES);
  const lines = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([what, many]) => `${what}: ${many}`);
  console.info(`${MANY} histories in the core, 0 violations\n${lines.join('\n')}`);
  for (const what of [
    'answer-alone: signed in',
    'answer: signed in',
    'answer: waits',
    'answer-again: another challenge',
    'answer-of-copy: copied',
    'card-key: signed in',
    'card-key-again: stale',
    'add: added',
    'add-confirmed: added',
    'add-confirmed: waits',
    'add-confirmed: another challenge',
    'add-confirmed: code spent',
    'add-at-desk: too many',
    'end-key: stopped',
    'end-key: removed',
    'first-key: done after old_key, active',
    'first-key: done after other_factor, sent',
    'first-key: done after password, sent',
    'block: done',
    'code: signed in',
    'code-again: spent',
    'token-first-code: done',
    'token-at-desk: done',
  ])
    expect([what, (counts.get(what) ?? 0) > MANY / 200]).toEqual([what, true]);
});

describe('a fault that is planted is found', () => {
  const { decideCardCommand, matchCode, nextSignInStep } = RULES;
  test.each<[string, Partial<FactorRules>, RegExp]>([
    ['an answer serves for any page', { isSameChallenge: () => true }, /a secret was used twice/],
    [
      'neither page nor counter is looked at',
      { isSameChallenge: () => true, isCounterFallen: () => false },
      /a secret was used twice/,
    ],
    [
      'a new key does not wait',
      { readCountsFrom: (_isConfirmed, now) => now },
      /counted before|asked for that/,
    ],
    [
      'a key that waits is listed',
      { listCountingKeys: (keys) => [...keys] },
      /counted before its wait|asked for that/,
    ],
    [
      'a key that waits confirms another',
      { listConfirmingKeys: (keys) => [...keys] },
      /counted before its wait/,
    ],
    ['a code token does not wait', { codeTokenWaitMs: 0 }, /counted before its wait/],
    [
      'a code serves again',
      { matchCode: (counter, ...rest) => matchCode({ ...counter, lastStep: -1 }, ...rest) },
      /a secret was used twice/,
    ],
    ['an eleventh key is added', { maxSecurityKeys: 11 }, /more than ten/],
    ['a block leaves security keys', { endsAll: false }, /a block left a factor alive/],
    [
      'a block leaves a card that is on its way',
      {
        decideCardCommand: (cards, command) =>
          decideCardCommand(cards, command.kind === 'block_identity' ? { kind: 'block_card' } : command),
      },
      /a block left a factor alive/,
    ],
    [
      'a card that was sent does not wait',
      {
        decideCardCommand: (cards, command) =>
          decideCardCommand(cards, command.kind === 'end_wait' ? { ...command, skip: true } : command),
      },
      /a card counted before its wait/,
    ],
    [
      'another factor opens a new card at once',
      {
        decideCardCommand: (cards, command) =>
          decideCardCommand(
            cards,
            command.kind === 'first_key' && command.after === 'other_factor'
              ? { ...command, after: 'old_key' }
              : command,
          ),
      },
      /a card counted before its wait/,
    ],
    [
      'whoever has no card is turned away',
      {
        nextSignInStep: (signIn, ...rest) =>
          nextSignInStep({ ...signIn, securityKeys: signIn.card ? signIn.securityKeys : [] }, ...rest),
      },
      /a security key that counts is not asked for/,
    ],
    [
      'whoever has a security key needs no card',
      {
        nextSignInStep: (signIn, ...rest) =>
          nextSignInStep({ ...signIn, card: signIn.securityKeys.length > 0 ? null : signIn.card }, ...rest),
      },
      /a card in use is not asked for/,
    ],
    [
      'a block is not looked at',
      {
        nextSignInStep: (signIn, ...rest) =>
          nextSignInStep(
            { ...signIn, identity: signIn.identity && { ...signIn.identity, isBlocked: false } },
            ...rest,
          ),
      },
      /a blocked ID goes on/,
    ],
  ])('%s', (_fault, wrong, words) => {
    expect(() => walkAll(1_000, { ...RULES, ...wrong })).toThrow(words);
  });
});
