import type { VNode } from 'preact';

/** What has just been done, or what to know first. */
export function Notice({ text, kind }: { text: string; kind: 'success' | 'warning' | 'info' }): VNode {
  return (
    <div class={`alert alert-${kind}`} role="alert">
      <div class="alert-body">
        <p class="alert-text">{text}</p>
      </div>
    </div>
  );
}
