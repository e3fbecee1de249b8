package synod.node;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import synod.paxos.ProtocolEvent;

/**
 * Writes a node's events to the log, one line each: what is rare at INFO, what happens with every
 * slot at TRACE.
 */
final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger("synod.events");

  private EventLog() {}

  static void write(NodeEvent event) {
    if (event instanceof NodeEvent.Protocol step) {
      write(step);
    } else if (event instanceof NodeEvent.RoleStopped stopped) {
      LOG.info(
          "{} {} stopped by chaos, back in {} ms",
          stopped.node(),
          stopped.role().label(),
          stopped.downtime().toMillis());
    } else if (event instanceof NodeEvent.RoleFailed failed) {
      LOG.warn("{} {} failed: {}", failed.node(), failed.role().label(), failed.reason());
    } else if (event instanceof NodeEvent.RoleFailedForGood failed) {
      LOG.error(
          "{} {} stopped for good: {}", failed.node(), failed.role().label(), failed.reason());
    } else if (event instanceof NodeEvent.RoleResumed resumed) {
      LOG.info(
          "{} {} is up (life {})", resumed.node(), resumed.role().label(), resumed.incarnation());
    } else if (event instanceof NodeEvent.Formed formed) {
      LOG.info(
          "{} belongs to cluster {} as {}", formed.node(), formed.clusterId(), formed.membership());
    } else if (event instanceof NodeEvent.MembershipChanged changed) {
      LOG.info(
          "{} sees members {}, unreachable {}",
          changed.node(),
          changed.members(),
          changed.unreachable());
    } else if (event instanceof NodeEvent.VersionRaised raised) {
      LOG.info("{}: the cluster has format version {}", raised.node(), raised.version());
    } else if (event instanceof NodeEvent.StateDiffers differs) {
      LOG.error("{} holds another state than {} at the same slot", differs.node(), differs.from());
    } else if (event instanceof NodeEvent.QuotaExceeded quota) {
      if (quota.at().isEmpty()) {
        LOG.warn("{}: no disk quota is used up any more: puts are taken again", quota.node());
      } else {
        LOG.warn("{}: the disk quota of {} is used up: puts are refused", quota.node(), quota.at());
      }
    } else if (event instanceof NodeEvent.SnapshotFailed failed) {
      LOG.warn("{} has taken no snapshot: {}", failed.node(), failed.reason());
    } else if (event instanceof NodeEvent.SpaceChanged space) {
      LOG.warn(
          space.low()
              ? "{}: the disk is nearly full: new values are not accepted"
              : "{}: the disk has room again",
          space.node());
    }
  }

  private static void write(NodeEvent.Protocol step) {
    ProtocolEvent event = step.event();
    if (event instanceof ProtocolEvent.LeaderElected elected) {
      LOG.info(
          "{} leads at ballot {}: promised by {}, slots from {}, proposes again up to {}",
          step.node(),
          elected.ballot(),
          elected.promisedBy(),
          elected.from(),
          elected.recoverUpTo());
    } else if (event instanceof ProtocolEvent.SteppedDown down) {
      LOG.info("{} steps down from ballot {}: {}", step.node(), down.ballot(), down.reason());
    } else if (event instanceof ProtocolEvent.CampaignStarted campaign) {
      LOG.info(
          "{} prepares ballot {} from slot {}", step.node(), campaign.ballot(), campaign.from());
    } else if (event instanceof ProtocolEvent.LeaderObserved leader) {
      LOG.info("{} follows the leader of ballot {}", step.node(), leader.ballot());
    } else if (event instanceof ProtocolEvent.SnapshotTaken taken) {
      LOG.info(
          "{} has taken a snapshot of slot {} ({} bytes)",
          step.node(),
          taken.slot(),
          taken.bytes());
    } else if (event instanceof ProtocolEvent.EntriesTrimmed trimmed) {
      LOG.info("{} trims its log below slot {}", step.node(), trimmed.below());
    } else if (event instanceof ProtocolEvent.SnapshotFetched fetched) {
      LOG.info(
          "{} fetches the snapshot of slot {} ({} bytes, {} of them are here) from {}",
          step.node(),
          fetched.slot(),
          fetched.bytes(),
          fetched.kept(),
          fetched.peer());
    } else if (event instanceof ProtocolEvent.SnapshotDropped dropped) {
      LOG.info(
          "{} gives up the snapshot of slot {} from {}: {}",
          step.node(),
          dropped.slot(),
          dropped.peer(),
          dropped.reason());
    } else if (event instanceof ProtocolEvent.SnapshotInstalled installed) {
      LOG.info("{} goes on from a snapshot of slot {}", step.node(), installed.slot());
    } else if (event instanceof ProtocolEvent.PreCampaignStarted) {
      LOG.debug("{} misses the leader and asks the acceptors", step.node());
    } else if (event instanceof ProtocolEvent.BallotRejected
        || event instanceof ProtocolEvent.CatchingUp
        || event instanceof ProtocolEvent.PromiseRaised) {
      LOG.debug("{} {}", step.node(), event);
    } else if (LOG.isTraceEnabled()) {
      LOG.trace("{} {}", step.node(), event);
    }
  }
}
