/** Self-service: keys left, the log. */
export const SELF_SERVICE_STYLES = `
.noegle-left { font-variant-numeric: tabular-nums; }
.noegle-bar { display: block; width: 100%; height: 1.2rem; margin-bottom: 0.8rem; border-radius: 6px; }
.noegle-bar-all { fill: var(--noegle-line); }
.noegle-bar-left { fill: var(--noegle-blue); }
.noegle-log { margin: 0 0 1.6rem; padding: 0; list-style: none; }
.noegle-main .noegle-log li { display: flex; gap: 1.6rem; margin: 0; padding: 0.8rem 0; border-bottom: 1px solid var(--noegle-line); }
.noegle-main .noegle-log li::before { content: none; }
.noegle-log time { flex: 0 0 7rem; font-variant-numeric: tabular-nums; }
.noegle-log .form-hint { margin: 0.2rem 0 0; }
.noegle-pages { display: flex; flex-wrap: wrap; gap: 0.8rem 3.2rem; margin-top: 2.4rem; }
`;
