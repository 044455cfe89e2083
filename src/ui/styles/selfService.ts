/** Self-service: navigation and page side by side, cards with state, sessions, keys left, the log. */
export const SELF_SERVICE_STYLES = `
.noegle-self-nav ul { margin: 0; padding: 0; list-style: none; }
.noegle-main .noegle-self-nav li { margin: 0; padding: 0; }
.noegle-main .noegle-self-nav li::before { content: none; }
.noegle-self-nav li a { display: block; padding: 1rem 1.2rem; border-left: 4px solid transparent; color: var(--noegle-blue); }
.noegle-self-nav li a:not(:hover) { text-decoration: none; }
.noegle-self-nav li a[aria-current] { border-left-color: var(--noegle-blue); background: var(--noegle-pale); font-weight: 600; }
.noegle-self-wide { display: none; }
.noegle-self-menu { margin: 0.8rem 0 0; border: 1px solid var(--noegle-line); border-radius: 4px; }
.noegle-self-menu summary { padding: 1.2rem; min-height: 4.4rem; box-sizing: border-box; font-weight: 600;
  color: var(--noegle-blue); cursor: pointer; }
.noegle-self-page > h1:first-child { margin-top: 2.4rem; }
.noegle-self-page > .alert:first-child { margin-top: 1.6rem; }
.noegle-main h2 + :is(.noegle-cards, .noegle-item) { margin-top: 1.6rem; }
@media (min-width: 960px) {
  body:has(.noegle-self) { --noegle-width: 96rem; }
  .noegle-self { display: grid; grid-template-columns: 24rem minmax(0, 1fr); gap: 0 4.8rem; align-items: start; }
  .noegle-self-wide { display: block; margin-top: 2.4rem; }
  .noegle-self-menu { display: none; }
  .noegle-self-page { max-width: 64rem; }
}
.noegle-main ul.noegle-cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr));
  gap: 1.6rem; margin: 0 0 2.4rem; padding: 0; list-style: none; }
.noegle-main .noegle-cards li { position: relative; display: flex; flex-direction: column; gap: 0.4rem; margin: 0;
  padding: 1.6rem; border: 1px solid var(--noegle-line); border-radius: 8px; }
.noegle-main .noegle-cards li::before { content: none; }
.noegle-cards li:hover { border-color: var(--noegle-blue); background: var(--noegle-pale); }
.noegle-cards a { font-size: 1.8rem; font-weight: 600; }
.noegle-cards a::after { content: ""; position: absolute; inset: 0; }
.noegle-cards strong { font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.noegle-cards span { color: var(--noegle-quiet); }
.noegle-cards .noegle-bar { height: 0.8rem; margin: 0; }
.noegle-main .noegle-left { max-width: none; }
.noegle-left { font-variant-numeric: tabular-nums; }
.noegle-bar { display: block; width: 100%; height: 1.2rem; margin-bottom: 0.8rem; border-radius: 6px; }
.noegle-bar-all { fill: var(--noegle-line); }
.noegle-bar-left { fill: var(--noegle-blue); }
.noegle-device { width: 2.4rem; height: 2.4rem; margin-right: 0.8rem; vertical-align: -0.5rem; }
.noegle-device path { fill: none; stroke: currentColor; stroke-width: 2; }
.noegle-mark { display: inline-block; padding: 0 0.8rem; border-radius: 4px; background: var(--noegle-mark);
  font-size: 1.4rem; font-weight: 600; color: var(--noegle-text); }
.noegle-self-page h2 + form > p { margin-top: 0; }
.noegle-self-page .noegle-answer form > p { margin: 1.6rem 0 0; }
.noegle-self-page section.noegle-item > p:first-child { margin-top: 0; }
.noegle-self-page section.noegle-item > p:last-child { margin-bottom: 0; }
.noegle-session .noegle-values { margin-bottom: 0.8rem; border-top: 0; }
.noegle-session .noegle-values div { padding: 0.6rem 0; }
.noegle-session .noegle-values div:last-child { border-bottom: 0; }
.noegle-log { margin: 0 0 1.6rem; padding: 0; list-style: none; }
.noegle-main .noegle-log li { display: flex; gap: 1.6rem; margin: 0; padding: 0.8rem 0; border-bottom: 1px solid var(--noegle-line); }
.noegle-main .noegle-log li::before { content: none; }
.noegle-log time { flex: 0 0 7rem; font-variant-numeric: tabular-nums; }
.noegle-log .form-hint { margin: 0.2rem 0 0; }
.noegle-not-me { display: block; width: fit-content; padding: 0.4rem 0; font-size: 1.4rem; }
.noegle-main ol.noegle-remedies { padding-left: 2.4rem; }
.noegle-remedies li { margin-bottom: 2.4rem; padding-left: 0.4rem; }
.noegle-remedies .noegle-actions { margin-top: 0.8rem; }
.noegle-pages { display: flex; flex-wrap: wrap; gap: 0.8rem 3.2rem; margin-top: 2.4rem; }
@media print {
  .noegle-self-nav { display: none !important; }
}
.noegle-data h2 { margin-top: 4rem; }
.noegle-data h3 { margin: 2.4rem 0 0.4rem; }
.noegle-data .noegle-values { margin-bottom: 1.6rem; }
`;
