import type { VNode } from 'preact';
import type { Language } from '../../../domain/person/person.ts';
import type { CurrentPasswordRefusal } from './currentPassword.rules.ts';
import { writeDay, writeTime } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Field } from '../../../ui/stepForm.tsx';

interface CurrentPassword {
  readonly t: Texts;
  /** A page may have several forms with this field. */
  readonly id: string;
  /** The text of the fault. */
  readonly fault: string | null;
}

/** The field next to a change: a person who finds a session left open does not know the password. */
export function CurrentPassword({ t, id, fault }: CurrentPassword): VNode {
  const words = t.selfService.currentPassword;
  return (
    <Field
      name="currentPassword"
      id={id}
      label={words.label}
      hint={words.hint}
      hasError={fault ?? false}
      type="password"
      autocomplete="current-password"
    />
  );
}

export function describeCurrentPasswordFault(
  t: Texts,
  language: Language,
  fault: CurrentPasswordRefusal,
): string {
  const words = t.selfService.currentPassword;
  switch (fault.kind) {
    case 'missing':
    case 'unreadable':
      return words[fault.kind];
    case 'wrong':
      return words.wrong(fault.left);
    case 'locked':
      return words.locked(writeDay(fault.opensAt, language), writeTime(fault.opensAt, language));
  }
}
