// The table of nodes: a column for each, a cell for each role, and how far each is.

import { byId, el, number, setAttribute, setText } from './dom.js';

const ROLES = ['acceptor', 'proposer', 'learner', 'gateway'];
const FIGURES = [
  ['promised', (status) => (status.promised ? `${status.promised.round}.${status.promised.proposer}` : '–')],
  ['accepted', (status) => number(status.slots.accepted)],
  ['chosen', (status) => number(status.slots.chosen)],
  ['applied', (status) => number(status.slots.applied)],
];

/** What a role's state is called in its cell. */
function words({ state, backIn }) {
  switch (state) {
    case 'down': return backIn === null ? 'stopped' : `stopped, back in ${Math.ceil(backIn / 1000)}\u00a0s`;
    case 'forgotten': return 'up, but forgot: no vote';
    case 'none': return '–';
    default: return state;
  }
}

export class Nodes {
  constructor(model, onRole) {
    this.model = model;
    this.onRole = onRole;
    this.cells = null;
  }

  build() {
    const names = this.model.config.nodes.map((node) => node.name);
    this.cells = { heads: new Map(), roles: [], figures: [] };
    const head = el('tr', {}, el('th', { scope: 'col' }, 'role'));
    for (const name of names) {
      const note = el('small');
      const cell = el('th', { scope: 'col' }, name, note);
      this.cells.heads.set(name, { cell, note });
      head.append(cell);
    }
    const body = el('tbody');
    for (const role of ROLES) {
      const row = el('tr', {}, el('th', { scope: 'row' }, role));
      for (const name of names) {
        const button = el('button', { type: 'button', class: 'role', click: () => this.onRole(name, role) });
        this.cells.roles.push({ name, role, button });
        row.append(el('td', {}, button));
      }
      body.append(row);
    }
    for (const [label, figure] of FIGURES) {
      const row = el('tr', {}, el('th', { scope: 'row' }, label));
      for (const name of names) {
        const cell = el('td', { class: 'figure' });
        this.cells.figures.push({ name, figure, cell });
        row.append(cell);
      }
      body.append(row);
    }
    byId('nodes').replaceChildren(el('thead', {}, head), body);
  }

  /** Who leads, and how each role is. */
  drawRoles() {
    if (!this.model.config) {
      return;
    }
    if (!this.cells) {
      this.build();
    }
    const leader = this.model.leader();
    for (const [name, { cell, note }] of this.cells.heads) {
      const contact = this.model.contact(name);
      const leads = leader?.node === name;
      setAttribute(cell, 'data-leader', String(leads));
      setAttribute(cell, 'data-contact', contact);
      setText(note, leads ? `leader, ballot ${leader.leader.round}` : contact !== 'heard' ? contact : leader ? 'follows' : 'no leader');
    }
    for (const { name, role, button } of this.cells.roles) {
      const view = this.model.role(name, role);
      setAttribute(button, 'data-state', view.state);
      setText(button, words(view));
      setAttribute(button, 'aria-label', `${role} of ${name}: ${words(view)}`);
      button.disabled = view.state === 'none';
    }
  }

  /** How far each node is. */
  drawFigures() {
    for (const { name, figure, cell } of this.cells?.figures ?? []) {
      const { status } = this.model.node(name);
      setText(cell, status ? figure(status) : '–');
    }
  }
}
