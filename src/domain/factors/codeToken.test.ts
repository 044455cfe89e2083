/** Code tokens without a database: the vectors of the RFCs, windows, drift and resynchronisation. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  driftSeconds,
  generateCode,
  matchCode,
  matchTwoCodes,
  parseCode,
  stepAt,
  type CodeCounter,
} from './codeToken.ts';

const SEED = Buffer.from('12345678901234567890');
const SEED_256 = Buffer.from('12345678901234567890123456789012');

const HOTP: CodeCounter = {
  kind: 'hotp',
  digits: 6,
  algorithm: 'SHA-1',
  periodSeconds: null,
  lastStep: -1,
  driftSteps: 0,
};
const TOTP: CodeCounter = { ...HOTP, kind: 'totp', digits: 8, periodSeconds: 30 };
const NOW = new Date(1_234_567_890_000);

describe('the vectors', () => {
  test.each([
    [0, '755224'],
    [1, '287082'],
    [2, '359152'],
    [3, '969429'],
    [4, '338314'],
    [5, '254676'],
    [6, '287922'],
    [7, '162583'],
    [8, '399871'],
    [9, '520489'],
  ])('RFC 4226, appendix D: counter %i gives %s', (counter, code) => {
    expect(generateCode(HOTP, SEED, counter)).toBe(code);
    expect(matchCode({ ...HOTP, lastStep: counter - 1 }, SEED, code, NOW)).toEqual({
      kind: 'right',
      code: { step: counter, driftSteps: 0 },
    });
  });

  test.each([
    [59, '94287082', '46119246'],
    [1_111_111_109, '07081804', '68084774'],
    [1_111_111_111, '14050471', '67062674'],
    [1_234_567_890, '89005924', '91819424'],
    [2_000_000_000, '69279037', '90698825'],
    [20_000_000_000, '65353130', '77737706'],
  ])('RFC 6238, appendix B: second %i gives %s (SHA-1) and %s (SHA-256)', (second, sha1, sha256) => {
    const at = new Date(second * 1_000);
    const step = stepAt(TOTP, at);
    expect(generateCode(TOTP, SEED, step)).toBe(sha1);
    expect(generateCode({ ...TOTP, algorithm: 'SHA-256' }, SEED_256, step)).toBe(sha256);
    expect(matchCode(TOTP, SEED, sha1, at)).toEqual({ kind: 'right', code: { step, driftSteps: 0 } });
  });
});

const totpCode = (steps: number, at = NOW) => generateCode(TOTP, SEED, stepAt(TOTP, at) + steps);

describe('TOTP', () => {
  test('one step on each side is accepted, and its drift is learned; two are not', () => {
    const matched = [-2, -1, 0, 1, 2].map((steps) => matchCode(TOTP, SEED, totpCode(steps), NOW));
    expect(matched.map((one) => ('code' in one ? one.code.driftSteps : one.kind))).toEqual([
      'far',
      -1,
      0,
      1,
      'far',
    ]);
    const slow = { ...TOTP, driftSteps: -4, lastStep: 10 };
    expect(matchCode(slow, SEED, totpCode(-5), NOW)).toMatchObject({ code: { driftSteps: -5 } });
    expect([driftSeconds({ ...slow, driftSteps: -5 }), driftSeconds(HOTP)]).toEqual([-150, 0]);
  });

  test('no code of the last step or of an earlier one is accepted', () => {
    const lastStep = stepAt(TOTP, NOW);
    expect(matchCode({ ...TOTP, lastStep }, SEED, totpCode(0), NOW)).toEqual({ kind: 'spent' });
    expect(matchCode({ ...TOTP, lastStep }, SEED, totpCode(-1), NOW)).toEqual({ kind: 'spent' });
    expect(matchCode({ ...TOTP, lastStep }, SEED, totpCode(1), NOW)).toMatchObject({ kind: 'right' });
  });

  test('up to twenty minutes two codes in a row bring it back; one does not, nor do two that are apart', () => {
    for (const steps of [-40, -20, 20, 39]) {
      expect(matchCode(TOTP, SEED, totpCode(steps), NOW)).toEqual({ kind: 'far' });
      const codes = [totpCode(steps), totpCode(steps + 1)] as const;
      expect(matchTwoCodes(TOTP, SEED, codes, NOW)).toEqual({
        step: stepAt(TOTP, NOW) + steps + 1,
        driftSteps: steps + 1,
      });
      expect(matchTwoCodes(TOTP, SEED, [codes[0], codes[0]], NOW)).toBeNull();
      expect(matchTwoCodes(TOTP, SEED, [codes[1], codes[0]], NOW)).toBeNull();
      expect(matchTwoCodes(TOTP, SEED, [codes[0], totpCode(steps + 2)], NOW)).toBeNull();
    }
    for (const steps of [-41, 41, 200]) {
      expect(matchCode(TOTP, SEED, totpCode(steps), NOW)).toEqual({ kind: 'wrong' });
      expect(matchTwoCodes(TOTP, SEED, [totpCode(steps), totpCode(steps + 1)], NOW)).toBeNull();
    }
  });
});

/** A device whose clock runs away, a little between two codes, and each code that is accepted is learned. */
test('random histories: a clock is followed up to twenty minutes in all, by whatever small steps', () => {
  const most = 40;
  const away = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 50, maxLength: 60 });
  let refused = 0;
  fc.assert(
    fc.property(away, fc.constantFrom(1, -1), (moves, sign) => {
      let counter: CodeCounter = { ...TOTP, lastStep: 0 };
      let [drift, at] = [0, NOW];
      for (const move of moves) {
        drift += move * sign;
        at = new Date(at.getTime() + 10 * 60_000);
        const matched = matchCode(counter, SEED, totpCode(drift, at), at);
        const pair = [totpCode(drift - 1, at), totpCode(drift, at)] as const;
        const two = matched.kind === 'right' ? null : matchTwoCodes(counter, SEED, pair, at);
        if (Math.abs(drift) > most) {
          if (matched.kind === 'right' || two !== null) throw new Error(`accepted at ${drift}`);
          if (Math.abs(drift - counter.driftSteps) <= 1) expect(matched.kind).toBe('beyond');
          refused += 1;
        } else if (Math.abs(drift - counter.driftSteps) <= 1) {
          if (matched.kind !== 'right') throw new Error(`${matched.kind} at ${drift}`);
          expect(matched.code.driftSteps).toBe(drift);
          counter = { ...counter, lastStep: matched.code.step, driftSteps: drift };
        } else if (two) {
          counter = { ...counter, lastStep: two.step, driftSteps: two.driftSteps };
        }
        if (Math.abs(counter.driftSteps) > most) throw new Error(`learned ${counter.driftSteps}`);
      }
    }),
    { numRuns: 5 },
  );
  expect(refused).toBeGreaterThan(20);
});

