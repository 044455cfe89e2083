/**
 * Composes a valid form and the register's row into one application; the register takes precedence over what
 * is typed.
 */
import type { ApplicationPath } from '../../domain/issuing/application.ts';
import type { DeskForm } from '../../domain/issuing/deskForm.ts';
import type { PopulationRegisterEntry } from '../../domain/issuing/populationRegister.ts';
import { TERMS_VERSION } from '../../domain/issuing/terms.ts';
import { pickNames } from '../../domain/person/person.ts';
import type { ApplicationSubmission } from './submission.ts';

interface SubmissionSource {
  readonly id: string;
  readonly path: ApplicationPath;
  readonly officerId: string | null;
  readonly issuedBy: string;
  readonly isSomebodyElse: boolean;
}

/**
 * @param entry the register's row of the form's CPR number; the caller has compared its name by `isSameName`.
 */
export function composeSubmission(
  form: DeskForm,
  entry: PopulationRegisterEntry | null,
  source: SubmissionSource,
): ApplicationSubmission {
  const { path, ...rest } = source;
  return {
    ...rest,
    application: {
      path,
      applicant: {
        // For a number that was replaced, the register's row has the new one.
        cpr: entry?.cpr ?? form.cpr,
        ...pickNames(entry ?? form),
        birthdate: entry?.birthdate ?? form.birthdate,
        language: form.language,
        cardFormat: form.cardFormat,
        email: form.email,
        address: entry?.address ?? form.address,
      },
      identification: form.identification,
      identificationMatches: form.theirs,
      withoutInterpreter: form.understands,
      operatesAlone: form.alone,
      terms: form.terms ? { version: TERMS_VERSION, language: form.language } : null,
      publicSites: form.publicSites,
      guardian: form.guardian,
      register: entry?.status ?? null,
      addressFrom: entry?.address ? 'register' : 'applicant',
    },
    addressProtected: entry?.addressProtected ?? false,
  };
}
