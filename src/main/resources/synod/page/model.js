// What the page knows of the cluster, put together from its events. No document here: everything that is shown is read from this.

const SLOTS_KEPT = 400;
const NEWS_KEPT = 300;
const RATES_KEPT = 150;
const KEYS_KEPT = 500;

/** After this time without a word a node counts as unreachable, not only suspected. */
const UNREACHABLE_MILLIS = 3000;

export class Model {
  constructor() {
    this.config = null;
    this.servedBy = null;
    /** By name: { status, at, silentSince } */
    this.nodes = new Map();
    /** By number: { slot, ballot, accepted: Map(node, micros), chosen, applied: Map(node, micros), commands } */
    this.slots = new Map();
    this.news = [];
    this.elections = new Map();
    this.rates = [];
    this.keySlots = new Map();
    this.lost = 0;
    this.toldEvery = 1;
    this.lastSeen = new Map();
    this.version = 0;
  }

  configure(status) {
    this.config = status.config;
    this.cluster = status.cluster.name;
    for (const node of status.config.nodes) {
      this.node(node.name);
    }
  }

  node(name) {
    if (!this.nodes.has(name)) {
      this.nodes.set(name, { name, status: null, at: 0, silentSince: null });
    }
    return this.nodes.get(name);
  }

  take(event) {
    this.version++;
    if (event.n && this.isOld(event)) {
      return;
    }
    const handle = HANDLERS[event.kind];
    if (handle) {
      handle(this, event);
    }
    if (TIMELINE.has(event.kind)) {
      this.addNews(event);
    }
  }

  /** The same events come again from another node, or after a break. */
  isOld(event) {
    const last = this.lastSeen.get(event.node);
    if (last && event.n <= last.n && event.atMicros <= last.at) {
      return true;
    }
    this.lastSeen.set(event.node, { n: event.n, at: event.atMicros });
    return false;
  }

  addNews(event) {
    const at = event.atMicros / 1000;
    let place = this.news.length;
    while (place > 0 && this.news[place - 1].at > at) {
      place--;
    }
    this.news.splice(place, 0, { ...event, at });
    if (this.news.length > NEWS_KEPT) {
      this.news.shift();
    }
  }

  slot(number) {
    let slot = this.slots.get(number);
    if (!slot) {
      slot = { slot: number, ballot: null, accepted: new Map(), chosen: null, applied: new Map(), commands: null };
      this.slots.set(number, slot);
      if (this.slots.size > SLOTS_KEPT + 50) {
        const numbers = [...this.slots.keys()].sort((a, b) => a - b);
        numbers.slice(0, numbers.length - SLOTS_KEPT).forEach((old) => this.slots.delete(old));
      }
    }
    return slot;
  }

  /** The last of the slots that were told, in their order. */
  lastSlots(count) {
    return [...this.slots.values()].sort((a, b) => a.slot - b.slot).slice(-count);
  }

  /** heard, suspected or unreachable */
  contact(name) {
    const node = this.node(name);
    if (!node.status) {
      return 'unreachable';
    }
    if (node.silentSince === null) {
      return 'heard';
    }
    return Date.now() - node.silentSince < UNREACHABLE_MILLIS ? 'suspected' : 'unreachable';
  }

  /** { state, backIn } with state: up, down, recovering, failed, suspected, unreachable, none */
  role(name, role) {
    const node = this.node(name);
    if (this.config && !this.config.nodes.find((each) => each.name === name)?.roles.includes(role)) {
      return { state: 'none' };
    }
    const contact = this.contact(name);
    if (contact !== 'heard') {
      return { state: contact };
    }
    const told = node.status.roles[role];
    if (role === 'acceptor' && told.state === 'up' && node.status.cluster.membership === 'forgotten') {
      return { state: 'forgotten' };
    }
    const backIn = told.backInMillis === null ? null : Math.max(0, told.backInMillis - (Date.now() - node.at));
    return { state: told.state, backIn, detail: told.detail };
  }

  /** The status of the node that leads at the highest ballot, or null. */
  leader() {
    let best = null;
    for (const node of this.nodes.values()) {
      const leads = node.status?.leading && this.contact(node.name) === 'heard' && this.role(node.name, 'proposer').state === 'up';
      if (leads && (best === null || node.status.leader.round > best.leader.round)) {
        best = node.status;
      }
    }
    return best;
  }

  /** The highest revision that a node has told. */
  revision() {
    return Math.max(0, ...[...this.nodes.values()].map((node) => node.status?.revision ?? 0));
  }

