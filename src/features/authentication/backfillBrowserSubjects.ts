/**
 * Corrects known browsers whose attempts are counted under the subject of another content of the cookie. A
 * previous version left such rows where several people share a browser. Where rows must have a MAC, such a
 * browser is not accepted as known.
 */
import {
  listBrowserAttemptSubjects,
  replaceBrowserAttemptSubject,
  type BrowserAttemptSubject,
} from '../../db/signIn/attemptSubjects.ts';
import type { AppContext } from '../appContext.ts';
import { hashBrowserSubject } from './attemptSubjectHashes.ts';

const BATCH_SIZE = 500;
const MAX_EXAMPLES = 20;
const BEFORE_FIRST: Pick<BrowserAttemptSubject, 'browser' | 'identityId'> = {
  browser: Buffer.alloc(0),
  identityId: '00000000-0000-0000-0000-000000000000',
};

export interface BrowserSubjectsReport {
  readonly row: 'known browser';
  readonly seen: number;
  readonly bound: number;
  readonly wrong: number;
  /** Ids of identities, at most 20. */
  readonly examples: readonly string[];
}

/** @param options.onlyLook reports only, writes nothing */
export async function backfillBrowserSubjects(
  context: Pick<AppContext, 'database' | 'keyring'>,
  { onlyLook }: { readonly onlyLook: boolean },
): Promise<BrowserSubjectsReport> {
  const { database } = context;
  const mayFill = !onlyLook && database.rowAuthenticator.mode === 'write';
  const examples: string[] = [];
  let [seen, bound, wrong] = [0, 0, 0];
  for (let after = BEFORE_FIRST; ; ) {
    const browsers = await listBrowserAttemptSubjects(database, after, BATCH_SIZE);
    for (const one of browsers) {
      seen += 1;
      const subject = hashBrowserSubject(context, one.identityId, one.browser);
      // A missing subject is filled in at the next sign-in.
      if (one.tries === null || one.tries.equals(subject)) continue;
      if (mayFill) bound += (await replaceBrowserAttemptSubject(database, one, subject)) ? 1 : 0;
      else {
        wrong += 1;
        if (examples.length < MAX_EXAMPLES) examples.push(one.identityId);
      }
    }
    const last = browsers.at(-1);
    if (!last) return { row: 'known browser', seen, bound, wrong, examples };
    after = last;
  }
}
