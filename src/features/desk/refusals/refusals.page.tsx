import type { VNode } from 'preact';
import type { DeskRefusalView } from './deskRefusals.ts';
import { writeBareMoment } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Table } from '../table.page.tsx';
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
      <h1 id="refusals">{words.title}</h1>
      <p>{refusals.length === 0 ? words.none : words.why}</p>
      {refusals.length === 0 ? null : (
        <Table
          labelledBy="refusals"
          head={[words.who, words.role, words.what, words.whom, words.because, words.times, words.last]}
          rows={refusals.map((one) => composeRow(props, one))}
        />
      )}
    </DeskPage>
  );
}

function composeRow({ t, language }: RefusalsPage, one: DeskRefusalView) {
  const words = t.deskControl.refusals;
  const roles: Readonly<Record<string, string>> = t.desk.roles;
  return {
    key: `${one.name} ${one.what} ${one.why} ${one.lastAt.toISOString()}`,
    cells: [
      <>
        {one.name}
        <span class="noegle-beside">{one.userId ?? '–'}</span>
      </>,
      one.role === null ? words.noRole : (roles[one.role] ?? one.role),
      findWord(words.whats, one.what) ?? words.other,
      composeSubjectText(one, words),
      findWord(words.whys, one.why) ?? words.other,
      String(one.count),
      writeBareMoment(one.lastAt, language),
    ],
  };
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
