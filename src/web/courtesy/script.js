// @ts-check
// The one client script: a courtesy. Without it every page works, and nothing on it stands dead.
{
  const words = document.currentScript?.dataset ?? {};

  // Passwords can be looked at. The button is made here, and they are hidden again before they leave.
  /** @type {NodeListOf<HTMLInputElement>} */
  const passwords = document.querySelectorAll('input[type=password]');
  /** @param {HTMLInputElement} input @param {HTMLButtonElement} button @param {boolean} isShown */
  const show = (input, button, isShown) => {
    input.type = isShown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(isShown));
  };
  for (const input of passwords) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button-unstyled noegle-show';
    button.textContent = words['showPassword'] ?? '';
    button.setAttribute('aria-controls', input.id);
    show(input, button, false);
    button.addEventListener('click', () => show(input, button, input.type === 'password'));
    input.form?.addEventListener('submit', () => show(input, button, false));
    input.after(button);
  }

  // Browsers that know `autofocus` on a summary have been there already.
  const summary = document.querySelector('.noegle-errors');
  if (summary instanceof HTMLElement) summary.focus();

  // A second click does nothing. The first one's own button is sent, so it is disabled only afterwards; and enabled
  // again when the page is come back to, or has stayed because the answer was a file.
  /** @param {HTMLFormElement} form @param {boolean} isSent */
  const mark = (form, isSent) => {
    form.toggleAttribute('data-sent', isSent);
    /** @type {NodeListOf<HTMLButtonElement>} */
    const buttons = form.querySelectorAll('button:not([type=button])');
    for (const button of buttons) button.disabled = isSent;
  };
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (form.hasAttribute('data-sent')) return event.preventDefault();
    form.setAttribute('data-sent', '');
    setTimeout(() => mark(form, true));
    setTimeout(() => mark(form, false), 8000);
  });
  addEventListener('pageshow', () => {
    for (const form of document.forms) mark(form, false);
  });

  // Whoever is signed out when idle is told two minutes before, and may stay. Other tabs are the same session.
  const dialog = document.querySelector('dialog[data-idle-minutes]');
  if (dialog instanceof HTMLDialogElement) {
    const { idleMinutes, stayAt = '' } = dialog.dataset;
    /** @param {string} name @returns {HTMLElement | null} */
    const part = (name) => dialog.querySelector(`[data-part=${name}]`);
    const told = part('told');
    const tabs = new BroadcastChannel(`noegle ${stayAt}`);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
    const tellTabs = () => tabs.postMessage('used');
    let usedAt = Date.now();
    let isLastMinute = false;
    const isOver = () => part('soon')?.hidden === true;

    /** @param {string} word */
    const tell = (word) => {
      const text = told?.dataset[word] ?? '';
      if (told && told.textContent !== text) told.textContent = text;
    };
    const used = () => {
      usedAt = Date.now();
      isLastMinute = false;
      tell('nothing');
      if (!isOver() && dialog.open) dialog.close();
    };
    const end = () => {
      part('soon')?.toggleAttribute('hidden', true);
      part('over')?.toggleAttribute('hidden', false);
      tell('nothing');
      dialog.querySelector('a')?.setAttribute('href', location.pathname);
      if (!dialog.open) dialog.showModal();
      dialog.querySelector('a')?.focus();
    };
    // A page of the same site is asked for, as any click would: the answer says whether there still is a session.
    const stay = async () => {
      try {
        const answer = await fetch(stayAt, { redirect: 'manual', cache: 'no-store' });
        if (!answer.ok) return end();
        used();
        tellTabs();
      } catch {
        tell('failed');
      }
    };
    const look = () => {
      const left = Number(idleMinutes) * 60_000 - (Date.now() - usedAt);
      if (isOver() || left > 120_000) return;
      if (left <= 0) return end();
      if (!dialog.open) dialog.showModal();
      if (left > 60_000 || isLastMinute) return;
      isLastMinute = true;
      tell('oneMinute');
    };
    dialog.querySelector('button')?.addEventListener('click', () => void stay());
    // Escape: somebody is there.
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      if (!isOver()) void stay();
    });
    tabs.addEventListener('message', used);
    tellTabs();
    setInterval(look, 1000);
    document.addEventListener('visibilitychange', look);
  }
}
