package synod.sim;

import java.util.List;
import java.util.Optional;
import synod.paxos.AcceptorLog;
import synod.paxos.Ballot;
import synod.paxos.Entry;

/** An acceptor's log that says when it is about to be read in a way that may wait for the disk. */
public final class WatchedReads implements AcceptorLog {
  private final AcceptorLog log;
  private final Runnable beforeRead;

  /**
   * @param beforeRead run by the thread that reads
   */
  public WatchedReads(AcceptorLog log, Runnable beforeRead) {
    this.log = log;
    this.beforeRead = beforeRead;
  }

  @Override
  public Ballot promised() {
    return log.promised();
  }

  @Override
  public long trimmedBelow() {
    return log.trimmedBelow();
  }

  @Override
  public long lastSlot() {
    return log.lastSlot();
  }

  @Override
  public Optional<Entry> entry(long slot) {
    beforeRead.run();
    return log.entry(slot);
  }

  @Override
  public List<Entry> entries(long from, int maxBytes) {
    beforeRead.run();
    return log.entries(from, maxBytes);
  }
}
