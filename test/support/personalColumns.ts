/**
 * Every column of the database with personal data, once: where the person finds it in their file
 * (docs/reference/self-service-export.md), or why it is not there; and how its rows are deleted.
 * `test/personalColumns.test.ts` compares it with the catalogue, with a real file and with what deletes rows.
 */

/** Why a column is not in the file of its person. */
export const REASONS = {
  secret: 'signs a person in or proves it: a key, a code, a token, or a hash of one',
  hash: 'a keyed hash of something that is in the file, or was never kept in clear',
  bookkeeping: 'names, binds or counts rows, or times work of ours; it says nothing more of the person',
  activity: 'what happened is in `activity`, as the event of the same change',
  passing: 'of one request that is under way: it is gone within a day',
  colleague: 'who of the staff did it: their own data',
  purpose: 'which letter of one kind it was; its kind and day are in `sent`',
  part: 'decides how another column is written in the file',
} as const;
export type Reason = keyof typeof REASONS;

/** How rows of a table are deleted. */
export type Removal =
  /** By the sweep, once they have expired (src/db/sweep.ts). */
  | 'sweep'
  /** By the code of this file. */
  | `src/${string}.ts`
  /** They stay for as long as the ID does: the person may request them, or others may ask about them. */
  | 'stays';

export interface PersonalTable {
  readonly removedBy: Removal;
  /** Column -> the member of the file. */
  readonly exported?: Readonly<Record<string, string>>;
  readonly left?: Readonly<Partial<Record<Reason, readonly string[]>>>;
}

