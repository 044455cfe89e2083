/** What is wrong with the current password that was typed beside a change. */
export type CurrentPasswordRefusal =
  | { readonly kind: 'missing' | 'unreadable' }
  /** `left`: how many wrong ones may follow before it is locked. */
  | { readonly kind: 'wrong'; readonly left: number }
  | { readonly kind: 'locked'; readonly opensAt: Date };
