// Follow what happens to all rollouts, by the stream of Serinus' API. Nothing but fetch, so that it runs in Node
// (from 18 on) and in a page of the same address.
//
//     node follow.mjs http://127.0.0.1:8080
//
// The id of the last change is kept: after a lost connection only what changed meanwhile is told. The server sends
// something every 15 seconds: a connection that is silent for a minute is given up, and another one made.

const PASSING = [429, 502, 503, 504];
const SILENCE = Number(globalThis.process?.env.SERINUS_SILENCE_SECONDS ?? 60);
const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** Says that a connection is to be given up unless it is heard of in time. */
class Patience {
  #given = new AbortController();
  #timer;
  signal = this.#given.signal;

  heard() {
    this.over();
    this.#timer = setTimeout(() => this.#given.abort(new TypeError("silent")), SILENCE * 1000);
  }

  over() {
    clearTimeout(this.#timer);
  }
}

/** Puts the text of a stream together to events. */
async function* events(body, patience) {
  let rest = "";
  const decoder = new TextDecoder();
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    patience.heard();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
      const event = { type: "message", id: "", data: "" };
      for (const line of rest.slice(0, end).split("\n")) {
        const [, field, text] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
        if (field === "event") event.type = text;
        else if (field === "id") event.id = text;
        else if (field === "data") event.data += text;
      }
      if (event.data) yield event;
    }
  }
}

/** A mistake of whoever is told is no lost connection, also where it is a TypeError. */
function told(tell, type, data) {
  try {
    tell(type, data);
  } catch (mistake) {
    throw new Error(`what was told could not be handled: ${mistake.message}`, { cause: mistake });
  }
}

/** Calls tell(type, data) for each event, and never ends but with the login or a mistake in tell. */
export async function follow(url, tell, token = "") {
  let last = "";
  for (;;) {
    let pause = 2;
    const patience = new Patience();
    patience.heard();
    try {
      const headers = { Accept: "text/event-stream" };
      if (last) headers["Last-Event-ID"] = last;
      if (token) headers.Authorization = `Bearer ${token}`;
      const answer = await fetch(`${url}/api/v1/stream`, { headers, cache: "no-store", signal: patience.signal });
      if (answer.ok) {
        for await (const { type, id, data } of events(answer.body, patience)) {
          told(tell, type, JSON.parse(data));
          if (type === "over") return;
          if (id) last = id; // only now: what was not handled is told again
        }
      } else if (PASSING.includes(answer.status)) {
        pause = Number(answer.headers.get("Retry-After")) || pause;
      } else {
        throw new Error(`refused: ${answer.status}`);
      }
    } catch (lost) {
      if (!(lost instanceof TypeError)) throw lost; // fetch throws a TypeError where the network fails
    } finally {
      patience.over();
    }
    await sleep(pause);
  }
}

if (globalThis.process?.argv[1]?.endsWith("follow.mjs")) {
  await follow(process.argv[2], (type, data) => {
    const all = type === "rollouts" ? data : type === "rollout" ? [data] : [];
    for (const it of all) console.log(`${it.cluster}/${it.namespace}/${it.name} ${it.phase} ${it.canaryWeight}%`);
    if (type === "gone") console.log(`${data.cluster}/${data.namespace}/${data.name} gone`);
  });
}
