// @ts-check
// The one client script, as progressive enhancement: without it every page works, with no dead controls.
{
  const words = document.currentScript?.dataset ?? {};

  // The time at which a browser was sent here is not needed after its cookie has arrived
  // (domain/errors/cookieProbe.ts).
  if (
    location.pathname !== '/auth' &&
    /[?&]at=/.test(location.search) &&
    !document.querySelector('[data-page=trouble]')
  ) {
    history.replaceState(history.state, '', location.pathname);
  }

  // The first page has the URL that began its request: reloading that would begin another request.
  const first = document.querySelector('form[method=post]');
  if (location.pathname === '/auth' && first instanceof HTMLFormElement) {
    const { origin, pathname, search } = new URL(first.action);
    if (origin === location.origin && pathname.startsWith('/login/')) {
      history.replaceState(history.state, '', pathname + search);
    }
  }

  // Lets passwords be shown. The button is created here, and passwords are hidden again before they are sent.
  /** @type {NodeListOf<HTMLInputElement>} */
  const passwords = document.querySelectorAll('input[type=password]');
  /** @param {HTMLInputElement} input @param {HTMLButtonElement} button @param {boolean} isShown */
  const show = (input, button, isShown) => {
    input.type = isShown ? 'text' : 'password';
    button.textContent = words[isShown ? 'hidePassword' : 'showPassword'] ?? '';
  };
  for (const input of passwords) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button-secondary noegle-show';
    button.setAttribute('aria-controls', input.id);
    show(input, button, false);
    button.addEventListener('click', () => show(input, button, input.type === 'password'));
    input.form?.addEventListener('submit', () => show(input, button, false));
    // Caps Lock is announced politely while it is on. The hint stays when the field is left: the button below it
    // must not move under the pointer.
    const hint = document.createElement('p');
    hint.className = 'noegle-caps';
    hint.setAttribute('role', 'status');
    for (const kind of /** @type {const} */ (['keydown', 'keyup']))
      input.addEventListener(kind, (event) => {
        const text = event.getModifierState?.('CapsLock') ? (words['capsLock'] ?? '') : '';
        if (hint.textContent !== text) hint.textContent = text;
      });
    input.after(hint, button);
  }

  // Browsers that support `autofocus` on a summary have already focused it.
  const summary = document.querySelector('.noegle-errors');
  if (summary instanceof HTMLElement) summary.focus();

  // Ignores a second click. The first click's own button is sent, so buttons are disabled only afterwards;
  // they are enabled again when the person returns to the page, or when it stayed because the response was a
  // file.
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

  // Removes pages from the screen when their time is over. On a page with a session a warning is shown two
  // minutes before, and the person may stay; the server is asked before and at the end, because other tabs
  // may have kept the session. A page with a form and no session is kept by using the page itself, and
  // emptied. Times are wall-clock times: timers stop while a computer sleeps.
  const WARNED_MS = 120_000;
  const main = document.querySelector('main');
  const tabs = new BroadcastChannel('noegle');
  /** @param {string} word */
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  const tellTabs = (word) => tabs.postMessage(word);
  // A page that shows that someone is signed out: open pages of the session then check their session.
  if (/(signed|logged|timed)-out|no-session/.test(main?.dataset['page'] ?? '')) tellTabs('look');
  // What was sent before now has been answered. A browser that blocks storage throws here.
  /** @param {string} [value] */
  const answeredAt = (value) => {
    try {
      if (value) sessionStorage.setItem('noegle answered', value);
      return Number(sessionStorage.getItem('noegle answered'));
    } catch {
      return Infinity;
    }
  };
  answeredAt(String(Date.now()));

  /** @type {HTMLTemplateElement | null} */
  const template = document.querySelector('template[data-idle]');
  const laidOut = template ? document.importNode(template.content, true) : document;
  const dialog = laidOut.querySelector('dialog[data-idle-minutes]');
  if (dialog instanceof HTMLDialogElement && main) {
    const { idleMinutes, stayAt, of, over: overTitle = '' } = dialog.dataset;
    const usedWord = `used ${stayAt} ${of}`;
    const lastsMs = Number(idleMinutes) * 60_000;
    /** @param {string} name @returns {HTMLElement | null} */
    const part = (name) => dialog.querySelector(`[data-part=${name}]`);
    const told = part('told');
    let endsAt = Date.now() + lastsMs;
    let sentAt = Infinity;
    let keptAt = 0;
    let isOver = false;
    let isAsking = false;
    let isLastMinute = false;

    /** @param {string} word */
    const tell = (word) => {
      const text = told?.dataset[word] ?? '';
      if (told && told.textContent !== text) told.textContent = text;
    };
    const used = (until = Date.now() + lastsMs) => {
      endsAt = until;
      isLastMinute = false;
      tell('nothing');
      if (!isOver && dialog.open) dialog.close();
      if (template) dialog.remove();
    };
    const warn = () => {
      if (!dialog.isConnected) document.body.append(dialog);
      if (!dialog.open) dialog.showModal();
    };
    // Emptied first, so that nothing stays where no server can be reached; then replaced, if one can.
    const end = () => {
      if (isOver) return;
      isOver = true;
      const { pathname } = location;
      const over = part('over');
      over?.querySelector('a')?.setAttribute('href', pathname);
      const heading = document.createElement('h1');
      heading.textContent = over?.querySelector('h2')?.textContent ?? '';
      over?.querySelector('h2')?.replaceWith(heading);
      main.replaceChildren(...(over?.childNodes ?? []));
      main.hidden = false;
      main.dataset['page'] = 'emptied';
      dialog.remove();
      document.querySelector('.noegle-head [lang]')?.remove();
      document.title = overTitle;
      main.querySelector('a')?.focus();
      const signedOut = `${stayAt}/timed-out?to=${encodeURIComponent(pathname)}`;
      // The URL may contain what was searched for.
      history.replaceState(null, '', stayAt ? signedOut : pathname);
      if (!stayAt) return;
      fetch(signedOut, { cache: 'no-store' }).then(
        ({ ok }) => ok && location.replace(signedOut),
        () => {},
      );
    };
    // The seconds that the session has left, without extending it; null where they are unknown.
    const timeLeft = async () => {
      try {
        const options = {
          redirect: /** @type {const} */ ('manual'),
          cache: /** @type {const} */ ('no-store'),
        };
        const answer = await fetch(`${stayAt}/time-left?of=${of}`, {
          ...options,
          signal: AbortSignal.timeout(5000),
        });
        const text = answer.ok ? await answer.text() : '';
        return /^\d+$/.test(text) ? Number(text) : null;
      } catch {
        return null;
      }
    };
    /** @returns {Promise<boolean>} whether the server knows */
    const ask = async () => {
      if (isAsking || !stayAt) return true;
      isAsking = true;
      const seconds = await timeLeft();
      isAsking = false;
      if (seconds === null) return false;
      endsAt = Date.now() + seconds * 1000;
      if (seconds === 0) end();
      return true;
    };
    // Requests a page of the same site, as any click would: a redirect or a refusal means that the page has
    // no session here. First checks whether it is still this page's session. A network error proves nothing,
    // and can be retried.
    const stay = async () => {
      if (!stayAt) return used();
      if ((await timeLeft()) === 0) return end();
      try {
        const { ok, type, status } = await fetch(stayAt, { redirect: 'manual', cache: 'no-store' });
        if (type === 'opaqueredirect' || status === 401 || status === 403) return end();
        if (!ok) return tell('failed');
        used();
        tellTabs(usedWord);
      } catch {
        tell('failed');
      }
    };
    const look = async () => {
      if (isOver || isAsking || endsAt - Date.now() > WARNED_MS) return;
      const isLate = Date.now() >= endsAt;
      // Hidden while the server is asked: another person may be at the screen.
      main.hidden = isLate;
      if (isLate || !dialog.open) await ask();
      const left = endsAt - Date.now();
      if (left <= 0) return end();
      main.hidden = false;
      if (left > WARNED_MS) return used(endsAt);
      warn();
      if (left > 60_000 || isLastMinute) return;
      isLastMinute = true;
      tell('oneMinute');
    };
    dialog.querySelector('button')?.addEventListener('click', () => void stay());
    // Escape: someone is there. A second one cannot be prevented, so closing counts too.
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      void stay();
    });
    dialog.addEventListener('close', () => {
      if (!isOver && endsAt - Date.now() <= WARNED_MS) void stay();
    });
    if (!stayAt) {
      const isUse = () => Date.now() < endsAt && !dialog.open && used();
      for (const kind of ['input', 'keydown', 'pointerdown', 'wheel'])
        addEventListener(kind, isUse, { passive: true });
    } else {
      // A person who types is there: reported to the server from half the time on, once a minute.
      addEventListener('input', () => {
        const now = Date.now();
        if (isOver || endsAt - now > lastsMs / 2 || now - keptAt < 60_000) return;
        keptAt = now;
        void stay();
      });
    }
    tabs.addEventListener('message', ({ data }) => {
      if (data === usedWord) used();
      // Signed out, or a tab of another session: this browser's session may no longer be this page's.
      else void ask();
    });
    if (stayAt) tellTabs(usedWord);
    setInterval(() => void look(), 1000);
    addEventListener('focus', () => void look());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void ask().then(look);
    });

    // The page may be restored from the back-forward cache when its session has ended or its form was
    // answered.
    document.addEventListener('submit', () => (sentAt = Date.now()));
    addEventListener('pagehide', ({ persisted }) => (main.hidden = persisted));
    addEventListener('pageshow', ({ persisted }) => {
      if (!persisted) return;
      if (dialog.dataset['judged'] !== undefined && sentAt < Infinity) return location.reload();
      void ask().then((isKnown) => {
        if (!isKnown) return end();
        // Answered: what was typed must not be visible to the next person who goes back.
        if (answeredAt() > sentAt) for (const form of document.forms) form.reset();
        main.hidden = false;
        return look();
      });
    });
  }
}
