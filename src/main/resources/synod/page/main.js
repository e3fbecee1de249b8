// Puts the page together: what the stream tells goes into the model, and the model is drawn.

import { Api, bytesOf } from './api.js';
import { Controls } from './controls.js';
import { byId, setAttribute, setText } from './dom.js';
import { Keys } from './keys.js';
import { Model } from './model.js';
import { Nodes } from './nodes.js';
import { Plots } from './plots.js';
import { Sequence } from './sequence.js';
import { Stream } from './stream.js';
import { Strip } from './strip.js';
import { progress, summarize } from './summary.js';
import { Timeline } from './timeline.js';
import { Votes } from './votes.js';

/** How often the page looks for what tells of failures. The document is touched only where that has changed. */
const DRAW_MILLIS = 250;

/** What moves all the time under load, all of it at every fourth of these times: a frame costs the browser as much as many events. */
const BUSY_EVERY = 4;

/** For a slot that is followed: its last news come no later than this, or not at all. */
const SETTLED_MILLIS = 1500;
const SETTLED_CHECK_MILLIS = 50;

const api = new Api();
const model = new Model();
const controls = new Controls(api, model);
const keys = new Keys(api, model);
const plots = new Plots(model);
const sequence = new Sequence(model);
const strip = new Strip(model, (slot) => sequence.follow(slot));
const nodes = new Nodes(model, (node, role) => controls.aimAt(node, role));
const timeline = new Timeline(model);
const votes = new Votes(model);
const stream = new Stream(api, (event) => model.take(event), showConnection);
let connection = { state: 'connecting', detail: '', since: Date.now() };
let asking = false;
let drawings = 0;

function showConnection(now) {
  connection = now;
  if (now.state === 'live' && !asking) {
    configure();
  }
  drawConnection();
}

function drawConnection() {
  const { state, detail, since } = connection;
  const seconds = Math.round((Date.now() - since) / 1000);
  const served = model.servedBy ?? 'the node';
  const text = state === 'live' ? `live, from ${served}`
    : state === 'unauthorized' ? `no access: ${detail}`
      : `${state === 'lost' || seconds > 1 ? `connection lost ${seconds} s ago: ` : ''}${detail || 'connecting'}; what is shown is old`;
  setText(byId('connection'), text);
  setAttribute(byId('connection'), 'data-state', state === 'connecting' && seconds > 1 ? 'lost' : state);
}

/** What a status has and the events don't: the configuration. Asked for once for each node that serves. */
async function configure() {
  asking = true;
  try {
    const status = await api.json('GET', '/v1/status');
    model.configure(status);
    setText(byId('cluster'), status.cluster.name);
    document.title = `Synod: ${status.cluster.name}`;
    const own = status.config.nodes.map((node) => `${location.protocol}//${node.host}:${node.httpPort}`);
    stream.nodes(['', ...own.filter((base) => base !== location.origin)]);
    keys.show();
  } catch (error) {
    setText(byId('keys-note'), `The cluster's configuration could not be read: ${error.message}`);
  } finally {
    asking = false;
  }
}

api.onUnauthorized = () => {
  byId('token-form').hidden = false;
};

byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  api.token = byId('token').value.trim();
  byId('token').value = '';
  byId('token-form').hidden = true;
  stream.retry();
});

byId('follow').addEventListener('click', async () => {
  setText(byId('motion-note'), 'Writing slow/motion…');
  try {
    const { slot } = await keys.write('PUT', bytesOf('slow/motion'), {}, new Date().toISOString());
    const told = await settled(slot);
    if (!told) {
      setText(byId('motion-note'), `Slot ${slot} was written, but its events have not come.`);
      return;
    }
    strip.chosen = told.slot;
    sequence.follow(told);
    if (told.slot !== slot) {
      setText(byId('motion-note'), `The write went to slot ${slot}, which is not told one by one under this load: this is slot ${told.slot}.`);
    }
  } catch (error) {
    setText(byId('motion-note'), `Not written: ${error.message}`);
  }
});

/** The slot once all is told of it; the latest that is told if this one isn't. */
async function settled(slot) {
  const end = Date.now() + SETTLED_MILLIS;
  const learners = model.config.nodes.filter((node) => node.roles.includes('learner')).length;
  const isWhole = (told) => told?.chosen && told.commands && told.applied.size >= learners;
  while (!isWhole(model.slots.get(slot)) && Date.now() < end) {
    await new Promise((resolve) => { setTimeout(resolve, SETTLED_CHECK_MILLIS); });
  }
  return model.slots.get(slot) ?? model.lastSlots(1)[0];
}

function draw() {
  if (document.hidden) {
    return;
  }
  const { text, tone } = summarize(model);
  setText(byId('summary'), text);
  setAttribute(byId('summary'), 'data-tone', tone);
  drawConnection();
  votes.draw();
  nodes.drawRoles();
  if (model.toldEvery === 1 || drawings % BUSY_EVERY === 0) {
    drawFigures();
  }
  drawings++;
}

function drawFigures() {
  setText(byId('progress'), model.config ? progress(model) : '');
  nodes.drawFigures();
  strip.draw();
  timeline.draw();
  plots.draw();
  keys.refresh();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plots.rebuild());
let width = innerWidth;
addEventListener('resize', () => {
  if (width !== innerWidth) {
    width = innerWidth;
    plots.rebuild();
  }
});
setInterval(draw, DRAW_MILLIS);
stream.run();
