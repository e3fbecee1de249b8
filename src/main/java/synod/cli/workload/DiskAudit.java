package synod.cli.workload;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import synod.cli.LocalNode;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.KvStateMachine;
import synod.kv.SessionCommand;
import synod.storage.DataDirectory;
import synod.storage.StateStorage;

/**
 * What a stopped node's disk holds: the state's digest, recomputed from every key, its metadata,
 * the sessions and the revision, and which acknowledged writes are missing in its log.
 */
public record DiskAudit(String node, long slot, long revision, String sha256, int missing) {
  private static final int PART_BYTES = 1 << 20;

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
    Set<Acknowledged.Write> missing = acknowledged.all();
    long slot = 1;
    List<byte[]> entries = machine.log(slot, PART_BYTES);
    while (!entries.isEmpty()) {
      for (byte[] entry : entries) {
        if (!EntryCodec.isNoOp(entry)) {
          remove(EntryCodec.decode(entry), missing);
        }
      }
      slot += entries.size();
      entries = machine.log(slot, PART_BYTES);
    }
    return missing.size();
  }

  private static void remove(EntryCodec.Contents entry, Set<Acknowledged.Write> missing) {
    for (CommandCodec.Batch batch : entry.batches()) {
      for (SessionCommand command : batch.commands()) {
        if (command.session() != null) {
          missing.remove(new Acknowledged.Write(command.session(), command.sequence()));
        }
      }
    }
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
