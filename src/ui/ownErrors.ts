/**
 * Errors are shown in our own summary, in the language of the page. A browser that validates a form speaks
 * its own language, and what it says is gone in a moment. So no form of ours is validated by the browser,
 * without each having to say so; `required` stays, for what reads the page aloud.
 */
import { options } from 'preact';

options.vnode = (vnode) => {
  if (vnode.type === 'form') Object.assign(vnode.props, { novalidate: true });
};
