/** Two runs of one rollout: both in one picture over the time since each began, and in a table. */
import {LitElement, html, nothing} from 'lit';
import {ask, pathOf} from './api.js';
import {exactly, lasting} from './time.js';
import {spentWords} from './spent.js';
import {percent, short, sign} from './words.js';
import {plot} from './plot.js';

/** Read at once, each page of so many; further back only where somebody asks for it. */
const MOST_PAGES = 20;
const WORDS = {Promoted: 'promoted', RolledBack: 'taken back', PromotionFailed: 'the promotion failed', Rejected: 'refused', Terminated: 'the Canary was deleted', Left: 'another installation claimed it', Restarted: 'the next run took over'};

/**
 * More of a run than is known already: {events, more}, the oldest event first; more is how to look
 * further back, and empty where there is nothing.
 */
async function read(rollout, run, known) {
  let {events, more} = known;
  for (let page = 0; page < MOST_PAGES; page++) {
    const {body} = await ask(`${pathOf(rollout)}/events?${new URLSearchParams({run, limit: 500, ...(more ? {continue: more} : {})})}`);
    events = [...body.events.reverse(), ...events];
    more = body.continue ?? '';
    if (!more) break;
  }
  return {events, more};
}

const seconds = (it) => Date.parse(it.at) / 1000;
const valueOf = (it) => it.comparison?.canaryMean ?? it.value ?? it.report?.p99Millis ?? null;
const WORST = ['PASS', 'INCONCLUSIVE', 'FAIL'];

/** How a run went, in short; goesOn where no other can have begun since. */
export function summary(events, goesOn) {
  const first = events[0], last = events.findLast((it) => it.type in WORDS);
  const failed = events.filter((it) => it.type === 'CheckFailed').length;
  return {
    revision: first.revision || events.findLast((it) => it.revision)?.revision || '',
    began: first.at,
    whole: first.sequence === 1,
    took: last && first.sequence === 1 ? Date.parse(last.at) - Date.parse(first.at) : null,
    end: last ? WORDS[last.type] : goesOn ? 'it goes on' : 'not known',
    failed,
    most: Math.max(...events.map((it) => it.canaryWeight)),
  };
}

/** Of each metric at each weight: the mean of what was measured, and the worst verdict. */
export function steps(events) {
  const found = new Map();
  for (const event of events) {
    for (const it of event.evidence) {
      const value = valueOf(it);
      const key = JSON.stringify([event.canaryWeight, it.check]);
      const step = found.get(key) ?? {sum: 0, count: 0, verdict: 'PASS'};
      if (typeof value === 'number') {
        step.sum += value;
        step.count++;
      }
      if (WORST.indexOf(it.verdict) > WORST.indexOf(step.verdict)) step.verdict = it.verdict;
      found.set(key, step);
    }
  }
  return found;
}

class SerinusCompare extends LitElement {
  static properties = {rollout: {attribute: false}, run: {attribute: false}, events: {attribute: false}, other: {attribute: false}, current: {attribute: false}, format: {attribute: false}, found: {state: true}, more: {state: true}, reading: {state: true}, problem: {state: true}};

