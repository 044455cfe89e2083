/** The people and relying parties of the sandbox, as stored in `.data/demo.json`. */
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
  /** Failed calls to servers of relying parties, the latest first. */
  readonly failedCalls?:
    | readonly { readonly at: Date; readonly url: string; readonly why: string }[]
    | undefined;
}
