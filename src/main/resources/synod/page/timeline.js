// Leaders and stopped roles over the last two minutes, and the same events in words.

import { byId, clock, duration, el, svg } from './dom.js';
import { isSeen } from './seen.js';

const SPAN = 120000;
const WIDTH = 1000;
const LABEL = 70;
const LANE = 20;
const LINES = 40;

/** It moves on this often while nothing happens, by a step that is hardly seen. */
const STEP_MILLIS = 2000;

function words(event) {
  const ballot = event.ballot?.split('.')[0];
  switch (event.kind) {
    case 'prepare': return `${event.node} prepares ballot ${ballot} from slot ${event.fromSlot}`;
    case 'elected': return `${event.node} leads at ballot ${ballot}, promised by ${event.promisedBy.join(', ')}`;
    case 'stepped-down': return `${event.node} steps down from ballot ${ballot}: ${event.reason}`;
    case 'leader-missed': return `${event.node} misses the leader and asks the others`;
    case 'role-stopped': return `${event.role} of ${event.node} stopped for ${duration(event.downtimeMillis)}`;
    case 'role-failed': return `${event.role} of ${event.node} failed: ${event.reason}`;
    case 'role-failed-for-good': return `${event.role} of ${event.node} failed for good: ${event.reason}`;
    case 'role-up': return `${event.role} of ${event.node} is up`;
    case 'silent': return `${event.by} doesn't hear ${event.node} any more`;
    case 'heard': return `${event.by} hears ${event.node} again`;
    case 'space': return event.low ? `the disk of ${event.node} is nearly full` : `the disk of ${event.node} has room again`;
    case 'quota': return event.at.length ? `${event.node} refuses puts: the quota of ${event.at.join(', ')} is used up` : `${event.node} takes puts again`;
    case 'formed': return `${event.node} belongs to the cluster`;
    default: return event.detail ?? event.kind;
  }
}

/** What was so from when until when: { lane, from, to, label, kind }. */
function bars(news, now) {
  const all = [];
  const open = new Map();
  const end = (key, at) => {
    if (open.has(key)) {
      open.get(key).to = at;
      open.delete(key);
    }
  };
  const begin = (key, bar) => {
    end(key, bar.from);
    const whole = { ...bar, to: now };
    open.set(key, whole);
    all.push(whole);
  };
  for (const event of news) {
    const role = `${event.node} ${event.role}`;
    if (event.kind === 'elected') {
      begin('leader', { lane: 'leader', from: event.at, label: `${event.node}, ballot ${event.ballot.split('.')[0]}`, kind: 'reign', node: event.node });
    } else if (event.kind === 'stepped-down' && open.get('leader')?.node === event.node) {
      end('leader', event.at);
    } else if (event.kind.startsWith('role-') && event.kind !== 'role-up') {
      begin(role, { lane: event.node, from: event.at, label: event.role, kind: 'down' });
    } else if (event.kind === 'role-up') {
      end(role, event.at);
    } else if (event.kind === 'silent') {
      begin(`${event.node} contact`, { lane: event.node, from: event.at, label: 'not heard', kind: 'down' });
    } else if (event.kind === 'heard') {
      end(`${event.node} contact`, event.at);
    }
  }
  return all;
}

export class Timeline {
  constructor(model) {
    this.model = model;
    this.newest = null;
    this.drawnAt = 0;
  }

  draw() {
    if (!this.model.config) {
      return;
    }
    const newest = this.model.news.at(-1);
    const isNew = newest !== this.newest;
    if (isNew) {
      this.newest = newest;
      this.drawList();
    }
    const now = Date.now();
    if ((isNew || now - this.drawnAt >= STEP_MILLIS) && isSeen(byId('timeline'))) {
      this.drawnAt = now;
      this.drawPicture(now);
    }
  }

  drawList() {
    byId('news').replaceChildren(...this.model.news.slice(-LINES).reverse().map((event) =>
      el('li', {}, el('time', { datetime: new Date(event.at).toISOString() }, clock(event.at)), words(event))));
  }

  drawPicture(now) {
    const lanes = ['leader', ...this.model.config.nodes.map((node) => node.name)];
    const height = lanes.length * LANE + 20;
    const x = (at) => LABEL + ((Math.max(at, now - SPAN) - now + SPAN) / SPAN) * (WIDTH - LABEL);
    const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': 'Leaders and stopped roles; the list below says the same' });
    lanes.forEach((lane, row) => picture.append(
      svg('text', { x: 0, y: row * LANE + 14 }, lane),
      svg('line', { class: 'lane', x1: LABEL, x2: WIDTH, y1: (row + 1) * LANE, y2: (row + 1) * LANE })));
    const labelled = new Map();
    for (const bar of bars(this.model.news, now).filter((each) => each.to > now - SPAN && lanes.includes(each.lane)).reverse()) {
      const y = lanes.indexOf(bar.lane) * LANE;
      picture.append(svg('rect', { class: bar.kind, x: x(bar.from), y: y + 15, width: Math.max(3, x(bar.to) - x(bar.from)), height: 4 }));
      const left = Math.min(x(bar.from) + 2, WIDTH - 100);
      // One that would cover a later one stands in the list below.
      if (left + 9 * bar.label.length <= (labelled.get(bar.lane) ?? Infinity)) {
        labelled.set(bar.lane, left);
        picture.append(svg('text', { x: left, y: y + 13 }, bar.label));
      }
    }
    picture.append(svg('text', { class: 'soft', x: LABEL, y: height - 4 }, '2 min ago'),
      svg('text', { class: 'soft', x: WIDTH, y: height - 4, 'text-anchor': 'end' }, 'now'));
    byId('timeline').replaceChildren(picture);
  }
}
