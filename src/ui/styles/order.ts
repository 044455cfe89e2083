/** Ordering and activation. */
export const ORDER_STYLES = `
.noegle-receipt { margin: 1.6rem 0 0; padding: 1.6rem 2rem; background: var(--noegle-pale);
  border-left: 6px solid var(--noegle-blue); border-radius: 4px; }
.noegle-main .noegle-receipt h1 { margin: 0; }
.noegle-receipt p { margin: 0.8rem 0 0; }
.noegle-receipt h1 + p { margin-top: 1.6rem; }
.noegle-receipt strong { display: block; font-size: 2.8rem; line-height: 1.3; letter-spacing: 0.04em;
  color: var(--noegle-ink); font-variant-numeric: tabular-nums; white-space: nowrap; }
.noegle-answers { margin: 0 0 2.4rem; border-top: 1px solid var(--noegle-line); }
.noegle-answers div { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto; gap: 0 1.6rem;
  align-items: baseline; padding: 0.8rem 0; border-bottom: 1px solid var(--noegle-line); }
.noegle-answers dt { font-weight: 400; color: var(--noegle-quiet); }
.noegle-answers dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.noegle-main .noegle-answers .button { margin: 0; padding: 0.8rem 0; color: var(--noegle-blue);
  text-decoration: underline; }
@media (max-width: 480px) {
  .noegle-answers div { grid-template-columns: minmax(0, 1fr) auto; }
  .noegle-answers dt { grid-column: 1 / -1; }
}
@media print { .noegle-main[data-page="order-received"] a::after { content: none !important; } }
.noegle-head .noegle-language .button { margin: 0; padding: 1rem 0; background: none; text-decoration: underline; }
.noegle-head .noegle-language :is(.button, .button:hover, .button:active, .button:focus) {
  color: var(--noegle-on-band, var(--noegle-blue)); }
`;
