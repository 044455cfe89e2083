import type { VNode } from 'preact';
import { writeDay, writeTime } from '../language.ts';
import { Page, type Frame, type SignInFrame } from '../layout.tsx';
import { BackForm } from './refused.tsx';

export interface LockedPage extends Frame, SignInFrame {
  readonly wrongStep: 'password' | 'key';
  readonly opensAt: Date;
}

/** Too many wrong answers: what happened, and when it opens. The same for a name that nobody has. */
export function LockedPage(props: LockedPage): VNode {
  const { t, language, opensAt } = props;
  return (
    <Page {...props} page="locked" title={t.locked.title}>
      <h1>{t.locked.heading(writeDay(opensAt, language), writeTime(opensAt, language))}</h1>
      <p>{t.locked[props.wrongStep]}</p>
      <p>{t.locked.why}</p>
      <BackForm {...props} />
    </Page>
  );
}