  #of = '';
  #plots = [];
  #drawn = null;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('serinus-theme', this.#redraw);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('serinus-theme', this.#redraw);
    this.#clear();
  }

  willUpdate() {
    const of = `${pathOf(this.rollout)} ${this.other}`;
    if (of === this.#of) return;
    this.#of = of;
    this.found = null;
    this.more = '';
    this.problem = '';
    this.#read({events: [], more: ''});
  }

  async #read(known) {
    const of = this.#of;
    this.reading = true;
    this.problem = '';
    try {
      const {events, more} = await read(this.rollout, this.other, known);
      if (of !== this.#of) return;
      this.found = events;
      this.more = more;
    } catch (refused) {
      if (of !== this.#of) return;
      this.problem = refused.message;
    }
    this.reading = false;
  }

  /** Where nobody looked further back nothing is said of what lies there. */
  #further() {
    return this.more ? html`<p class="note" role="status">It was looked back so far, and there is more before that. <button class="small further" ?disabled=${this.reading}
      @click=${() => this.#read({events: this.found, more: this.more})}>${this.reading ? 'Reading…' : 'Look further back'}</button></p>
      ${this.problem ? html`<p class="empty" role="alert">${this.problem}</p>` : nothing}` : nothing;
  }

  render() {
    if (!this.found) return this.problem ? html`<p class="empty" role="alert">${this.problem}</p>` : html`<p class="empty" role="status">Run ${this.other} is read back…</p>`;
    if (this.found.length === 0) return this.more ? html`<p class="empty">Nothing of run ${this.other} was found yet.</p>${this.#further()}`
      : html`<p class="empty" role="status">Nothing is kept of run ${this.other} any more.</p>`;
    const one = {...summary(this.events, this.run === this.current), cut: 'what was before is not shown'};
    const other = {...summary(this.found, false), cut: this.more ? 'what was before was not read yet' : 'what was before is kept no longer'};
    const metrics = this.#metrics();
    return html`${this.#further()}
      <p class="legend"><span class="key line-canary"></span>run ${this.run} <span class="key line-primary"></span>run ${this.other}, each since it began</p>
      <div class="plots">
        <h3>Weight of the canary</h3><div class="compared" data-weight role="img" aria-label="Weight of the canary in both runs; the table below tells how they went"></div>
        ${metrics.map((it) => html`<h3>${it}</h3><div class="compared" data-of=${it} role="img" aria-label="${it} in both runs; the table below has its values at each weight"></div>`)}
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label="Both runs"><table class="list">
        <thead><tr><th scope="col">Of</th><th scope="col">Run ${this.run}</th><th scope="col">Run ${this.other}</th></tr></thead>
        <tbody>
          ${this.#row('Revision', one, other, (it) => html`<span class="mono">${short(it.revision) || '–'}</span>`)}
          ${this.#row('Began', one, other, (it) => html`${exactly(it.began)}${it.whole ? nothing : html`<span class="where">${it.cut}</span>`}`)}
          ${this.#row('How it ended', one, other, (it) => it.end)}
          ${this.#row('Took', one, other, (it) => it.took === null ? '–' : lasting(it.took, true))}
          <tr><th scope="row">Spent on</th><td>${spentWords(this.events, false)}</td><td>${spentWords(this.found, false)}</td></tr>
          ${this.#row('Failed checks', one, other, (it) => it.failed)}
          ${this.#row('Most traffic', one, other, (it) => percent(it.most))}
          ${this.#steps()}
        </tbody>
      </table></div>`;
  }

  #row(word, one, other, cell) {
    return html`<tr><th scope="row">${word}</th><td>${cell(one)}</td><td>${cell(other)}</td></tr>`;
  }

  #steps() {
    const one = steps(this.events), other = steps(this.found);
    const keys = [...new Set([...one.keys(), ...other.keys()])].map((it) => JSON.parse(it));
    keys.sort((a, b) => a[0] - b[0] || a[1].localeCompare(b[1]));
    const cell = (step) => step
      ? html`${sign({PASS: 'tick', FAIL: 'cross'}[step.verdict] ?? 'hand')} <span class="mono">${step.count ? this.format(step.sum / step.count) : '–'}</span> <span class="note">${step.verdict.toLowerCase()}</span>`
      : html`<span class="note">–</span>`;
    return keys.map((key) => html`<tr><th scope="row">${key[1]} at ${percent(key[0])}</th><td>${cell(one.get(JSON.stringify(key)))}</td><td>${cell(other.get(JSON.stringify(key)))}</td></tr>`);
  }

  #metrics() {
    return [...new Set([...this.events, ...this.found].flatMap((it) => it.evidence.filter((each) => typeof valueOf(each) === 'number').map((each) => each.check)))];
  }

  updated() {
    const drawn = this.found?.length ? [this.events, this.found] : null;
    if (!drawn || (this.#drawn?.[0] === drawn[0] && this.#drawn?.[1] === drawn[1])) return;
    this.#clear();
    this.#drawn = drawn;
    for (const element of this.querySelectorAll('.compared')) this.#draw(element);
  }

  #redraw = () => {
    this.#drawn = null;
    this.requestUpdate();
  };

  #clear() {
    for (const each of this.#plots) each();
    this.#plots = [];
  }

  #draw(element) {
    const of = element.dataset.of;
    const runs = [this.events, this.found].map((events) => {
      const began = seconds(events[0]);
      const points = new Map();
      for (const it of events) {
        const value = of === undefined ? it.canaryWeight : valueOf(it.evidence.find((each) => each.check === of) ?? {});
        if (typeof value === 'number') points.set(seconds(it) - began, value);
      }
      return points;
    });
    const longest = Math.max(1, ...[this.events, this.found].map((events) => seconds(events.at(-1)) - seconds(events[0])));
    const times = [...new Set(runs.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b);
    const last = [...this.events, ...this.found].flatMap((it) => it.evidence).findLast((it) => it.check === of) ?? {};
    this.#plots.push(plot(element, {
      times, span: [-longest * 0.01, longest * 1.02], elapsed: true, events: [], pointed: () => {},
      min: last.min, max: last.max, range: of === undefined ? [0, 100] : undefined, height: of === undefined ? 150 : 110,
      format: of === undefined ? (it) => `${it} %` : (it) => this.format(it),
      series: [['canary', this.run], ['primary', this.other]].map(([tone, run], at) => ({
        name: `run ${run}`, tone, stepped: of === undefined, points: of !== undefined, values: times.map((time) => runs[at].get(time) ?? null)})),
    }));
  }
}
customElements.define('serinus-compare', SerinusCompare);
