import type { VNode } from 'preact';
import type { SimilarPerson } from './similarPeople.ts';
import { writeDate } from '../../../ui/language.ts';

import { Hidden, SubmitButton } from '../../../ui/form.tsx';
import type { DeskFrame } from '../deskFrame.page.tsx';

interface OpenDuplicate extends Pick<DeskFrame, 't' | 'language' | 'staff'> {
  readonly person: SimilarPerson;
  /** Form id, generated with the page. */
  readonly form: string;
}

/** One of two IDs, and the button that opens it; like every ID it is viewed under a search. */
export function OpenDuplicate({ t, language, staff, person, form }: OpenDuplicate): VNode {
  const words = t.deskCpr.duplicates;
  const { identityId, name, birthdate, status } = person;
  const state = t.deskSearch.person.standings[status].toLowerCase();
  return (
    <form method="post" action="/desk/duplicates">
      <Hidden values={{ csrf: staff.csrf, form, identity: identityId }} />
      <p>{words.one(name, writeDate(birthdate, language), state)}</p>
      <SubmitButton kind="secondary" text={words.open(name)} />
    </form>
  );
}
