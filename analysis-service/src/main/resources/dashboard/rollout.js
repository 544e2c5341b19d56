/** One rollout: what it waits for, what comes next, and how it came to be where it is. */
import {LitElement, html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {ask, onLogin, pathOf} from './api.js';
import {Stream} from './stream.js';
import {attentionOf} from './fleet-data.js';
import {act} from './act.js';
import {ACTIONS, PHASES, badge, effectOf, endsWait, percent, sentence, short, shortImages, sign, traffic} from './words.js';
import {clockTime} from './time.js';
import {spentWords} from './spent.js';
import {plot} from './plot.js';
import {lanes} from './lanes.js';
import {alertsOf, asEvent, isLost, table, told} from './alerts.js';
import './compare.js';

const BAD = new Set(['CheckFailed', 'RollingBack', 'RolledBack', 'PromotionFailed', 'InitializationFailed', 'Rejected', 'ActionRefused']);
const GOOD = new Set(['StepPassed', 'Promoted', 'GateOpened', 'Initialized']);
const SIGNS = {CheckFailed: 'cross', RolledBack: 'turn', RollingBack: 'turn', WeightShifted: 'up', StepPassed: 'tick', Promoted: 'tick', GateClosed: 'hand', Held: 'hand', Paused: 'hand', Suspended: 'hand', Started: 'play', Resumed: 'play'};

const MOST_EVENTS = 500;

/** An alert is told some moments after what it is about, and one that nobody takes is tried for a while. */
const ALERTS_AFTER = 5_000, ALERTS_AGAIN = 60_000;
/** How often pictures of what waits for people go on to now. */
const NOW_AGAIN = 30_000;
const NO_ALERTS = {run: null, list: [], whole: true, problem: ''};

/** Runs that may be compared: those before it, the latest first. */
const earlier = (run) => Array.from({length: Math.max(0, Math.min(20, run - 1))}, (_, at) => run - 1 - at);

const number = (value) => value === null || value === undefined ? '–' : typeof value !== 'number' ? String(value) : Math.abs(value) >= 1000 || (value !== 0 && Math.abs(value) < 0.001)
  ? value.toPrecision(4) : String(Number(value.toFixed(4)));

/** What is plotted of a check: of a test that a webhook ran, its p99 in milliseconds. */
const found = (it) => it.value ?? it.report?.p99Millis ?? null;

/** A test passed where its program says so, and none of its requests failed; a webhook's yes alone, as to one in the background, says nothing of it. */
export const signOf = (event) => {
  if (event.type !== 'TestReported') return SIGNS[event.type] ?? 'dot';
  const reports = event.evidence.map((it) => it.report ?? {});
  if (reports.some((it) => (it.exit ?? 0) !== 0)) return 'cross';
  return reports.some((it) => it.exit === 0) && reports.every((it) => !it.errors) ? 'tick' : 'dot';
};

const LOOK = {
  toneOf: (it) => it.alert ? (isLost(it.alert) ? 'bad' : it.alert.severity === 'error' ? 'person' : 'plain') : BAD.has(it.type) ? 'bad' : GOOD.has(it.type) ? 'good' : it.actor !== 'serinus' ? 'person' : 'plain',
  signOf: (it) => it.alert ? (isLost(it.alert) ? 'cross' : 'bell') : it.actor !== 'serinus' ? 'person' : signOf(it),
};

export const words = (type) => type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().replace(/^./, (it) => it.toUpperCase());

class SerinusRollout extends LitElement {
  static properties = {cluster: {}, namespace: {}, name: {}, rollout: {state: true}, history: {state: true}, allowed: {state: true},
    problem: {state: true}, alerts: {state: true}, run: {state: true}, other: {state: true}, pointed: {state: true}, connection: {state: true}};

  #stream = null;
  #of = '';
  #plots = [];
  #drawn = '';
  #next = null;
  #found = null;
  #forget = null;
  #alertsFor = '';
  #alertsLater = 0;
  #goesOn = 0;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('serinus-theme', this.#redraw);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.#redraw);
    this.#forget = onLogin(() => this.#anew());
    this.#goesOn = setInterval(() => document.hidden || !this.#waited() || this.requestUpdate(), NOW_AGAIN);
    this.#anew();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
    removeEventListener('serinus-theme', this.#redraw);
    matchMedia('(prefers-color-scheme: dark)').removeEventListener('change', this.#redraw);
    this.#stream?.close();
    clearInterval(this.#goesOn);
    clearTimeout(this.#alertsLater);
    this.#alertsLater = 0;
    this.#clear();
  }

  #anew() {
    this.#of = '';
    this.requestUpdate();
  }

  willUpdate() {
    const of = `${this.cluster}/${this.namespace}/${this.name}`;
    if (of === this.#of) return;
    this.#of = of;
    this.#stream?.close();
    Object.assign(this, {rollout: null, history: [], allowed: [], alerts: NO_ALERTS, problem: null, run: null, other: null, pointed: null});
    this.#next = null;
    this.#found = null;
    this.#alertsFor = '';
    this.#connected({live: false});
    document.title = `${this.name} · Serinus`;
    const query = new URLSearchParams({cluster: this.cluster, namespace: this.namespace, name: this.name});
    this.#stream = new Stream(query, (type, data) => this.#take(type, data), (connection) => {
      this.#connected(connection);
      if (connection.live) this.#rights();
    });
  }

  /** The frame says whether what is seen is current; this page has a connection of its own. */
  #connected(connection) {
    this.connection = connection;
    this.dispatchEvent(new CustomEvent('connection', {bubbles: true, detail: connection}));
  }

  /** What the rules let this caller do; the stream tells what makes sense. */
  async #rights() {
    const of = this.#stream;
    try {
      const {body} = await ask(pathOf(this));
      if (of !== this.#stream) return;
      this.allowed = body.allowedActions;
      this.problem = null;
    } catch (refused) {
      if (of !== this.#stream) return;
      this.problem = refused.status === 404 ? `No rollout ${this.cluster}/${this.namespace}/${this.name} is known, or you may not see it.` : refused.message;
    }
  }

  #take(type, data) {
    if (type === 'reset') {
      this.#next = [];
      this.#found = null;
    } else if (type === 'rollouts') this.#found = data[0] ?? null;
    else if (type === 'rollout') {
      if (!this.rollout) this.#rights();
      this.rollout = data;
    } else if (type === 'gone') {
      this.rollout = null;
      this.problem = 'The Canary is gone.';
    } else if (type === 'event') {
      if (this.#next) this.#next.push(data);
      else this.history = [...this.history, data].slice(-MOST_EVENTS);
    } else if (type === 'current' && this.#next) {
      // Where it is not among what may be seen any more, nothing of it stays.
      this.rollout = this.#found;
      this.history = this.#next;
      this.#next = null;
      // A hub that has just started did not know it, or not yet.
      if (this.problem) this.#rights();
    }
  }

  render() {
    if (this.problem) return html`<h1>${this.name}</h1><p class="empty">${this.problem}</p><p><a href="#/fleet">To the fleet</a></p>`;
    const rollout = this.rollout;
    if (!rollout) return html`<h1>${this.name}</h1><p class="empty">${this.connection.refused ? `It cannot be shown: ${this.connection.because}.` : 'Reading…'}</p>`;
    const attention = attentionOf(rollout);
    const runs = [...new Set(this.history.map((it) => it.run))].sort((a, b) => b - a);
    const run = this.run ?? rollout.run;
    const events = this.history.filter((it) => it.run === run);
    return html`
      <nav class="crumbs" aria-label="Where you are"><a href="#/fleet">Fleet</a> / <a href="#/fleet?cluster=${encodeURIComponent(rollout.cluster)}">${rollout.cluster}</a> / <a
        href="#/fleet?cluster=${encodeURIComponent(rollout.cluster)}&namespace=${encodeURIComponent(rollout.namespace)}">${rollout.namespace}</a></nav>
      <div class="title"><h1>${rollout.name}</h1>${badge(attention, rollout.phase)}${rollout.dryRun ? html`<span class="pill">dry run: nothing is done</span>` : nothing}
        <span class="note">${PHASES[rollout.phase] ?? ''}</span></div>
      ${this.#now(rollout, attention)}
      <dl class="facts">
        <div><dt>Rolled out</dt><dd class="mono">${rollout.revision || '–'}${this.#images(rollout.images)}</dd></div>
        <div><dt>Primary runs</dt><dd class="mono">${rollout.promotedRevision || '–'}${this.#images(rollout.primaryImages)}</dd></div>
        <div><dt>Run</dt><dd>${rollout.run}, event ${rollout.sequence}</dd></div>
        <div><dt>Began</dt><dd>${rollout.startedAt ? html`<serinus-time at=${rollout.startedAt}></serinus-time>` : '–'}</dd></div>
        <div><dt>Spent on</dt><dd>${spentWords(events, run === rollout.run)}</dd></div>
        <div><dt>Failed checks</dt><dd>${rollout.failedChecks}</dd></div>
        <div><dt>Through</dt><dd>${rollout.provider || '–'}</dd></div>
      </dl>
      ${rollout.hints?.length ? html`<details class="hints"><summary>${rollout.hints.length === 1 ? '1 hint' : `${rollout.hints.length} hints`} about the manifest</summary>
        <ul>${rollout.hints.map((it) => html`<li>${it}</li>`)}</ul></details>` : nothing}
      <section aria-labelledby="timeline-title" class="panel">
        <div class="panel-head"><h2 id="timeline-title">Timeline</h2>
          <label>Run <select @change=${(event) => this.#choose(event.target.value)}>${runs.map((it) => html`
            <option value=${it} ?selected=${it === run}>${it}${it === rollout.run ? ' (this)' : ''}</option>`)}</select></label>
          <label>Compare with <select class="with" @change=${(event) => (this.other = Number(event.target.value) || null)}>
            <option value="">no other</option>${earlier(run).map((it) => html`<option value=${it} ?selected=${it === this.other}>run ${it}</option>`)}</select></label></div>
        ${events.length ? this.#timeline(events, run === rollout.run ? rollout : null) : html`<p class="empty">Nothing is known of this run any more.</p>`}
      </section>
      ${events.length ? html`<section aria-labelledby="alerts-title" class="panel">
        <div class="panel-head"><h2 id="alerts-title">Alerts</h2></div>
        ${this.#alerts(run).run === null ? html`<p class="empty">Reading…</p>` : table(this.#alerts(run))}
      </section>` : nothing}
      ${this.other !== null && this.other !== run && events.length ? html`<section aria-labelledby="compared-title" class="panel">
        <div class="panel-head"><h2 id="compared-title">Run ${run} beside run ${this.other}</h2></div>
        <serinus-compare .rollout=${{cluster: this.cluster, namespace: this.namespace, name: this.name}} .run=${run} .events=${this.#same(events)} .other=${this.other} .current=${rollout.run} .format=${number}></serinus-compare>
      </section>` : nothing}
      <section aria-labelledby="events-title" class="panel">
        <div class="panel-head"><h2 id="events-title">What happened</h2><a href="#/history?cluster=${encodeURIComponent(rollout.cluster)}&namespace=${
          encodeURIComponent(rollout.namespace)}&name=${encodeURIComponent(rollout.name)}">History and export</a> <a href="#/gates?cluster=${encodeURIComponent(rollout.cluster)}&namespace=${
          encodeURIComponent(rollout.namespace)}&name=${encodeURIComponent(rollout.name)}">Gates</a></div>
        <ol class="events" reversed>${repeat([...events].reverse(), (it) => `${it.run}-${it.sequence}`, (it) => this.#event(it))}</ol>
      </section>`;
  }

  /** Nothing is said where they are not known. */
  #images(images) {
    return images?.length ? html`<br><span class="note" title=${images.join('\n')}>${shortImages(images)}</span>` : nothing;
  }

  #now(rollout, attention) {
    const ends = endsWait(rollout);
    const others = Object.keys(ACTIONS).filter((each) => each !== ends && each !== 'abort' && rollout.possibleActions.includes(each));
    return html`<section class="now-card ${attention}" aria-label="Now">
      <div class="now-words">
        <p class="sentence" role="status">${sentence(rollout)}</p>
        ${rollout.takenBack ? html`<p class="note">Taken back <serinus-time at=${rollout.takenBack.at}></serinus-time> (${clockTime(rollout.takenBack.at)})</p>` : nothing}
        <p class="deadline">${rollout.deadline ? html`${ends ? 'Ends by itself' : 'Next step'} <serinus-time until at=${rollout.deadline}></serinus-time>
          <span class="note">(${clockTime(rollout.deadline)})</span>` : ends ? 'It does not end by itself.' : nothing}</p>
        <div class="now-traffic">${traffic(rollout)}${this.#wanted(rollout)}<span class="legend"><span class="key canary"></span>canary <span class="key primary"></span>primary</span></div>
      </div>
      <div class="acts">
        ${ends ? this.#button(rollout, ends, 'main') : nothing}
        ${others.map((each) => this.#button(rollout, each, ''))}
        ${this.#button(rollout, 'abort', 'danger')}
      </div>
    </section>`;
  }

  /** What the mesh was asked for and what it was read back from, with the time. */
  #wanted(rollout) {
    const read = this.history.findLast((it) => it.run === rollout.run && it.type === 'WeightShifted');
    if (rollout.wantedWeight !== undefined) return html`<span class="wanted" role="status">${percent(rollout.wantedWeight)} is asked for, and not read back yet</span>`;
    return read ? html`<span class="note">read back <serinus-time at=${read.at}></serinus-time></span>` : nothing;
  }

  /** Abort is always at its place; what cannot be done says why. */
  #button(rollout, action, look) {
    const possible = rollout.possibleActions.includes(action);
    const allowed = this.allowed.includes(action);
    const because = !possible ? 'makes no sense now' : !allowed ? 'no rule lets you do it' : '';
    return html`<button class=${look} aria-disabled=${because ? 'true' : nothing} title=${because || effectOf(action, rollout)}
      @click=${() => because || act(rollout, action)}>${ACTIONS[action]}${because ? html`<span class="because">${because}</span>` : nothing}</button>`;
  }

  #shown = [];

  /** The same list for as long as it holds the same, so that nothing is drawn again for it. */
  #same(events) {
    if (this.#shown.length !== events.length || this.#shown.some((it, at) => it !== events[at])) this.#shown = events;
    return this.#shown;
  }

  #choose(run) {
    this.other = null;
    this.run = Number(run) === this.rollout.run ? null : Number(run);
    this.pointed = null;
  }

  /** Until when people have let it wait, which is now, in steps so that pictures and lanes agree; 0 where it waits for nobody. */
  #waited() {
    const waits = this.run === null && this.rollout && attentionOf(this.rollout) === 'waits-for-people';
    return waits ? Math.ceil(Date.now() / NOW_AGAIN) * (NOW_AGAIN / 1000) : 0;
  }

  /** Of all pictures: from the first event to the last, to when the next step is due, or to now where it waits for people. */
  #span(events) {
    const times = events.map((it) => Date.parse(it.at) / 1000);
    const running = this.run === null && ['running', 'late', 'waits-for-people'].includes(attentionOf(this.rollout));
    const due = running && this.rollout.deadline ? Math.min(Date.parse(this.rollout.deadline) / 1000, times.at(-1) + Math.max(30, (times.at(-1) - times[0]) / 4)) : 0;
    const next = Math.max(due, this.#waited());
    const length = Math.max(times.at(-1), next) - times[0] || 10;
    return {times, running, next, span: [times[0] - length * 0.01, Math.max(times.at(-1), next) + length * 0.02]};
  }

  #timeline(events, rollout) {
    const metrics = [...new Set(events.flatMap((it) => it.evidence.filter((each) => !each.report || found(each) !== null).map((each) => each.check)))];
    const at = this.pointed === null ? events[events.length - 1] : events.findLast((it) => Date.parse(it.at) / 1000 <= this.pointed + 0.5) ?? events[0];
    return html`
      <div class="plots" data-run=${events[0].run}>
        <h3>Weight of the canary</h3><div class="plot" data-weight role="img" aria-label="Weight of the canary over time; the table of what happened tells the same"></div>
        ${metrics.map((metric) => html`<h3>${metric} ${this.#bounds(events, metric)}</h3>
          <div class="plot" data-of=${metric} role="img" aria-label="${metric} over time; the table of what happened tells the same"></div>`)}
        ${lanes([...events, ...this.#alerts(events[0].run).list.map(asEvent)], this.#span(events).span, Date.now() / 1000, LOOK, (time) => (this.pointed = time))}
      </div>
      <div class="pointed" role="status"><strong>${clockTime(at.at)}</strong> ${sign(signOf(at))} ${words(at.type)}, ${percent(at.canaryWeight)}: ${at.message}
        ${at.evidence.length ? this.#evidence(at.evidence) : nothing}
        ${told(this.#alerts(at.run).list, at, events[events.indexOf(at) + 1])}
        <p class="note">${this.pointed === null ? 'The latest. Point at a moment in the pictures, or go from event to event:' : nothing}
          <button class="small" @click=${() => this.#step(events, at, -1)}>← earlier</button> <button class="small" @click=${() => this.#step(events, at, 1)}>later →</button></p></div>`;
  }

  /** Those of this run; of another one nothing is known before it was asked. */
  #alerts(run) {
    return this.alerts.run === run ? this.alerts : NO_ALERTS;
  }

  /** With another run at once; while it goes on some moments after each event, and now and then. */
  #lookForAlerts(run, events) {
    const now = `${this.#of} ${run} ${events.at(-1).sequence}`;
    if (now === this.#alertsFor) return;
    this.#alertsFor = now;
    if (this.alerts.run !== run) this.#readAlerts();
    else this.#alertsLater ||= setTimeout(() => this.#readAlerts(), ALERTS_AFTER);
  }

  async #readAlerts() {
    clearTimeout(this.#alertsLater);
    this.#alertsLater = 0;
    const of = this.#of, run = this.run ?? this.rollout?.run;
    if (!this.rollout) return;
    let found;
    try {
      found = {run, ...await alertsOf(this.rollout, run), problem: ''};
    } catch (refused) {
      found = {...(this.alerts.run === run ? this.alerts : NO_ALERTS), run, problem: refused.message};
    }
    if (of !== this.#of || run !== (this.run ?? this.rollout?.run) || !this.isConnected) return;
    this.alerts = found;
    const goesOn = run === this.rollout.run && attentionOf(this.rollout) !== 'quiet';
    if (goesOn && !document.hidden) this.#alertsLater ||= setTimeout(() => this.#readAlerts(), ALERTS_AGAIN);
  }

  #step(events, at, by) {
    const next = events[Math.min(events.length - 1, Math.max(0, events.indexOf(at) + by))];
    this.pointed = Date.parse(next.at) / 1000;
  }

  #bounds(events, metric) {
    const {min, max, report} = events.flatMap((it) => it.evidence).findLast((it) => it.check === metric) ?? {};
    const words = [report ? 'p99 of its test, in ms' : '', min !== null && min !== undefined ? `at least ${number(min)}` : '', max !== null && max !== undefined ? `at most ${number(max)}` : ''].filter(Boolean).join(', ');
    return words ? html`<span class="note">${words}</span>` : nothing;
  }

  #evidence(evidence) {
    return html`<table class="evidence"><thead><tr><th scope="col">Check</th><th scope="col">Verdict</th><th scope="col">Value</th><th scope="col">Bounds</th><th scope="col">Why</th></tr></thead>
      <tbody>${evidence.map((it) => html`<tr class=${it.verdict.toLowerCase()}><th scope="row">${it.check}</th>
        <td>${sign({PASS: 'tick', FAIL: 'cross'}[it.verdict] ?? 'hand')} ${it.verdict.toLowerCase()}</td>
        <td class="mono">${it.comparison && it.comparison.canaryMean !== null ? html`${number(it.comparison.canaryMean)} <span class="note">vs ${number(it.comparison.otherMean)} of the ${it.comparison.with}</span>` : it.report && found(it) !== null ? html`${number(found(it))} <span class="note">ms, p99</span>` : number(it.value)}</td>
        <td class="mono">${number(it.min)} … ${number(it.max)}</td><td>${it.because || (it.comparison?.because ?? '')}</td></tr>`)}</tbody></table>`;
  }

  #event(it) {
    const person = it.actor !== 'serinus';
    return html`<li class="${BAD.has(it.type) ? 'bad' : GOOD.has(it.type) ? 'good' : ''}">
      <span class="mark">${sign(person ? 'person' : signOf(it))}</span>
      <div><p><strong>${words(it.type)}</strong> <span class="note">${percent(it.canaryWeight)}</span>${person ? html` <span class="pill person">${it.actor}</span>` : nothing}
        <span class="when"><serinus-time at=${it.at}></serinus-time></span></p>
      <p>${it.message}</p>
      ${it.action?.reason ? html`<p class="reason">“${it.action.reason}”</p>` : nothing}
      ${it.evidence.length ? html`<details><summary>${it.evidence.length === 1 ? '1 check' : `${it.evidence.length} checks`}</summary>${this.#evidence(it.evidence)}</details>` : nothing}</div>
    </li>`;
  }

  updated() {
    const events = this.history.filter((it) => it.run === (this.run ?? this.rollout?.run));
    if (this.rollout && events.length) this.#lookForAlerts(this.run ?? this.rollout.run, events);
    const drawn = `${this.#of} ${this.run} ${events.length} ${events.at(-1)?.sequence} ${this.rollout?.deadline} ${this.#waited()}`;
    if (this.rollout && events.length && drawn !== this.#drawn) {
      this.#clear();
      this.#draw(events);
      this.#drawn = drawn;
    }
  }

  #redraw = () => {
    this.#drawn = '';
    this.requestUpdate();
  };

  #clear() {
    for (const each of this.#plots) each();
    this.#plots = [];
    this.#drawn = '';
  }

  #draw(events) {
    const {times, running, next, span} = this.#span(events);
    const marked = events.map((it) => ({at: Date.parse(it.at) / 1000, tone: BAD.has(it.type) ? 'bad' : it.actor !== 'serinus' ? 'person' : null})).filter((it) => it.tone);
    const pointed = (_, time) => {
      if (time !== null) this.pointed = time;
    };
    for (const element of this.querySelectorAll('.plot')) {
      const of = element.dataset.of;
      const ofWeight = of === undefined;
      const shown = ofWeight ? events : events.filter((it) => it.evidence.some((each) => each.check === of));
      const at = (event) => event.evidence.find((each) => each.check === of);
      const last = ofWeight ? {} : at(shown.at(-1));
      const compared = !ofWeight && shown.some((it) => at(it).comparison);
      const series = ofWeight
        ? [{name: 'canary', tone: 'canary', stepped: true, fill: true, values: shown.map((it) => it.canaryWeight)}]
        : [{name: 'canary', tone: 'canary', points: true, values: shown.map((it) => at(it).comparison?.canaryMean ?? found(at(it)))},
          ...(compared ? [{name: 'primary', tone: 'primary', points: true, values: shown.map((it) => at(it).comparison?.otherMean ?? null)}] : [])];
      const plotted = shown.map((it) => Date.parse(it.at) / 1000);
      if (ofWeight && running) {
        plotted.push(Math.max(times.at(-1), Math.min(next || Infinity, Date.now() / 1000)));
        series[0].values.push(shown.at(-1).canaryWeight);
      }
      this.#plots.push(plot(element, {
        times: plotted, series, span, min: last.min, max: last.max, events: marked, pointed,
        range: ofWeight ? [0, 100] : undefined, height: ofWeight ? 170 : 120,
        format: ofWeight ? (it) => `${it} %` : (it) => number(it),
      }));
    }
  }
}
customElements.define('serinus-rollout', SerinusRollout);
