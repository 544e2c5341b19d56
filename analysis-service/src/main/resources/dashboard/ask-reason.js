/** One dialog for what is done once and has an answer of its own: what it will do, why, and what became of it. */
import {LitElement, html, nothing} from 'lit';

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

class SerinusAsk extends LitElement {
  static properties = {what: {state: true}, state: {state: true}, words: {state: true}};

  #from = null;
  #over = () => {};
  #stale = false;

  constructor() {
    super();
    this.state = 'closed';
  }

  createRenderRoot() {
    return this;
  }

  /** Answers, once it is closed, whether what is shown may be otherwise by now: it was done, maybe done, or somebody else was first. */
  open(what) {
    this.#from = document.activeElement;
    this.what = what;
    this.words = '';
    this.#stale = false;
    this.state = 'asking';
    return new Promise((over) => (this.#over = over));
  }

  updated() {
    const dialog = this.querySelector('dialog');
    if (dialog && !dialog.open && this.state !== 'closed') {
      dialog.showModal();
      dialog.querySelector('input').focus();
    }
    if (this.state === 'done' || this.state === 'refused') dialog?.querySelector('.close').focus();
  }

  render() {
    if (this.state === 'closed') return nothing;
    const {what, state} = this;
    const open = state === 'asking' || state === 'sent';
    return html`<dialog class="act" aria-labelledby="ask-title" @close=${this.#closed}>
      <form @submit=${this.#send}>
        <h2 id="ask-title">${what.title}</h2>
        <p class="note">${what.about}</p>
        <p class="effect">${what.effect}</p>
        ${open ? html`<label>Reason <input name="reason" maxlength=${what.longest} autocomplete="off" ?readonly=${state !== 'asking'} placeholder="optional"></label>` : nothing}
        <p class="result ${state}" role="status">${this.words}</p>
        <div class="buttons">
          <button type="button" class="close" @click=${() => this.querySelector('dialog').close()}>${state === 'asking' ? 'Cancel' : 'Close'}</button>
          ${open ? html`<button class="main ${what.danger ? 'danger' : ''}" ?disabled=${state === 'sent'}>${state === 'sent' ? 'Waiting for the answer…' : what.label}</button>` : nothing}
        </div>
      </form>
    </dialog>`;
  }

  #send = async (event) => {
    event.preventDefault();
    if (this.state !== 'asking') return;
    const {what} = this;
    const reason = new FormData(event.target).get('reason').trim();
    const left = () => this.state !== 'sent' || what !== this.what;
    this.state = 'sent';
    try {
      const words = await what.send(reason);
      if (left()) return;
      this.state = 'done';
      this.words = words;
    } catch (refused) {
      if (left()) return;
      const known = refused.status >= 400 && refused.status < 500;
      this.state = known ? 'refused' : 'unknown';
      this.#stale = !known || CHANGED.has(refused.status);
      this.words = known ? `Refused: ${refused.message}.` : `It is not known whether it was done: ${refused.message}. Look again.`;
    }
  };

  #closed = () => {
    const changed = this.state === 'done' || this.#stale;
    this.state = 'closed';
    this.#from?.focus?.();
    this.#over(changed);
  };
}
customElements.define('serinus-ask', SerinusAsk);
