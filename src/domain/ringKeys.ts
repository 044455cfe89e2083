/**
 * The key rings, and how what was made under a key of each of them ends: what an operator may replace, and
 * what has to happen before an old key is taken out. Each column of the database that depends on a key is
 * listed in `db/ringKeys/keyedColumns.ts`.
 */
export type RingKeyUse =
  | 'cards'
  | 'seal'
  | 'tokens'
  | 'letters'
  | 'records'
  | 'cprLookup'
  | 'pairwise'
  | 'attempts'
  | 'clientSecrets'
  | 'cookies'
  | 'audit'
  | 'demo';

/**
 * `reseal`: `keys reseal` renews it under the current key. `next_sign_in`: renewed when its person signs
 * in. `with_its_card`: needed until the card is replaced. `with_its_secret`: needed until the relying party
 * gets another secret. `expires`: ends by itself. `never`: another key would lose what was made with it.
 */
export const RING_ENDS = [
  'reseal',
  'next_sign_in',
  'with_its_card',
  'with_its_secret',
  'expires',
  'never',
] as const;
export type RingEnd = (typeof RING_ENDS)[number];

export interface RingPolicy {
  /** How the rows under an old key of this ring end. */
  readonly end: RingEnd;
  readonly why: string;
  /** Null where the ring gets a new key; otherwise the reason why it keeps its one key. */
  readonly keepsOneKey: string | null;
  /** When an old key may be taken out. */
  readonly oldKey: string;
  /**
   * Whether the first key of the ring stays: hashes and derived secrets are made with it, whatever the
   * current key is.
   */
  readonly keepsFirstKey: string | null;
  /** Rows are found by hashes: their key is pinned as `lookup` when another one is added. */
  readonly pinsLookup: boolean;
}

const REPLACEABLE = { keepsOneKey: null, keepsFirstKey: null, pinsLookup: false } as const;

export const RING_POLICIES: Readonly<Record<RingKeyUse, RingPolicy>> = {
  seal: {
    ...REPLACEABLE,
    end: 'reseal',
    why:
      'contact, CPR numbers, applications, signing keys and MACs of rows stay for years. The keys open them, so they ' +
      'can be renewed without their people. A password cannot: it is renewed at the next sign-in',
    oldKey: 'when no row needs it ("keys reseal"): "keys retire"; removed when no password needs it either',
  },
  cards: {
    ...REPLACEABLE,
    end: 'with_its_card',
    why: 'the keys that are printed on a card follow from the key of the ring: another key is another card',
    oldKey: 'when its last card is replaced or used up; "replace-cards --kid" orders new ones',
  },
  tokens: {
    ...REPLACEABLE,
    end: 'reseal',
    why: 'the seeds of code tokens are sealed under it, apart from all else: who has them computes every code',
    oldKey: 'when no seed needs it ("keys reseal")',
  },
  letters: {
    ...REPLACEABLE,
    end: 'expires',
    why: 'temporary passwords and codes are derived from it when they are sent, and only their hashes are stored',
    oldKey: 'at once, but the key may change only while no node runs and no letter or code waits',
  },
  records: {
    ...REPLACEABLE,
    end: 'expires',
    why: 'sessions, codes and tokens end by themselves; the hashes that they are found by keep the first key',
    oldKey:
      'a day after the longest refresh token that began under it; never the first key or the lookup key',
    keepsFirstKey:
      'registration access tokens, known browsers and sessions of self-service and desk are found by hashes under it',
    pinsLookup: true,
  },
  cookies: {
    ...REPLACEABLE,
    end: 'expires',
    why: 'cookies of a sign-in end with it; a remembered user ID that does not open is typed again',
    oldKey: '8 hours, the longest session, after the last node got the new key; never the first key',
    keepsFirstKey: 'the tokens of open forms are made with it on every node',
  },
  clientSecrets: {
    ...REPLACEABLE,
    end: 'with_its_secret',
    why: 'the hash of a secret cannot be renewed without the secret, which only the relying party has',
    oldKey:
      'when no relying party has a secret under it ("relying-party rotate-secret"); never the first key',
    keepsFirstKey: 'the secrets of self-service and desk are derived from it on every node',
  },
  audit: {
    ...REPLACEABLE,
    end: 'expires',
    why: 'what is in the audit sink is signed and sealed under it, and is never changed; it is removed with the backups that it completes',
    oldKey: 'when the sink has no segment left that was made under it',
  },
  attempts: {
    ...REPLACEABLE,
    end: 'never',
    why: 'attempts are counted under keyed hashes of names and networks, and nothing is sealed under this ring',
    keepsOneKey:
      'another key would open every lock and give every guesser new attempts, and protect nothing more',
    oldKey: 'never',
  },
  cprLookup: {
    ...REPLACEABLE,
    end: 'never',
    why: 'people are found by keyed hashes of their CPR numbers, and former numbers are stored as hashes alone',
    keepsOneKey: 'another key would allow two identities for one CPR number',
    oldKey: 'never',
  },
  pairwise: {
    ...REPLACEABLE,
    end: 'never',
    why: 'relying parties know their users by `sub`, which is derived from it',
    keepsOneKey: 'another key would make every person a stranger at every relying party',
    oldKey: 'never',
  },
  demo: {
    ...REPLACEABLE,
    end: 'never',
    why: 'the people and relying parties of the sandbox are derived from it; a server does not use it',
    keepsOneKey: 'another key would change the passwords and secrets of the sandbox, and protect no one',
    oldKey: 'never',
  },
};
