/**
 * Nøgle's styles on top of `dkfds`: one calm column, a wordmark, forms. No inline styles. A family of pages
 * has its styles in styles/, and so have dark screens and paper. Every colour here comes from the variables
 * at the top, so that they can be changed there.
 */
import { DESK_STYLES } from './styles/desk.ts';
import { INFO_STYLES } from './styles/info.ts';
import { ORDER_STYLES } from './styles/order.ts';
import { SELF_SERVICE_STYLES } from './styles/selfService.ts';
import { SIGN_IN_STYLES } from './styles/signIn.ts';

/** The weights that pages use, in the Latin subset; `dkfds` would load eight whole families. */
export const FONT_WEIGHTS = [
  { weight: 400, file: 'IBMPlexSans-Regular-Latin1.woff2' },
  { weight: 600, file: 'IBMPlexSans-SemiBold-Latin1.woff2' },
] as const;
const SHARED_STYLES = `
:root { color-scheme: light dark; --noegle-ink: #0b2a3c; --noegle-blue: #0b4a6f; --noegle-pale: #eef4f8;
  --noegle-line: #c9d6df; --noegle-ground: #fff; --noegle-text: #1a1a1a; --noegle-quiet: #3d4954;
  --noegle-face: #fbfaf4; --noegle-dots: #6b7780; --noegle-mark: #fff3c4; --noegle-mark-line: #8a6d00; }
body { display: flex; flex-direction: column; min-height: 100vh; background: var(--noegle-ground);
  color: var(--noegle-text); overflow-wrap: break-word; }
main { hyphens: auto; hyphenate-limit-chars: 12 5 4; }
h1, .noegle-card-number, .noegle-key-number, .noegle-wordmark { hyphens: manual; }
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
.noegle-values dt { flex: 0 0 18rem; font-weight: 400; color: var(--noegle-quiet); }
.noegle-values dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.form-hint, .step-information { color: var(--noegle-quiet); }
.form-error-message { color: #a30000; }
.noegle-step { margin: 1.6rem 0 -0.8rem; color: var(--noegle-quiet); }
.noegle-steps { display: flex; flex-wrap: wrap; align-items: center; gap: 0.8rem 2.4rem; margin: 1.6rem 0 -0.4rem; }
.noegle-steps p { margin: 0; color: var(--noegle-quiet); }
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
.noegle-main .noegle-errors .alert-heading { margin: 0 0 0.4rem; font-size: 1.6rem; color: inherit; }
.noegle-errors ul:has(> li:only-child) { padding: 0; list-style: none; }
.noegle-errors:focus { outline: 3px solid var(--noegle-text); outline-offset: 2px; }
.noegle-main .noegle-show { display: block; margin: 0.4rem 0 0; padding: 0.8rem 0; color: var(--noegle-blue);
  text-decoration: underline; }
.noegle-show::before { content: ""; display: inline-block; width: 1.6rem; height: 1.6rem; margin-right: 0.8rem;
  border: 2px solid currentColor; border-radius: 3px; vertical-align: -0.2rem; box-sizing: border-box; }
.noegle-show[aria-pressed=true]::before { background: currentColor; box-shadow: inset 0 0 0 2px var(--noegle-ground); }
.noegle-timeout { max-width: min(44rem, calc(100vw - 3.2rem)); padding: 2.4rem; border: 1px solid var(--noegle-line);
  border-radius: 8px; background: var(--noegle-ground); color: var(--noegle-text); }
.noegle-timeout::backdrop { background: rgb(11 20 28 / 70%); }
.noegle-timeout h2 { margin: 0 0 1.2rem; font-size: 2.2rem; color: var(--noegle-ink); }
.noegle-timeout .noegle-actions { margin-top: 2.4rem; }
.noegle-timeout [role=status]:not(:empty) { margin: 1.6rem 0 0; font-weight: 600; }
.noegle-main h1 { margin: 1.6rem 0 2.4rem; font-size: 3.2rem; line-height: 1.25; color: var(--noegle-ink); }
.noegle-main .form-input { width: 100%; max-width: none; }
.noegle-main .alert { margin-bottom: 2.4rem; padding-left: 2rem; }
.noegle-main .alert-body { padding-left: 0; margin-left: 0; }
.noegle-actions { display: flex; flex-wrap: wrap; align-items: center; gap: 1.6rem 2.4rem; margin-top: 3.2rem; }
.noegle-actions .button { margin: 0; }
form + form .noegle-actions { margin-top: 1.6rem; }
.noegle-actions + p { margin-top: 3.2rem; }
.noegle-actions .button-primary { background: var(--noegle-blue); border-color: var(--noegle-blue); color: var(--noegle-ground); }
.noegle-actions .button-primary:hover, .noegle-actions .button-primary:active { background: var(--noegle-ink); }
.noegle-actions .button-unstyled { color: var(--noegle-blue); text-decoration: underline; padding: 0.8rem 0; }
.noegle-main p + form { margin-top: 2.4rem; }
.noegle-main .form-group-radio + .form-group-radio { margin-top: 1.6rem; }
.noegle-main fieldset { border: 0; padding: 0; }
.noegle-links { padding: 0; list-style: none; }
.noegle-main .noegle-links li::before { content: none; }
.noegle-links li { padding: 1.6rem 0; border-bottom: 1px solid var(--noegle-line); }
.noegle-links a { font-size: 2rem; font-weight: 600; }
.noegle-links span { display: block; margin-top: 0.4rem; color: var(--noegle-quiet); }
.noegle-head a.noegle-wordmark:not(:hover) { text-decoration: none; }
.noegle-main h3 { font-size: 1.8rem; }
.noegle-lead { font-size: 2rem; }
.noegle-short li { padding: 1.2rem 0; }
.noegle-main .noegle-links.noegle-short a { font-size: 1.8rem; font-weight: 400; }
.noegle-foot nav { display: flex; flex-wrap: wrap; gap: 0.8rem 2.4rem; margin-top: 1.6rem; }
.noegle-item { margin: 0 0 2.4rem; padding: 1.6rem; border: 1px solid var(--noegle-line); border-radius: 4px; }
.noegle-main .noegle-item :is(h2, h3) { margin: 0 0 0.8rem; font-size: 1.8rem; }
.noegle-item .noegle-actions { margin-top: 1.6rem; }
.noegle-main .form-error-message { display: block; }
.noegle-main .noegle-tick { margin-top: 1.2rem; }
.noegle-faults { margin: 0; padding-left: 2rem; }
.noegle-number { margin-top: 3.2rem; color: var(--noegle-quiet); font-size: 1.4rem; overflow-wrap: anywhere; }
.noegle-foot { border-top: 1px solid var(--noegle-line); width: calc(100% - 3.2rem); max-width: 51.2rem; margin: 0 auto;
  padding: 1.6rem 0 3.2rem; color: var(--noegle-quiet); font-size: 1.4rem; }
.noegle-foot p { margin: 0 0 0.4rem; }
.noegle-foot .noegle-block { margin-bottom: 1.2rem; font-size: 1.6rem; font-weight: 600; }
.noegle-main .noegle-first { margin-top: 3.2rem; }
.noegle-main ul.noegle-list { margin: 0 0 2.4rem; padding-left: 2.4rem; list-style: disc; }
.noegle-main .noegle-list li { margin-bottom: 0.8rem; }
.noegle-main h2 { margin: 3.2rem 0 0.8rem; font-size: 2.2rem; color: var(--noegle-ink); }
@media (max-width: 480px) {
  .noegle-main h1 { font-size: 2.6rem; }
  .noegle-main.noegle-main .noegle-values :is(dt, dd) { flex: 1 0 100%; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
`;

export const OWN_STYLES = [
  SHARED_STYLES,
  SIGN_IN_STYLES,
  ORDER_STYLES,
  SELF_SERVICE_STYLES,
  DESK_STYLES,
  INFO_STYLES,
].join('');
