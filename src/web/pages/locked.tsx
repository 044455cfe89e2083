import type { VNode } from 'preact';
import { HelpLinks } from './info/help.tsx';
import { writeDay, writeTime } from '../language.ts';
import { Page, type Frame, type SignInFrame } from '../layout.tsx';
import { BackForm } from './refused.tsx';

export interface LockedPage extends Frame, SignInFrame {
  readonly wrongStep: 'password' | 'key';
  /** Null when it does not open by itself. */
  readonly opensAt: Date | null;
}

/** Too many wrong answers: what happened, and when it opens. The same for a name that nobody has. */
export function LockedPage(props: LockedPage): VNode {
  const { t, language, opensAt } = props;
  if (!opensAt) {
    const words = t.locked.unknownBrowsers;
    return (
      <Page {...props} page="locked" title={t.locked.title}>
        <h1>{words.title}</h1>
        <p>{words.why}</p>
        <p>{words.next}</p>
        <BackForm {...props} />
      </Page>
    );
  }
  return (
    <Page {...props} page="locked" title={t.locked.title}>
      <h1>{t.locked.heading(writeDay(opensAt, language), writeTime(opensAt, language))}</h1>
      <p>{t.locked[props.wrongStep]}</p>
      <p>{t.locked.why}</p>
      <BackForm {...props} />
      <HelpLinks t={t} topics={['cannot-sign-in']} />
    </Page>
  );
}
