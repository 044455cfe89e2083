import type { PlaygroundProps } from './developers/form.page.tsx';
import type { PlaygroundClient } from './developers/exchange.ts';

/** What the sandbox knows of its people and relying parties; all of it is written in `.data/demo.json`. */
export interface DemoListing {
  readonly relyingParties: readonly (PlaygroundClient & { readonly kind: string })[];
  readonly people: readonly {
    readonly fullName: string;
    readonly about: string;
    readonly userId: string;
    readonly password: string;
  }[];
  /** To servers of relying parties, the latest first. */
  readonly failedCalls?: PlaygroundProps['failedCalls'];
}
