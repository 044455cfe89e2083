import type { VNode } from 'preact';
import { formatCardNumber } from '../../../domain/card/keyCard.ts';
import type { Language } from '../../../domain/person/person.ts';
import { readStaffReason, describeActivity, type Activity, type ActivityHelp } from './activity.rules.ts';
import type { ClientContext } from '../../../domain/clientContext.ts';
import { writeDate, writeDay, writePastMoment, writeTime } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

export interface SelfActivityPage extends SelfServiceFrame {
  readonly activities: readonly Activity[];
  /** The id after which the next page begins; null on the last page. */
  readonly older: string | null;
  readonly isNewest: boolean;
  /** The network of this request. */
  readonly network: string;
}

interface DayOfActivity {
  readonly day: string;
  readonly lines: readonly Activity[];
}

/** The person's activity, by day, the newest first. */
export function SelfActivityPage(props: SelfActivityPage): VNode {
  const { t, language, activities, older, isNewest, network } = props;
  const words = t.activity;
  return (
    <SelfServicePage {...props} page="self-activity" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.intro}</p>
      <p>
        {words.unknown} <a href="/self-service/block">{words.unknownNext}</a>
      </p>
      {activities.length === 0 ? <p>{isNewest ? words.none : words.end}</p> : null}
      {groupByDay(activities, language).map(({ day, lines }) => (
        <section key={day}>
          <h2>{capitalizeFirst(day)}</h2>
          <ol class="noegle-log">
            {lines.map((line) => (
              <ActivityLine line={line} t={t} language={language} network={network} key={line.id} />
            ))}
          </ol>
        </section>
      ))}
      <nav class="noegle-pages" aria-label={words.title}>
        {isNewest ? null : <a href="/self-service/activity">{words.newest}</a>}
        {older === null ? null : <a href={`/self-service/activity?before=${older}`}>{words.older}</a>}
      </nav>
    </SelfServicePage>
  );
}

interface ActivityLineProps {
  readonly line: Activity;
  readonly t: Texts;
  readonly language: Language;
  readonly network: string;
}

function ActivityLine({ line, t, language, network }: ActivityLineProps): VNode {
  const words = t.activity;
  const { at, event, site, seen: clientContext } = line;
  const help: ActivityHelp = {
    site: site?.[language] ?? words.goneSite,
    card: formatCardNumber,
    when: (iso) => writeActivityTime(iso, language),
  };
  const reason = writeReason(words, event.details);
  return (
    <li>
      <time dateTime={at.toISOString()}>{writePastMoment(at, language).time}</time>
      <div>
        {describeActivity(words.words, line, help) ?? words.somethingElse}
        {clientContext ? (
          <p class="form-hint">{describeClientContext(words.from, clientContext, network)}</p>
        ) : null}
        {reason === null ? null : <p class="form-hint">{words.reason(reason)}</p>}
      </div>
    </li>
  );
}

/** A code written by a later version, during a rolling update, has no text yet. */
function writeReason({ lookReasons }: Texts['activity'], details: object): string | null {
  const why = readStaffReason(details);
  if (why === null || 'reason' in why) return why?.reason ?? null;
  return Object.hasOwn(lookReasons, why.reasonCode) ? lookReasons[why.reasonCode] : null;
}

function describeClientContext(
  words: Texts['activity']['from'],
  clientContext: ClientContext,
  here: string,
): string {
  const { browser, system, network } = clientContext;
  const name = browser && system ? words.browser(browser, system) : (browser ?? words.noBrowser);
  return words.line(name, network === here ? words.here : words.there(network));
}

function groupByDay(activities: readonly Activity[], language: Language): DayOfActivity[] {
  const days: { day: string; lines: Activity[] }[] = [];
  for (const activity of activities) {
    const { day } = writePastMoment(activity.at, language);
    const last = days.at(-1);
    if (last?.day === day) last.lines.push(activity);
    else days.push({ day, lines: [activity] });
  }
  return days;
}

function writeActivityTime(iso: string, language: Language): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return writeDate(iso, language);
  const at = new Date(iso);
  return `${writeDay(at, language)} ${writeTime(at, language)}`;
}

function capitalizeFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
