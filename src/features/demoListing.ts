/** What the sandbox knows of its people and relying parties; all of it is written in `.data/demo.json`. */
export interface DemoListing {
  readonly relyingParties: readonly {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly kind: string;
  }[];
  readonly people: readonly {
    readonly fullName: string;
    readonly about: string;
    readonly userId: string;
    readonly password: string;
  }[];
  /** To servers of relying parties, the latest first. */
  readonly failedCalls?:
    | readonly { readonly at: Date; readonly url: string; readonly why: string }[]
    | undefined;
}
