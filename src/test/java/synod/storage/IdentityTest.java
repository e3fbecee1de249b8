package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import synod.paxos.Formation.Standing;
import synod.paxos.InvariantViolation;

class IdentityTest {
  /** The road to each standing from the first. */
  private static final Map<Standing, Set<Standing>> NEXT =
      Map.of(
          Standing.UNFORMED,
          Set.of(
              Standing.FORMING,
              Standing.JOINED,
              Standing.MEMBER,
              Standing.FORGOTTEN,
              Standing.LEARNER),
          Standing.FORMING,
          Set.of(Standing.MEMBER),
          Standing.JOINED,
          Set.of(Standing.MEMBER),
          Standing.MEMBER,
          Set.of(),
          Standing.FORGOTTEN,
          Set.of(),
          Standing.LEARNER,
          Set.of());

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Standing.class)
  void onlyLegalStepsAreTaken(Standing from) {
    for (Standing to : Standing.values()) {
      Identity identity = create();
      identity.advance(from, "c1");
      if (to == from || NEXT.get(from).contains(to)) {
        identity.advance(to, null);
        assertThat(identity.standing()).isEqualTo(to);
        assertThat(read().standing()).isEqualTo(to);
      } else {
        assertThatThrownBy(() -> identity.advance(to, null)).isInstanceOf(InvariantViolation.class);
        assertThat(identity.standing()).isEqualTo(from);
        assertThat(read().standing()).isEqualTo(from);
      }
    }
  }

  @Test
  void theClustersIdIsAddedOnceAndNeverChanges() {
    Identity identity = create();
    identity.advance(Standing.FORMING, null);
    assertThat(read().clusterId()).isEmpty();
    identity.advance(Standing.FORMING, "c1");
    assertThat(read().clusterId()).contains("c1");
    assertThatThrownBy(() -> identity.advance(Standing.MEMBER, "c2"))
        .isInstanceOf(InvariantViolation.class);
    assertThat(identity.clusterId()).contains("c1");
    assertThat(read().standing()).isEqualTo(Standing.FORMING);
    identity.advance(Standing.MEMBER, "c1");
    assertThat(read().clusterId()).contains("c1");
  }

  @Test
  void noMemberIsWithoutACluster() {
    Identity identity = create();
    assertThatThrownBy(() -> identity.advance(Standing.MEMBER, null))
        .isInstanceOf(InvariantViolation.class);
  }

  private Identity create() {
    return Identity.create(directory, "synod", "n1", "f");
  }

  private Identity read() {
    return Identity.read(directory, "synod", "n1", "f");
  }
}
