// Puts the page together: what the stream tells goes into the model, and the model is drawn a few times a second.

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

const DRAW_MILLIS = 250;

/** For a slot that is followed: its last news come with the next reports. */
const SETTLED_MILLIS = 900;

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
    setTimeout(() => {
      const told = model.slots.get(slot) ?? model.lastSlots(1)[0];
      if (!told) {
        setText(byId('motion-note'), `Slot ${slot} was written, but its events have not come.`);
        return;
      }
      strip.chosen = told.slot;
      sequence.follow(told);
      if (told.slot !== slot) {
        setText(byId('motion-note'), `The write went to slot ${slot}, which is not told one by one under this load: this is slot ${told.slot}.`);
      }
    }, SETTLED_MILLIS);
  } catch (error) {
    setText(byId('motion-note'), `Not written: ${error.message}`);
  }
});

function draw() {
  if (document.hidden) {
    return;
  }
  const { text, tone } = summarize(model);
  setText(byId('summary'), text);
  setAttribute(byId('summary'), 'data-tone', tone);
  setText(byId('progress'), model.config ? progress(model) : '');
  drawConnection();
  votes.draw();
  nodes.draw();
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