export const PERSONAL: Readonly<Record<string, PersonalTable>> = {
  people: {
    removedBy: 'stays',
    exported: {
      given_name: 'person.name',
      family_name: 'person.name',
      birthdate: 'person.birthdate',
      cpr_sealed: 'person.cpr',
      pid: 'person.pid',
      address_sealed: 'person.address',
      address_protected: 'person.addressProtected',
      former_address_sealed: 'person.formerAddress',
      moved_at: 'person.movedAt',
      email_sealed: 'person.email',
      email_confirmed: 'person.emailConfirmed',
      next_email_sealed: 'person.nextEmail',
      next_email_from: 'person.nextEmail',
      language: 'person.language',
    },
    left: {
      secret: ['log_salt'],
      hash: ['cpr_lookup', 'likeness', 'document_lookup', 'next_email_confirmed', 'email_refused'],
      bookkeeping: ['id', 'created_at'],
      part: ['name_is_whole'],
    },
  },
  identities: {
    removedBy: 'stays',
    exported: {
      id_number: 'id.idNumber',
      user_id: 'id.userId',
      created_at: 'id.createdAt',
      issued_by: 'id.issuedBy',
      proofing: 'id.proofing',
      public_sites: 'id.publicSites',
      threshold: 'id.newCardAtKeysLeft',
      card_format: 'id.cardFormat',
    },
    left: {
      secret: ['password_hash'],
      hash: ['user_id_form', 'user_id_formed'],
      bookkeeping: ['id', 'person_id', 'password_tries', 'key_tries', 'mac', 'large_print'],
      activity: ['blocked_at', 'closed_at', 'ended_at', 'public_ended_at'],
    },
  },
  key_cards: {
    removedBy: 'stays',
    exported: {
      card_number: 'cards.cardNumber',
      state: 'cards.state',
      spent: 'cards.keysLeft',
      ordered_at: 'cards.orderedAt',
      expected_from: 'cards.expected',
      expected_to: 'cards.expected',
      activates_at: 'cards.activatesAt',
      format: 'cards.format',
    },
    left: {
      secret: ['salt', 'challenge'],
      bookkeeping: ['id', 'identity_id', 'kid'],
      activity: ['replaces_lost'],
    },
  },
  applications: {
    removedBy: 'stays',
    exported: {
      path: 'applications.path',
      at: 'applications.at',
      form_sealed: 'applications.identification',
      case_number: 'applications.caseNumber',
    },
    left: {
      hash: ['subject'],
      bookkeeping: ['id', 'identity_id', 'mac'],
      activity: ['state', 'reasons', 'decided_at', 'issued_by'],
      colleague: ['officer_id', 'second_officer_id'],
    },
  },
  consents: {
    removedBy: 'src/features/access/access.queries.ts',
    exported: { client_id: 'access.name', scopes: 'access.scopes', given_at: 'access.agreedAt' },
    left: { bookkeeping: ['identity_id', 'mac'] },
  },
  known_browsers: {
    removedBy: 'sweep',
    exported: { first_at: 'ownBrowsers.firstAt', since: 'ownBrowsers.lastAt', seen: 'ownBrowsers.from' },
    left: { secret: ['browser'], bookkeeping: ['identity_id', 'tries'] },
  },
  code_tokens: {
    removedBy: 'stays',
    exported: {
      serial_number: 'codeTokens.serialNumber',
      kind: 'codeTokens.kind',
      state: 'codeTokens.state',
      given_at: 'codeTokens.givenAt',
      given_by: 'codeTokens.givenBy',
      expected_from: 'codeTokens.expected',
      expected_to: 'codeTokens.expected',
      activates_at: 'codeTokens.activatesAt',
      activated_at: 'codeTokens.activatedAt',
      last_used_at: 'codeTokens.lastUsedAt',
      ended_at: 'codeTokens.endedAt',
    },
    left: {
      secret: ['seed_sealed'],
      hash: ['seed_lookup'],
      bookkeeping: [
        'id',
        'identity_id',
        'mac',
        'digits',
        'period_seconds',
        'algorithm',
        'last_step',
        'drift_steps',
        'imported_at',
      ],
    },
  },
  security_keys: {
    removedBy: 'sweep',
    exported: {
      id: 'securityKeys.id',
      transports: 'securityKeys.transports',
      aaguid: 'securityKeys.aaguid',
      is_discoverable: 'securityKeys.isDiscoverable',
      is_synced: 'securityKeys.isSynced',
      is_attested: 'securityKeys.isAttested',
      name: 'securityKeys.name',
      added_at: 'securityKeys.addedAt',
      added_by: 'securityKeys.addedBy',
      counts_from: 'securityKeys.countsFrom',
      last_used_at: 'securityKeys.lastUsedAt',
      ended_at: 'securityKeys.endedAt',
      end_reason: 'securityKeys.endReason',
    },
    left: {
      bookkeeping: [
        'identity_id',
        'credential_id',
        'public_key',
        'sign_count',
        'is_backed_up',
        'announced_at',
        'mac',
      ],
    },
  },
  known_networks: {
    removedBy: 'sweep',
    left: { hash: ['network'], bookkeeping: ['identity_id', 'tries'], activity: ['seen_at'] },
  },
  notice_browsers: {
    removedBy: 'sweep',
    left: { hash: ['browser', 'network'], bookkeeping: ['identity_id', 'notice_id'], activity: ['seen_at'] },
  },
  oidc_records: {
    removedBy: 'sweep',
    exported: {
      started_at: 'sessions.startedAt',
      client_id: 'sessions.sites',
      accepted_until: 'access.alsoUntil',
    },
    left: {
      secret: ['id', 'grant_id', 'session_uid', 'uid', 'sid', 'payload'],
      bookkeeping: ['model', 'account_id', 'login_at', 'expires_at', 'consumed_at', 'ended_at', 'acr'],
      activity: ['password_at'],
    },
  },
  own_sessions: {
    removedBy: 'sweep',
    left: {
      secret: ['id', 'session_uid'],
      bookkeeping: ['client_id', 'identity_id', 'login_at', 'started_at', 'seen_at', 'mac'],
      activity: ['key_at'],
    },
  },
  letters: {
    removedBy: 'stays',
    exported: { kind: 'sent.kind', ordered_at: 'sent.at', post_on: 'sent.postOn' },
    left: {
      secret: ['password_hash'],
      bookkeeping: [
        'id',
        'identity_id',
        'card_id',
        'token_id',
        'state',
        'try_at',
        'tries',
        'fault',
        'batch',
        'mac',
      ],
      activity: ['used_at', 'valid_until'],
      purpose: ['notice', 'to_former_address'],
    },
  },
  notices: {
    removedBy: 'sweep',
    exported: { kind: 'sent.kind', at: 'sent.at' },
    left: {
      bookkeeping: ['id', 'identity_id', 'state', 'try_at', 'tries', 'fault', 'sent_with'],
      purpose: ['details', 'to_next_email'],
    },
  },
  gathered_notices: {
    removedBy: 'src/jobs/notices.queries.ts',
    left: { bookkeeping: ['id', 'identity_id', 'letter_on'], activity: ['notice', 'at'] },
  },
  letter_days: { removedBy: 'stays', left: { bookkeeping: ['identity_id', 'day', 'holds'] } },
  email_requests: {
    removedBy: 'sweep',
    exported: { email_sealed: 'person.waitingEmail', given_at: 'person.waitingEmail' },
    left: {
      secret: ['code_id', 'code'],
      bookkeeping: ['identity_id', 'id', 'kind', 'tries', 'send_at', 'send_tries', 'refused', 'code_until'],
      activity: ['confirmed_at'],
    },
  },
  audit_events: {
    removedBy: 'stays',
    exported: { at: 'activity.at', kind: 'activity.kind', details: 'activity.details' },
    left: { bookkeeping: ['id', 'identity_id'] },
  },
  audit_erased_events: {
    removedBy: 'stays',
    left: { hash: ['hash'], bookkeeping: ['event_id', 'identity_id'] },
  },
  failures: {
    removedBy: 'src/db/signIn/failures.ts',
    left: { bookkeeping: ['identity_id'], activity: ['kind', 'hour', 'many'] },
  },
  passwords_without_key: {
    removedBy: 'src/db/signIn/passwordsWithoutKey.ts',
    left: { bookkeeping: ['interaction', 'identity_id'], activity: ['at', 'context_sealed'] },
  },
  new_passwords: {
    removedBy: 'sweep',
    left: {
      bookkeeping: ['letter_id', 'identity_id', 'position'],
      activity: ['card_id', 'ordered_at'],
    },
  },
  door_codes: {
    removedBy: 'sweep',
    left: {
      secret: ['code', 'tries'],
      bookkeeping: ['id', 'identity_id', 'valid_until'],
      activity: ['way', 'ordered_at', 'used_by'],
    },
  },
  activations: {
    removedBy: 'sweep',
    left: {
      passing: ['typed_sealed', 'outcome', 'key_given_at', 'done_at', 'password_at'],
      bookkeeping: ['id', 'identity_id', 'letter_id', 'expires_at', 'mac'],
    },
  },
  confirmations: {
    removedBy: 'sweep',
    left: {
      passing: ['kind', 'deed_sealed', 'outcome', 'done_at'],
      bookkeeping: ['id', 'own_session', 'identity_id', 'expires_at'],
    },
  },
  sign_ins: {
    removedBy: 'sweep',
    left: {
      secret: ['holder', 'session_uid', 'answer_sealed', 'answer_code'],
      passing: ['typed_name_sealed', 'outcome', 'password_at', 'signed_in_at', 'step_at', 'answered_at'],
      part: [
        'consented',
        'known_browser',
        'new_card_skipped',
        'with_key',
        'second_factor',
        'without_password',
      ],
      bookkeeping: ['interaction', 'identity_id', 'expires_at', 'mac'],
    },
  },
  logouts: {
    removedBy: 'sweep',
    left: {
      secret: ['sid'],
      bookkeeping: ['id', 'identity_id', 'client_id', 'state', 'try_at', 'tries', 'fault'],
      activity: ['at'],
    },
  },
  cpr_changes: {
    removedBy: 'stays',
    left: {
      hash: ['former', 'current'],
      bookkeeping: ['id', 'identity_id'],
      activity: ['state', 'change_sealed', 'proposed_at', 'decided_at'],
      colleague: ['proposed_by', 'decided_by'],
    },
  },
  former_cprs: {
    removedBy: 'src/db/people/cprLinks.ts',
    left: { hash: ['former', 'current'], bookkeeping: ['followed_by', 'told_by'], activity: ['told_at'] },
  },
  duplicate_identities: {
    removedBy: 'stays',
    left: { bookkeeping: ['one_id', 'other_id'], activity: ['found_at'] },
  },
  desk_searches: {
    removedBy: 'stays',
    left: {
      bookkeeping: ['id', 'found_id', 'by_former_cpr', 'application_id'],
      activity: ['reason', 'at'],
      colleague: ['staff_id'],
    },
  },
  colleague_actions: {
    removedBy: 'stays',
    left: {
      bookkeeping: ['id', 'identity_id'],
      activity: ['action', 'asked_sealed', 'state', 'proposed_at', 'decided_at', 'performed_at'],
      colleague: ['proposed_by', 'decided_by'],
    },
  },
  desk_refusals: {
    removedBy: 'sweep',
    left: {
      hash: ['subject'],
      bookkeeping: ['identity_id', 'day', 'count', 'last_at'],
      activity: ['what', 'why', 'role', 'first_at'],
    },
  },
  staff: {
    removedBy: 'stays',
    left: {
      bookkeeping: ['id', 'identity_id'],
      activity: ['role', 'bank', 'proposed_at', 'approved_at', 'ended_at', 'end_proposed_at'],
      colleague: ['proposed_by', 'approved_by', 'ended_by', 'end_proposed_by'],
    },
  },
  staff_counts: { removedBy: 'stays', left: { bookkeeping: ['staff_id', 'kind', 'times', 'forms'] } },
};

