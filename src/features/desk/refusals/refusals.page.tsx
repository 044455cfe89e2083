import type { VNode } from 'preact';
import type { DeskRefusalView } from './deskRefusals.ts';
import { writeBareDay, writeTime } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Values } from '../../../ui/values.tsx';
import { DeskPage, type DeskFrame } from '../deskFrame.page.tsx';

export interface RefusalsPage extends DeskFrame {
  readonly refusals: readonly DeskRefusalView[];
}

/** Who was refused what, and why: with names of staff, never with the name of a citizen. */
export function RefusalsPage(props: RefusalsPage): VNode {
  const { t, refusals } = props;
  const words = t.deskControl.refusals;
  return (
    <DeskPage {...props} page="desk-refusals" title={words.title}>
      <h1>{words.title}</h1>
      <p>{refusals.length === 0 ? words.none : words.why}</p>
      {refusals.map((one) => (
        <RefusalRow
          {...props}
          one={one}
          key={`${one.name} ${one.what} ${one.why} ${one.lastAt.toISOString()}`}
        />
      ))}
    </DeskPage>
  );
}

function RefusalRow({ t, language, one }: RefusalsPage & { one: DeskRefusalView }): VNode {
  const words = t.deskControl.refusals;
  const roles: Readonly<Record<string, string>> = t.desk.roles;
  const last = `${writeBareDay(one.lastAt, language)} ${writeTime(one.lastAt, language)}`;
  return (
    <article class="noegle-staff">
      <h2>{one.name}</h2>
      <Values
        list={[
          { label: words.userId, value: one.userId ?? '–' },
          { label: words.role, value: one.role === null ? words.noRole : (roles[one.role] ?? one.role) },
          { label: words.what, value: findWord(words.whats, one.what) ?? words.other },
          { label: words.whom, value: composeSubjectText(one, words) },
          { label: words.because, value: findWord(words.whys, one.why) ?? words.other },
          { label: words.times, value: String(one.count) },
          { label: words.last, value: last },
        ]}
      />
    </article>
  );
}

/** A later version may have written a key that this version has no text for. */
function findWord(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

function composeSubjectText({ subject }: DeskRefusalView, words: Texts['deskControl']['refusals']): string {
  switch (subject.kind) {
    case 'none':
      return words.nobody;
    case 'own':
      return words.own;
    case 'colleague':
      return subject.name;
    case 'citizen':
      return words.citizen(subject.mark);
  }
}
