/** What `audit verify` finds: a closed union. Each finding names its record, in words for an operator. */

/** Where a record is: in the database, or in the sink. */
export type RecordPlace = 'database' | 'sink';

export type CheckpointFault =
  /** There is none, though the tree has leaves. */
  | 'missing'
  | 'malformed'
  /** Its signature does not fit. */
  | 'changed'
  | 'another_key'
  /** Of a log with another name. */
  | 'another_log'
  /** The tree of that size has another root. */
  | 'another_root'
  /** The tree is smaller: it was rolled back. */
  | 'ahead'
  /** The tree has grown since, which no pass leaves like this. */
  | 'behind';

export type AuditFinding =
  | { readonly kind: 'event_changed'; readonly id: string; readonly leaf: number }
  | { readonly kind: 'event_missing'; readonly id: string; readonly leaf: number }
  /** Its contents are each other's. */
  | { readonly kind: 'events_swapped'; readonly id: string; readonly otherId: string }
  /** No leaf, and too old to be one that waits for its leaf. */
  | { readonly kind: 'event_added'; readonly id: string }
  /** Without a leaf, and an hour from now or more: no node adds it, or no node runs. */
  | { readonly kind: 'event_unsealed'; readonly id: string }
  /** Its number is larger than any that the sequence has given. */
  | { readonly kind: 'event_not_numbered'; readonly id: string }
  /** More than one row has this id. */
  | { readonly kind: 'event_doubled'; readonly id: string }
  /** Rows of the child pass for rows of the parent. */
  | { readonly kind: 'table_inherited'; readonly parent: string; readonly child: string }
  /** Its time is more than an hour from that of the events beside it. */
  | { readonly kind: 'event_back_dated'; readonly id: string }
  | { readonly kind: 'event_twice'; readonly id: string; readonly leaf: number }
  /** The events of this ID are as they were; the salt of their leaves is another one. */
  | { readonly kind: 'person_salt_changed'; readonly identityId: string; readonly id: string }
  | {
      readonly kind: 'segment_changed';
      readonly segment: number;
      readonly column: 'first_leaf' | 'event_ids' | 'salt' | 'leaves' | 'root' | 'sealed_at';
    }
  /** From one number to another. */
  | {
      readonly kind: 'segments_missing';
      readonly place: RecordPlace;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'sink_object_wrong'; readonly name: string; readonly what: string }
  /** The tree up to this segment is not the one that was signed. */
  | { readonly kind: 'sink_root_differs'; readonly segment: number }
  /** Segments that it should have had for more than a minute. */
  | { readonly kind: 'sink_lags'; readonly from: number; readonly to: number }
  | { readonly kind: 'log_rolled_back'; readonly segments: number; readonly segmentsInSink: number }
  | { readonly kind: 'tree_row_missing'; readonly rows: number }
  | {
      readonly kind: 'tree_row_changed';
      readonly column: 'segments' | 'size' | 'edge' | 'sealed_below' | 'sealed_above' | 'next_below';
    }
  | {
      readonly kind: 'subtree_changed' | 'subtree_missing';
      readonly height: number;
      readonly index: number;
    }
  | { readonly kind: 'subtrees_added'; readonly many: number }
  | {
      readonly kind: 'checkpoint_wrong';
      readonly place: RecordPlace | 'file';
      readonly fault: CheckpointFault;
      /** Of the tree that it is about; null where it cannot be read. */
      readonly size: number | null;
      /** By which it was signed, if by another one. */
      readonly keyId?: string;
    }
  | { readonly kind: 'erasure_changed'; readonly identityId: string };

export type FindingKind = AuditFinding['kind'];

const CHECKPOINT_PLACES = {
  database: 'the checkpoint in audit_tree',
  sink: 'the checkpoint in the head of the sink',
  file: 'the checkpoint that was given',
} as const;

const CHECKPOINT_FAULTS: Readonly<Record<CheckpointFault, string>> = {
  missing: 'is missing',
  malformed: 'is no signed checkpoint',
  changed: 'was changed: its signature does not fit',
  another_key: 'was signed by another key, which is not in the ring "audit"',
  another_log: 'belongs to another log',
  another_root: 'does not fit the tree: the tree of that size has another root',
  ahead: 'is ahead of the tree: the log was rolled back',
  behind: 'is older than the tree',
};

