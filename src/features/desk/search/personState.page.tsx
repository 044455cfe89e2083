import type { VNode } from 'preact';
import type { Language } from '../../../domain/person/person.ts';
import {
  writeBareDay,
  writeBareMoment,
  writeDate,
  writeDates,
  writeDay,
  writeTime,
} from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Table } from '../table.page.tsx';
import type { HistoryEntry, LetterState, SignInObstacle } from './personState.ts';
import type { PersonView } from './viewPerson.ts';

interface StateProps {
  readonly t: Texts;
  readonly language: Language;
  readonly person: PersonView;
}

/** What the hotline reads out: why the person cannot sign in, and when they can again. */
export function PersonAnswer({ t, language, person }: StateProps): VNode | null {
  const { obstacles } = person.details;
  if (obstacles === undefined) return null;
  const words = t.deskState;
  const sentences = composeSentences(t, language, person, obstacles);
  return (
    <section class="noegle-readout" aria-labelledby="answer">
      <h2 id="answer">{words.say}</h2>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </section>
  );
}

function composeSentences(
  t: Texts,
  language: Language,
  { status, waitUntil, details }: PersonView,
  obstacles: readonly SignInObstacle[],
): string[] {
  const words = t.deskState;
  if (status !== 'in_use') return [words[status]];
  const when = (at: Date) => `${writeDay(at, language)} ${writeTime(at, language)}`;
  const sentences = obstacles.map((one) => {
    switch (one.kind) {
      case 'keys':
      case 'password':
        return words.obstacles[one.kind](when(one.opensAt));
      case 'code_needed':
      case 'no_card':
        return words.obstacles[one.kind];
    }
  });
  if (waitUntil) return [...sentences, words.wait(when(waitUntil))];
  // It keeps no one from signing in, but where the relying party requires it.
  const notSeen = details.proofing === 'Low' ? [words.notSeen] : [];
  return [...(sentences.length === 0 ? [words.fine] : sentences), ...notSeen];
}

export function Letters({
  t,
  language,
  list,
}: Omit<StateProps, 'person'> & { list: readonly LetterState[] }): VNode {
  const words = t.deskState;
  return (
    <section>
      <h2 id="letters">{words.letters}</h2>
      {list.length === 0 ? (
        <p>{words.noLetters}</p>
      ) : (
        <Table
          labelledBy="letters"
          head={[words.letter, words.ordered, words.sent, words.expected]}
          rows={list.map(({ id, kind, state, orderedAt, postOn, expected }) => ({
            key: id,
            cells: [
              words.letterKinds[kind],
              writeBareDay(orderedAt, language),
              state === 'set_aside'
                ? words.setAside
                : postOn && state === 'sent'
                  ? writeDate(postOn, language)
                  : words.notSent,
              expected ? words.between(writeDates(expected, language)) : '–',
            ],
          }))}
        />
      )}
    </section>
  );
}

export function History({
  t,
  language,
  list,
}: Omit<StateProps, 'person'> & { list: readonly HistoryEntry[] }): VNode {
  const words = t.deskState;
  const hasReasons = list.some(({ reason }) => reason !== null);
  return (
    <section>
      <h2 id="history">{words.history}</h2>
      <p>{list.length === 0 ? words.noHistory : words.historyWhy}</p>
      {list.length === 0 ? null : (
        <Table
          labelledBy="history"
          head={[words.when, words.what, words.who, ...(hasReasons ? [words.why] : [])]}
          rows={list.map(({ id, at, kind, by, reason }) => ({
            key: id,
            cells: [
              writeBareMoment(at, language),
              words.kinds[kind],
              by === null ? '–' : words.by[by],
              ...(hasReasons ? [reason ?? '–'] : []),
            ],
          }))}
        />
      )}
    </section>
  );
}
