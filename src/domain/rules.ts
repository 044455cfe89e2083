/**
 * Every number that an operator may set, each with its default. The file that `NOEGLE_RULES_FILE` names may
 * set others. A number that is not in this schema cannot be set.
 */
import { STAFF_REQUIREMENTS } from './relyingParty/firstPartyClient.ts';
import { z } from 'zod';
import { localize } from './language/language.ts';
import { BINDING_MODES } from './rowMac.ts';
import { DEFAULT_KINDS } from './issuing/identification.ts';

const countSchema = (fallback: number, from: number, to: number) =>
  z.int().min(from).max(to).default(fallback);

/**
 * OWASP's minimum settings for argon2id, which are equally strong. A setting is accepted when it is at least
 * as expensive as one of them in memory and in time.
 */
const MINIMUM_HASHING = [
  { memoryCost: 7_168, timeCost: 5 },
  { memoryCost: 9_216, timeCost: 4 },
  { memoryCost: 12_288, timeCost: 3 },
  { memoryCost: 19_456, timeCost: 2 },
  { memoryCost: 47_104, timeCost: 1 },
] as const;

const MINIMUM_HASHING_TEXT = MINIMUM_HASHING.map(
  ({ memoryCost, timeCost }) => `memoryCost ${memoryCost} with timeCost ${timeCost}`,
).join(', ');

const hashingSchema = z
  .strictObject({
    memoryCost: countSchema(19_456, 1, 1_048_576),
    timeCost: countSchema(2, 1, 100),
    parallelism: countSchema(1, 1, 16),
  })
  .refine(
    ({ memoryCost, timeCost }) =>
      MINIMUM_HASHING.some((minimum) => memoryCost >= minimum.memoryCost && timeCost >= minimum.timeCost),
    `too cheap: it takes at least one of ${MINIMUM_HASHING_TEXT}`,
  );

export type HashingSetting = z.output<typeof hashingSchema>;

