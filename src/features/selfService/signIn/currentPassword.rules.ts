/** What is wrong with the current password in a form. */
export type CurrentPasswordRefusal =
  | { readonly kind: 'missing' | 'unreadable' }
  /** `left`: how many wrong attempts remain before it is locked. */
  | { readonly kind: 'wrong'; readonly left: number }
  | { readonly kind: 'locked'; readonly opensAt: Date };
