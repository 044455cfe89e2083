/** The status line. `cli/notice.ts` writes it; `composition/statusLineWatcher.ts` reads it. */
import { LANGUAGES, type Localized } from '../domain/language/language.ts';
import type { StatusLine } from '../domain/statusLine.ts';
import { sql, type Queryable } from './database.ts';

const SAVE = sql`
  INSERT INTO status_line (texts, until) VALUES ($1::jsonb, $2)
  ON CONFLICT (singleton) DO UPDATE SET texts = excluded.texts, until = excluded.until`;
const CLEAR = sql`DELETE FROM status_line`;
const FIND = sql`SELECT texts, until FROM status_line`;

export async function saveStatusLine(db: Queryable, { texts, until }: StatusLine): Promise<void> {
  await db.query(SAVE, [JSON.stringify(texts), until]);
}

/** @returns false when there was none */
export async function clearStatusLine(db: Queryable): Promise<boolean> {
  return (await db.query(CLEAR)).rowCount === 1;
}

/** @returns null where there is none, or none in every language of this version */
export async function findStatusLine(db: Queryable): Promise<StatusLine | null> {
  const [row] = (await db.query<{ texts: Partial<Localized>; until: Date | null }>(FIND)).rows;
  if (!row || !LANGUAGES.every((language) => typeof row.texts[language] === 'string')) return null;
  return { texts: row.texts as Localized, until: row.until };
}
