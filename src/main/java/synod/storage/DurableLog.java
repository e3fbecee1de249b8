package synod.storage;

import java.util.List;
import synod.paxos.DurableRecord;

/** Where records go to stay. */
public interface DurableLog {
  /**
   * Writes records in this order and in one atomic step: after a crash all of them are there or
   * none. On return they <em>are durable</em>. May block for as long as the disk takes.
   *
   * @throws StorageFailure if they may not be durable; nothing more may be written then
   */
  void write(List<DurableRecord> records);
}
