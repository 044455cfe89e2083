/** Why nothing is served or sent from a database, in words for an operator. */
import type { PlaceVerdict } from '../../domain/auditTree/databasePlace.ts';

/** The database is not the one that the sink follows. In words for an operator. */
export class NotFollowedDatabase extends Error {
  readonly verdict: PlaceVerdict;
  constructor(verdict: PlaceVerdict, sink: string) {
    super(`${PLACE_WORDS[verdict]} (${sink})`);
    this.verdict = verdict;
  }
}

const AFTER_RESTORE = 'run "node dist/cli.js after-restore" first';
export const PLACE_WORDS: Readonly<Record<PlaceVerdict, string>> = {
  followed: 'the audit sink follows this database',
  new_sink: 'the audit sink is new',
  moved: 'the database has moved to another server, which the audit sink does not follow yet',
  contested:
    'another database server reports to this audit sink: this one is a copy, or the other one was not stopped',
  restoring: 'after-restore has begun in this database and has not ended: run it again',
  sink_lost:
    'this database had an audit sink, and this one is empty: set NOEGLE_AUDIT_SINK to the one that it had, or ' +
    'run "node dist/cli.js after-restore --without-sink" if it is lost',
  another_log:
    'the audit sink holds the log of another database (two databases cannot share one), or this is a backup of before ' +
    'it: then run "node dist/cli.js after-restore"',
  went_back: `the audit sink holds events that this database has lost, so it was restored: ${AFTER_RESTORE}`,
  copy: `the audit sink follows another database, of which this is a copy: ${AFTER_RESTORE} if it takes its place`,
};
