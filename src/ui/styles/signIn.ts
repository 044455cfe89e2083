/** The key and its card, at sign-in and wherever a key is asked for; the choice of what to block. */
export const SIGN_IN_STYLES = `
.noegle-main p + .noegle-asked { margin-top: 2.4rem; }
.noegle-asked { display: grid; gap: 2.4rem; }
.noegle-challenge { padding: 1.6rem; border: 1px solid var(--noegle-line); border-radius: 8px; }
.noegle-challenge p { margin: 0; }
.noegle-card-number { display: inline-block; font-size: 2rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.noegle-challenge .noegle-key-number { margin: 0.4rem 0; font-size: 4.8rem; line-height: 1.1; font-weight: 600;
  color: var(--noegle-blue); font-variant-numeric: tabular-nums; letter-spacing: 0.04em; }
.noegle-answer { min-width: 0; }
.noegle-card { width: 100%; max-width: 34rem; height: auto; }
.noegle-card-face { fill: var(--noegle-face); stroke: var(--noegle-line); }
.noegle-card text { font-size: 11px; fill: var(--noegle-dots); font-variant-numeric: tabular-nums; }
.noegle-card .noegle-card-mark, .noegle-card .noegle-card-side { font-weight: 600; fill: var(--noegle-blue); }
.noegle-card-rows { fill: none; stroke: var(--noegle-dots); stroke-width: 1.6; stroke-dasharray: 13 3 99; opacity: 0.55; }
.noegle-card .noegle-card-asked { font-size: 13px; font-weight: 600; fill: var(--noegle-ink); }
.noegle-card-frame { fill: var(--noegle-mark); stroke: var(--noegle-mark-line); stroke-width: 1.5; }
.noegle-main .noegle-key-input { max-width: 26rem; font-size: 3.2rem; height: auto; padding: 0.8rem 1.6rem;
  letter-spacing: 0.18em; font-variant-numeric: tabular-nums; }
.noegle-main .noegle-own { margin-top: 2.4rem; }
.noegle-remember { margin-top: 1.6rem; }
.noegle-main[data-page=locked] form + form { margin-top: 3.2rem; }
.noegle-main .button-unstyled[name=forget] { display: block; margin: 0; padding: 0.8rem 0; color: var(--noegle-blue);
  text-decoration: underline; }
@media (max-width: 479px) {
  .noegle-card { margin-top: 1.2rem; }
}
@media (forced-colors: active) {
  .noegle-card-rows { stroke: CanvasText; }
}
@media (min-width: 480px) {
  .noegle-asked { grid-template-columns: minmax(0, 1fr) 20rem; gap: 1.6rem 2.4rem; align-items: center; }
  .noegle-answer { grid-column: 1 / -1; grid-row: 2; }
  .noegle-challenge:last-child, .noegle-challenge:has(+ .noegle-answer:last-child) { grid-column: 1 / -1; }
}
@media (max-height: 740px) {
  .noegle-main:has(.noegle-asked) h1 { margin: 1.2rem 0; font-size: 2.6rem; }
  .noegle-main:has(.noegle-asked) .noegle-desk { padding: 0.4rem 1.6rem; }
  .noegle-main:has(.noegle-asked) > p { margin: 0.8rem 0; }
  body .noegle-main:has(.noegle-asked) > .noegle-for { padding-block: 0.8rem; }
  .noegle-main:has(.noegle-asked) .noegle-steps { margin-top: 0.8rem; }
  .noegle-main p + .noegle-asked { margin-top: 1.2rem; }
  .noegle-asked { gap: 1.2rem; }
  .noegle-challenge { padding: 0.8rem 1.6rem; }
  .noegle-challenge .noegle-key-number { margin: 0; font-size: 3.6rem; }
  .noegle-answer .form-group:first-of-type { margin-top: 0; }
  .noegle-main .noegle-key-input { padding: 0.4rem 1.6rem; font-size: 2.8rem; }
}
@media (max-height: 740px) and (max-width: 480px) {
  .noegle-main:has(.noegle-asked) h1 { font-size: 2.2rem; }
}
`;
