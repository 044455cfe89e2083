/**
 * The numbers of Nøgle that an operator may set, in one place. Each stands here with its default; a file that
 * `NOEGLE_RULES_FILE` names may set others. What is not here is no setting.
 */
import { z } from 'zod';
import { localize } from './language/language.ts';
import { BINDING_MODES } from './rowMac.ts';
import { DEFAULT_KINDS } from './issuing/identification.ts';

const countSchema = (fallback: number, from: number, to: number) =>
  z.int().min(from).max(to).default(fallback);

/**
 * OWASP's list for argon2id: each is worth the others. What is dearer than one of them in both will do as
 * well.
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
      MINIMUM_HASHING.some((least) => memoryCost >= least.memoryCost && timeCost >= least.timeCost),
    `too cheap: it takes at least one of ${MINIMUM_HASHING_TEXT}`,
  );

export type HashingSetting = z.output<typeof hashingSchema>;

export const rulesSchema = z.strictObject({
  /** Business days from the day a card leaves until it is expected: from, to. */
  arrival: z
    .strictObject({ from: countSchema(5, 1, 60), to: countSchema(10, 1, 60) })
    .refine(({ from, to }) => from <= to, 'from is after to')
    .prefault({}),
  /** Business days after the window until a card that is not in use counts as lost. */
  lateDays: countSchema(5, 1, 60),
  /** How long a card waits that was taken into use without a key of an old one. */
  waitHours: countSchema(24, 1, 24 * 14),
  password: z
    .strictObject({
      tries: countSchema(5, 1, 20),
      lockHours: countSchema(8, 1, 48),
      /** Wrong ones in a row after which unknown browsers on unknown networks need a code. */
      inARow: countSchema(100, 10, 1_000),
      /** Wrong ones in a row after which a known browser is one no longer. */
      browserInARow: countSchema(10, 1, 100),
    })
    .prefault({}),
  /** PSD2 RTS art. 4: at most five in a row. */
  key: z
    .strictObject({
      tries: countSchema(5, 1, 5),
      lockHours: countSchema(8, 1, 48),
      inARow: countSchema(10, 2, 100),
    })
    .prefault({}),
  /**
   * Blocking has counters of its own, for it has to work while sign-in is locked: tries at one name from one
   * network (a /24 or a /48), and from all of them together.
   */
  block: z
    .strictObject({
      tries: countSchema(10, 1, 100),
      lockMinutes: countSchema(60, 1, 1_440),
      perHour: countSchema(1_000, 100, 1e6),
    })
    .prefault({}),
  /** Wrong tries from one network, an IPv4 address or a /64: so many at once, then so many a minute. */
  network: z
    .strictObject({
      burst: countSchema(30, 1, 1e9),
      perMinute: countSchema(6, 1, 1e9),
      /** A wider network has so many times as much. */
      wider: z
        .strictObject({
          ipv4_24: countSchema(8, 1, 256),
          ipv6_56: countSchema(2, 1, 256),
          ipv6_48: countSchema(8, 1, 65_536),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Without effect: of posted requests none is kept. Files of an earlier version may have it. */
  longRequests: z
    .strictObject({ burstKb: countSchema(2_048, 64, 1e9), kbPerMinute: countSchema(256, 8, 1e9) })
    .prefault({}),
  /** A right password without a key is told after so long. */
  keyWithinMinutes: countSchema(30, 5, 600),
  /** Failed tries to send a letter or notice before it is set aside for operators. */
  sendTries: countSchema(25, 1, 100),
  /** What counts as valid identification; `expires`: it has a date on which it runs out. */
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
  /** For so long after a move, a card or password that is ordered is told at the old address too. */
  formerAddressDays: countSchema(14, 1, 90),
  /** How long a temporary password opens anything, from the last day on which its letter is expected. */
  temporaryPasswordDays: countSchema(28, 1, 90),
  /**
   * Wrong temporary passwords of one ID from all networks together; from one of them it is one in half a
   * minute.
   */
  temporary: z.strictObject({ perHour: countSchema(100_000, 150, 1e6) }).prefault({}),
  /** The code for the sign-in, after too many wrong passwords in a row. */
  signInCode: z
    .strictObject({
      mailMinutes: countSchema(30, 5, 120),
      letterDays: countSchema(28, 7, 90),
      /**
       * A person gets no more than one e-mail in so many minutes, and one letter in so many business days.
       */
      mailEveryMinutes: countSchema(60, 10, 1_440),
      letterEveryDays: countSchema(5, 1, 60),
      /** Wrong codes at one name from one network, and in an hour from all of them together. */
      tries: countSchema(5, 1, 20),
      perHour: countSchema(1_000, 100, 1e6),
    })
    .prefault({}),
  /** The code that shows that an e-mail address is the person's. */
  emailCode: z
    .strictObject({
      minutes: countSchema(30, 5, 240),
      /** Codes that are judged before a new one has to be asked for. */
      tries: countSchema(5, 1, 10),
      /** So many codes are sent to one mailbox, over all who ask, for one ID, and from one network. */
      perMailboxADay: countSchema(6, 1, 100),
      perIdentityADay: countSchema(5, 1, 100),
      perNetworkAnHour: countSchema(60, 1, 10_000),
    })
    .prefault({}),
  /** Orders online that did not match, in a day. */
  order: z
    .strictObject({ perCpr: countSchema(3, 1, 100), perNetwork: countSchema(20, 1, 10_000) })
    .prefault({}),
  /**
   * Rows carry a MAC (domain/rowMac.ts): `read` while nodes of the version before are about, `write`
   * once there are none, `require` once `npx noegle bind-rows` has found every row right. The same on every
   * node. Without, it is what the nodes that are told have last begun with.
   */
  binding: z.enum(BINDING_MODES).optional(),
  /** What one member of staff may do; a number over it is refused, with a page that says who can raise it. */
  staff: z
    .strictObject({
      /** Look-ups of people, in the population register or among those who have an ID, in a day. */
      lookUpsPerDay: countSchema(300, 1, 5_000),
      perHour: z
        .strictObject({
          issue: countSchema(60, 1, 1_000),
          /**
           * As the second: an address, an order online, another CPR number, an action on a colleague's ID.
           */
          approve: countSchema(60, 1, 1_000),
          block: countSchema(20, 1, 1_000),
          sign_out: countSchema(20, 1, 1_000),
          stop_wait: countSchema(20, 1, 1_000),
          skip_wait: countSchema(20, 1, 1_000),
          card: countSchema(20, 1, 1_000),
          temporary_password: countSchema(20, 1, 1_000),
          reopen: countSchema(10, 1, 1_000),
          public_sites: countSchema(30, 1, 1_000),
          call_off_email: countSchema(20, 1, 1_000),
          propose_cpr: countSchema(20, 1, 1_000),
          /** Proposals about the ID of a member of staff, which may pause their access. */
          colleague: countSchema(3, 1, 100),
          /** Of an operator: proposals of staff, approvals and refusals. */
          staff: countSchema(30, 1, 1_000),
          /** Of an operator: proposals to end access, which pause it. */
          staff_end: countSchema(5, 1, 100),
        })
        .prefault({}),
    })
    .prefault({}),
  /** What the hash of a password costs (argon2id; memory in KiB). It has to be the same on every node. */
  hashing: hashingSchema.prefault({}),
  /** How long relying parties may keep the signing keys that they were shown; a new key signs no earlier. */
  signingKeys: z.strictObject({ cachedSeconds: countSchema(600, 1, 86_400) }).prefault({}),
});

export type Rules = z.output<typeof rulesSchema>;
export const DEFAULT_RULES: Rules = rulesSchema.parse({});

/** The person's choice of how many keys are left when a new card is ordered. */
export const THRESHOLD_RANGE = { least: 5, most: 100, usual: 20 } as const;
