/** One dialog for what is done once and has an answer of its own. */
import {ReasonDialog} from './reason-dialog.js';

/** Refused since it is not as it was when it was shown: gone, or turned by somebody else. */
const CHANGED = new Set([404, 409, 412]);

/**
 * Opens it.
 *
 * what: {title, about, effect, label, danger, longest, send}; send(reason) answers what became of it, in words.
 */
export function askReason(what) {
  return document.querySelector('serinus-ask').open(what);
}

class SerinusAsk extends ReasonDialog {
  #what = null;
  #over = () => {};
  #stale = false;

  /** Answers, once it is closed, whether what is shown may be otherwise by now: it was done, maybe done, or somebody else was first. */
  open(what) {
    this.#what = what;
    this.#stale = false;
    this.begin();
    return new Promise((over) => (this.#over = over));
  }

  asks() {
    return {...this.#what, reason: 'Reason', sent: 'Waiting for the answer…'};
  }

  attempt(reason) {
    return this.#what.send(reason);
  }

  failed(refused) {
    const known = refused.status >= 400 && refused.status < 500;
    this.#stale = !known || CHANGED.has(refused.status);
    return known ? {state: 'refused', words: `Refused: ${refused.message}.`}
      : {state: 'unknown', words: `It is not known whether it was done: ${refused.message}. Look again.`};
  }

  ended(before) {
    this.#over(before === 'done' || this.#stale);
  }
}
customElements.define('serinus-ask', SerinusAsk);
