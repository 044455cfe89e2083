import type { VNode } from 'preact';
import type { IdentificationKind } from '../../../domain/issuing/identification.ts';
import type { Language } from '../../../domain/language/language.ts';
import { writeDay } from '../../../ui/language.ts';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Choices, TextBox, Tick, type FieldFaultWords } from '../fields.page.tsx';
import { OTHER_GUARDIAN, type GuardianCheck, type GuardianInput } from './guardian.rules.ts';

interface DeskGuardianFields {
  readonly t: Texts;
  readonly language: Language;
  /** Of the person. */
  readonly name: string;
  readonly kinds: readonly IdentificationKind[];
  readonly check: GuardianCheck;
  readonly typed: GuardianInput;
  readonly inWords: FieldFaultWords;
}

/** Who is on record as the guardian, who is at the counter, and what they show. */
export function DeskGuardianFields(props: DeskGuardianFields): VNode {
  const { t, language, name, kinds, check, typed, inWords } = props;
  const { recorded } = check;
  const words = t.deskGuardian;
  const field = (box: 'guardianName' | 'guardianProof' | 'guardianIdNumber' | 'guardianIdExpires') => ({
    name: box,
    label: words.labels[box],
    value: typed[box],
    faults: inWords,
  });
  return (
    <section>
      <h2>{words.title}</h2>
      <p>{words.why(name)}</p>
      {recorded ? (
        <Choices
          name="guardian"
          label={words.who}
          value={typed.guardian}
          faults={inWords}
          options={[
            {
              value: recorded.id,
              label: words.recorded[recorded.from](recorded.name, writeDay(recorded.at, language)),
            },
            { value: OTHER_GUARDIAN, label: words.other },
          ]}
        />
      ) : (
        <p>
          <strong>{words.none}</strong> {words.noneMeans}
        </p>
      )}
      <TextBox {...field('guardianName')} {...(recorded ? { hint: words.nameHint } : {})} />
      <TextBox
        {...field('guardianProof')}
        hint={recorded ? `${words.nameHint} ${words.proofHint}` : words.proofHint}
      />
      <Choices
        name="guardianIdKind"
        label={words.labels.guardianIdKind}
        value={typed.guardianIdKind}
        faults={inWords}
        options={kinds.map((kind) => ({ value: kind.code, label: kind[language] }))}
      />
      <TextBox {...field('guardianIdNumber')} />
      <TextBox {...field('guardianIdExpires')} hint={t.deskIssue.idExpiresHint} />
      <Tick
        name="guardianMatches"
        label={words.labels.guardianMatches}
        checked={typed.guardianMatches === 'yes'}
        faults={inWords}
      />
    </section>
  );
}
