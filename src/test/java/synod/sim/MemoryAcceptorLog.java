package synod.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import synod.paxos.AcceptorLog;
import synod.paxos.Ballot;
import synod.paxos.DurableRecord;
import synod.paxos.Entry;

/**
 * What is durable on an acceptor's disk, in memory. It holds what it was given with {@link #write},
 * each batch as a whole, and checks nothing: it is as dumb as a disk.
 */
public final class MemoryAcceptorLog implements AcceptorLog {
  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private Ballot promised = Ballot.NONE;
  private long round;
  private long trimmedBelow = 1;

  /** Makes the records of one write durable. */
  public void write(List<DurableRecord> records) {
    for (DurableRecord record : records) {
      if (record instanceof DurableRecord.Promised raised) {
        promised = raised.ballot();
      } else if (record instanceof DurableRecord.Accepted accepted) {
        entries.put(accepted.entry().slot(), accepted.entry());
      } else if (record instanceof DurableRecord.Trimmed trimmed) {
        trimmedBelow = trimmed.below();
        entries.headMap(trimmedBelow, false).clear();
      } else if (record instanceof DurableRecord.Round used) {
        round = used.round();
      }
    }
  }

  /** The highest round that the node's proposer has used. */
  public long round() {
    return round;
  }

  @Override
  public Ballot promised() {
    return promised;
  }

  @Override
  public long trimmedBelow() {
    return trimmedBelow;
  }

  @Override
  public long lastSlot() {
    return entries.isEmpty() ? 0 : entries.lastKey();
  }

  @Override
  public Optional<Entry> entry(long slot) {
    return Optional.ofNullable(entries.get(slot));
  }

  @Override
  public List<Entry> entries(long from, int maxBytes) {
    List<Entry> part = new ArrayList<>();
    long bytes = 0;
    for (Entry entry : entries.tailMap(from, true).values()) {
      part.add(entry);
      bytes += entry.value().length;
      if (bytes >= maxBytes) {
        break;
      }
    }
    return part;
  }
}
