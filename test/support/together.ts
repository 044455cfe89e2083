/** Sixteen people who sign in concurrently: what each of them costs the database. */
import { TestBrowser } from './browser.ts';
import { authRequest, redeemCode, signInAtNode } from './flow.ts';
import { Nodes } from './nodes.ts';
import { aPerson, aRelyingParty } from './people.ts';

/** The budget of a sign-in among sixteen: docs/explanation/performance.md. */
export const BUDGET = { statements: 4.2, commits: 2.5 };

export interface SharedCost {
  readonly statements: number;
  readonly commits: number;
}

/** How many share a batch depends on the load of the machine. @param rounds an odd number */
export async function measureTogether(
  rounds: number,
): Promise<{ best: SharedCost; median: SharedCost; all: string }> {
  const one = await Nodes.start({ count: 1 });
  try {
    const rp = await aRelyingParty(one);
    const people = await Promise.all(Array.from({ length: 16 }, () => aPerson(one)));
    const signInAll = async () =>
      await Promise.all(
        people.map(async (person) => {
          const request = authRequest(rp);
          const code = (await signInAtNode(new TestBrowser(one), person, request)).get('code') ?? '';
          const { status } = await redeemCode(one, rp, code, request.verifier);
          if (status !== 200) throw new Error(`no tokens, but ${status}`);
        }),
      );
    // The plans are made, and the relying party is in the cache.
    await signInAll();
    const costs: SharedCost[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const before = one.cost;
      await signInAll();
      const each = (what: keyof SharedCost) => (one.cost[what] - before[what]) / people.length;
      costs.push({ statements: each('statements'), commits: each('commits') });
    }
    const inOrder = (what: keyof SharedCost) => costs.map((cost) => cost[what]).toSorted((a, b) => a - b);
    const at = (place: number): SharedCost => ({
      statements: inOrder('statements')[place] ?? Number.NaN,
      commits: inOrder('commits')[place] ?? Number.NaN,
    });
    const all = costs
      .map((cost) => `${cost.statements.toFixed(2)} and ${cost.commits.toFixed(2)}`)
      .join(', ');
    return { best: at(0), median: at((rounds - 1) / 2), all };
  } finally {
    await one.close();
  }
}
