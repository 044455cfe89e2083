/** The desk: two columns of width, tables, staff. First-party pages of self-service share the bar. */
export const DESK_STYLES = `
.noegle-desk { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0.4rem 2.4rem;
  padding: 1.2rem 1.6rem; background: var(--noegle-pale); border-radius: 8px; }
.noegle-desk p { margin: 0; }
.noegle-desk p span { display: block; color: var(--noegle-quiet); }
.noegle-desk nav { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 2.4rem; }
.noegle-desk .button-unstyled { margin: 0; padding: 0.8rem 0; color: var(--noegle-blue); text-decoration: underline; }
.noegle-desk .noegle-desk-idle { flex-basis: 100%; color: var(--noegle-quiet); font-size: 1.4rem; }
.noegle-desk + .alert { margin-top: 2.4rem; }
.noegle-staff { margin-bottom: 4rem; }
.noegle-staff .noegle-actions { margin-top: 0; }
.noegle-main[data-page^="desk-"] { max-width: min(100%, 76.8rem); }
.noegle-main[data-page^="desk-"] .noegle-links { max-width: none; }
.noegle-main[data-page^="desk-"] .noegle-values dt { flex-basis: 22rem; }
.noegle-main[data-page^="desk-"] .noegle-values dd { flex: 1; min-width: 0; }
.noegle-main[data-page^="desk-"] h2 { margin-top: 3.2rem; }
`;
