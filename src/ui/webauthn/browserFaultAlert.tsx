import type { VNode } from 'preact';

/** What is said of an error of the browser, by its name; `other` of every other one. */
export interface BrowserFaults {
  readonly NotAllowedError: string;
  readonly SecurityError: string;
  readonly other: string;
  /** Only when one is created. */
  readonly InvalidStateError?: string;
  readonly NotSupportedError?: string;
}

/** In each form that the script answers: what the browser reports, once it does. */
export function BrowserFaultAlert({ faults }: { readonly faults: BrowserFaults }): VNode {
  return (
    <div
      class="alert alert-error"
      role="alert"
      data-part="fault"
      hidden
      data-not-allowed-error={faults.NotAllowedError}
      data-invalid-state-error={faults.InvalidStateError}
      data-not-supported-error={faults.NotSupportedError}
      data-security-error={faults.SecurityError}
      data-other={faults.other}
    >
      <div class="alert-body">
        <p class="alert-text" data-part="text" />
      </div>
    </div>
  );
}
