// Slow motion: the life of one slot as a message sequence, put together from the events of that very slot.

import { byId, duration, el, setText, svg } from './dom.js';

const STEP_MILLIS = 700;
const LANE = 110;
const ROW = 34;
const TOP = 34;

/** The steps of a slot in their order: { at, from, to, label, text, kind } with kind: arrow, answer, mark, applied. */
export function stepsOf(model, slot) {
  const leader = slot.ballot?.split('.').slice(1).join('.');
  const steps = [];
  const first = model.elections.get(slot.ballot);
  const isFirst = first?.elected && slot.slot === first.elected.fromSlot;
  if (first?.elected) {
    addPhase1(steps, first, leader, isFirst);
  }
  const start = slot.chosen ? slot.chosen.atMicros - slot.chosen.micros : Math.min(...slot.accepted.values());
  for (const [name, at] of [...slot.accepted].sort((a, b) => a[1] - b[1])) {
    const counted = slot.chosen?.acceptedBy.includes(name);
    steps.push({ at: start, from: leader, to: name, label: 'accept', kind: 'arrow', order: 2,
      text: `${leader} asks ${name} to accept slot ${slot.slot} at ballot ${slot.ballot}.` });
    steps.push({ at, from: name, to: leader, label: 'accepted', kind: 'answer', order: counted ? 3 : 5,
      text: `${name} has it on disk and answers accepted (+${duration((at - start) / 1000)})${counted ? '; its vote is counted' : ''}.` });
  }
  if (slot.chosen) {
    steps.push({ at: slot.chosen.atMicros, from: leader, to: leader, label: 'chosen', kind: 'mark', order: 4,
      text: `A quorum has accepted: slot ${slot.slot} is chosen (+${duration(slot.chosen.micros / 1000)}).` });
  }
  for (const [name, at] of [...slot.applied].sort((a, b) => a[1] - b[1])) {
    steps.push({ at, from: name, to: name, label: 'applied', kind: 'applied', order: 5,
      text: `The learner of ${name} applies it (+${duration(Math.max(0, at - start) / 1000)}).` });
  }
  // Clocks of several machines differ: what must come first does.
  return steps.sort((a, b) => a.order - b.order || a.at - b.at);
}

function addPhase1(steps, { prepare, promised, elected }, leader, isFirst) {
  const when = isFirst ? '' : ' (once for all slots, before this one)';
  const at = prepare?.atMicros ?? elected.atMicros;
  for (const name of elected.promisedBy) {
    steps.push({ at, from: leader, to: name, label: 'prepare', kind: 'arrow', order: 0,
      text: `Phase 1${when}: ${leader} asks ${name} for a promise at ballot ${elected.ballot}.` });
    steps.push({ at: promised.get(name) ?? elected.atMicros, from: name, to: leader, label: 'promise', kind: 'answer', order: 1,
      text: `${name} promises to take nothing below it.` });
  }
}

export class Sequence {
  constructor(model) {
    this.model = model;
    this.timer = null;
    this.slot = null;
    byId('replay').addEventListener('click', () => this.play());
  }

  follow(slot) {
    this.slot = slot;
    byId('replay').disabled = false;
    this.play();
  }

  play() {
    clearInterval(this.timer);
    const steps = stepsOf(this.model, this.slot);
    const lanes = this.model.config.nodes.map((node) => node.name);
    const shapes = this.draw(steps, lanes);
    const lines = steps.map((step) => el('li', { hidden: true }, step.text));
    byId('steps').replaceChildren(...lines);
    setText(byId('motion-note'), `Slot ${this.slot.slot}, ballot ${this.slot.ballot}: ${steps.length} steps; times are the nodes' own, since the first accept.`);
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    let at = 0;
    const advance = () => {
      lines[at - 1]?.removeAttribute('data-now');
      if (at === steps.length) {
        clearInterval(this.timer);
        return;
      }
      shapes[at].classList.remove('later');
      lines[at].hidden = false;
      lines[at].setAttribute('data-now', 'true');
      at++;
    };
    if (isCalm) {
      steps.forEach(advance);
    } else {
      advance();
      this.timer = setInterval(advance, STEP_MILLIS);
    }
  }

  draw(steps, lanes) {
    // Beside the last lane stands what happens there.
    const width = LANE * (lanes.length + 0.75);
    const height = TOP + ROW * (steps.length + 0.5);
    const x = (name) => LANE * (Math.max(0, lanes.indexOf(name)) + 0.5);
    const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'The steps in the list beside, as arrows between the nodes' });
    for (const name of lanes) {
      picture.append(svg('line', { class: 'lane', x1: x(name), x2: x(name), y1: TOP - 8, y2: height }),
        svg('text', { x: x(name), y: 16, 'text-anchor': 'middle' }, name));
    }
    const shapes = steps.map((step, row) => this.shape(step, x(step.from), x(step.to), TOP + ROW * (row + 0.5)));
    picture.append(...shapes);
    byId('diagram').replaceChildren(picture);
    return shapes;
  }

  shape(step, from, to, y) {
    const group = svg('g', { class: 'later' });
    if (from === to) {
      group.append(svg('circle', { class: `mark ${step.kind}`, cx: from, cy: y, r: 6 }));
      group.append(svg('text', { x: from + 10, y: y + 4 }, step.kind === 'arrow' || step.kind === 'answer' ? `${step.label} (to itself)` : step.label));
      return group;
    }
    const side = to > from ? 1 : -1;
    group.append(svg('line', { class: `arrow ${step.kind}`, x1: from, x2: to - 6 * side, y1: y - 4, y2: y + 4 }),
      svg('path', { class: 'tip', d: `M${to} ${y + 4} l${-8 * side} -4 l0 8 z` }),
      svg('text', { x: (from + to) / 2, y: y - 6, 'text-anchor': 'middle' }, step.label));
    return group;
  }
}
