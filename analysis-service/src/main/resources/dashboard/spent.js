/** On what a run has spent its time: each of its events says on whom or what is waited until the next. */
import {html} from 'lit';
import {lasting} from './time.js';

const WORDS = {active: 'its work', person: 'waiting for people', fleet: 'waiting for other rollouts'};
const kind = (on) => (on === 'nobody' ? null : on in WORDS ? on : 'active');

/** In milliseconds up to its last event: {active, person, fleet, on}; null where not all of them are there, or one did not tell. */
export function spentOn(events) {
  if (!events.length || events[0].sequence !== 1 || events.some((it) => !it.waitingOn)) return null;
  const spent = {active: 0, person: 0, fleet: 0, on: kind(events.at(-1).waitingOn)};
  events.slice(1).forEach((it, at) => {
    const on = kind(events[at].waitingOn);
    if (on) spent[on] += Math.max(0, Date.parse(it.at) - Date.parse(events[at].at));
  });
  return spent;
}

/** In words, with what goes on since where it does. */
export function spentWords(events, goesOn) {
  const spent = spentOn(events);
  if (!spent) return html`<span class="note">not known</span>`;
  const parts = Object.entries(WORDS).filter(([on]) => spent[on] > 0 || on === 'active').map(([on, words]) => `${lasting(spent[on], true)} ${words}`);
  return html`${parts.join(', ')}${goesOn && spent.on ? html`<span class="where">${WORDS[spent.on]} since <serinus-time at=${events.at(-1).at}></serinus-time></span>` : ''}`;
}
