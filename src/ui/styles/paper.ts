/** On paper: black on white, at 11 points, no buttons, and URLs written out where a link leads elsewhere. */
export const PAPER_STYLES = `
@media print {
  @page { margin: 2cm; }
  html { font-family: 'IBM Plex Sans', sans-serif; font-size: 56.25%; }
  :root { color-scheme: light; --noegle-ink: #000; --noegle-blue: #000; --noegle-quiet: #000; --noegle-text: #000;
    --noegle-ground: #fff; --noegle-pale: #fff; --noegle-line: #767676; --noegle-face: #fff; --noegle-dots: #000;
    --noegle-mark: #fff; --noegle-mark-line: #000; --noegle-band: #fff; --noegle-on-band: #000; --noegle-back: #fff;
    --noegle-foot: #fff; --noegle-alarm: #000; --noegle-edge: #000; }
  body { display: block; }
  .noegle-head a:not(.noegle-wordmark), .noegle-head nav, .noegle-head button, .noegle-desk, .noegle-foot, .noegle-screen, .noegle-screen-only,
  .skipnav, .noegle-status, .noegle-steps, .noegle-main .noegle-actions, .noegle-main button, .noegle-timeout, .noegle-main nav {
    display: none !important; }
  .noegle-row, .noegle-main, body[data-frame] .noegle-main { width: auto; max-width: none !important; margin: 0; padding-left: 0;
    padding-right: 0; border: 0; }
  body[data-frame=panel] .noegle-main > .noegle-for { margin: 0 0 2.4rem; padding: 1.2rem 1.6rem; }
  .noegle-head .noegle-wordmark { color: #000; }
  .noegle-main :is(h1, h2, h3) { break-after: avoid; }
  .noegle-main :is(li, tr, dl > div, .alert, .noegle-challenge, .form-group) { break-inside: avoid; }
  .noegle-main :is(p, li) { orphans: 3; widows: 3; }
  .noegle-main a, .noegle-main a:is(:link, :visited) { color: #000; }
  .noegle-main a[href^="http"]::after { content: " (" attr(href) ")"; overflow-wrap: anywhere; }
  .alert { border: 1px solid #000; background: none; }
  .noegle-for, .noegle-challenge { border: 1px solid #767676; }
}
`;
