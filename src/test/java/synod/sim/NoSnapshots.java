package synod.sim;

import java.util.Optional;
import synod.paxos.Snapshot;
import synod.paxos.Snapshots;

/** Of a learner that has never taken a snapshot nor been sent one. */
public final class NoSnapshots implements Snapshots {
  @Override
  public Optional<Snapshot> newest() {
    return Optional.empty();
  }

  @Override
  public Optional<byte[]> read(Snapshot snapshot, long offset, int length) {
    return Optional.empty();
  }

  @Override
  public long kept(Snapshot snapshot) {
    return 0;
  }
}
