/** What pages are made of: headings, forms, buttons, errors, the step guide, values, lists. */
export const PART_STYLES = `
.noegle-main h1 { margin: 3.2rem 0 1.6rem; font-size: var(--noegle-size-h1); line-height: 1.2; color: var(--noegle-ink);
  text-wrap: balance; }
.noegle-main h2 { margin: 4rem 0 0.8rem; font-size: var(--noegle-size-h2); line-height: 1.3; color: var(--noegle-ink); }
.noegle-main h3 { margin: 2.4rem 0 0.4rem; font-size: var(--noegle-size-h3); line-height: 1.4; }
.noegle-main :is(h1, h2, h3) + :is(p, ul, ol, dl, form) { margin-top: 0; }
.noegle-lead { font-size: var(--noegle-size-lead); line-height: 1.5; }
.noegle-back { margin-bottom: 0; }
.noegle-back + h1 { margin-top: 1.6rem; }
.form-hint, .step-information { color: var(--noegle-quiet); }
.noegle-main .form-group { max-width: 54.4rem; }
.noegle-main .form-group + .form-group { margin-top: 2.4rem; }
.noegle-main .form-input, .noegle-main .form-select { width: 100%; max-width: none; border-color: var(--noegle-edge);
  min-height: 4.4rem; }
.noegle-main .form-input.noegle-chars-4 { max-width: 9rem; }
.noegle-main .form-input.noegle-chars-10 { max-width: 17rem; }
.noegle-main .form-input.noegle-chars-20 { max-width: 27rem; }
.noegle-main .noegle-key-input { max-width: 24rem; }
.noegle-main :is(.noegle-chars-4, .noegle-chars-10) { font-variant-numeric: tabular-nums; }
.form-error-message, .noegle-main .form-error-message { display: block; color: var(--noegle-alarm); }
.noegle-main .form-group-radio + .form-group-radio { margin-top: 1.6rem; }
.noegle-main fieldset { border: 0; padding: 0; }
.noegle-main .noegle-tick { margin-top: 1.2rem; }
.noegle-main .noegle-show { margin: 1.2rem 0 0; min-height: 4.4rem; padding: 0.4rem 1.6rem; border-color: var(--noegle-line);
  color: var(--noegle-blue); }
.noegle-main .noegle-show:hover { border-color: var(--noegle-blue); }
@media (min-width: 481px) {
  .noegle-main .form-group:has(> .noegle-show) { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: 1.2rem; }
  .form-group:has(> .noegle-show) > :not(.form-input, .noegle-show) { grid-column: 1 / -1; }
  .form-group > .noegle-caps { grid-row: 9; }
  .noegle-main .form-group > .noegle-show { margin-top: 0.8rem; }
}
.noegle-caps { margin: 0; font-weight: 600; }
.noegle-caps:not(:empty) { margin: 0.8rem 0 0; }
.noegle-actions { display: flex; flex-wrap: wrap; align-items: center; gap: 1.6rem 2.4rem; margin-top: 3.2rem; }
.noegle-actions .button { margin: 0; }
:is(.noegle-main, .noegle-timeout) .noegle-actions :is(.button-primary, .button-secondary) { min-height: 4.8rem; padding: 0.8rem 2.4rem; }
form + form > .noegle-actions:not(.form-group ~ *) { margin-top: 1.6rem; }
.noegle-main form + :is(p, .form-hint) { margin-top: 2.4rem; }
.noegle-actions + p { margin-top: 3.2rem; }
.button.button-primary, a.button.button-primary:is(:link, :visited) { background: var(--noegle-blue);
  border-color: var(--noegle-blue); color: var(--noegle-ground); }
.button.button-primary:is(:hover, :active) { background: var(--noegle-ink); border-color: var(--noegle-ink); }
.button.button-secondary, a.button.button-secondary:is(:link, :visited) { border-color: var(--noegle-blue); color: var(--noegle-blue); }
.noegle-actions .button-unstyled { min-height: 4.4rem; color: var(--noegle-blue); text-decoration: underline; padding: 0.8rem 0; }
.noegle-actions > a:not(.button) { padding: 1rem 0; }
.noegle-main p + form { margin-top: 2.4rem; }
.noegle-main .alert { margin: 2.4rem 0; padding-left: 2rem; }
.noegle-main .alert-body { padding-left: 0; margin-left: 0; }
.noegle-main .noegle-errors .alert-heading { margin: 0 0 0.4rem; font-size: var(--noegle-size-text); color: inherit; }
.noegle-main .noegle-faults { margin: 0; }
.noegle-main .noegle-faults > li { margin-top: 0.4rem; }
.noegle-main .noegle-faults a { display: inline-block; padding: 0.2rem 0; }
.noegle-main .noegle-faults > li:only-child { padding: 0; }
.noegle-main .noegle-faults > li:only-child::before { content: none; }
.noegle-errors:focus { outline: 3px solid var(--noegle-text); outline-offset: 2px; }
.noegle-step { margin: 1.6rem 0 0; color: var(--noegle-quiet); }
.noegle-step + h1, .noegle-steps + h1 { margin-top: 2.4rem; }
.noegle-steps { position: relative; display: flex; flex-wrap: wrap; align-items: center; gap: 0.8rem 2.4rem; }
.noegle-steps p { margin: 0; color: var(--noegle-quiet); letter-spacing: 0; }
.noegle-steps ol.step-indicator { display: flex; flex-wrap: wrap; gap: 0.4rem 1.6rem; margin: 0; padding: 0; }
.noegle-steps .step-indicator li { display: flex; margin: 0; }
.noegle-steps .step-indicator li::before { content: none; }
.noegle-steps .step-indicator .step { align-items: center; color: var(--noegle-quiet); }
.noegle-steps .step-indicator .step :is(.step-number, .step-icon) { min-width: 2.8rem; min-height: 2.8rem; padding: 0;
  margin-right: 0.8rem; line-height: 2.8rem; background: var(--noegle-pale); color: var(--noegle-ink); }
.noegle-steps .step-indicator .step .step-title { margin: 0; padding: 0; }
.noegle-steps .step-indicator li.current .step { color: var(--noegle-text); }
.noegle-steps .step-indicator li.current .step .step-number { background: var(--noegle-blue); color: var(--noegle-ground); }
.noegle-steps svg { width: 1.6rem; height: 1.6rem; vertical-align: middle; }
.noegle-steps path { fill: none; stroke: currentColor; stroke-width: 3; }
.noegle-values { display: grid; grid-template-columns: minmax(12rem, 20rem) minmax(0, 1fr); margin: 0 0 2.4rem;
  border-top: 1px solid var(--noegle-line); }
.noegle-values div { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: baseline;
  column-gap: 1.6rem; padding: 1.2rem 0; border-bottom: 1px solid var(--noegle-line); }
.noegle-values dt { font-weight: 400; color: var(--noegle-quiet); }
.noegle-values dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.noegle-links { padding: 0; list-style: none; }
.noegle-main .noegle-links li { margin: 0; padding: 1.2rem 0; border-bottom: 1px solid var(--noegle-line); }
.noegle-main .noegle-links li::before { content: none; }
.noegle-links a { display: inline-block; padding: 0.4rem 0; font-size: var(--noegle-size-lead); font-weight: 600; }
.noegle-links span { display: block; margin-top: 0.2rem; color: var(--noegle-quiet); }
.noegle-main .noegle-links.noegle-short li { padding: 0.6rem 0; }
.noegle-main .noegle-links.noegle-short a { padding: 0.8rem 0; font-weight: 400; }
.noegle-main .noegle-asks a { display: inline-block; margin: -0.8rem 0; padding: 0.8rem 0; }
.noegle-item { margin: 0 0 2.4rem; padding: 1.6rem; border: 1px solid var(--noegle-line); border-radius: 8px; }
.noegle-main .noegle-item :is(h2, h3) { margin: 0 0 0.8rem; font-size: var(--noegle-size-h3); }
.noegle-item .noegle-actions { margin-top: 1.6rem; }
.noegle-number { margin-top: 3.2rem; color: var(--noegle-quiet); }
.noegle-number strong { color: var(--noegle-text); font-variant-numeric: tabular-nums; white-space: nowrap; }
.noegle-main .noegle-first { margin-top: 3.2rem; }
.noegle-main ul.noegle-list { margin: 0 0 2.4rem; padding-left: 2.4rem; list-style: disc; }
.noegle-main .noegle-list li { margin-bottom: 0.8rem; }
.noegle-timeout { max-width: min(44rem, calc(100vw - 3.2rem)); padding: 2.4rem; border: 1px solid var(--noegle-line);
  border-radius: 12px; background: var(--noegle-ground); color: var(--noegle-text); }
.noegle-timeout::backdrop { background: rgb(11 20 28 / 70%); }
.noegle-timeout h2 { margin: 0 0 1.2rem; font-size: var(--noegle-size-h2); color: var(--noegle-ink); }
.noegle-timeout .noegle-actions { margin-top: 2.4rem; }
.noegle-timeout [role=status]:not(:empty) { margin: 1.6rem 0 0; font-weight: 600; }
@media (max-width: 480px) {
  .noegle-main.noegle-main .noegle-values { grid-template-columns: minmax(0, 1fr); }
  .noegle-steps { gap: 0.4rem 0.8rem; }
  .noegle-steps p::after { content: ":"; }
  .noegle-steps .step-indicator .step :is(.step-number, .step-icon) { display: none; }
  .noegle-steps .step-indicator li:not(.current) { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
`;
