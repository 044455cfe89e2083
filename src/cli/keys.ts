/**
 * The commands `keys …`: a new file of key rings, and the signing keys in the database. The key rings of a
 * file that is there are changed in `ringKeys/`.
 */
import type { App } from '../app.ts';
import type { RecordCommand } from './operator.ts';
import {
  rotateSigningKeys,
  listSigningKeysForOperators,
  withdrawRetiredSigningKey,
  type SigningKeyRotationDeps,
} from '../oidc/keys/signingKeyRotation.ts';
import { Keyring } from '../platform/keyring.ts';
import { writeNewFiles } from './writeSecretFile.ts';

/** The result of a command: `text` for people, `json` for programs (`--json`). */
export interface CommandOutcome {
  readonly text: string;
  readonly json: object;
  /** The command ran, but an operator has to act: printed on stderr, and the exit code is 1. */
  readonly failure?: string;
  /** 0 unless set. */
  readonly exitCode?: number;
}

const NEVER_OVERWRITTEN =
  'a database that was made with these keys opens with no others. For another database name another file';

export function makeKeys(file: string): CommandOutcome {
  writeNewFiles([{ file, text: `${JSON.stringify(Keyring.generate(), null, 2)}\n` }], NEVER_OVERWRITTEN);
  return { text: `made ${file}; keep it apart from the database and its backups`, json: { file } };
}

function readRotationDeps({ context: { database, keyring, rules } }: App): SigningKeyRotationDeps {
  return { database, keyring, cachedSeconds: rules.signingKeys.cachedSeconds };
}

export async function listSigningKeysByCommand(app: App): Promise<CommandOutcome> {
  const keys = await listSigningKeysForOperators(readRotationDeps(app));
  const lines = keys.map(({ kid, alg, state, since, maySignFrom }) => {
    const from = maySignFrom ? `, may sign from ${maySignFrom.toISOString()}` : '';
    return `${kid}  ${alg}  ${state.padEnd(7)}  since ${since.toISOString()}${from}`;
  });
  return { text: lines.join('\n'), json: { keys } };
}

export async function rotateSigningKeysByCommand(
  app: App,
  now: boolean,
  record: RecordCommand,
): Promise<CommandOutcome> {
  const rotation = await rotateSigningKeys(readRotationDeps(app), {
    now,
    record: async (db, keys) => await record(db, { ...keys }),
  });
  switch (rotation.kind) {
    case 'too_early':
      throw new Error(
        `too early: the next keys may sign from ${rotation.from.toISOString()}, when every relying party may know ` +
          'them. If a key leaked: --now, and sign-ins can fail until then',
      );
    case 'another_was_first':
      throw new Error(
        'another rotation was first; nothing was changed here: node dist/cli.js keys list shows it',
      );
    case 'rotated': {
      const { keys, riskUntil } = rotation;
      const lines = keys.map(
        ({ alg, retired, current, next }) =>
          `${alg}: ${current} signs; ${next} is next; ${retired} is retired and still verifies`,
      );
      if (riskUntil) {
        lines.push(
          `Until ${riskUntil.toISOString()} sign-ins can fail at relying parties that know only the keys of before. ` +
            'If a retired key leaked: node dist/cli.js keys withdraw KID',
        );
      }
      return { text: lines.join('\n'), json: { rotated: keys, riskUntil } };
    }
    default:
      return rotation satisfies never;
  }
}

export async function withdrawKeyById(app: App, kid: string, record: RecordCommand): Promise<CommandOutcome> {
  const { database, cachedSeconds } = readRotationDeps(app);
  const withdrawal = await database.transaction(async (db) => {
    const outcome = await withdrawRetiredSigningKey(db, kid);
    if (outcome.kind === 'withdrawn') await record(db, { kid });
    return outcome;
  });
  switch (withdrawal.kind) {
    case 'unknown':
      throw new Error(`there is no signing key ${kid}`);
    case 'not_retired':
      throw new Error(
        `${kid} is ${withdrawal.state}; only a retired key is withdrawn: node dist/cli.js keys rotate`,
      );
    case 'withdrawn':
      return {
        text:
          `${kid} is gone; relying parties may believe it for up to ${cachedSeconds} s more, ` +
          'until they fetch the keys anew',
        json: { withdrawn: kid, believedSeconds: cachedSeconds },
      };
    default:
      return withdrawal satisfies never;
  }
}
