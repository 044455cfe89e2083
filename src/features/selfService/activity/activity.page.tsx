import type { VNode } from 'preact';
import type { Language } from '../../../domain/person/person.ts';
import type { Activity } from './activity.rules.ts';
import { writePastMoment } from '../../../ui/language.ts';
import { SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';
import { ActivityLine, headDay, ProofLink, writeSentence } from './activityLine.page.tsx';
import { isDoneByPerson } from './concern.rules.ts';

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

/** The person's activity, by day, the newest first. Each line leads to what helps if it was someone else. */
export function SelfActivityPage(props: SelfActivityPage): VNode {
  const { t, language, activities, older, isNewest } = props;
  const words = t.activity;
  return (
    <SelfServicePage {...props} page="self-activity" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.intro}</p>
      <p>
        {words.unknown} <a href="/self-service/block">{words.unknownNext}</a>
      </p>
      {activities.length === 0 ? null : <p>{words.proof.intro}</p>}
      {activities.length === 0 ? <p>{isNewest ? words.none : words.end}</p> : null}
      {groupByDay(activities, language).map(({ day, lines }) => (
        <section key={day}>
          <h2>{headDay(day)}</h2>
          <ol class="noegle-log no-max-width">
            {lines.map((line) => (
              <LogLine {...props} line={line} key={line.id} />
            ))}
          </ol>
        </section>
      ))}
      <nav class="noegle-pages" aria-label={words.pages}>
        {isNewest ? null : <a href="/self-service/activity">{words.newest}</a>}
        {older === null ? null : <a href={`/self-service/activity?before=${older}`}>{words.older}</a>}
      </nav>
    </SelfServicePage>
  );
}

function LogLine({ t, language, network, line }: SelfActivityPage & { line: Activity }): VNode {
  const words = t.activity.concerns;
  return (
    <li>
      <time dateTime={line.at.toISOString()}>{writePastMoment(line.at, language).time}</time>
      <div>
        <ActivityLine line={line} t={t} language={language} network={network} />
        <a class="noegle-not-me" href={`/self-service/activity/${line.id}`}>
          {isDoneByPerson(line) ? words.ask : words.askOther}{' '}
          <span class="sr-only">{words.aboutLine(writeSentence(t, language, line))}</span>
        </a>
        <ProofLink t={t} language={language} line={line} />
      </div>
    </li>
  );
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
