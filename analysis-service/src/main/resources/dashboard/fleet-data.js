/** All rollouts in memory, as the stream tells them. */
import {Stream} from './stream.js';
import {onLogin} from './api.js';

export const keyOf = (it) => `${it.cluster}/${it.namespace}/${it.name}`;

const RANK = {'failed-with-traffic': 0, failed: 1, 'waits-for-people': 2, late: 3, running: 4, quiet: 5};
const LATE = 60_000;

/** The server says what a state asks for; that a time has passed only the clock says. */
export function attentionOf(row, now = Date.now()) {
  if (row.attention === 'running' && row.deadline && now - Date.parse(row.deadline) > LATE) return 'late';
  return row.attention;
}

export const rankOf = (attention) => RANK[attention] ?? 4;

class FleetData extends EventTarget {
  rows = new Map();
  complete = false;
  connection = {live: false};
  changedAt = 0;
  #stream = null;
  #next = null;
  #due = false;

  constructor() {
    super();
    onLogin(() => this.start());
  }

  start() {
    this.#stream?.close();
    this.rows = new Map();
    this.complete = false;
    this.connection = {live: false};
    this.#stream = new Stream('', (type, data) => this.#take(type, data), (state) => {
      this.connection = state;
      this.dispatchEvent(new Event('connection'));
    });
    this.#changed();
  }

  #take(type, data) {
    if (type === 'reset') {
      // What was known stays to be seen until all is there again.
      this.#next = new Map();
    } else if (type === 'rollouts') {
      const rows = this.#next ?? this.rows;
      for (const row of data) rows.set(keyOf(row), row);
      if (this.rows.size === 0 || !this.complete) this.rows = rows;
    } else if (type === 'current') {
      if (this.#next) this.rows = this.#next;
      this.#next = null;
      this.complete = true;
    } else if (type === 'rollout') {
      this.rows.set(keyOf(data), data);
    } else if (type === 'gone') {
      this.rows.delete(keyOf(data));
    }
    this.changedAt = performance.now();
    this.#changed();
  }

  /** At most once for each picture that the browser draws. */
  #changed() {
    if (this.#due) return;
    this.#due = true;
    const tell = () => {
      this.#due = false;
      this.dispatchEvent(new Event('change'));
    };
    if (document.hidden) setTimeout(tell, 250);
    else requestAnimationFrame(tell);
  }
}

export const fleet = new FleetData();
