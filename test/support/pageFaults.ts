/** What a browser and a validator find on a page. */
import axe from 'axe-core';
import { HtmlValidate } from 'html-validate';
import type { Browser as Chromium, CDPSession, Page } from 'playwright-core';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    // Lower case, as is usual now; the parser accepts both.
    'doctype-style': ['error', { style: 'lowercase' }],
    // As preact writes them.
    'void-style': ['error', { style: 'selfclosing' }],
    // The provider's own form is called `op.logoutForm`.
    'valid-id': ['error', { relaxed: true }],
    // Only without script, and only to leave the page of an ended session (src/ui/courtesy/timeout.tsx).
    'meta-refresh': 'off',
  },
});

export function htmlFaults(html: string): string[] {
  return validator
    .validateStringSync(html)
    .results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}

const enabled = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, { enabled: true }]));

/** Rules that axe does not apply by default: WCAG 2.2, level AAA, and its experimental ones. */
const MORE_RULES = enabled([
  'target-size',
  'color-contrast-enhanced',
  'identical-links-same-purpose',
  'meta-refresh-no-exceptions',
  'focus-order-semantics',
  'hidden-content',
  'p-as-heading',
  'table-fake-caption',
  'td-has-header',
]);
const NO_COLOURS = { 'color-contrast': { enabled: false }, 'color-contrast-enhanced': { enabled: false } };

