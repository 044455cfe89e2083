/** The key and its card, at sign-in and wherever a key is asked for. */
export const SIGN_IN_STYLES = `
.noegle-main p + .noegle-challenge { margin-top: 2.4rem; }
.noegle-challenge { padding: 2rem 1.6rem; margin-bottom: 2.4rem; border: 1px solid var(--noegle-line);
  border-radius: 8px; text-align: center; }
.noegle-challenge p { margin: 0; }
.noegle-card-number { display: inline-block; font-size: 2.2rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.noegle-challenge .noegle-key-number { margin: 0.8rem 0 1.2rem; font-size: 4.8rem; line-height: 1.1; font-weight: 600;
  color: var(--noegle-blue); font-variant-numeric: tabular-nums; letter-spacing: 0.04em; }
.noegle-card { width: 100%; max-width: 34rem; height: auto; }
.noegle-card-face { fill: var(--noegle-face); stroke: var(--noegle-line); }
.noegle-card text { font-size: 11px; fill: var(--noegle-dots); font-variant-numeric: tabular-nums; }
.noegle-card .noegle-card-head { font-size: 9px; }
.noegle-card .noegle-card-mark { font-size: 12px; font-weight: 600; fill: var(--noegle-blue); }
.noegle-card .noegle-card-asked text { font-weight: 600; fill: var(--noegle-ink); }
.noegle-card-frame { fill: var(--noegle-mark); stroke: var(--noegle-mark-line); stroke-width: 1.5; }
.noegle-main .noegle-key-input { font-size: 3.2rem; height: auto; padding: 0.8rem 1.6rem; letter-spacing: 0.18em;
  font-variant-numeric: tabular-nums; }
.noegle-main .noegle-own { margin-top: 2.4rem; }
`;