/** One sentence for an operator, which begins with the record. */
export function describeFinding(finding: AuditFinding): string {
  switch (finding.kind) {
    case 'event_changed':
      return `event ${finding.id} was changed (leaf ${finding.leaf})`;
    case 'event_missing':
      return `event ${finding.id} is missing (leaf ${finding.leaf})`;
    case 'events_swapped':
      return `events ${finding.id} and ${finding.otherId} were swapped`;
    case 'event_added':
      return `event ${finding.id} was added: it has no leaf, and later events have one`;
    case 'event_unsealed':
      return `event ${finding.id} has no leaf, and its time is more than an hour from now: no node adds it to the tree, or it was added by another than a node`;
    case 'event_not_numbered':
      return `event ${finding.id} was added: the database has given no number as large`;
    case 'event_doubled':
      return `event ${finding.id} is in the database more than once`;
    case 'table_inherited':
      return `table ${finding.child} inherits from ${finding.parent}: its rows pass for rows of the log`;
    case 'event_back_dated':
      return `event ${finding.id} has a time that is more than an hour from that of its neighbours`;
    case 'event_twice':
      return `event ${finding.id} is in the tree twice (again at leaf ${finding.leaf})`;
    case 'person_salt_changed':
      return `people.log_salt of ID ${finding.identityId} was changed: its events no longer fit their leaves (from event ${finding.id} on)`;
    case 'segment_changed':
      return `segment ${finding.segment} was changed in the database: ${finding.column}`;
    case 'segments_missing':
      return finding.from === finding.to
        ? `segment ${finding.from} is missing in the ${finding.place}`
        : `segments ${finding.from} to ${finding.to} are missing in the ${finding.place}`;
    case 'sink_object_wrong':
      return `sink: ${finding.name} ${finding.what}`;
    case 'sink_root_differs':
      return `the tree up to segment ${finding.segment} is not the one that was signed in the sink`;
    case 'sink_lags':
      return finding.from === finding.to
        ? `the sink lacks segment ${finding.from}, which is more than a minute old`
        : `the sink lacks segments ${finding.from} to ${finding.to}, the first of which is more than a minute old`;
    case 'log_rolled_back':
      return `the log was rolled back: the database has ${finding.segments} segments, the sink ${finding.segmentsInSink}`;
    case 'tree_row_missing':
      return finding.rows === 0 ? 'the row of audit_tree is missing' : `audit_tree has ${finding.rows} rows`;
    case 'tree_row_changed':
      return `audit_tree.${finding.column} does not fit the segments`;
    case 'subtree_changed':
      return `subtree ${finding.index} of height ${finding.height} was changed`;
    case 'subtree_missing':
      return `subtree ${finding.index} of height ${finding.height} is missing`;
    case 'subtrees_added':
      return `audit_subtrees has ${finding.many} rows too many`;
    case 'checkpoint_wrong':
      return `${CHECKPOINT_PLACES[finding.place]}${finding.size === null ? '' : ` (size ${finding.size})`} ${CHECKPOINT_FAULTS[finding.fault]}${finding.keyId === undefined ? '' : ` (${finding.keyId})`}`;
    case 'erasure_changed':
      return `the record of the erasure of ID ${finding.identityId} was changed`;
    default:
      return finding satisfies never;
  }
}

/** The most findings of one kind that are named; the others are counted. */
const MAX_NAMED = 1_000;

/** Findings in the order in which they were made. */
export class AuditFindings {
  readonly #named: AuditFinding[] = [];
  readonly #counts = new Map<FindingKind, number>();

  add(finding: AuditFinding): void {
    const count = (this.#counts.get(finding.kind) ?? 0) + 1;
    this.#counts.set(finding.kind, count);
    if (count <= MAX_NAMED) this.#named.push(finding);
  }

  get named(): readonly AuditFinding[] {
    return this.#named;
  }

  /** Also of those that are not named. */
  get counts(): Readonly<Partial<Record<FindingKind, number>>> {
    return Object.fromEntries(this.#counts);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
