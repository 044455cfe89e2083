/**
 * Settings that contain a secret may be in a file each, named by `<setting>_FILE`: as systemd credentials,
 * container secrets and files of a configuration management are. The environment of a process is visible to
 * more programs than such a file.
 */
import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings with a password in them. What is only ever a file (keys, tokens) has its own setting. */
export const SECRET_SETTINGS = ['DATABASE_URL', 'NOEGLE_DIRECT_DATABASE_URL', 'NOEGLE_SMTP_URL'];

/** The names that `readConfig` has to know as well. */
export const SECRET_FILE_SETTINGS = SECRET_SETTINGS.map(composeFileSetting);

export function composeFileSetting(name: string): string {
  return `${name}_FILE`;
}

/**
 * The environment with the content of the files in place of their names. A setting whose file is faulty has
 * no value. Faults never contain a part of a file.
 */
export function readSecretFiles(env: Environment, faults: string[]): Environment {
  const settings = { ...env };
  for (const name of SECRET_SETTINGS.filter((one) => isSet(env[composeFileSetting(one)]))) {
    const value = readSecretFile(env, name, faults);
    if (value === null) delete settings[name];
    else settings[name] = value;
  }
  return settings;
}

/** Whether a setting is given, by itself or by its file. */
export function isSettingGiven(env: Environment, name: string): boolean {
  return isSet(env[name]) || isSet(env[composeFileSetting(name)]);
}

function readSecretFile(env: Environment, name: string, faults: string[]): string | null {
  const setting = composeFileSetting(name);
  const file = env[setting] ?? '';
  if (isSet(env[name])) {
    faults.push(`${name} and ${setting} are both set: only one of them may say it`);
    return null;
  }
  try {
    // Editors and `echo` end a file with a line break, which is no part of the secret.
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (text === '') faults.push(`${setting}: ${file} is empty`);
    else if (/[\r\n]/.test(text)) faults.push(`${setting}: ${file} has more than one line`);
    else return text;
  } catch (error) {
    faults.push(`${setting}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  return null;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
