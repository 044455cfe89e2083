/** The name of the desk where people get help in person, with the page where they book an appointment. */
import type { VNode } from 'preact';
import type { PageFrame } from './layout.tsx';

/**
 * A sentence of its own: where an appointment is booked. Nothing where the operator named no page. It opens
 * in a new tab, so that a form half filled in stays.
 */
export function AppointmentLink({ t, contact }: Pick<PageFrame, 't' | 'contact'>): VNode | null {
  if (contact.appointmentsUrl === null) return null;
  return (
    <a class="noegle-appointment" href={contact.appointmentsUrl} target="_blank" rel="noopener noreferrer">
      {t.borgerservice.book} {t.help.newWindow}
    </a>
  );
}

type AppointmentNoteProps = Pick<PageFrame, 't' | 'contact'> & { readonly intro?: string };

/** The same as a paragraph. @param intro what comes before the link */
export function AppointmentNote({ t, contact, intro }: AppointmentNoteProps): VNode | null {
  if (contact.appointmentsUrl === null) return null;
  return (
    <p>
      {intro} <AppointmentLink t={t} contact={contact} />
    </p>
  );
}

/** The desk has the same name in every language. */
export function namesBorgerservice(texts: readonly string[]): boolean {
  return texts.some((text) => text.includes('Borgerservice'));
}
