/** Requests to the API, with the token of whoever is logged in, or else the session that the browser keeps. */

const KEY = 'serinus.token';
let token = sessionStorage.getItem(KEY) ?? '';
const listeners = new Set();

/** What the API refused, in its own words. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.error ?? `the API answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

export function hasToken() {
  return token !== '';
}

/** Kept until the tab is closed, and in no other tab. */
export function logIn(text) {
  token = text.trim();
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
  for (const each of listeners) each();
}

/** Whoever shows what a caller may see begins anew with another caller. Answers how to listen no longer. */
export function onLogin(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function send(path, options = {}) {
  const headers = new Headers(options.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  return fetch(path, {...options, headers, cache: 'no-store', credentials: token ? 'omit' : 'same-origin'});
}

/** How one logs in here, and as whom one is: {required, provider, caller, bySession}. */
export async function howToLogIn() {
  return (await ask('/api/v1/login')).body;
}

/** Sends the browser to the provider, which sends it back to this place. */
export function logInAtProvider() {
  location.assign(`/login?to=${encodeURIComponent(location.hash)}`);
}

/** Ends the token of this tab and what the browser keeps; thrown where that could not be ended: one is still logged in. */
export async function logOut(hasSessions) {
  try {
    if (hasSessions) await ask('/logout', {method: 'POST'});
  } finally {
    logIn('');
  }
}

/** What is answered; anything but success is thrown as a Problem. */
export async function ask(path, options) {
  const answer = await send(path, options);
  const text = await answer.text();
  let body = {};
  try {
    body = text ? JSON.parse(text) : {};
  } catch {
    body = {detail: `the API answered ${answer.status}, and no JSON`};
  }
  if (!answer.ok) throw new Problem(answer.status, body);
  return {status: answer.status, body, location: answer.headers.get('Location')};
}

export function pathOf({cluster, namespace, name}) {
  return `/api/v1/rollouts/${[cluster, namespace, name].map(encodeURIComponent).join('/')}`;
}

/** By which a repeated request is known for the same; randomUUID is there over TLS and on loopback only. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (it) => it.toString(16).padStart(2, '0')).join('');
}
