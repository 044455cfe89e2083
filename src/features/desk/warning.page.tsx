import type { ComponentChildren, VNode } from 'preact';

/** What stands in the way, with its reasons and what helps instead. */
export function Warning({ heading, children }: { heading: string; children: ComponentChildren }): VNode {
  return (
    <div class="alert alert-warning" role="alert">
      <div class="alert-body">
        <p class="alert-heading">{heading}</p>
        <div class="alert-text">{children}</div>
      </div>
    </div>
  );
}
