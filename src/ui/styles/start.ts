/** The start page: a drawn card beside what Nøgle is, and three steps. */
export const START_STYLES = `
body:has(> main[data-page=start]) { --noegle-width: 92rem; }
.noegle-hero { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 30rem); gap: 2.4rem 4rem; align-items: center; }
.noegle-main .noegle-hero h1 { margin-top: 0; }
.noegle-hero .noegle-actions { margin-top: 2.4rem; gap: 1.2rem 1.6rem; }
.noegle-under { color: var(--noegle-quiet); }
.noegle-main .noegle-hero .noegle-under { margin: 1.2rem 0 0; }
.button.noegle-alarm.noegle-alarm, a.button.noegle-alarm.noegle-alarm:is(:link, :visited) { border-color: var(--noegle-alarm); color: var(--noegle-alarm); }
.noegle-start-card { max-width: 100%; border-radius: 10px; filter: drop-shadow(0 4px 10px rgb(11 42 60 / 18%)); }
.noegle-start-card .noegle-card-mark { font-size: 15px; }
.noegle-start-card text { font-size: 12px; }
.noegle-main ol.noegle-three { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 2.4rem; max-width: none !important;
  margin: 1.6rem 0 0; padding: 0; list-style: none; }
.noegle-three li { margin: 0; padding: 0; }
.noegle-three li::before { content: none; }
.noegle-three-number { display: inline-block; width: 3.6rem; height: 3.6rem; border-radius: 50%; background: var(--noegle-blue);
  color: var(--noegle-ground); font-size: var(--noegle-size-lead); font-weight: 600; line-height: 3.6rem; text-align: center; }
.noegle-main .noegle-three h3 { margin-top: 0.8rem; }
.noegle-main .noegle-three p { margin-bottom: 0; }
@media (max-width: 760px) {
  .noegle-hero { grid-template-columns: minmax(0, 1fr); }
  .noegle-start-card { max-width: 34rem; }
  .noegle-main ol.noegle-three { grid-template-columns: minmax(0, 1fr); gap: 1.6rem; }
  .noegle-three li { display: flex; gap: 1.6rem; }
  .noegle-three-number { flex: none; }
  .noegle-main .noegle-three h3 { margin-top: 0.4rem; }
}
@media (forced-colors: active) {
  .noegle-three-number { border: 2px solid CanvasText; line-height: 3.2rem; }
}
`;