  /** Acceptors by whether they can vote now. */
  acceptors() {
    const names = this.config?.acceptors ?? [];
    const up = names.filter((name) => this.role(name, 'acceptor').state === 'up');
    return { all: names, up, down: names.filter((name) => !up.includes(name)) };
  }
}

function contactMade(model, event) {
  const node = model.node(event.node);
  node.silentSince = null;
  return node;
}

const HANDLERS = {
  hello(model, event) {
    model.servedBy = event.node;
    // What this node can't hear, it says itself.
    model.nodes.forEach((node) => { node.silentSince = null; });
  },
  lost(model, event) {
    model.lost += event.events ?? 0;
  },
  status(model, event) {
    const node = contactMade(model, event);
    node.status = event.status;
    node.at = Date.now();
  },
  progress(model, event) {
    const { status } = contactMade(model, event);
    if (status) {
      status.slots = event.slots;
      status.revision = event.revision;
    }
  },
  silent(model, event) {
    model.node(event.node).silentSince = Date.now() - 1300;
  },
  heard(model, event) {
    contactMade(model, event);
  },
  rates(model, event) {
    model.toldEvery = event.toldEvery;
    const second = Math.floor(event.atMicros / 1e6);
    let rates = model.rates.find((each) => each.second === second);
    if (!rates) {
      rates = { second, requests: 0, chosen: 0, requestMicros: {}, chosenMicros: {} };
      model.rates.push(rates);
      model.rates.sort((a, b) => a.second - b.second);
      if (model.rates.length > RATES_KEPT) {
        model.rates.shift();
      }
    }
    rates.requests += (event.requests * 1000) / event.millis;
    rates.chosen += (event.chosen * 1000) / event.millis;
    add(rates.requestMicros, event.requestMicros);
    add(rates.chosenMicros, event.chosenMicros);
  },
  accepted(model, event) {
    const slot = model.slot(event.slot);
    if (slot.ballot !== event.ballot && slot.chosen === null) {
      slot.accepted.clear();
    }
    slot.ballot = slot.chosen?.ballot ?? event.ballot;
    slot.accepted.set(event.node, event.atMicros);
    slot.bytes = event.bytes;
  },
  chosen(model, event) {
    const slot = model.slot(event.slot);
    slot.ballot = event.ballot;
    slot.chosen = event;
    slot.bytes = event.bytes;
  },
  applied(model, event) {
    const upTo = event.upTo ?? event.slot;
    for (let number = Math.max(event.slot, upTo - SLOTS_KEPT); number <= upTo; number++) {
      // Of a long row that a node catches up with, only what is known otherwise.
      if (upTo === event.slot || model.slots.has(number)) {
        model.slot(number).applied.set(event.node, event.atMicros);
      }
    }
  },
  commands(model, event) {
    model.slot(event.slot).commands = event;
    for (const command of event.commands) {
      if (command.key !== undefined) {
        model.keySlots.delete(command.key);
        model.keySlots.set(command.key, event.slot);
      }
    }
    while (model.keySlots.size > KEYS_KEPT) {
      model.keySlots.delete(model.keySlots.keys().next().value);
    }
  },
  prepare(model, event) {
    election(model, event.ballot).prepare = event;
  },
  promised(model, event) {
    election(model, event.ballot).promised.set(event.node, event.atMicros);
  },
  elected(model, event) {
    election(model, event.ballot).elected = event;
  },
};

const TIMELINE = new Set(['prepare', 'elected', 'stepped-down', 'leader-missed', 'role-stopped', 'role-failed',
  'role-failed-for-good', 'role-up', 'silent', 'heard', 'space', 'quota', 'lost', 'formed']);

function election(model, ballot) {
  if (!model.elections.has(ballot)) {
    model.elections.set(ballot, { ballot, prepare: null, promised: new Map(), elected: null });
    if (model.elections.size > 50) {
      model.elections.delete(model.elections.keys().next().value);
    }
  }
  return model.elections.get(ballot);
}

function add(to, counts) {
  for (const [bucket, count] of Object.entries(counts)) {
    to[bucket] = (to[bucket] ?? 0) + count;
  }
}

/** The time in milliseconds below which this share of what was counted lies, or null if nothing was. */
export function percentile(counts, share) {
  const buckets = Object.keys(counts).map(Number).sort((a, b) => a - b);
  const total = buckets.reduce((sum, bucket) => sum + counts[bucket], 0);
  let seen = 0;
  for (const bucket of buckets) {
    seen += counts[bucket];
    if (seen >= share * total) {
      return 2 ** ((bucket + 1) / 4) / 1000;
    }
  }
  return null;
}
