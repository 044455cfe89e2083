/** The language of letters and notices; pages follow the language chosen in the browser. */
import type { Language } from '../../../domain/person/person.ts';
import { appendEvent } from '../../../db/auditLog.ts';
import { setLanguage } from '../accountDetails.queries.ts';
import type { AppContext } from '../../appContext.ts';

export async function changeLanguageOfPerson(
  { database }: AppContext,
  identityId: string,
  language: Language,
): Promise<void> {
  await database.transaction(async (db) => {
    if (!(await setLanguage(db, identityId, language))) return;
    await appendEvent(db, { kind: 'language_changed', identityId, details: { language } });
  });
}
