/** Times in the reader's zone: how long ago, and exactly when somebody points at it. */

const exact = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'medium'});
const clock = new Intl.DateTimeFormat(undefined, {timeStyle: 'medium'});
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const exactly = (at) => `${exact.format(new Date(at))} (${zone})`;
export const clockTime = (at) => clock.format(new Date(at));

/** 45 s, 3 min, 2 h, 3 d; or closer, 3 min 10 s, 2 h 5 min. */
export function lasting(milliseconds, closer = false) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const of = (large, word, small, rest) => `${large} ${word}${closer && rest ? ` ${rest} ${small}` : ''}`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return of(Math.floor(seconds / 60), 'min', 's', seconds % 60);
  if (seconds < 86_400) return of(Math.floor(seconds / 3600), 'h', 'min', Math.floor((seconds % 3600) / 60));
  return of(Math.floor(seconds / 86_400), 'd', 'h', Math.floor((seconds % 86_400) / 3600));
}

const shown = new Set();
setInterval(() => {
  for (const each of shown) each.tick();
}, 1000);

/** <serinus-time at="…" until>: counts by itself, so that nothing around it is drawn again. */
class SerinusTime extends HTMLElement {
  static observedAttributes = ['at', 'until'];
  #text = '';

  connectedCallback() {
    shown.add(this);
    this.tick();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  attributeChangedCallback() {
    this.#text = '';
    if (this.isConnected) this.tick();
  }

  tick() {
    const at = this.getAttribute('at');
    if (!at) {
      if (this.textContent) this.textContent = '';
      return;
    }
    const time = Date.parse(at);
    const away = time - Date.now();
    const text = this.hasAttribute('until')
      ? (away >= 0 ? `in ${lasting(away, away < 600_000)}` : `${lasting(-away)} late`)
      : (away > 0 ? 'now' : `${lasting(-away)} ago`);
    if (text === this.#text) return;
    this.#text = text;
    let element = this.firstElementChild;
    if (!element) {
      element = document.createElement('time');
      this.append(element);
    }
    element.dateTime = at;
    element.title = exactly(time);
    element.textContent = text;
  }
}
customElements.define('serinus-time', SerinusTime);
