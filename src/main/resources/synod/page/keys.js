// The contents of the store, by prefix and in pages, and what changes them.

import { bytesOf, fromBase64, keyPath, textOf } from './api.js';
import { byId, el, number, setText } from './dom.js';
import { isSeen } from './seen.js';

const PAGE = 20;
const SHOWN = 200;

/** The table follows the store no faster than this. */
const REFRESH_MILLIS = 2000;

const shown = (bytes) => {
  const text = textOf(bytes);
  if (text === null) {
    return `${bytes.length} bytes: ${Array.from(bytes.slice(0, 24), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
  }
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

export class Keys {
  constructor(api, model) {
    this.api = api;
    this.model = model;
    this.after = '';
    this.next = null;
    this.slots = new Map();
    this.edited = null;
    this.revision = 0;
    this.readAt = 0;
    byId('search').addEventListener('submit', (event) => { event.preventDefault(); this.show(''); });
    byId('first').addEventListener('click', () => this.show(''));
    byId('next').addEventListener('click', () => this.show(this.next));
    byId('put-open').addEventListener('click', () => this.edit(null));
    byId('put-save').addEventListener('click', () => this.save());
    // Enter in the key's field would end the dialog instead of saving.
    byId('put-key').addEventListener('keydown', (event) => {
      if (event.key === 'Enter') { event.preventDefault(); byId('put-value').focus(); }
    });
  }

  /** @param after as the last page gave it: percent-encoded already */
  async show(after = this.after, note = '', consistency = 'linearizable') {
    const prefix = encodeURIComponent(byId('prefix').value);
    this.readAt = Date.now();
    try {
      const page = await this.api.json('GET', `/v1/kv?limit=${PAGE}&consistency=${consistency}&prefix=${prefix}${after ? `&after=${after}` : ''}`);
      this.after = after;
      this.next = page.next;
      this.revision = page.revision;
      byId('keys').tBodies[0].replaceChildren(...page.entries.map((entry) => this.row(entry)));
      byId('next').disabled = !page.more;
      byId('first').disabled = !after;
      setText(byId('keys-note'), note || (page.entries.length === 0 ? 'No keys here.' : `At revision ${number(page.revision)}.`));
    } catch (error) {
      setText(byId('keys-note'), `Not read: ${error.message}`);
    }
  }

  /** Shows what has changed since, from the node's own replica; not under the hands of who is at the table. */
  refresh() {
    const isBusy = byId('put-dialog').open || byId('keys').contains(document.activeElement) || document.activeElement === byId('prefix');
    if (isSeen(byId('keys').closest('section')) && this.model.revision() > this.revision && Date.now() - this.readAt > REFRESH_MILLIS && !isBusy) {
      this.show(this.after, '', 'stale');
    }
  }

  row(entry) {
    const key = fromBase64(entry.key64);
    const value = fromBase64(entry.value64);
    const name = shown(key);
    const slot = this.slots.get(entry.modRevision) ?? this.model.keySlots.get(name);
    return el('tr', {}, el('td', {}, name), el('td', {}, shown(value)), el('td', {}, number(entry.modRevision)),
      el('td', {}, number(entry.version)), el('td', {}, slot === undefined ? '–' : number(slot)),
      el('td', {},
        el('button', { type: 'button', 'aria-label': `Edit ${name}`, click: () => this.edit({ key, value, revision: entry.modRevision }) }, 'Edit'),
        el('button', { type: 'button', 'aria-label': `Delete ${name}`, click: () => this.remove(key, name, entry.modRevision) }, 'Delete')));
  }

  edit(entry) {
    const text = entry ? textOf(entry.value) : '';
    if (text === null || (entry && textOf(entry.key) === null)) {
      setText(byId('keys-note'), 'Its bytes are no text, so it can not be edited here.');
      return;
    }
    this.edited = entry;
    setText(byId('put-title'), entry ? 'Edit' : 'Put');
    byId('put-key').value = entry ? textOf(entry.key) : '';
    byId('put-key').readOnly = entry !== null;
    byId('put-value').value = text;
    setText(byId('put-note'), entry ? `Saved only if the key is still at revision ${entry.revision}.` : '');
    byId('put-dialog').showModal();
    byId(entry ? 'put-value' : 'put-key').focus();
  }

  async save() {
    const key = this.edited?.key ?? bytesOf(byId('put-key').value);
    if (key.length === 0) {
      setText(byId('put-note'), 'The key is missing.');
      return;
    }
    const headers = this.edited ? { 'If-Match': `"${this.edited.revision}"` } : {};
    try {
      const answer = await this.write('PUT', key, headers, byId('put-value').value);
      byId('put-dialog').close();
      this.show(this.after, `Put at revision ${number(answer.revision)}, slot ${number(answer.slot)}.`);
    } catch (error) {
      setText(byId('put-note'), `Not put: ${error.message}`);
    }
  }

  async remove(key, name, revision) {
    if (!confirm(`Delete ${name}?`)) {
      return;
    }
    try {
      const answer = await this.write('DELETE', key, { 'If-Match': `"${revision}"` });
      this.show(this.after, `Deleted ${name} at revision ${number(answer.revision)}, slot ${number(answer.slot)}.`);
    } catch (error) {
      this.show(this.after, `Not deleted: ${error.message}`);
    }
  }

  /** { revision, slot } of the write. */
  async write(method, key, headers = {}, body = undefined) {
    const response = await this.api.request(method, keyPath(key), { headers, body });
    const revision = Number(response.headers.get('Synod-Revision'));
    const slot = Number(response.headers.get('Synod-Slot'));
    this.slots.set(revision, slot);
    if (this.slots.size > SHOWN) {
      this.slots.delete(this.slots.keys().next().value);
    }
    return { revision, slot };
  }
}
