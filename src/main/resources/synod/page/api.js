// Requests to the cluster: to the node that the page is connected to, with the token if one was given. The token lives as long as
// the browser's tab, and goes to the nodes of the cluster alone.

const TOKEN = 'synod-token';

/** Why a request was not answered as asked. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
    this.status = status;
    this.type = (problem.type ?? '').replace('urn:synod:', '');
    this.problem = problem;
  }
}

export class Api {
  constructor() {
    this.base = '';
    this.onUnauthorized = () => {};
  }

  get token() {
    return sessionStorage.getItem(TOKEN) ?? '';
  }

  set token(value) {
    if (value) {
      sessionStorage.setItem(TOKEN, value);
    } else {
      sessionStorage.removeItem(TOKEN);
    }
  }

  /** A response with a good status; throws a Refusal otherwise, or a TypeError if the node can't be reached. */
  async request(method, path, { body, headers = {}, signal, base = this.base } = {}) {
    const all = { ...headers };
    if (this.token) {
      all.Authorization = `Bearer ${this.token}`;
    }
    const response = await fetch(base + path, {
      method, body, headers: all, signal, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer',
    });
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      const refusal = new Refusal(response.status, problem);
      if (response.status === 401) {
        this.onUnauthorized(refusal);
      }
      throw refusal;
    }
    return response;
  }

  async json(method, path, body, options = {}) {
    const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    return (await this.request(method, path, { ...options, ...json })).json();
  }
}

export const keyPath = (bytes) => `/v1/kv/${Array.from(bytes, percent).join('')}`;

/** Letters and digits stand for themselves; everything else is encoded, slashes and dots too. */
function percent(byte) {
  const char = String.fromCharCode(byte);
  return /[A-Za-z0-9_-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

export const bytesOf = (text) => new TextEncoder().encode(text);

export const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** The text of UTF-8 bytes, or null if they are none. */
export function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
