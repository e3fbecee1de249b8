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
import synod.paxos.InvariantViolation;
import synod.storage.Identity.Membership;

class IdentityTest {
  /** The road to each standing from the first. */
  private static final Map<Membership, Set<Membership>> NEXT =
      Map.of(
          Membership.UNFORMED,
          Set.of(
              Membership.FORMING,
              Membership.JOINED,
              Membership.MEMBER,
              Membership.FORGOTTEN,
              Membership.LEARNER),
          Membership.FORMING,
          Set.of(Membership.MEMBER),
          Membership.JOINED,
          Set.of(Membership.MEMBER),
          Membership.MEMBER,
          Set.of(),
          Membership.FORGOTTEN,
          Set.of(),
          Membership.LEARNER,
          Set.of());

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Membership.class)
  void onlyLegalStepsAreTaken(Membership from) {
    for (Membership to : Membership.values()) {
      Identity identity = create();
      identity.advance(from, "c1");
      if (to == from || NEXT.get(from).contains(to)) {
        identity.advance(to, null);
        assertThat(identity.membership()).isEqualTo(to);
        assertThat(read().membership()).isEqualTo(to);
      } else {
        assertThatThrownBy(() -> identity.advance(to, null)).isInstanceOf(InvariantViolation.class);
        assertThat(identity.membership()).isEqualTo(from);
        assertThat(read().membership()).isEqualTo(from);
      }
    }
  }

  @Test
  void theClustersIdIsAddedOnceAndNeverChanges() {
    Identity identity = create();
    identity.advance(Membership.FORMING, null);
    assertThat(read().clusterId()).isEmpty();
    identity.advance(Membership.FORMING, "c1");
    assertThat(read().clusterId()).contains("c1");
    assertThatThrownBy(() -> identity.advance(Membership.MEMBER, "c2"))
        .isInstanceOf(InvariantViolation.class);
    assertThat(identity.clusterId()).contains("c1");
    assertThat(read().membership()).isEqualTo(Membership.FORMING);
    identity.advance(Membership.MEMBER, "c1");
    assertThat(read().clusterId()).contains("c1");
  }

  @Test
  void noMemberIsWithoutACluster() {
    Identity identity = create();
    assertThatThrownBy(() -> identity.advance(Membership.MEMBER, null))
        .isInstanceOf(InvariantViolation.class);
  }

  private Identity create() {
    return Identity.create(directory, "synod", "n1", "f");
  }

  private Identity read() {
    return Identity.read(directory, "synod", "n1", "f");
  }
}
