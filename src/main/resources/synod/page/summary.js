// Why the store serves, or doesn't, in a sentence.

import { list, number } from './dom.js';

/** { text, tone } with tone: good, degraded, stalled, unknown */
export function summarize(model) {
  if (!model.config || [...model.nodes.values()].every((node) => node.status === null)) {
    return { text: 'Asking the nodes how they are.', tone: 'unknown' };
  }
  if ([...model.nodes.values()].every((node) => node.status === null || node.status.cluster.membership === 'forming')) {
    return { text: 'The cluster has not formed yet: all acceptors must say that they are new.', tone: 'stalled' };
  }
  const leader = model.leader();
  const { all, up, down } = model.acceptors();
  const { phase1, phase2 } = model.config.quorums;
  const needed = leader ? phase2 : Math.max(phase1, phase2);
  const hasQuorum = up.length >= needed;
  const leads = leader ? `${leader.node} leads at ballot ${leader.leader.round}. ` : leaderless(model);
  if (!hasQuorum) {
    const are = up.length === 1 ? 'the 1 that is up is' : `the ${up.length} that are up are`;
    const count = `${down.length} of ${all.length} acceptors ${down.length === 1 ? 'is' : 'are'} down (${list(down)})`;
    return {
      text: `${leads}${count}: ${up.length === 0 ? 'none is' : are} no quorum of ${needed}. Writes wait, nothing is lost.`,
      tone: 'stalled',
    };
  }
  if (!leader) {
    return { text: `${leads}A quorum of ${needed} acceptors is up; writes wait until it has elected one.`, tone: 'stalled' };
  }
  const overQuota = [...new Set([...model.nodes.values()].flatMap((node) => node.status?.overQuota ?? []))];
  if (overQuota.length > 0) {
    return {
      text: `${leads}Puts are refused: the disk quota of ${list(overQuota)} is used up. Reads and deletes go on.`,
      tone: 'degraded',
    };
  }
  if (down.length > 0) {
    const are = down.length === 1 ? 'is' : 'are';
    return {
      text: `${leads}${down.length} of ${all.length} acceptors ${are} down (${list(down)}); a quorum of ${needed} is up, writes go on.`,
      tone: 'degraded',
    };
  }
  return { text: `${leads}All ${all.length} acceptors are up; any ${needed} of them are a quorum.`, tone: 'good' };
}

function leaderless(model) {
  const last = model.news.findLast((event) => event.kind === 'prepare');
  if (last && Date.now() - last.at < 2000) {
    return `No leader: ${last.node} asks for promises at ballot ${last.ballot.split('.')[0]}. `;
  }
  return 'No leader. ';
}

/** The state of the log, and how fast it grows, in a second line. */
export function progress(model) {
  const chosen = Math.max(0, ...[...model.nodes.values()].map((node) => node.status?.slots.chosen ?? 0));
  return `${number(chosen)} slots are chosen; the store is at revision ${number(model.revision())}.`;
}
