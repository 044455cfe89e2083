/** The desk: two columns of width, tables, staff, the written decision. */
export const DESK_STYLES = `
.noegle-desk { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0.4rem 2.4rem;
  padding: 1.2rem 1.6rem; background: var(--noegle-pale); border-radius: 8px; }
.noegle-desk p { margin: 0; }
.noegle-desk p span { display: block; color: var(--noegle-quiet); }
.noegle-desk nav { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 2.4rem; }
.noegle-desk .button-unstyled { margin: 0; padding: 0.8rem 0; color: var(--noegle-blue); text-decoration: underline; }
.noegle-desk .noegle-desk-idle { flex-basis: 100%; color: var(--noegle-quiet); font-size: 1.4rem; }
.noegle-desk + .alert { margin-top: 2.4rem; }
.noegle-main[data-page^="desk-"] { max-width: min(100%, 112rem); }
.noegle-main[data-page="desk-decision"] { max-width: min(100%, 76.8rem); }
body:has(.noegle-main[data-page^="desk-"]) { --noegle-width: 112rem; }
body:has(.noegle-main[data-page="desk-decision"]) { --noegle-width: 76.8rem; }
.noegle-main[data-page^="desk-"] .noegle-links { max-width: none; }
.noegle-main[data-page^="desk-"] :is(p, .form-group, .alert, .noegle-values, .noegle-list, .noegle-letterhead) { max-width: 72rem; }
.noegle-main[data-page^="desk-"] .noegle-desk p { max-width: none; }
.noegle-main[data-page^="desk-"] h2 { margin-top: 3.2rem; }
.noegle-main[data-page^="desk-"] textarea.form-input { height: auto; }
.noegle-columns { display: grid; gap: 0 4.8rem; }
.noegle-columns > section > h2:first-child { margin-top: 1.6rem; }
.form-group ~ .noegle-columns > section > h2:first-child { margin-top: 3.2rem; }
@media (min-width: 1000px) { .noegle-columns { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
:is(.noegle-by-number, .noegle-by-card, .noegle-by-name, .noegle-document, .noegle-without-cpr, .noegle-more) { margin-top: 2.4rem; }
.noegle-more summary { padding: 0.8rem 0; color: var(--noegle-blue); cursor: pointer; text-decoration: underline; }
.noegle-readout { margin: 2.4rem 0; padding: 0.4rem 2rem 1.6rem; background: var(--noegle-pale);
  border-left: 4px solid var(--noegle-blue); border-radius: 0 8px 8px 0; }
.noegle-main .noegle-readout h2 { margin-top: 1.2rem; }
.noegle-readout p { margin: 0 0 0.8rem; font-size: 1.8rem; }
.noegle-table { width: 100%; margin: 0.8rem 0 2.4rem; border-collapse: collapse; text-align: left; }
.noegle-table :is(th, td) { padding: 1.2rem 1.6rem 1.2rem 0; border-bottom: 1px solid var(--noegle-line); vertical-align: top;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; hyphens: manual; }
.noegle-table thead th { color: var(--noegle-quiet); font-weight: 400; font-size: 1.4rem; border-bottom-width: 2px; }
.noegle-table tbody th { font-weight: 600; }
@media (min-width: 761px) { .noegle-table tbody th { min-width: 12rem; } }
.noegle-table .noegle-actions { margin: 0 0 0.8rem; }
.noegle-table .button { padding: 0.8rem 1.6rem; }
.noegle-table .noegle-end { display: inline-block; padding: 0.8rem 0; }
.noegle-beside { display: block; margin-top: 0.2rem; color: var(--noegle-quiet); font-weight: 400; font-size: 1.4rem; }
@media (max-width: 760px) {
  .noegle-table, .noegle-table :is(tbody, tr, th, td) { display: block; }
  .noegle-table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .noegle-table tr { padding: 1.2rem 0; border-bottom: 1px solid var(--noegle-line); }
  .noegle-table :is(th, td) { padding: 0.4rem 0; border: 0; }
  .noegle-table td { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: 0.8rem; }
  .noegle-table td::before { content: attr(data-label); color: var(--noegle-quiet); font-size: 1.4rem; }
}
@supports selector(:has(*)) {
  form:has([name="by"][value="name"]:checked) .noegle-by-number:not(:has(.form-error)),
  form:has([name="by"]:not([value="name"]):checked) .noegle-by-name:not(:has(.form-error)),
  form:not(:has([name="by"][value="card"]:checked)) .noegle-by-card:not(:has(.form-error)),
  form:has(#noCpr:checked) .noegle-with-cpr:not(:has(.form-error)),
  form:not(:has(#noCpr:checked)) .noegle-without-cpr:not(:has(.form-error)),
  form:has([name="idKind"][value="none"]:checked) .noegle-document:not(:has(.form-error)),
  form:has([name="staffRole"]:checked):not(:has(.noegle-of-bank:checked)) .noegle-bank:not(.form-error) { display: none; }
}
.noegle-letterhead { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 1.6rem 4.8rem; }
.noegle-letterhead p { margin: 0; }
:is(.noegle-letterhead, .noegle-appeal, .noegle-signature) :is(span, strong) { display: block; }
.noegle-appeal { padding-left: 1.6rem; border-left: 4px solid var(--noegle-line); }
.noegle-rule { display: block; margin-top: 0.4rem; color: var(--noegle-quiet); font-size: 1.4rem; }
.noegle-main .noegle-signature { width: min(32rem, 100%); margin-top: 6.4rem; padding-top: 0.8rem;
  border-top: 1px solid var(--noegle-text); }
@media print {
  .noegle-main[data-page="desk-decision"] { font-size: 1.5rem; line-height: 1.35; }
  .noegle-main[data-page="desk-decision"] h1 { margin: 2rem 0 1.2rem; font-size: 2.4rem; }
  .noegle-main[data-page="desk-decision"] h2 { margin: 1.6rem 0 0.4rem; font-size: 1.8rem; }
  .noegle-main[data-page="desk-decision"] :is(p, li) { margin-bottom: 0.6rem; font-size: 1.5rem; }
  .noegle-main[data-page="desk-decision"] .noegle-values { margin-bottom: 1.2rem; }
  .noegle-main[data-page="desk-decision"] .noegle-values div { padding: 0.4rem 0; }
  .noegle-main[data-page="desk-decision"] .noegle-signature { margin-top: 4.8rem; }
}
`;