/** Tables that name no person, and why. */
export const NOT_PERSONAL: Readonly<Record<string, string>> = {
  apart_cprs: 'pairs of keyed hashes: by what the register says, not of one person',
  attempts: 'counts attempts under a keyed hash, of known and of unknown names alike',
  initial_access_tokens: 'of operators and relying parties',
  installation: 'of this Nøgle',
  network_tries: 'counts tries under a keyed hash of a network',
  posted_requests: 'requests of relying parties, sealed, for minutes',
  register_entries: 'a copy of the population register, which answers for it: also of people without an ID',
  relying_parties: 'of relying parties',
  replay_ids: 'of relying parties',
  signing_keys: 'of this Nøgle',
  status_line: 'what the operator tells everyone',
  audit_segments: 'salted hashes of audit events, and their numbers',
  audit_subtrees: 'hashes of hashes of audit events',
  audit_tree: 'where the tree of audit events stands',
  waiting_pushes: 'requests of relying parties, sealed, for a minute',
};

export interface Column {
  readonly table: string;
  readonly name: string;
  /** Refers to a person or an ID, by a foreign key or by its name. */
  readonly namesPerson: boolean;
}

/** Column -> member of the file. */
export function exportedColumns(): { table: string; name: string; member: string }[] {
  return Object.entries(PERSONAL).flatMap(([table, { exported = {} }]) =>
    Object.entries(exported).map(([name, member]) => ({ table, name, member })),
  );
}

