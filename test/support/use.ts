/**
 * The resources of a suite, from its first test to its last: one line each. They start in the order of their
 * lines and end in the same order, so a resource that has to outlive the nodes is declared below them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Browser as Chromium } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { LogoutSite } from './logout.ts';
import { Nodes, type NodesOptions } from './nodes.ts';
import { aPerson, aRelyingParty, type TestPerson, type TestRelyingParty } from './people.ts';

type Later<T> = T | (() => T | Promise<T>);

export interface UseNodes extends NodesOptions {
  /** Nothing of this suite may be logged as an error. */
  readonly withoutErrors?: boolean;
}

/** @param options a function, where values such as a port are known only when the suite runs */
export function useNodes(options: Later<UseNodes> = {}): Nodes {
  const nodes = new Nodes();
  let withoutErrors = false;
  beforeAll(async () => {
    const { withoutErrors: strict = false, ...rest } =
      typeof options === 'function' ? await options() : options;
    withoutErrors = strict;
    await nodes.open(rest);
  });
  afterAll(async () => await nodes.close({ withoutErrors }));
  return nodes;
}

export function useRelyingParty(
  nodes: Nodes,
  options: Later<Parameters<typeof aRelyingParty>[1]> = {},
): TestRelyingParty {
  return useMade(
    async () => await aRelyingParty(nodes, typeof options === 'function' ? await options() : options),
  );
}

export function usePerson(nodes: Nodes, options: Later<Parameters<typeof aPerson>[1]> = {}): TestPerson {
  return useMade(async () => await aPerson(nodes, typeof options === 'function' ? await options() : options));
}

/** An object that is filled in when it was made; its fields may be read only in tests. */
function useMade<T extends object>(make: () => Promise<T>): T {
  const made = {} as T;
  beforeAll(async () => void Object.assign(made, await make()));
  return made;
}

export function useFolder(name: string): string {
  const folder = mkdtempSync(path.resolve(`.tmp/${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A third-party site, on this computer. */
export function useServer(answer: RequestListener): { readonly origin: string } {
  const server = createServer(answer);
  beforeAll(async () => await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    get origin() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
  };
}

export function useLogoutSite(): LogoutSite {
  const site = new LogoutSite();
  beforeAll(async () => await site.listen());
  afterAll(() => site.close());
  return site;
}

export function useChromium(): Pick<Chromium, 'newContext'> {
  let chromium: Chromium | null = null;
  beforeAll(async () => void (chromium = await launchChromium()));
  afterAll(async () => await chromium?.close());
  return {
    newContext: async (options) => {
      if (!chromium) throw new Error('the browser does not run yet');
      return await chromium.newContext(options);
    },
  };
}
