/** The activity of an ID as its person sees it: the audit events that concern it, each as a sentence. */
import type { AuditEvent, AuditActor } from '../../../domain/auditEvent.ts';
import type { Guardian } from '../../../domain/factors/guardian.ts';
import { withoutSentence, type LookedWhy, type LookReason } from '../../../domain/staff/lookReasons.ts';
import type { Localized } from '../../../domain/language/language.ts';
import type { ClientContext } from '../../../domain/clientContext.ts';

export type ActivityKind = AuditEvent['kind'];

type ActivityDetails<Kind extends ActivityKind> = AuditEvent extends infer One
  ? One extends { readonly kind: infer Kinds; readonly details: infer Details }
    ? Kind extends Kinds
      ? Details
      : never
    : never
  : never;

/** The values that a sentence is filled with, in the language of the sentence. */
export interface ActivityHelp {
  /** The name of the event's relying party; a generic word for one that was removed. */
  readonly site: string;
  readonly card: (cardNumber: string) => string;
  /** An ISO date or time as day and, where it has one, time. */
  readonly when: (iso: string) => string;
  /** A change in self-service, of what was chosen before. */
  readonly isChange: boolean;
}

/** A sentence for every kind of event; a new kind without one does not compile. */
export type ActivityWords = {
  readonly [Kind in ActivityKind]: (details: ActivityDetails<Kind>, help: ActivityHelp) => string;
};

export interface Activity {
  /** Increases with time. */
  readonly id: string;
  readonly at: Date;
  readonly event: Pick<AuditEvent, 'kind' | 'details'>;
  /** The name of the relying party of the event, if it is still registered. */
  readonly site: Localized | null;
  /** Null where it was not recorded, or was erased. */
  readonly seen: ClientContext | null;
  /** The card whose key confirmed this change in self-service; null for anything else. */
  readonly confirmedBy: string | null;
  /** Who was there as the guardian; null where no one was, or it was erased. */
  readonly guardian: Guardian | null;
  /** What its person calls the security key that it is about; null for any other event. */
  readonly keyName: string | null;
  /** Whether it is in the tree of the log, so that it can be proved; null for what is no event yet. */
  readonly isSealed: boolean | null;
}

/** Kinds of event that a job writes, with the member of their details that says when it happened. */
const HAPPENED_AT = { password_without_key: 'at', failures_counted: 'from' } as const;

/** When it happened: for an event that a job wrote later, the time in its details. */
export function readHappenedAt({ at, event }: Pick<Activity, 'at' | 'event'>): Date {
  const member = (HAPPENED_AT as Partial<Record<string, string>>)[event.kind];
  const happened = member && (event.details as Partial<Record<string, unknown>>)[member];
  const time = typeof happened === 'string' ? Date.parse(happened) : Number.NaN;
  return Number.isNaN(time) ? at : new Date(time);
}

/** Events on one page. */
export const ACTIVITIES_PER_PAGE = 25;

/** The reason that a member of staff gave; null for an event by the person or by Nøgle. */
export function readStaffReason(details: object): LookedWhy | null {
  const { by, staffId, reason, reasonCode } = details as Partial<
    Extract<AuditActor, { by: 'staff' }> & { readonly reasonCode: LookReason }
  >;
  if (by !== 'staff' && staffId === undefined) return null;
  if (reasonCode !== undefined) return { reasonCode };
  return typeof reason === 'string' ? withoutSentence(reason) : null;
}

/**
 * Describes an event in one language. A kind written by a later version, during a rolling update, has no text
 * yet.
 */
export function describeActivity(
  words: ActivityWords,
  { event }: Activity,
  help: ActivityHelp,
): string | null {
  const describe = (words as Partial<Record<string, (details: never, help: ActivityHelp) => string>>)[
    event.kind
  ];
  return describe ? describe(event.details as never, help) : null;
}
