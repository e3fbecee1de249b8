// Chaos: stops a role at once, or switches the scheduler of one node or of all on and off.

import { byId, el, setText } from './dom.js';

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
    });
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

  async configure() {
    const choice = byId('chaos-dialog').returnValue;
    if (choice !== 'on' && choice !== 'off') {
      return;
    }
    const roles = [...document.querySelectorAll('#chaos-dialog [name=role]:checked')].map((box) => box.value);
    const node = byId('chaos-node').value;
    const nodes = node ? [node] : this.model.config.nodes.map((each) => each.name);
    await this.send(nodes, 'PUT', '/v1/chaos', choice === 'off' ? { roles: [] } : {
      roles, meanTimeBetweenFailures: byId('mtbf').value, downtimeMin: byId('down-min').value, downtimeMax: byId('down-max').value,
    });
  }

  async send(nodes, method, path, body) {
    const one = (node) => this.api.json(method, `${path}?node=${encodeURIComponent(node)}`, body)
      .then((answer) => answer.detail, (error) => `${node}: ${error.message}`);
    setText(byId('order-answer'), (await Promise.all(nodes.map(one))).join('; '));
  }
}