function listedColumns(): string[] {
  return Object.entries(PERSONAL).flatMap(([table, { exported = {}, left = {} }]) =>
    [...Object.keys(exported), ...Object.values(left).flat()].map((name) => `${table}.${name}`),
  );
}

const HERE = 'test/support/personalColumns.ts';
const IN_THE_FILE = 'features/selfService/export/exportData.ts, docs/reference/self-service-export.md';

/** The differences between the list and the catalogue, each as a sentence that says what to do. */
export function columnFaults(catalogue: readonly Column[]): string[] {
  const listed = listedColumns();
  const tables = new Set(catalogue.map(({ table }) => table));
  const known = catalogue.map(({ table, name }) => `${table}.${name}`);
  return [
    ...[...tables]
      .filter((table) => !(table in PERSONAL) && !(table in NOT_PERSONAL))
      .map(
        (table) =>
          `${table} is a new table: list its columns in ${HERE}, or say there why it is of no person.`,
      ),
    ...catalogue
      .filter(({ table, name }) => table in PERSONAL && !listed.includes(`${table}.${name}`))
      .map(
        ({ table, name }) =>
          `${table}.${name} is new in a table with people's data: put it in their file (${IN_THE_FILE}) and name its ` +
          `member in ${HERE}, or say there why it is not in the file.`,
      ),
    ...catalogue
      .filter(({ table, namesPerson }) => namesPerson && table in NOT_PERSONAL)
      .map(({ table, name }) => `${table}.${name} names a person: list the columns of ${table} in ${HERE}.`),
    ...listed
      .filter((column) => !known.includes(column))
      .map((column) => `${column} is gone: take it out of ${HERE}.`),
    ...listed
      .filter((column, index) => listed.indexOf(column) !== index)
      .map((column) => `${column} stands twice in ${HERE}: it is in the file, or it is not.`),
    ...Object.keys(NOT_PERSONAL)
      .filter((table) => !tables.has(table))
      .map((table) => `${table} is gone: take it out of ${HERE}.`),
  ];
}

/** The differences between the stated deletions and the code. @param textOf reads a file of the project */
export function removalFaults(textOf: (file: string) => string): string[] {
  const swept = new Set(
    [...textOf('src/db/sweep.ts').matchAll(/DELETE FROM (\w+)/g)].map(([, table = '']) => table),
  );
  return Object.entries(PERSONAL).flatMap(([table, { removedBy }]) => {
    if (removedBy === 'sweep') {
      return swept.has(table)
        ? []
        : [`${table} is said to be swept, and src/db/sweep.ts does not: add it there.`];
    }
    if (swept.has(table)) return [`${table} is swept: say so in ${HERE}.`];
    if (removedBy === 'stays' || new RegExp(`DELETE FROM ${table}\\b`).test(textOf(removedBy))) return [];
    return [`${removedBy} does not remove rows of ${table}: say in ${HERE} what does.`];
  });
}
