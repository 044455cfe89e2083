import type { ComponentChildren, VNode } from 'preact';
import { formatCardNumber } from '../../../domain/card/keyCard.ts';
import type { Language } from '../../../domain/person/person.ts';
import { readStaffReason, describeActivity, type Activity } from './activity.rules.ts';
import type { ClientContext } from '../../../domain/clientContext.ts';
import { nameBrowser } from '../../sessions/index.ts';
import { writeDate, writeDay, writePastMoment, writeTime } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';

interface ActivityLine {
  readonly line: Activity;
  readonly t: Texts;
  readonly language: Language;
  /** The network of this request. */
  readonly network: string;
  readonly children?: ComponentChildren;
}

/** One line of the log: what happened, how it was confirmed, from where, and why staff did it. */
export function ActivityLine({ line, t, language, network, children }: ActivityLine): VNode {
  const words = t.activity;
  const { event, seen, confirmedBy, guardian, keyName } = line;
  const reason = writeReason(words, event.details);
  return (
    <>
      {writeSentence(t, language, line)}
      {keyName === null ? null : <p class="form-hint">{words.keyName(keyName)}</p>}
      {confirmedBy ? <p class="form-hint">{words.confirmedBy(formatCardNumber(confirmedBy))}</p> : null}
      {guardian ? <p class="form-hint">{words.guardian(guardian.name)}</p> : null}
      {seen ? <p class="form-hint">{describeClientContext(t, seen, network)}</p> : null}
      {reason === null ? null : <p class="form-hint">{words.reason(reason)}</p>}
      {children}
    </>
  );
}

export function writeSentence(t: Texts, language: Language, line: Activity): string {
  const words = t.activity;
  const help = {
    site: line.site?.[language] ?? words.goneSite,
    card: formatCardNumber,
    when: (iso: string) => writeActivityTime(iso, language),
    isChange: line.confirmedBy !== null,
  };
  return describeActivity(words.words, line, help) ?? words.somethingElse;
}

/** A code written by a later version, during a rolling update, has no text yet. */
export function writeReason({ lookReasons }: Texts['activity'], details: object): string | null {
  const why = readStaffReason(details);
  if (why === null || 'reason' in why) return why?.reason ?? null;
  return Object.hasOwn(lookReasons, why.reasonCode) ? lookReasons[why.reasonCode] : null;
}

/** "Chrome på Linux, fra netværket 192.0.2.10". */
export function describeClientContext(t: Texts, clientContext: ClientContext, here: string): string {
  const words = t.activity.from;
  const { network } = clientContext;
  return words.line(nameBrowser(t, clientContext), network === here ? words.here : words.there(network));
}

function writeActivityTime(iso: string, language: Language): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return writeDate(iso, language);
  const at = new Date(iso);
  return `${writeDay(at, language)} ${writeTime(at, language)}`;
}

/** The day and time of a line. */
export function writeLineTime({ at }: Pick<Activity, 'at'>, language: Language): string {
  const { day, time } = writePastMoment(at, language);
  return headDay(`${day} ${time}`);
}

/** A day where it stands alone: it begins with a capital, and in English without "on". */
export function headDay(day: string): string {
  const alone = day.replace(/^on /, '');
  return alone.charAt(0).toUpperCase() + alone.slice(1);
}

/** The file that proves that the line is in the log; a line that is some seconds old has none yet. */
export function ProofLink({
  t,
  language,
  line,
}: Pick<ActivityLine, 't' | 'language' | 'line'>): VNode | null {
  const words = t.activity.proof;
  if (line.isSealed === null) return null;
  if (!line.isSealed) return <p class="form-hint">{words.soon}</p>;
  return (
    <a class="noegle-not-me" href={`/self-service/activity/${line.id}/proof`}>
      {words.get}{' '}
      <span class="sr-only">{t.activity.concerns.aboutLine(writeSentence(t, language, line))}</span>
    </a>
  );
}
