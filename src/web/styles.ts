/** Our rules on top of `dkfds`: one calm column, a wordmark, the key page. No client script, no inline styles. */

/** The weights that pages use, in the Latin subset; `dkfds` would load eight whole families. */
export const FONT_WEIGHTS = [
  { weight: 400, file: 'IBMPlexSans-Regular-Latin1.woff2' },
  { weight: 600, file: 'IBMPlexSans-SemiBold-Latin1.woff2' },
] as const;

export const OWN_STYLES = `
:root { --noegle-ink: #0b2a3c; --noegle-blue: #0b4a6f; --noegle-pale: #eef4f8; --noegle-line: #c9d6df; }
body { display: flex; flex-direction: column; min-height: 100vh; background: #fff; color: #1a1a1a; }
.noegle-head { display: flex; justify-content: space-between; align-items: baseline; gap: 1.6rem;
  width: 100%; max-width: min(100%, 54.4rem); margin: 0 auto; padding: 2.4rem 1.6rem 1.6rem; }
.noegle-wordmark { font-size: 2.8rem; font-weight: 600; letter-spacing: -0.02em; color: var(--noegle-blue); }
.noegle-wordmark::before { content: ""; display: inline-block; width: 0.62em; height: 0.62em;
  margin-right: 0.3em; border: 0.16em solid currentColor; border-radius: 50%; vertical-align: -0.02em; }
.noegle-main { flex: 1; width: 100%; max-width: min(100%, 54.4rem); margin: 0 auto; padding: 0.8rem 1.6rem 4.8rem; }
.noegle-for { margin: 0 0 0.4rem; padding: 1.2rem 1.6rem; background: var(--noegle-pale); border-radius: 8px; }
.noegle-for { display: flex; align-items: center; gap: 1.2rem; }
.noegle-for img { flex: none; border-radius: 6px; }
.noegle-values { margin: 0 0 2.4rem; border-top: 1px solid var(--noegle-line); }
.noegle-values div { display: flex; flex-wrap: wrap; gap: 0 1.6rem; padding: 1.2rem 0; border-bottom: 1px solid var(--noegle-line); }
.noegle-values dt { flex: 0 0 18rem; font-weight: 400; color: #4a5560; }
.noegle-values dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.noegle-step { margin: 1.6rem 0 -0.8rem; color: #4a5560; }
.noegle-main h1 { margin: 1.6rem 0 2.4rem; font-size: 3.2rem; line-height: 1.25; color: var(--noegle-ink); }
.noegle-main .form-input { width: 100%; max-width: none; }
.noegle-main .alert { margin-bottom: 2.4rem; padding-left: 2rem; }
.noegle-main .alert-body { padding-left: 0; margin-left: 0; }
.noegle-actions { display: flex; flex-wrap: wrap; align-items: center; gap: 1.6rem 2.4rem; margin-top: 3.2rem; }
.noegle-actions .button { margin: 0; }
form + form .noegle-actions { margin-top: 1.6rem; }
.noegle-actions + p { margin-top: 3.2rem; }
.noegle-actions .button-primary { background: var(--noegle-blue); border-color: var(--noegle-blue); color: #fff; }
.noegle-actions .button-primary:hover, .noegle-actions .button-primary:active { background: var(--noegle-ink); }
.noegle-actions .button-unstyled { color: var(--noegle-blue); text-decoration: underline; padding: 0.8rem 0; }
.noegle-main p + form { margin-top: 2.4rem; }
.noegle-main p + .noegle-challenge { margin-top: 2.4rem; }
.noegle-challenge { padding: 2rem 1.6rem; margin-bottom: 2.4rem; border: 1px solid var(--noegle-line);
  border-radius: 8px; text-align: center; }
.noegle-challenge p { margin: 0; }
.noegle-card-number { display: inline-block; font-size: 2.2rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.noegle-challenge .noegle-key-number { margin: 0.8rem 0 1.2rem; font-size: 4.8rem; line-height: 1.1; font-weight: 600;
  color: var(--noegle-blue); font-variant-numeric: tabular-nums; letter-spacing: 0.04em; }
.noegle-card { width: 100%; max-width: 34rem; height: auto; }
.noegle-card-face { fill: #fbfaf4; stroke: var(--noegle-line); }
.noegle-card text { font-size: 11px; fill: #6b7780; font-variant-numeric: tabular-nums; }
.noegle-card .noegle-card-mark { font-size: 12px; font-weight: 600; fill: var(--noegle-blue); }
.noegle-card .noegle-card-asked text { font-weight: 600; fill: var(--noegle-ink); }
.noegle-card-frame { fill: #fff3c4; stroke: #8a6d00; stroke-width: 1.5; }
.noegle-main .noegle-key-input { font-size: 3.2rem; height: auto; padding: 0.8rem 1.6rem; letter-spacing: 0.18em;
  font-variant-numeric: tabular-nums; }
.noegle-main .noegle-own { margin-top: 2.4rem; }
.noegle-main .form-group-radio + .form-group-radio { margin-top: 1.6rem; }
.noegle-main fieldset { border: 0; padding: 0; }
.noegle-desk { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0.4rem 2.4rem;
  padding: 1.2rem 1.6rem; background: var(--noegle-pale); border-radius: 8px; }
.noegle-desk p { margin: 0; }
.noegle-desk p span { display: block; color: #4a5560; }
.noegle-desk nav { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 2.4rem; }
.noegle-desk .button-unstyled { margin: 0; padding: 0.8rem 0; color: var(--noegle-blue); text-decoration: underline; }
.noegle-desk .noegle-desk-idle { flex-basis: 100%; color: #4a5560; font-size: 1.4rem; }
.noegle-desk + .alert { margin-top: 2.4rem; }
.noegle-links { padding: 0; list-style: none; }
.noegle-main .noegle-links li::before { content: none; }
.noegle-links li { padding: 1.6rem 0; border-bottom: 1px solid var(--noegle-line); }
.noegle-links a { font-size: 2rem; font-weight: 600; }
.noegle-links span { display: block; margin-top: 0.4rem; color: #4a5560; }
.noegle-staff { margin-bottom: 4rem; }
.noegle-staff .noegle-actions { margin-top: 0; }
.noegle-main[data-page^="desk-"] { max-width: min(100%, 76.8rem); }
body:has(.noegle-main[data-page^="desk-"]) :is(.noegle-head, .noegle-foot) { max-width: min(100%, 76.8rem); }
body:has(.noegle-main[data-page^="desk-"]) .noegle-foot { max-width: min(calc(100% - 3.2rem), 73.6rem); }
.noegle-main[data-page^="desk-"] .noegle-links { max-width: none; }
.noegle-main[data-page^="desk-"] .noegle-values dt { flex-basis: 22rem; }
.noegle-main[data-page^="desk-"] .noegle-values dd { flex: 1; min-width: 0; }
.noegle-main[data-page^="desk-"] h2 { margin-top: 3.2rem; }
.noegle-main .form-error-message { display: block; }
.noegle-main .noegle-tick { margin-top: 1.2rem; }
.noegle-faults { margin: 0; padding-left: 2rem; }
.noegle-number { margin-top: 3.2rem; color: #4a5560; font-size: 1.4rem; overflow-wrap: anywhere; }
.noegle-foot { border-top: 1px solid var(--noegle-line); width: calc(100% - 3.2rem); max-width: 51.2rem; margin: 0 auto;
  padding: 1.6rem 0 3.2rem; color: #4a5560; font-size: 1.4rem; }
.noegle-foot p { margin: 0 0 0.4rem; }
.noegle-foot .noegle-block { margin-bottom: 1.2rem; font-size: 1.6rem; font-weight: 600; }
.noegle-main .noegle-first { margin-top: 3.2rem; }
.noegle-main ul.noegle-list { margin: 0 0 2.4rem; padding-left: 2.4rem; list-style: disc; }
.noegle-main .noegle-list li { margin-bottom: 0.8rem; }
.noegle-main h2 { margin: 3.2rem 0 0.8rem; font-size: 2.2rem; color: var(--noegle-ink); }
@media print {
  .noegle-head a, .noegle-desk, .noegle-foot, .noegle-screen, .noegle-screen-only, .skipnav { display: none !important; }
  .noegle-main h2 { break-after: avoid; }
}
@media (max-width: 480px) {
  .noegle-main h1 { font-size: 2.6rem; }
  .noegle-values dt, .noegle-values dd { flex-basis: 100%; }
}
@media (forced-colors: active) {
  .noegle-for, .noegle-challenge, .noegle-desk { border: 1px solid CanvasText; }
  .noegle-card-frame { fill: none; stroke: Highlight; stroke-width: 3; }
  .noegle-card text { fill: CanvasText; }
  .noegle-card-face { fill: Canvas; stroke: CanvasText; }
  .form-radio:checked + label::after { border: 6px solid CanvasText; }
  .form-checkbox:checked + label::before { background-image: none; }
  .form-checkbox:checked + label::after { content: ""; position: absolute; left: 8px; top: 7px; width: 8px; height: 15px;
    border: solid CanvasText; border-width: 0 3px 3px 0; transform: rotate(45deg); }
}
`;
