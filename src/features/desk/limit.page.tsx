import type { VNode } from 'preact';
import type { LimitReached } from './limits.rules.ts';
import type { Language } from '../../domain/person/person.ts';
import { writeDay, writeTime } from '../../ui/language.ts';
import type { Texts } from '../../ui/words/words.da.ts';
import { Actions } from '../../ui/form.tsx';
import { DeskPage, type DeskFrame } from './deskFrame.page.tsx';

interface LimitNotice {
  readonly t: Texts;
  readonly language: Language;
  readonly limit: LimitReached;
  /** The form follows below, with what was typed. */
  readonly isFormReturned?: boolean;
}

/** The limit that is reached, when it ends, and what to do until then; shown above the form that was sent. */
export function LimitNotice({ t, language, limit, isFormReturned = true }: LimitNotice): VNode {
  const words = t.deskControl.limit;
  return (
    <div class="alert alert-error" role="alert">
      <div class="alert-body">
        {isFormReturned ? <p class="alert-heading">{words.title}</p> : null}
        <ul class="alert-text noegle-faults">
          {composeLimitLines({ t, language, limit, isFormReturned }).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function composeLimitLines({ t, language, limit, isFormReturned }: LimitNotice): string[] {
  const words = t.deskControl.limit;
  const { kind, most, opensAt } = limit;
  const when = `${writeDay(opensAt, language)} ${writeTime(opensAt, language)}`;
  const isLookUp = kind === 'look_up';
  const isBlocking = kind === 'block' || kind === 'stop_wait' || kind === 'colleague';
  return [
    isLookUp ? words.lookUps(most) : words.perHour(words.kinds[kind], most),
    isFormReturned ? words.kept : words.nothing,
    words.opens(when),
    words.colleague,
    ...(isBlocking || isLookUp ? [words.block] : []),
    words.raise,
    words.noted,
  ];
}

/** For requests without a form to return. */
export function LimitPage(props: DeskFrame & { readonly limit: LimitReached }): VNode {
  const words = props.t.deskControl.limit;
  return (
    <DeskPage {...props} page="desk-limit" title={words.title} hasError>
      <h1>{words.title}</h1>
      <LimitNotice {...props} isFormReturned={false} />
      <Actions>
        <a class="button button-primary" href="/desk">
          {words.home}
        </a>
      </Actions>
    </DeskPage>
  );
}
