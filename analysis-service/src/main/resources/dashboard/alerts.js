/** What became of the alerts of a run: read from the API, and shown as a table. */
import {html, nothing} from 'lit';
import {ask, pathOf} from './api.js';
import {sign} from './words.js';

/** Read at once, each page of so many. */
const MOST_PAGES = 10;

/** Those of a run, the oldest first; whole is false where more lies further back. */
export async function alertsOf(rollout, run) {
  let list = [], more = '';
  for (let page = 0; page < MOST_PAGES; page++) {
    const {body} = await ask(`${pathOf(rollout)}/alerts?${new URLSearchParams({run, limit: 200, ...(more ? {continue: more} : {})})}`);
    list = [...body.alerts.reverse(), ...list];
    more = body.continue ?? '';
    if (!more) break;
  }
  return {list: once(list), whole: !more};
}

/** A notifier that was killed tells once more what it knows, maybe on another page: the first counts. */
function once(list) {
  const seen = new Set();
  return list.filter(({key, outcome}) => !seen.has(`${key} ${outcome}`) && seen.add(`${key} ${outcome}`));
}

const LOST = 'dead-lettered';
const WORDS = {delivered: 'delivered', gathered: 'in the next digest', repeated: 'not told again: it said the same just before', 'not-told': 'not told: its type is told no such alert', [LOST]: 'not delivered, a dead letter'};
const SIGNS = {delivered: 'tick', gathered: 'clock', repeated: 'dot', 'not-told': 'dot', [LOST]: 'cross'};
const TONES = {error: 'bad', warn: 'warn'};

export const isLost = (it) => it.outcome === LOST;

/** As an event of a lane: what is drawn of it. */
export const asEvent = (alert) => ({at: alert.at, type: 'Alert', actor: 'serinus', evidence: [], alert});

export const became = (it) => `${WORDS[it.outcome] ?? it.outcome}${it.attempts > 1 ? `, after ${it.attempts} attempts` : ''}`;

/** Those that were told between this event and the next, in a line each. */
export function told(list, event, next) {
  const from = Date.parse(event.at), to = next ? Date.parse(next.at) : Infinity;
  return list.filter((it) => Date.parse(it.at) >= from && Date.parse(it.at) < to)
    .map((it) => html`<p class="told">${sign(isLost(it) ? 'cross' : 'bell')} ${it.alert}, ${it.severity}: ${became(it)}</p>`);
}

export function table({list, whole, problem}) {
  return html`${problem ? html`<p role="alert">It cannot be told now: ${problem}</p>` : nothing}
    ${list.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Who was told what"><table class="list alerts">
      <thead><tr><th scope="col">When</th><th scope="col">Severity</th><th scope="col">Whom</th><th scope="col">What became of it</th><th scope="col">In words</th></tr></thead>
      <tbody>${[...list].reverse().map((it) => html`<tr>
        <td><serinus-time at=${it.at}></serinus-time></td>
        <td><span class="pill ${TONES[it.severity] ?? ''}">${it.severity}</span></td>
        <td>${it.alert}<span class="where">${it.provider}${it.type ? `, ${it.type}` : ''}</span></td>
        <td>${sign(SIGNS[it.outcome] ?? 'dot')} ${became(it)}${it.because ? html`<span class="reason">${it.because}</span>` : nothing}</td>
        <td>${it.message}<span class="where">event ${it.sequence}</span></td></tr>`)}</tbody>
    </table></div>` : problem ? nothing : html`<p class="empty">${whole ? 'Nothing is known of alerts of this run: nobody was told, or it is not kept.' : 'None was found yet.'}</p>`}`;
}
