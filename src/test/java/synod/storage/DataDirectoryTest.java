package synod.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.Programs;
import synod.paxos.Formation.Standing;

class DataDirectoryTest {
  private static final String CLUSTER = "synod";
  private static final String NODE = "n1";
  private static final String FINGERPRINT = "acceptors=n1,n2,n3 q1=2 q2=2";

  @TempDir Path temporary;
  private Path path;

  @BeforeEach
  void choose() {
    path = temporary.resolve("n1");
  }

  @Test
  void isCreatedAndKnownAgain() {
    try (DataDirectory created = open()) {
      assertThat(created.identity().standing()).isEqualTo(Standing.UNFORMED);
      assertThat(created.identity().clusterId()).isEmpty();
    }
    try (DataDirectory again = open()) {
      assertThat(again.identity().cluster()).isEqualTo(CLUSTER);
      assertThat(again.identity().node()).isEqualTo(NODE);
    }
  }

  @Test
  void ofAnotherClusterNodeOrConfigurationIsRefused() {
    open().close();
    assertRefused(() -> DataDirectory.open(path, "other", NODE, FINGERPRINT))
        .hasMessageContainingAll(
            path.toString(), "another cluster", "found synod", "expected other");
    assertRefused(() -> DataDirectory.open(path, CLUSTER, "n2", FINGERPRINT))
        .hasMessageContainingAll(path.toString(), "another node", "found n1", "expected n2");
    assertRefused(() -> DataDirectory.open(path, CLUSTER, NODE, "acceptors=n1"))
        .hasMessageContainingAll(
            path.toString(), "fingerprint", "found " + FINGERPRINT, "expected acceptors=n1");
    open().close();
  }

  @Test
  void ofANewerOrOlderFormatIsRefused() throws IOException {
    open().close();
    rewriteIdentity(text -> text.replace("synod-format=2", "synod-format=3") + "more=1\n");
    assertRefused(this::open)
        .hasMessageContainingAll(path.toString(), "format 3", "another version", "expected 2");
    rewriteIdentity(text -> text.replace("synod-format=3", "synod-format=1"));
    assertRefused(this::open)
        .hasMessageContainingAll(path.toString(), "format 1", "another version", "expected 2");
  }

  @Test
  void withADamagedIdentityIsRefusedWhicheverByteItIs() throws IOException {
    open().close();
    Path file = path.resolve(Identity.FILE);
    byte[] intact = Files.readAllBytes(file);
    for (int i = 0; i < intact.length; i++) {
      byte[] flipped = intact.clone();
      flipped[i] ^= 0x04;
      Files.write(file, flipped);
      assertRefused(this::open).hasMessageContaining(path.toString());
    }
    for (int length = 0; length < intact.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(intact, length));
      assertRefused(this::open).hasMessageContainingAll(path.toString(), "damaged");
    }
    Files.write(file, intact);
    open().close();
  }

  @Test
  void withDatabasesButNoIdentityIsRefused() throws IOException {
    try (DataDirectory directory = open();
        StateStorage state = directory.openState()) {
      state.flush();
    }
    Files.delete(path.resolve(Identity.FILE));
    assertRefused(this::open)
        .hasMessageContainingAll(path.toString(), "state/", "no identity file");
  }

  @Test
  void ofAMemberThatLostItsAcceptorsLogIsRefused() {
    try (DataDirectory directory = open()) {
      directory.openAcceptor().close();
      directory.identity().advance(Standing.MEMBER, "c1");
    }
    Directories.delete(path.resolve("acceptor"));
    try (DataDirectory directory = open()) {
      assertRefused(directory::openAcceptor)
          .hasMessageContainingAll(path.toString(), "lost its acceptor's log", "MEMBER");
    }
  }

  @Test
  void ofAMemberThatLostItsStateBeginsAnew() {
    try (DataDirectory directory = open()) {
      directory.openState().close();
      directory.identity().advance(Standing.MEMBER, "c1");
    }
    Directories.delete(path.resolve("state"));
    try (DataDirectory directory = open();
        StateStorage state = directory.openState()) {
      assertThat(state.get(new byte[] {1})).isNull();
    }
  }

  @Test
  void thatCantBeADirectoryIsRefused() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    assertRefused(() -> DataDirectory.open(file, CLUSTER, NODE, FINGERPRINT))
        .hasMessageContainingAll(file.toString(), "is not a directory");
    Path orphan = temporary.resolve("missing").resolve("n1");
    assertRefused(() -> DataDirectory.open(orphan, CLUSTER, NODE, FINGERPRINT))
        .hasMessageContainingAll(orphan.toString(), "there is no directory");
    assertThat(orphan.getParent()).doesNotExist();
  }

  @Test
  void isRefusedASecondTimeInOneProcessAndStaysLocked() throws Exception {
    try (DataDirectory directory = open()) {
      assertThat(directory.path()).isEqualTo(path);
      assertRefused(this::open)
          .hasMessageContainingAll(
              path.toString(), "in use by process " + ProcessHandle.current().pid());
      // The refused attempt must not have given the lock up.
      assertThat(openInAnotherProcess())
          .contains("in use by process " + ProcessHandle.current().pid());
    }
    assertThat(openInAnotherProcess()).isEqualTo("opened");
  }

  @Test
  void isFreeAgainOnceItsProcessWasKilled() throws Exception {
    Process process = Programs.start(Holder.class, path.toString());
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("opened");
      assertRefused(this::open).hasMessageContaining("in use by process " + process.pid());
    } finally {
      process.destroyForcibly().waitFor();
    }
    open().close();
  }

  @Test
  void ofARunningNodeIsNotOpenedForReading() {
    try (DataDirectory directory = open()) {
      directory.openState().close();
      assertRefused(() -> DataDirectory.openStateReadOnly(path)).hasMessageContaining("in use");
    }
    DataDirectory.openStateReadOnly(path).close();
  }

  @Test
  void aFileHalfWrittenWhenTheProcessDiedIsIgnored() throws IOException {
    open().close();
    Files.writeString(path.resolve(Identity.FILE + ".tmp"), "synod-fo");
    assertThatCode(() -> open().close()).doesNotThrowAnyException();
  }

  @Test
  void anIdentityOfSeveralLinesIsABug() {
    assertThatThrownBy(() -> DataDirectory.open(path, CLUSTER, "n1\nnode=n2", FINGERPRINT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Opens a directory and holds it until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (DataDirectory directory =
          DataDirectory.open(Path.of(arguments[0]), CLUSTER, NODE, FINGERPRINT)) {
        System.out.println("opened");
        while (System.in.read() >= 0) {
          continue;
        }
        directory.path();
      } catch (StorageRefusedException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private String openInAnotherProcess() throws Exception {
    Process process = Programs.start(Holder.class, path.toString());
    try {
      process.getOutputStream().close();
      return process.inputReader().readLine();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void rewriteIdentity(UnaryOperator<String> change) throws IOException {
    Path file = path.resolve(Identity.FILE);
    String text = Files.readString(file, StandardCharsets.UTF_8);
    Files.writeString(file, change.apply(text));
  }

  private DataDirectory open() {
    return DataDirectory.open(path, CLUSTER, NODE, FINGERPRINT);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
    return assertThatThrownBy(action).isInstanceOf(StorageRefusedException.class);
  }
}
