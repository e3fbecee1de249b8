// The stream of events: reads it, resumes it where it broke, and goes to another node when the one that it came from is gone.

import { Refusal } from './api.js';

/** Signs of life come every five seconds at least. */
const SILENCE_MILLIS = 8000;
const FIRST_ANSWER_MILLIS = 3000;

/** A page that nobody has seen for this long lets go of its stream: nodes gather nothing for it then. */
const HIDDEN_MILLIS = 10000;

export class Stream {
  /** onEvent(event), onState({ state, node, since, detail }): connecting, live, lost, unauthorized */
  constructor(api, onEvent, onState) {
    this.api = api;
    this.onEvent = onEvent;
    this.onState = onState;
    this.bases = [''];
    this.at = 0;
    this.lastId = '';
    this.since = Date.now();
    this.wake = () => {};
    this.stop = () => {};
    this.isAsleep = false;
    document.addEventListener('visibilitychange', () => this.look());
  }

  /** Where nodes can be reached, this page's own first. */
  nodes(bases) {
    const current = this.bases[this.at];
    this.bases = bases;
    this.at = Math.max(0, bases.indexOf(current));
  }

  /** A token was given: try at once. */
  retry() {
    this.wake();
  }

  /** Goes to sleep when the page is hidden for long, and goes on where it was when it is seen again. */
  look() {
    clearTimeout(this.hiding);
    if (document.hidden) {
      this.hiding = setTimeout(() => { this.isAsleep = true; this.stop(); }, HIDDEN_MILLIS);
    } else if (this.isAsleep) {
      this.isAsleep = false;
      this.wake();
    }
  }

  async run() {
    let failures = 0;
    for (;;) {
      while (this.isAsleep) {
        await this.pause(600000);
      }
      const base = this.bases[this.at];
      this.api.base = base;
      this.report('connecting', failures === 0 ? '' : `trying ${this.nameOf(base)}`);
      try {
        await this.read(base, () => { failures = 0; });
      } catch (error) {
        if (error instanceof Refusal && (error.status === 401 || error.status === 403)) {
          this.report('unauthorized', error.message);
          await this.pause(600000);
          continue;
        }
      }
      if (this.isAsleep) {
        continue;
      }
      this.report('lost', `lost ${this.nameOf(base)}`);
      if (++failures > 1 || this.bases.length === 1) {
        await this.pause(failures <= this.bases.length ? 150 : 1000);
      }
      this.at = (this.at + 1) % this.bases.length;
    }
  }

  nameOf(base) {
    return base === '' ? location.host : base.replace(/^https?:\/\//, '');
  }

  report(state, detail) {
    if (state !== this.state) {
      this.state = state;
      this.since = state === 'connecting' && this.lostAt ? this.lostAt : Date.now();
    }
    if (state === 'lost') {
      this.lostAt ??= Date.now();
    } else if (state === 'live') {
      this.lostAt = null;
    }
    this.onState({ state, detail, base: this.bases[this.at], since: this.lostAt ?? this.since });
  }

  pause(millis) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
  }

  async read(base, onLive) {
    const abort = new AbortController();
    this.stop = () => abort.abort();
    let timer = setTimeout(() => abort.abort(), FIRST_ANSWER_MILLIS);
    try {
      const headers = this.lastId ? { 'Last-Event-ID': this.lastId } : {};
      const response = await this.api.request('GET', '/v1/events', { headers, signal: abort.signal, base });
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let rest = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return;
        }
        clearTimeout(timer);
        timer = setTimeout(() => abort.abort(), SILENCE_MILLIS);
        if (this.state !== 'live') {
          this.report('live', '');
          onLive();
        }
        rest = this.take(rest + decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Hands on what is complete, and gives back the rest. */
  take(text) {
    let start = 0;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n', start)) {
      let data = '';
      for (const line of text.slice(start, end).split('\n')) {
        if (line.startsWith('data: ')) {
          data += line.slice(6);
        } else if (line.startsWith('id: ')) {
          this.lastId = line.slice(4);
        }
      }
      if (data) {
        this.onEvent(JSON.parse(data));
      }
      start = end + 2;
    }
    return text.slice(start);
  }
}
