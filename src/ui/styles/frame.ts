/**
 * The colours and sizes of every page, and its frame: a band at the top and one at the foot, and between them
 * a panel on a light ground (sign-in, forms) or an open page (`data-frame` of `body`, see ui/layout.tsx).
 */
export const FRAME_STYLES = `
:root { color-scheme: light dark; --noegle-ink: #0b2a3c; --noegle-blue: #0b4a6f; --noegle-pale: #eef4f8;
  --noegle-line: #c9d6df; --noegle-ground: #fff; --noegle-text: #1a1a1a; --noegle-quiet: #3d4954;
  --noegle-face: #fbfaf4; --noegle-dots: #6b7780; --noegle-mark: #fff3c4; --noegle-mark-line: #8a6d00;
  --noegle-back: #eaf0f4; --noegle-band: #0b3a57; --noegle-on-band: #fff; --noegle-foot: #e3ebf1;
  --noegle-alarm: #a30000; --noegle-edge: #6b7780;
  --noegle-size-small: 1.4rem; --noegle-size-text: 1.6rem; --noegle-size-lead: 1.8rem; --noegle-size-h3: 1.8rem;
  --noegle-size-h2: 2.2rem; --noegle-size-h1: 3.2rem; --noegle-size-number: 4.8rem;
  --noegle-width: 54.4rem; --noegle-side: 1.6rem; }
body { display: flex; flex-direction: column; min-height: 100vh; background: var(--noegle-ground);
  color: var(--noegle-text); overflow-wrap: break-word; }
:is(main, footer) :is(p, li, dd, .form-hint) { text-wrap: pretty; }
main { hyphens: auto; hyphenate-limit-chars: 12 5 4; }
h1, .noegle-card-number, .noegle-key-number, .noegle-wordmark { hyphens: manual; }
body[data-frame=panel] { --noegle-width: 60.8rem; --noegle-side: 3.3rem; background: var(--noegle-back); }
body[data-frame=open] { --noegle-width: 72rem; }
body[data-frame=desk] { --noegle-width: 76.8rem; }
.noegle-row { width: 100%; max-width: min(100%, var(--noegle-width)); margin: 0 auto; padding: 0 var(--noegle-side); }
.noegle-head { background: var(--noegle-band); }
.noegle-head .noegle-row { display: flex; justify-content: space-between; align-items: center; gap: 0 1.6rem; }
.noegle-head a, .noegle-wordmark { color: var(--noegle-on-band); }
.noegle-head a { padding: 1rem 0; }
.noegle-head a:hover { color: var(--noegle-on-band); text-decoration-thickness: 3px; }
.noegle-head a:focus { outline-color: #ffe08a; }
.noegle-wordmark { display: inline-block; padding: 1rem 0; font-size: 2.4rem; line-height: 3.6rem; font-weight: 600;
  letter-spacing: -0.02em; }
.noegle-head a.noegle-wordmark:not(:hover) { text-decoration: none; }
.noegle-wordmark::before { content: ""; display: inline-block; width: 0.62em; height: 0.62em;
  margin-right: 0.3em; border: 0.16em solid currentColor; border-radius: 50%; vertical-align: -0.02em; }
.noegle-status { background: var(--noegle-mark); border-bottom: 1px solid var(--noegle-mark-line); }
.noegle-status p { padding-top: 1.2rem; padding-bottom: 1.2rem; margin: 0 auto; max-width: min(100%, var(--noegle-width)); }
.noegle-main { flex: 1 0 auto; width: 100%; max-width: min(100%, var(--noegle-width)); margin: 0 auto;
  padding: 3.2rem var(--noegle-side) 5.6rem; }
.noegle-main > :first-child:not(.noegle-for) { margin-top: 0; }
body[data-frame=panel] .noegle-main { flex: none; width: calc(100% - 3.2rem); margin: 2.4rem auto 4rem;
  padding: 2.4rem 3.2rem 4rem; background: var(--noegle-ground);
  border: 1px solid var(--noegle-line); border-radius: 12px; }
.noegle-for { display: flex; align-items: center; gap: 1.2rem; margin: 0 0 2.4rem; padding: 1.2rem 1.6rem;
  background: var(--noegle-pale); border-radius: 8px; }
body[data-frame=panel] .noegle-main > .noegle-for { max-width: none; margin: -2.4rem -3.2rem 2rem; padding: 1.2rem 3.2rem;
  border-bottom: 1px solid var(--noegle-line); border-radius: 11px 11px 0 0; }
.noegle-for img { flex: none; border-radius: 6px; }
.noegle-foot { margin-top: auto; padding: 2.4rem 0 4rem; background: var(--noegle-foot);
  border-top: 1px solid var(--noegle-line); color: var(--noegle-quiet); font-size: var(--noegle-size-small); }
.noegle-foot p { max-width: none; margin: 0 0 0.4rem; color: inherit; font-size: inherit; }
.noegle-foot a { display: inline-block; color: var(--noegle-blue); padding: 0.4rem 0; }
.noegle-foot .noegle-block { margin-bottom: 1.2rem; font-size: var(--noegle-size-text); font-weight: 600; }
.noegle-foot nav { display: flex; flex-wrap: wrap; gap: 0.4rem 2.4rem; margin-top: 1.6rem; }
@media (max-width: 640px) {
  :root { --noegle-size-h1: 2.6rem; --noegle-size-h2: 2rem; }
  .noegle-main { padding-top: 2.4rem; }
  body[data-frame=panel] { --noegle-side: 1.6rem; background: var(--noegle-ground); }
  body[data-frame=panel] .noegle-main { flex: 1 0 auto; width: 100%; margin: 0; padding: 2rem 1.6rem 4rem; border: 0; border-radius: 0; }
  body[data-frame=panel] .noegle-main > .noegle-for { margin: -2rem -1.6rem 1.6rem; padding: 1.2rem 1.6rem; border-radius: 0; }
  .noegle-foot a { padding: 1.1rem 0; }
  .noegle-foot nav { gap: 0 2.4rem; }
}
`;
