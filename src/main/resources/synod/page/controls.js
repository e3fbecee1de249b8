// Chaos: stops a role at once, or switches the scheduler of one node or of all on and off.

import { byId, el, list, setText } from './dom.js';

/** What the nodes' schedulers do, nodes that do the same together. */
function running(nodes, answers) {
  const words = answers.map(({ value, reason }) => (reason ? reason.message : value.roles.length === 0 ? 'off'
    : `${list(value.roles)}, each every ${value.meanTimeBetweenFailures} for ${value.downtimeMin} to ${value.downtimeMax}`));
  return [...new Set(words)].map((word) => {
    const alike = nodes.filter((node, at) => words[at] === word);
    return `Now at ${alike.length === nodes.length && nodes.length > 1 ? 'all nodes' : list(alike)}: ${word}.`;
  }).join(' ');
}

export class Controls {
  constructor(api, model) {
    this.api = api;
    this.model = model;
    this.aim = null;
    byId('stop-dialog').addEventListener('close', () => this.stop());
    byId('chaos-dialog').addEventListener('close', () => this.configure());
    byId('chaos-open').addEventListener('click', () => {
      const chosen = byId('chaos-node').value;
      byId('chaos-node').replaceChildren(el('option', { value: '' }, 'all nodes'),
        ...model.config.nodes.map((node) => el('option', { value: node.name }, node.name)));
      byId('chaos-node').value = chosen;
      byId('chaos-dialog').showModal();
      this.showRunning();
    });
    byId('chaos-node').addEventListener('change', () => this.showRunning());
  }

  aimAt(node, role) {
    this.aim = { node, role };
    setText(byId('stop-title'), `Stop the ${role} of ${node}`);
    byId('stop-dialog').returnValue = '';
    byId('stop-dialog').showModal();
    byId('downtime').select();
  }

  async stop() {
    if (byId('stop-dialog').returnValue === 'stop') {
      const { node, role } = this.aim;
      await this.send([node], 'POST', '/v1/chaos/kill', { role, downtime: byId('downtime').value });
    }
  }

  /** The nodes that the dialog is about. */
  chosenNodes() {
    const node = byId('chaos-node').value;
    return node ? [node] : this.model.config.nodes.map((each) => each.name);
  }

  /** Fills the dialog with the schedule that is in force, and says so. */
  async showRunning() {
    const nodes = this.chosenNodes();
    setText(byId('chaos-now'), 'Asking what is on now.');
    const answers = await Promise.allSettled(nodes.map((node) => this.api.json('GET', `/v1/chaos?node=${encodeURIComponent(node)}`)));
    if (nodes.join() !== this.chosenNodes().join()) {
      return;
    }
    const known = answers.filter((each) => each.status === 'fulfilled').map((each) => each.value);
    const schedule = known.find((each) => each.roles.length > 0) ?? known[0];
    if (schedule) {
      if (schedule.roles.length > 0) {
        document.querySelectorAll('#chaos-dialog [name=role]').forEach((box) => { box.checked = schedule.roles.includes(box.value); });
      }
      byId('mtbf').value = schedule.meanTimeBetweenFailures;
      byId('down-min').value = schedule.downtimeMin;
      byId('down-max').value = schedule.downtimeMax;
    }
    setText(byId('chaos-now'), running(nodes, answers));
  }

  async configure() {
    const choice = byId('chaos-dialog').returnValue;
    if (choice !== 'on' && choice !== 'off') {
      return;
    }
    const roles = [...document.querySelectorAll('#chaos-dialog [name=role]:checked')].map((box) => box.value);
    await this.send(this.chosenNodes(), 'PUT', '/v1/chaos', choice === 'off' ? { roles: [] } : {
      roles, meanTimeBetweenFailures: byId('mtbf').value, downtimeMin: byId('down-min').value, downtimeMax: byId('down-max').value,
    });
  }

  async send(nodes, method, path, body) {
    const one = (node) => this.api.json(method, `${path}?node=${encodeURIComponent(node)}`, body)
      .then((answer) => answer.detail, (error) => `${node}: ${error.message}`);
    setText(byId('order-answer'), (await Promise.all(nodes.map(one))).join('; '));
  }
}
