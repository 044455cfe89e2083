/**
 * A party of the tests: a library that signs people in, with a minimal site around it. Each has one file in
 * parties/, which both the tests read and the site's own process runs; it loads its library only in `serve`,
 * because jest's loader cannot load them all. Every site answers the same:
 *
 * - `/` shows what the library knows (`Shown`, as JSON);
 * - `/login?prompt=…&max_age=…&acr_values=…` starts a sign-in with those parameters;
 * - `/logout` logs out, where the library supports it.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { RelyingPartyInput } from '../../src/domain/relyingParty/relyingParty.ts';
import type { Cell } from './cells.ts';

export interface InteropParty {
  /**
   * The name of its column in docs/reference/interop.md, and of the package where `library` does not name it.
   */
  readonly name: string;
  readonly library?: string;
  /** @param url of the site, without a slash at the end */
  readonly registration: (url: string) => Partial<RelyingPartyInput>;
  /**
   * What the library does not offer, each with the line that says so: `package/file:line` in node_modules, or
   * where a Debian package has it.
   */
  readonly notOffered: Partial<Record<Cell, string>>;
  /** False where the library hides `error` and passes on only the description. */
  readonly showsError: boolean;
  /** The module for the process to run, see serve.mjs. */
  readonly file: string;
}

/** What a site knows of itself and of Nøgle. */
export interface InteropSiteSettings {
  readonly issuer: string;
  readonly port: number;
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** As the library hands it to the site; null where there is nothing. */
export interface InteropPageView {
  readonly sub: string | null;
  readonly name: string | null;
  readonly acr: string | null;
  /** Seconds. */
  readonly auth_time: number | null;
  /** The id of the key that signed the ID token. */
  readonly kid: string | null;
  readonly error: string | null;
  readonly error_description: string | null;
}

/** @param from the folder with a file for each */
export async function loadParties(from = 'test/interop/parties'): Promise<InteropParty[]> {
  const folder = path.resolve(from);
  const files = readdirSync(folder)
    .filter((name) => name !== 'blocks.mjs')
    .toSorted()
    .map((name) => path.join(folder, name));
  return await Promise.all(
    files.map(async (file) => {
      const { party } = (await import(file)) as { party: Omit<InteropParty, 'file'> };
      return { ...party, file };
    }),
  );
}
