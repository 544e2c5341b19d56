/** Whether Serinus itself is well, in one line: what lies before it, what is shown late, who is not heard, what was set aside. */
import {LitElement, html, nothing} from 'lit';
import {ask, onLogin} from './api.js';

const BETWEEN = 30_000;
const LETTERS_BETWEEN = 300_000;
const DAY = 86_400_000;
const MANY = 100;

const records = (number, otherwise) => (number === null ? 'not known' : number === 0 ? otherwise : `${number.toLocaleString()} ${number === 1 ? 'record' : 'records'}`);

/** The last look at the dead letters of a day: one reads Kafka, so it is kept however often somebody comes back to the page. */
let looked = null;
onLogin(() => (looked = null));

function look() {
  if (!looked || Date.now() > looked.at + LETTERS_BETWEEN) looked = {at: Date.now(), letters: lettersOfADay()};
  return looked;
}

/** Null where they cannot be told now. */
async function lettersOfADay() {
  try {
    const since = new Date(Date.now() - DAY).toISOString();
    const {body} = await ask(`/api/v1/dead-letters?${new URLSearchParams({since, limit: MANY})}`);
    return {count: body.count, more: Boolean(body.continue)};
  } catch {
    return null;
  }
}

class SerinusHub extends LitElement {
  static properties = {hub: {state: true}, letters: {state: true}};

  #asking = 0;
  #forget = null;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.hub = null;
    this.letters = null;
    this.#asking = setInterval(this.#ask, BETWEEN);
    this.#forget = onLogin(this.#anew);
    this.#anew();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#asking);
    this.#forget();
  }

  #anew = () => {
    this.letters = null;
    this.#ask();
  };

  #ask = async () => {
    if (document.hidden) return;
    try {
      this.hub = (await ask('/api/v1/hub')).body;
    } catch {
      this.hub = null; // the page says already that the hub does not answer
    }
    const mine = look();
    const letters = await mine.letters;
    if (mine === looked) this.letters = letters;
  };

  render() {
    const {hub, letters} = this;
    if (!hub) return nothing;
    const silent = hub.silentClusters.length;
    return html`<section aria-label="Serinus itself"><dl class="facts strip">
      <div><dt>Decisions</dt><dd>${hub.ready ? `are taken${hub.waitsFor ? `; not ready: ${hub.waitsFor}` : ''}` : html`<strong class="bad">none: ${hub.waitsFor}</strong>`}</dd></div>
      <div><dt>Not decided upon yet</dt><dd>${records(hub.inputsBehind, 'nothing waits')}</dd></div>
      <div><dt>Not shown yet</dt><dd>${records(hub.viewBehind, 'all is shown')}</dd></div>
      <div><dt>Clusters</dt><dd>${silent ? html`<strong class="bad">nothing comes from ${hub.silentClusters.join(', ')}</strong>`
        : hub.silenceKnown ? `${hub.clusters} heard, none silent` : 'not known whether one is silent'}${
        hub.unknownClusters?.length ? `; not known of ${hub.unknownClusters.join(', ')}` : ''}</dd></div>
      <div><dt><a href="#/dead-letters">Dead letters</a> of a day</dt><dd>${letters === null ? 'not known' : `${letters.count}${letters.more ? ' and more' : ''}`}</dd></div>
    </dl></section>`;
  }
}
customElements.define('serinus-hub', SerinusHub);
