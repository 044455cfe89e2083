/** What happened with an ID, as its person is told: the audit events that concern it, each in words of its own. */
import type { AuditEvent, AuditActor } from '../../../domain/auditEvent.ts';
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

/** Words that a sentence is filled with, in the language of the sentence. */
export interface ActivityHelp {
  /** The relying party of the event, by name; a word for one that is gone. */
  readonly site: string;
  readonly card: (cardNumber: string) => string;
  /** An ISO date or time as day and, where it has one, time. */
  readonly when: (iso: string) => string;
}

/** A sentence for every kind of event: whoever adds one has to say it. */
export type ActivityWords = {
  readonly [Kind in ActivityKind]: (details: ActivityDetails<Kind>, help: ActivityHelp) => string;
};

export interface Activity {
  /** Grows with time. */
  readonly id: string;
  readonly at: Date;
  readonly event: Pick<AuditEvent, 'kind' | 'details'>;
  /** The name of the relying party that it names, if there is one by now. */
  readonly site: Localized | null;
  /** Null where it was not written down, or erased. */
  readonly seen: ClientContext | null;
}

/** What is on one page of it. */
export const ACTIVITIES_PER_PAGE = 25;

/** What a member of staff gave as the reason; null for what the person or Nøgle did. */
export function readStaffReason(details: object): LookedWhy | null {
  const { by, staffId, reason, reasonCode } = details as Partial<
    Extract<AuditActor, { by: 'staff' }> & { readonly reasonCode: LookReason }
  >;
  if (by !== 'staff' && staffId === undefined) return null;
  if (reasonCode !== undefined) return { reasonCode };
  return typeof reason === 'string' ? withoutSentence(reason) : null;
}

/** In one language. Kinds of a later version, met while nodes are renewed one by one, have no words yet. */
export function describeActivity(
  words: ActivityWords,
  { event }: Activity,
  help: ActivityHelp,
): string | null {
  const say = (words as Partial<Record<string, (details: never, help: ActivityHelp) => string>>)[event.kind];
  return say ? say(event.details as never, help) : null;
}
