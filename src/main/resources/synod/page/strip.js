// The log as a strip of its last slots, one mark for each acceptor that is known to have accepted.

import { byId, duration, el, list, setAttribute, setText } from './dom.js';

const WIDTH = 28;
const FEWEST = 8;
const MOST = 60;

export function stateOf(slot, learners) {
  if (slot.commands?.noOp || (slot.chosen && slot.bytes === 0)) {
    return 'no-op';
  }
  if (slot.applied.size >= learners && learners > 0) {
    return 'applied';
  }
  return slot.chosen || slot.applied.size > 0 ? 'chosen' : 'accepted';
}

const command = (each) => `${each.op}${each.key === undefined ? '' : ` ${each.key}`}${each.value === undefined ? '' : ` = ${each.value}`}`;

/** A slot in words. */
export function describe(slot, learners) {
  const by = [...slot.accepted.keys()].sort();
  const parts = [`Slot ${slot.slot}${slot.ballot ? `, ballot ${slot.ballot}` : ''}: ${stateOf(slot, learners)}.`];
  if (by.length > 0) {
    parts.push(`Accepted by ${list(by)}.`);
  }
  if (slot.chosen) {
    parts.push(`Chosen by ${list(slot.chosen.acceptedBy)} in ${duration(slot.chosen.micros / 1000)}.`);
  }
  if (slot.commands) {
    const { commands, count } = slot.commands;
    const more = count > commands.length ? ` and ${count - commands.length} more` : '';
    parts.push(count === 0 ? 'A no-op.' : `Holds ${commands.map(command).join('; ')}${more}.`);
  }
  return parts.join(' ');
}

export class Strip {
  constructor(model, onChoose) {
    this.model = model;
    this.onChoose = onChoose;
    this.chosen = null;
    this.cells = [];
  }

  draw() {
    const strip = byId('strip');
    // While somebody is in the strip it stands still, so that what is pointed at stays there.
    if (!this.model.config || strip.matches(':hover') || strip.contains(document.activeElement)) {
      return;
    }
    const fit = Math.max(FEWEST, Math.min(MOST, Math.floor(strip.clientWidth / WIDTH)));
    const slots = this.model.lastSlots(fit);
    const acceptors = this.model.config.acceptors;
    const learners = this.model.config.nodes.filter((node) => node.roles.includes('learner')).length;
    while (this.cells.length < slots.length) {
      this.add(acceptors);
    }
    while (this.cells.length > slots.length) {
      this.cells.pop().button.remove();
    }
    slots.forEach((slot, at) => {
      const cell = this.cells[at];
      cell.slot = slot;
      setAttribute(cell.button, 'data-state', stateOf(slot, learners));
      setAttribute(cell.button, 'aria-pressed', String(slot.slot === this.chosen));
      setAttribute(cell.button, 'aria-label', `Slot ${slot.slot}: ${stateOf(slot, learners)}`);
      acceptors.forEach((name, row) => cell.marks[row].classList.toggle('on', slot.accepted.has(name)));
      setText(cell.number, String(slot.slot));
    });
    const every = this.model.toldEvery;
    setText(byId('sampling'), every > 1 ? `Many slots a second: every ${every}th is shown.` : '');
  }

  add(acceptors) {
    const cell = { marks: acceptors.map(() => el('i')), number: el('span'), slot: null };
    const show = () => this.show(cell.slot);
    const choose = () => {
      this.chosen = cell.slot.slot;
      this.onChoose(cell.slot);
    };
    cell.button = el('button', { type: 'button', class: 'slot', focus: show, mouseenter: show, click: choose },
      ...cell.marks, cell.number);
    this.cells.push(cell);
    byId('strip').append(cell.button);
  }

  show(slot) {
    const learners = this.model.config.nodes.filter((node) => node.roles.includes('learner')).length;
    setText(byId('slot-detail'), describe(slot, learners));
  }
}
