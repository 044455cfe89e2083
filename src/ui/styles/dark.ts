/** For dark screens, and for people who choose their own colours. `dkfds` supports only white. */
export const DARK_STYLES = `
@media screen and (prefers-color-scheme: dark) {
  :root { --noegle-ink: #f2f6f9; --noegle-blue: #93cdf2; --noegle-pale: #1e2a33; --noegle-line: #465764;
    --noegle-ground: #12191f; --noegle-text: #e6ecf0; --noegle-quiet: #b4c1cb;
    --noegle-face: #232a2f; --noegle-dots: #a9b5be; --noegle-mark: #4d3f00; --noegle-mark-line: #e0bd3f;
    --noegle-back: #0b1116; --noegle-band: #0d2b40; --noegle-on-band: #fff; --noegle-foot: #0b1116;
    --noegle-alarm: #ffb4ad; --noegle-edge: #8b9aa5; }
  :is(h1, h2, h3, h4, p, li, dt, dd, legend, caption, th, td, label, summary, strong) { color: inherit; }
  :is(ul, ol) { color: inherit !important; }
  .form-label, .form-checkbox + label, .form-radio + label { color: var(--noegle-text); }
  .form-hint, .step-information { color: var(--noegle-quiet); }
  a, a:is(:link, :visited, :hover, :active) { color: var(--noegle-blue); }
  .noegle-head a:is(:link, :visited, :hover, :active) { color: var(--noegle-on-band); }
  a.skipnav, a.skipnav:focus { background: var(--noegle-ground); color: var(--noegle-text); }
  .form-input, .form-select { background-color: #1a242c; border-color: #8b9aa5; color: var(--noegle-text); }
  .form-input::placeholder { color: var(--noegle-quiet); }
  .form-select { background-image: none; appearance: auto; }
  .form-checkbox + label::before, .form-radio + label::before { background-color: #1a242c; border-color: #b4c1cb; }
  .form-radio:checked + label::before { background-color: #1a242c; border-color: var(--noegle-blue); }
  .form-radio:checked + label::after { background-color: var(--noegle-blue); }
  .form-checkbox:checked + label::before { background-color: #2f7aa8; border-color: #93cdf2; }
  .form-group.form-error { border-color: #ff8f85; }
  .form-group.form-error > :is(.form-input, .form-select) { border-color: #ff8f85; }
  .alert { background-color: var(--noegle-pale); }
  .alert :is(.alert-heading, .alert-text), .alert .alert-text a:is(:link, :visited, :hover, :active) { color: inherit; }
  .alert-success { background-color: #16301c; background-image: linear-gradient(90deg, #7fd08a 4px, #0000 0); }
  .alert-warning { background-color: #382b0c; background-image: linear-gradient(90deg, #f0c04a 4px, #0000 0); }
  .alert-error { background-color: #3d1a1a; background-image: linear-gradient(90deg, #ff8f85 4px, #0000 0); }
  .alert-info { background-color: #12303f; background-image: linear-gradient(90deg, #6cbdee 4px, #0000 0); }
  .button.button-primary, a.button.button-primary:is(:link, :visited, :hover, :active) { color: var(--noegle-ground); }
  .button.button-secondary, a.button.button-secondary:is(:link, :visited) { background: none; border-color: #8b9aa5;
    color: var(--noegle-blue); }
  .button.button-secondary:is(:hover, :active) { background: var(--noegle-pale); color: var(--noegle-text); }
  .button.button-unstyled:is(:hover, :active) { background: none; color: var(--noegle-text); }
  .table :is(th, td), table :is(th, td) { background: none; border-color: var(--noegle-line); }
  :is(a, button, summary, input, select, textarea, [tabindex]):focus, .noegle-errors:focus,
  .form-input:focus, .form-select:focus, .form-checkbox:focus + label::before, .form-radio:focus + label::before {
    outline-color: #ffe08a; }
}
@media (forced-colors: active) {
  .noegle-for, .noegle-challenge, .noegle-desk, .noegle-timeout { border: 1px solid CanvasText; }
  .noegle-head { border-bottom: 1px solid CanvasText; }
  .noegle-main .noegle-show { border-color: ButtonText; }
  .noegle-card-frame { fill: none; stroke: Highlight; stroke-width: 3; }
  .noegle-card text { fill: CanvasText; }
  .noegle-card-face { fill: Canvas; stroke: CanvasText; }
  .noegle-steps .current .step-number { border: 2px solid CanvasText; }
  .form-radio:checked + label::after { border: 6px solid CanvasText; }
  .form-checkbox:checked + label::before { background-image: none; }
  .form-checkbox:checked + label::after { content: ""; position: absolute; left: 8px; top: 7px; width: 8px; height: 15px;
    border: solid CanvasText; border-width: 0 3px 3px 0; transform: rotate(45deg); }
}
`;
