import type { VNode } from 'preact';
import { AppointmentLink } from '../../ui/borgerservice.tsx';
import type { PageFrame } from '../../ui/layout.tsx';
import { Notice } from '../../ui/pages/notice.page.tsx';

interface GuardianNeeded extends Pick<PageFrame, 't' | 'contact'> {
  readonly what: 'securityKey' | 'codeToken';
}

/** In place of a form that a person under 15 cannot use: where it is done, with whom, and from when not. */
export function GuardianNeeded({ t, contact, what }: GuardianNeeded): VNode {
  const words = t.guardian;
  return (
    <>
      <Notice text={words[what]} kind="info" />
      <p>
        {words.bring} <AppointmentLink t={t} contact={contact} />
      </p>
      <p>{words.later}</p>
    </>
  );
}
