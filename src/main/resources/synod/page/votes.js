// The acceptors in a row, who of them can vote, and how many votes it takes: why the store serves, at a glance.

import { byId, el, setAttribute, setHidden, setText } from './dom.js';

export class Votes {
  constructor(model) {
    this.model = model;
    this.cells = null;
  }

  build() {
    this.cells = this.model.config.acceptors.map((name) => {
      const state = el('span');
      const leads = el('span', { class: 'leads' }, 'leads');
      return { name, state, leads, item: el('li', {}, el('b', {}, name), ' ', state, leads) };
    });
    this.tally = el('li');
    byId('votes').replaceChildren(...this.cells.map((cell) => cell.item), this.tally);
  }

  draw() {
    if (!this.model.config) {
      return;
    }
    if (!this.cells) {
      this.build();
    }
    const leader = this.model.leader()?.node;
    for (const { name, state, leads, item } of this.cells) {
      const now = this.model.role(name, 'acceptor').state;
      setAttribute(item, 'data-state', now);
      setText(state, now === 'up' ? '✓ votes' : `✗ ${now === 'down' ? 'stopped' : now}`);
      setHidden(leads, name !== leader);
    }
    const { all, up } = this.model.acceptors();
    const { phase1, phase2 } = this.model.config.quorums;
    const needed = phase1 === phase2 ? phase2 : `${phase1} in phase 1, ${phase2} in phase 2`;
    setText(this.tally, `${up.length} of ${all.length} can vote; a quorum is ${needed}`);
  }
}