/** One tab at 320 px, which is 1280 px at 400 %. */
export class Looker {
  readonly #page: Page;
  readonly #cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.#page = page;
    this.#cdp = cdp;
  }

  /** @param url a page of the site, with its policy: the shown pages replace its content */
  static async open(chromium: Chromium, url: string): Promise<Looker> {
    const context = await chromium.newContext({ viewport: { width: 320, height: 700 } });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    await page.goto(url);
    const looker = new Looker(page, await context.newCDPSession(page));
    await looker.#emulate(null);
    await page.evaluate(axe.source);
    return looker;
  }

  async close(): Promise<void> {
    await this.#page.context().close();
  }

  /**
   * Written into the existing document: 6 ms with its styles and its script, against 65 of a new one with
   * axe.
   */
  async show(html: string): Promise<void> {
    await this.#page.setContent(html);
  }

  /** The content security policy allows no inline style: a control sets it by script. */
  async style(selector: string, style: string): Promise<void> {
    await this.#page.evaluate(`document.querySelector('${selector}').style.cssText = '${style}'`);
  }

  /** Without transitions: a colour in transition is neither the old nor the new one. */
  async #emulate(mode: 'dark' | 'forced' | null): Promise<void> {
    const features = [
      { name: 'prefers-reduced-motion', value: 'reduce' },
      { name: 'prefers-color-scheme', value: mode === 'dark' ? 'dark' : 'light' },
      { name: 'forced-colors', value: mode === 'forced' ? 'active' : 'none' },
    ];
    await this.#cdp.send('Emulation.setEmulatedMedia', { features });
  }

  /**
   * All rules of axe, and `ownFaults()`.
   * @param options.colours false where they were checked in other words
   */
  async faults(options: { colours: boolean }): Promise<string[]> {
    const [axeFaults, ownFaults] = await Promise.all([
      this.#axe({ rules: { ...MORE_RULES, ...(options.colours ? {} : NO_COLOURS) } }),
      this.ownFaults(),
    ]);
    return [...axeFaults, ...ownFaults];
  }

  /** What axe does not cover: width, the links of errors, the content of the title. */
  async ownFaults(): Promise<string[]> {
    return await this.#page.evaluate<string[]>(OWN_FAULTS);
  }

  /** Of what axe checks, only colours differ where they are emulated. */
  async contrastFaults(mode: 'dark' | 'forced'): Promise<string[]> {
    await this.#emulate(mode);
    const found = await this.#axe({ runOnly: ['color-contrast', 'color-contrast-enhanced'] });
    if (mode === 'forced' && !(await this.#page.evaluate(HAVE_EDGES))) found.push('a field has no edge');
    await this.#emulate(null);
    return found.map((fault) => `${mode}: ${fault}`);
  }

  async #axe(rules: Readonly<Record<string, unknown>>): Promise<string[]> {
    const options = {
      resultTypes: ['violations'],
      elementRef: false,
      selectors: false,
      iframes: false,
      // Fetches the styles again, for a rule about screen orientation: no style of Nøgle's depends on it.
      preload: false,
      ...rules,
    };
    const script = `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ' ' + nodes[0].html.slice(0, 200)))`;
    return (await this.#page.evaluate(script)) as string[];
  }

  /** The elements that take focus, and nothing else, in the order of the page; each of them visible. */
  async keyboardFaults(): Promise<string[]> {
    const expected = (await this.#page.evaluate(WATCH)) as string[];
    const press = async (type: 'rawKeyDown' | 'keyUp') =>
      await this.#cdp.send('Input.dispatchKeyEvent', {
        type,
        key: 'Tab',
        code: 'Tab',
        windowsVirtualKeyCode: 9,
      });
    await Promise.all(expected.flatMap(() => [press('rawKeyDown'), press('keyUp')]));
    const reached = (await this.#page.evaluate('window.reached')) as { html: string; shown: boolean }[];
    const order = reached.map(({ html }) => html);
    const unseen = reached.filter(({ shown }) => !shown).map(({ html }) => `focus is not seen on ${html}`);
    if (JSON.stringify(order) === JSON.stringify(expected)) return unseen;
    return [`Tab reaches ${order.join(' ')}, not ${expected.join(' ')}`, ...unseen];
  }

  /** What decides about the keyboard: pages that agree in it are checked once. */
  async keyboardShape(): Promise<string> {
    return (await this.#page.evaluate(SHAPE)) as string;
  }

  /** The computed style of every element of the page: equal texts look equal. */
  async look(): Promise<string> {
    return (await this.#page.evaluate(LOOK)) as string;
  }

  async looksOf(selector: string, script: string): Promise<Buffer> {
    await this.#page.evaluate(script);
    return await this.#page.locator(selector).first().screenshot();
  }

  async forceColours(): Promise<void> {
    await this.#emulate('forced');
  }
}

const ALL_FOCUSABLE = `[...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')]
  .filter((element) => element.checkVisibility())`;

/**
 * Records what takes focus, and whether that is visible: whether it looks different from its state without
 * focus. Of radio buttons Tab reaches the checked one, or else the first; arrows reach the others. Starts at
 * the top, wherever focus is.
 */
const WATCH = `(() => {
  const looks = (element) => [element, element.nextElementSibling].filter(Boolean).flatMap((one) =>
    [getComputedStyle(one), getComputedStyle(one, '::before')].map(({ outline, boxShadow, borderColor }) =>
      outline + boxShadow + borderColor)).join();
  document.body.tabIndex = -1;
  document.body.focus();
  const all = ${ALL_FOCUSABLE};
  const atRest = new Map(all.map((element) => [element, looks(element)]));
  window.reached = [];
  document.addEventListener('focusin', ({ target }) => window.reached.push(
    { html: target.outerHTML.slice(0, 80), shown: looks(target) !== atRest.get(target) }));
  return all.filter((element) => {
    const group = 'input[type=radio][name="' + element.name + '"]';
    return element.type !== 'radio' ||
      element === (document.querySelector(group + ':checked') ?? document.querySelector(group));
  }).map((element) => element.outerHTML.slice(0, 80));
})()`;

const SHAPE = `${ALL_FOCUSABLE}.map((element) => element.tagName + element.className + element.type + element.checked +
  [...element.closest('main')?.classList ?? []]).join()`;

/** Its position in the page and its computed style, also for `::before` and `::after`. */
const LOOK = `[...document.querySelectorAll('*')].flatMap((element) => [null, '::before', '::after'].map((pseudo) => {
  const style = getComputedStyle(element, pseudo);
  if (pseudo && style.content === 'none') return '';
  return element.tagName + '.' + element.getAttribute('class') + (pseudo ?? '') + ' ' +
    [...style].filter((name) => !name.startsWith('--')).map((name) => name + ':' + style[name]).join(';');
})).join('\\n')`;

const HAVE_EDGES = `[...document.querySelectorAll('.form-input, .button-primary')]
  .every((element) => getComputedStyle(element).borderStyle !== 'none')`;

const OWN_FAULTS = `(() => {
  const found = [];
  const width = document.documentElement.scrollWidth;
  if (width > 320) found.push(width + ' px wide');
  const summary = document.querySelector('.noegle-errors');
  const title = document.title;
  if (summary && !/^(Fejl|Error): /.test(title)) found.push('the title does not say that there is an error: ' + title);
  if (summary && document.activeElement !== summary) found.push('focus is not on the errors');
  for (const link of summary?.querySelectorAll('a') ?? []) {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) found.push('an error leads to nothing: ' + link.hash);
    else if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && target.checkVisibility()) {
      const beside = [...document.querySelectorAll('main .form-error-message')];
      if (target.closest('.form-error') && !beside.some((one) => one.textContent === link.textContent))
        found.push('nothing beside the field: ' + link.textContent);
    }
  }
  for (const field of document.querySelectorAll('[aria-invalid=true]'))
    if (!summary) found.push('an error that the top does not say: ' + field.id);
  return found;
})()`;
