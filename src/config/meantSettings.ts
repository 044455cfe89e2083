/** What is said of settings that are nearly right: the one that was probably meant. */
import { findNearestWord } from '../domain/input/nearestWord.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const DATABASE_URL_SETTINGS = ['DATABASE_URL', 'DATABASE_URL_FILE'];

export function explainUnknownSetting(name: string, known: readonly string[]): string {
  const withoutPrefix = name.replace('NOEGLE_', '');
  const nearest = DATABASE_URL_SETTINGS.includes(withoutPrefix)
    ? withoutPrefix
    : findNearestWord(name, known);
  return (
    `${name} is not a setting of Nøgle` +
    (nearest === null ? ': the table in docs/how-to/running.md has all' : `; did you mean ${nearest}?`)
  );
}

/** What is said first, since every other fault of a server without its database follows from it. */
export function explainMissingDatabase(env: Environment): string {
  const near = Object.keys(env).find(
    (name) => !name.startsWith('NOEGLE_') && findNearestWord(name, DATABASE_URL_SETTINGS) !== null,
  );
  const meant = near === undefined ? null : findNearestWord(near, DATABASE_URL_SETTINGS);
  const hint = meant === null ? '' : ` (${near} is set: did you mean ${meant}?)`;
  return env['NODE_ENV'] === 'production'
    ? `NODE_ENV is production, but DATABASE_URL is not set${hint}. The sandbox is never for production`
    : `DATABASE_URL is not set${hint}, and settings of a server are`;
}