export const rulesSchema = z.strictObject({
  /** Business days from the day on which a card is posted until it is expected: first and last. */
  arrival: z
    .strictObject({ from: countSchema(5, 1, 60), to: countSchema(10, 1, 60) })
    .refine(({ from, to }) => from <= to, 'from is after to')
    .prefault({}),
  /** Business days after that window until a card that is not in use counts as lost. */
  lateDays: countSchema(5, 1, 60),
  /** How long a card waits when it is activated without a key of an old one. */
  waitHours: countSchema(24, 1, 24 * 14),
  password: z
    .strictObject({
      tries: countSchema(5, 1, 20),
      lockHours: countSchema(8, 1, 48),
      /** Wrong passwords in a row after which unknown browsers on unknown networks need a sign-in code. */
      inARow: countSchema(100, 10, 1_000),
      /** Wrong passwords in a row after which a known browser is forgotten. */
      browserInARow: countSchema(10, 1, 100),
    })
    .prefault({}),
  /** PSD2 RTS art. 4: at most five in a row. */
  key: z
    .strictObject({
      tries: countSchema(5, 1, 5),
      lockHours: countSchema(8, 1, 48),
      /** Wrong keys in a row after which the card is blocked. */
      inARow: countSchema(10, 2, 100),
    })
    .prefault({}),
  /**
   * Blocking has separate counters, because it must work while sign-in is locked. `tries`: attempts for one
   * name from one network (a /24 or a /48). `perHour`: attempts for one name from all networks together.
   */
  block: z
    .strictObject({
      tries: countSchema(10, 1, 100),
      lockMinutes: countSchema(60, 1, 1_440),
      perHour: countSchema(1_000, 100, 1e6),
    })
    .prefault({}),
  /** Wrong attempts from one network (an IPv4 address or a /64): a burst, then a rate per minute. */
  network: z
    .strictObject({
      burst: countSchema(30, 1, 1e9),
      perMinute: countSchema(6, 1, 1e9),
      /** The factor by which a wider network's budget is larger. */
      wider: z
        .strictObject({
          ipv4_24: countSchema(8, 1, 256),
          ipv6_56: countSchema(2, 1, 256),
          ipv6_48: countSchema(8, 1, 65_536),
        })
        .prefault({}),
    })
    .prefault({}),
  /**
   * No effect: long authorization requests are stored in cookies. Accepted because files of an earlier
   * version may contain it.
   */
  longRequests: z
    .strictObject({ burstKb: countSchema(2_048, 64, 1e9), kbPerMinute: countSchema(256, 8, 1e9) })
    .prefault({}),
  /** The person is notified of a right password that no key followed within this time. */
  keyWithinMinutes: countSchema(30, 5, 600),
  /** Failed attempts to send a letter or notice before it is set aside for operators. */
  sendTries: countSchema(25, 1, 100),
  /** The accepted kinds of identification. `expires`: the document has an expiry date. */
  identification: z
    .array(
      z.strictObject({
        code: z.string().regex(/^[a-z][a-z0-9_]{1,30}$/),
        ...localize(() => z.string().min(1).max(60)),
        expires: z.boolean(),
      }),
    )
    .min(1)
    .max(12)
    .default([...DEFAULT_KINDS]),
  /** Days after a move in which an order of a card or a password is also notified to the old address. */
  formerAddressDays: countSchema(14, 1, 90),
  /** Days for which a temporary password is valid, from the last day on which its letter is expected. */
  temporaryPasswordDays: countSchema(28, 1, 90),
  /**
   * Wrong temporary passwords for one ID from all networks together. One network has one attempt in 30
   * seconds.
   */
  temporary: z.strictObject({ perHour: countSchema(100_000, 150, 1e6) }).prefault({}),
  /** The sign-in code that is needed after too many wrong passwords in a row. */
  signInCode: z
    .strictObject({
      mailMinutes: countSchema(30, 5, 120),
      letterDays: countSchema(28, 7, 90),
      /** A person gets at most one e-mail in this many minutes, and one letter in this many business days. */
      mailEveryMinutes: countSchema(60, 10, 1_440),
      letterEveryDays: countSchema(5, 1, 60),
      /**
       * Wrong codes for one name: from one network (`tries`), and in an hour from all networks (`perHour`).
       */
      tries: countSchema(5, 1, 20),
      perHour: countSchema(1_000, 100, 1e6),
    })
    .prefault({}),
  /**
   * A new password by a key, without a sign-in. Wrong keys for one name: from one network (`tries` an hour),
   * and in an hour from all networks (`perHour`). A person gets at most one letter in `letterEveryDays` days,
   * and `lettersInAMonth` in 30 days.
   */
  newPassword: z
    .strictObject({
      tries: countSchema(5, 1, 20),
      perHour: countSchema(100, 20, 10_000),
      letterEveryDays: countSchema(7, 1, 30),
      lettersInAMonth: countSchema(3, 1, 30),
    })
    .prefault({}),
  /** The code that confirms an e-mail address. */
  emailCode: z
    .strictObject({
      minutes: countSchema(30, 5, 240),
      /** Wrong codes that are verified before a new one is needed. */
      tries: countSchema(5, 1, 10),
      /** Limits on codes sent: to one mailbox regardless of who asks, for one ID, and from one network. */
      perMailboxADay: countSchema(6, 1, 100),
      perIdentityADay: countSchema(5, 1, 100),
      perNetworkAnHour: countSchema(60, 1, 10_000),
    })
    .prefault({}),
  /** Online orders in a day whose details did not match the population register. */
  order: z
    .strictObject({ perCpr: countSchema(3, 1, 100), perNetwork: countSchema(20, 1, 10_000) })
    .prefault({}),
  /**
   * How far the rollout of row MACs has come (domain/rowMac.ts): `read` while nodes of the previous version
   * run, `write` once none does, `require` once the command `bind-rows` has verified every row. It must be
   * the same on every node. A node without the setting takes the one that a node with it last started with.
   */
  binding: z.enum(BINDING_MODES).optional(),
  /**
   * Limits on one member of staff. An action over the limit is refused with a page that states who can raise
   * it.
   */
  /**
   * Models of security keys, by AAGUID, that their makers vouch for (`NOEGLE_SECURITY_KEY_ROOTS_FILE`). None:
   * no attestation is asked for. `refusesOthers`: a model that is not listed, or not attested, is not added.
   */
  securityKeys: z
    .strictObject({
      models: z.array(z.guid().toLowerCase()).max(1_000).default([]),
      refusesOthers: z.boolean().default(false),
    })
    .prefault({}),
  staff: z
    .strictObject({
      /** What staff sign in with at the desk: any two factors, or a security key. */
      requires: z.enum(STAFF_REQUIREMENTS).default('card'),
      /** Look-ups in a day, of persons in the population register or among those who have an ID. */
      lookUpsPerDay: countSchema(300, 1, 5_000),
      perHour: z
        .strictObject({
          issue: countSchema(60, 1, 1_000),
          /**
           * Approvals as the second officer: an address, an online order, another CPR number, an action on a
           * colleague's ID.
           */
          approve: countSchema(60, 1, 1_000),
          block: countSchema(20, 1, 1_000),
          sign_out: countSchema(20, 1, 1_000),
          stop_wait: countSchema(20, 1, 1_000),
          skip_wait: countSchema(20, 1, 1_000),
          card: countSchema(20, 1, 1_000),
          temporary_password: countSchema(20, 1, 1_000),
          reopen: countSchema(10, 1, 1_000),
          proof: countSchema(30, 1, 1_000),
          public_sites: countSchema(30, 1, 1_000),
          call_off_email: countSchema(20, 1, 1_000),
          security_key: countSchema(20, 1, 1_000),
          propose_cpr: countSchema(20, 1, 1_000),
          /** Proposals about the ID of a member of staff, which may pause that person's access. */
          colleague: countSchema(3, 1, 100),
          /** An operator's proposals, approvals and refusals about staff. */
          staff: countSchema(30, 1, 1_000),
          /** An operator's proposals to end access, which pause it. */
          staff_end: countSchema(5, 1, 100),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Cost of the password hash (argon2id; memory in KiB). It must be the same on every node. */
  hashing: hashingSchema.prefault({}),
  /** How long relying parties may cache the JWKS. A new key does not sign before that time has passed. */
  signingKeys: z.strictObject({ cachedSeconds: countSchema(600, 1, 86_400) }).prefault({}),
});

export type Rules = z.output<typeof rulesSchema>;
export const DEFAULT_RULES: Rules = rulesSchema.parse({});

/** The range of a person's threshold: the number of keys left at which a new card is ordered. */
export const THRESHOLD_RANGE = { least: 5, most: 100, usual: 20 } as const;
