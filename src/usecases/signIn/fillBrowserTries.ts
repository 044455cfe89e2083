/**
 * Known browsers whose tries are counted under the subject of another content of the cookie, as a version before
 * left them where several people share a browser. Where rows have to be bound, such a row makes nobody known.
 */
import {
  listBrowserTries,
  replaceTriesOfBrowser,
  type BrowserTries,
} from '../../store/signIn/triesSubjects.ts';
import type { World } from '../world.ts';
import { browserSubject } from './triesOf.ts';

const AT_ONCE = 500;
const MAX_EXAMPLES = 20;
const FIRST: Pick<BrowserTries, 'browser' | 'identityId'> = {
  browser: Buffer.alloc(0),
  identityId: '00000000-0000-0000-0000-000000000000',
};

export interface BrowserTriesReport {
  readonly row: 'known browser';
  readonly seen: number;
  readonly bound: number;
  readonly wrong: number;
  /** Whose they are. */
  readonly examples: readonly string[];
}

/** @param options.onlyLook nothing is written */
export async function fillBrowserTries(
  world: Pick<World, 'database' | 'keyring'>,
  { onlyLook }: { readonly onlyLook: boolean },
): Promise<BrowserTriesReport> {
  const { database } = world;
  const mayFill = !onlyLook && database.macs.mode === 'write';
  const examples: string[] = [];
  let [seen, bound, wrong] = [0, 0, 0];
  for (let after = FIRST; ; ) {
    const browsers = await listBrowserTries(database, after, AT_ONCE);
    for (const one of browsers) {
      seen += 1;
      const subject = browserSubject(world, one.identityId, one.browser);
      // Without one it is filled at the next sign-in.
      if (one.tries === null || one.tries.equals(subject)) continue;
      if (mayFill) bound += (await replaceTriesOfBrowser(database, one, subject)) ? 1 : 0;
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