test('a drift that was learned further away before is followed no more', () => {
  const at = NOW;
  const ran = { ...TOTP, lastStep: 10, driftSteps: 60 };
  expect(matchCode(ran, SEED, totpCode(60, at), at)).toEqual({ kind: 'beyond' });
  expect(matchTwoCodes(ran, SEED, [totpCode(60, at), totpCode(61, at)], at)).toBeNull();
  // At the edge the second of two codes may not pass it.
  expect(matchTwoCodes(TOTP, SEED, [totpCode(39), totpCode(40)], NOW)).toMatchObject({ driftSteps: 40 });
  expect(matchTwoCodes(TOTP, SEED, [totpCode(40), totpCode(41)], NOW)).toBeNull();
});

describe('HOTP', () => {
  const code = (counter: number) => generateCode(HOTP, SEED, counter);

  test('ten presses are looked ahead; up to a hundred are brought back by two codes', () => {
    const counter = { ...HOTP, lastStep: 4 };
    expect(matchCode(counter, SEED, code(15), NOW)).toMatchObject({ code: { step: 15 } });
    expect(matchCode(counter, SEED, code(16), NOW)).toEqual({ kind: 'far' });
    expect(matchCode(counter, SEED, code(4), NOW)).toEqual({ kind: 'spent' });
    expect(matchCode(counter, SEED, code(3), NOW)).toEqual({ kind: 'wrong' });
    expect(matchTwoCodes(counter, SEED, [code(104), code(105)], NOW)).toEqual({ step: 105, driftSteps: 0 });
    expect(matchTwoCodes(counter, SEED, [code(105), code(106)], NOW)).toBeNull();
    expect(matchTwoCodes(counter, SEED, [code(4), code(5)], NOW)).toBeNull();
  });
});

test('random histories: a step is accepted once, and steps only grow', () => {
  const presses = fc.array(fc.record({ skip: fc.integer({ min: 0, max: 12 }), repeat: fc.boolean() }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(presses, (history) => {
      let counter = HOTP;
      let pressed = -1;
      const accepted = new Set<number>();
      for (const { skip, repeat } of history) {
        pressed += skip + 1;
        for (const step of repeat ? [pressed, pressed] : [pressed]) {
          const matched = matchCode(counter, SEED, generateCode(HOTP, SEED, step), NOW);
          if (matched.kind !== 'right') continue;
          if (accepted.has(matched.code.step) || matched.code.step <= counter.lastStep)
            throw new Error(`step ${matched.code.step} was accepted again`);
          accepted.add(matched.code.step);
          counter = { ...counter, lastStep: matched.code.step };
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('a typed code is read with its groups, from any keyboard; anything else is none', () => {
  expect(parseCode(' 123 456 ', 6)).toBe('123456');
  expect(parseCode('1234-5678', 8)).toBe('12345678');
  expect(parseCode('١٢٣٤٥٦', 6)).toBe('123456');
  for (const typed of ['', '12345', '1234567', '12a456', '123456\u0000'])
    expect(parseCode(typed, 6)).toBeNull();
});
