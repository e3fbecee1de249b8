package synod.cli.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import synod.check.Operation;
import synod.cli.LocalNode;
import synod.kv.KeyChange;
import synod.kv.KvStateMachine;
import synod.kv.Query;
import synod.storage.DataDirectory;
import synod.storage.StateStorage;

/**
 * What a stopped node's disk holds: the state's digest, recomputed from every key, its metadata,
 * the sessions and the revision, and how many acknowledged writes are missing in its history of
 * changes.
 */
public record DiskAudit(String node, long slot, long revision, String sha256, int missing) {
  private static final int CHANGES_AT_ONCE = 1_000;

  /** Blocks while the whole state is read. */
  public static DiskAudit of(LocalNode node, Acknowledged acknowledged) {
    try (StateStorage state = DataDirectory.openStateReadOnly(node.dataDirectory())) {
      KvStateMachine machine = new KvStateMachine(state);
      return new DiskAudit(
          node.name(),
          machine.applied(),
          machine.revision(),
          HexFormat.of().formatHex(machine.digest()),
          missing(machine, acknowledged));
    }
  }

  private static int missing(KvStateMachine machine, Acknowledged acknowledged) {
    Map<Long, Operation> missing = acknowledged.all();
    long from = 1;
    while (from <= machine.revision()) {
      Query.ChangesAnswer page =
          (Query.ChangesAnswer)
              machine.read(new Query.ListChanges(new byte[0], from, CHANGES_AT_ONCE));
      for (KeyChange change : page.changes()) {
        missing.computeIfPresent(
            change.revision(), (any, write) -> isMadeBy(change, write) ? null : write);
      }
      from = Math.max(page.next(), page.compacted() + 1);
    }
    return missing.size();
  }

  private static boolean isMadeBy(KeyChange change, Operation write) {
    if (write instanceof Operation.Put put) {
      return Arrays.equals(change.key(), put.key().toArray())
          && Arrays.equals(change.value(), put.value().toArray());
    }
    return write instanceof Operation.Delete delete
        && change.isDelete()
        && Arrays.equals(change.key(), delete.key().toArray());
  }

  /** What these say of each other and of the acknowledged writes; empty if nothing is wrong. */
  public static List<String> problems(List<DiskAudit> audits) {
    List<String> problems = new ArrayList<>();
    for (DiskAudit audit : audits) {
      if (audit.missing > 0) {
        problems.add(audit.missing + " acknowledged writes are missing on " + audit.node);
      }
      if (!audit.agreesWith(audits.get(0))) {
        problems.add(audit.node + " holds another state than " + audits.get(0).node);
      }
    }
    return problems;
  }

  private boolean agreesWith(DiskAudit other) {
    return slot == other.slot && sha256.equals(other.sha256);
  }

  /**
   * For people.
   *
   * @param acknowledged how many writes were
   */
  public String line(int acknowledged) {
    return String.format(
        Locale.ROOT,
        "%s on disk: slot %d, revision %d, digest %s, %d of %d acknowledged writes",
        node,
        slot,
        revision,
        sha256.substring(0, 16),
        acknowledged - missing,
        acknowledged);
  }
}
