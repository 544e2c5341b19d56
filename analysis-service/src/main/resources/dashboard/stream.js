/**
 * Server-sent events by fetch, since EventSource sends no token. Goes on after the last event where a connection is lost,
 * stops in hidden tabs (a browser has six connections for all of them), and says when what was told is not current.
 */
import {send, Problem} from './api.js';

const SILENCE = 45_000; // three heartbeats
const LONGEST_PAUSE = 30_000;

export class Stream {
  #query; #take; #state; #last = ''; #stop = null; #closed = false; #pause = 500; #heard = 0; #timer;

  /** take(type, data) is called for each event; state({live, because, refused}) when the connection changes. */
  constructor(query, take, state) {
    this.#query = query;
    this.#take = take;
    this.#state = state;
    document.addEventListener('visibilitychange', this.#seen);
    this.#run();
  }

  close() {
    this.#closed = true;
    document.removeEventListener('visibilitychange', this.#seen);
    this.#stop?.abort();
  }

  #seen = () => {
    if (document.hidden) this.#stop?.abort('hidden');
    else this.#wake?.();
  };

  #wake = null;

  async #run() {
    while (!this.#closed) {
      if (document.hidden) {
        await new Promise((wake) => (this.#wake = wake));
        this.#wake = null;
        continue;
      }
      const refused = await this.#listen();
      if (refused || this.#closed) return;
      if (document.hidden) continue;
      await new Promise((wake) => {
        this.#wake = wake;
        setTimeout(wake, this.#pause);
      });
      this.#wake = null;
      this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    }
  }

  /** True where it makes no sense to try again. */
  async #listen() {
    this.#stop = new AbortController();
    let because = 'the connection was lost';
    // Before anything is sent: where nobody answers, a browser waits for minutes.
    this.#heard = Date.now();
    this.#timer = setInterval(() => {
      if (Date.now() - this.#heard > SILENCE) this.#stop.abort('silent');
    }, 5_000);
    try {
      const answer = await send(`/api/v1/stream?${this.#query}`, {
        headers: {Accept: 'text/event-stream', ...(this.#last ? {'Last-Event-ID': this.#last} : {})},
        signal: this.#stop.signal,
      });
      if (answer.status === 401 || answer.status === 403 || answer.status === 400) {
        const problem = new Problem(answer.status, await answer.json().catch(() => ({})));
        if (this.#closed) return true;
        this.#state({live: false, because: problem.message, refused: answer.status});
        return true;
      }
      if (!answer.ok) {
        const problem = new Problem(answer.status, await answer.json().catch(() => ({})));
        // A hub that has just started says when to ask again: not a minute later, however long it reads.
        if (problem.body.notReady) this.#pause = 1000 * (Number(answer.headers.get('Retry-After')) || 2);
        throw problem;
      }
      this.#heard = Date.now();
      this.#state({live: true});
      await this.#read(answer.body.getReader());
    } catch (lost) {
      if (this.#stop.signal.reason === 'silent') because = 'nothing was heard for 45 s';
      else if (lost instanceof TypeError) because = 'Serinus cannot be reached';
      else if (lost.message) because = lost.message;
    } finally {
      clearInterval(this.#timer);
    }
    if (this.#over || this.#closed) return true;
    // Hidden, it stops by itself: nothing is wrong, and nothing is heard.
    this.#state(this.#stop.signal.reason === 'hidden' ? {live: false} : {live: false, because});
    return false;
  }

  #over = false;

  async #read(reader) {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      this.#heard = Date.now();
      this.#pause = 500;
      rest += decoder.decode(value, {stream: true});
      let end;
      while ((end = rest.indexOf('\n\n')) >= 0) {
        this.#event(rest.slice(0, end));
        rest = rest.slice(end + 2);
      }
    }
  }

  #event(block) {
    let type = 'message', data = '', id = '';
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') type = value;
      else if (field === 'data') data += value;
      else if (field === 'id') id = value;
    }
    if (type === 'over') {
      this.#over = true;
      this.#state({live: false, because: JSON.parse(data).because, refused: 401});
    } else if (data) this.#take(type, JSON.parse(data));
    if (id) this.#last = id;
  }
}
