package synod.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiskAuditTest {
  private static final DiskAudit N1 = audit("n1", 9, "aa", 0);

  @Test
  void replicasThatHoldTheSameAndEveryWriteHaveNoProblem() {
    assertThat(DiskAudit.problems(List.of(N1, audit("n2", 9, "aa", 0)))).isEmpty();
  }

  @Test
  void aReplicaWithAnotherStateOrSlotIsNamed() {
    assertThat(DiskAudit.problems(List.of(N1, audit("n2", 9, "bb", 0), audit("n3", 8, "aa", 0))))
        .containsExactly("n2 holds another state than n1", "n3 holds another state than n1");
  }

  @Test
  void missingWritesAreCountedWhereTheyAreMissing() {
    DiskAudit lost = audit("n2", 9, "aa", 3);

    assertThat(DiskAudit.problems(List.of(N1, lost)))
        .containsExactly("3 acknowledged writes are missing on n2");
    assertThat(lost.line(10))
        .startsWith("n2 on disk: slot 9")
        .endsWith("7 of 10 acknowledged writes");
  }

  private static DiskAudit audit(String node, long slot, String digest, int missing) {
    return new DiskAudit(node, slot, 5, digest.repeat(32), missing);
  }
}
