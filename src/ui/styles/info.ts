/** Help, services, the playground. */
export const INFO_STYLES = `
.noegle-phone { margin-top: 3.2rem; padding: 1.6rem; background: var(--noegle-pale); border-radius: 8px; }
.noegle-phone h2 { margin-top: 0; }
.noegle-facts { width: 100%; margin: 1.6rem 0 2.4rem; border-collapse: collapse; }
.noegle-facts caption { padding-bottom: 0.8rem; font-weight: 600; text-align: left; }
.noegle-facts :is(th, td) { padding: 1.2rem 1.6rem 1.2rem 0; border-bottom: 1px solid var(--noegle-line); text-align: left;
  vertical-align: top; }
.noegle-facts :is(th, td):last-child { width: 30%; padding-right: 0; }
.noegle-facts small { display: block; color: var(--noegle-quiet); overflow-wrap: anywhere; }
.noegle-asks { margin: 3.2rem 0 0; padding: 0; list-style: none; }
.noegle-main .noegle-asks li { margin: 0; padding: 0.8rem 0; }
.noegle-main .noegle-asks li::before { content: none; }
.noegle-wire { margin: 0.8rem 0 2.4rem; padding: 1.2rem 1.6rem; background: var(--noegle-pale); border-radius: 8px;
  font-size: 1.5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.noegle-keys { columns: 4 12rem; margin: 1.6rem 0; padding: 0; list-style: none; font-variant-numeric: tabular-nums; }
.noegle-keys li { margin: 0; padding: 0.2rem 0.4rem; break-inside: avoid; }
.noegle-keys mark { background: var(--noegle-mark); color: var(--noegle-text); outline: 2px solid var(--noegle-mark-line); }
`;
