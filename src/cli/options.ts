/** The options of the command line. Loads nothing of the app. */
import { parseArgs } from 'node:util';
import { localize } from '../domain/language/language.ts';
import type { AuditOptions } from './audit.ts';
import type { AfterRestoreCommandOptions } from './restore/afterRestore.ts';
import type { DatabaseOptions } from './database/database.ts';
import type { NoticeOptions } from './notice.ts';
import type { RelyingPartyOptions } from './relyingParty.ts';
import type { ReplaceCardsOptions } from './replaceCards.ts';

export interface DoctorOptions {
  readonly 'no-network'?: boolean | undefined;
  readonly nodes?: string | undefined;
}

export interface CliOptions
  extends AfterRestoreCommandOptions,
    RelyingPartyOptions,
    ReplaceCardsOptions,
    NoticeOptions,
    AuditOptions,
    DoctorOptions,
    DatabaseOptions {
  readonly json: boolean;
  readonly help: boolean;
  readonly database?: boolean | undefined;
  readonly 'per-second'?: string | undefined;
  readonly 'left-out-at-most'?: string | undefined;
  readonly now: boolean;
  readonly check?: boolean | undefined;
  readonly accept?: string | undefined;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly rehearse?: string | undefined;
  readonly letters?: string | undefined;
  readonly role?: string | undefined;
  readonly plan?: boolean | undefined;
}

const A_TEXT = { type: 'string' } as const;
const A_SWITCH = { type: 'boolean' } as const;

/** The id of a signing key (43 characters) may begin with a dash. No option is that long. */
const isKid = (argument: string) => /^-[A-Za-z0-9_-]{42}$/.test(argument);

/** @throws Error when an option does not exist, or has no value */
export function parseArguments(args: readonly string[]): { values: CliOptions; positionals: string[] } {
  return parseArgs({
    args: [...args.filter((one) => !isKid(one)), '--', ...args.filter(isKid)],
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
      database: A_SWITCH,
      'no-network': A_SWITCH,
      nodes: A_TEXT,
      from: A_TEXT,
      'lost-at': A_TEXT,
      'without-sink': A_SWITCH,
      report: A_TEXT,
      batch: A_TEXT,
      day: A_TEXT,
      kid: A_TEXT,
      'per-second': A_TEXT,
      'left-out-at-most': A_TEXT,
      now: { type: 'boolean', default: false },
      check: A_SWITCH,
      accept: A_TEXT,
      logo: A_TEXT,
      name: A_TEXT,
      urls: A_TEXT,
      version: A_TEXT,
      kind: A_TEXT,
      profile: A_TEXT,
      scope: A_TEXT,
      sector: A_TEXT,
      acr: A_TEXT,
      proofing: A_TEXT,
      hours: A_TEXT,
      trusted: A_SWITCH,
      by: A_TEXT,
      reason: A_TEXT,
      rehearse: A_TEXT,
      letters: A_TEXT,
      role: A_TEXT,
      plan: A_SWITCH,
      sink: A_TEXT,
      checkpoint: A_TEXT,
      to: A_TEXT,
      proofs: A_SWITCH,
      confirm: A_SWITCH,
      // The line in each language, and until when.
      until: A_TEXT,
      ...localize(() => A_TEXT),
    },
    allowPositionals: true,
  });
}
