package synod.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import synod.cli.CommandFailedException;
import synod.cli.torture.Network.Drop;

/** Machines in network namespaces, where this machine allows them. */
class NetworkTest {
  private static final int PATIENCE_MILLIS = 700;
  private static final int NOBODY_LISTENS = 9;

  private final String name = "synod-test" + ProcessHandle.current().pid() % 10_000;
  private Network network;

  @BeforeEach
  void make() {
    try {
      network = Network.create(name, List.of("n1", "n2"));
    } catch (CommandFailedException e) {
      // One that could be made has to work.
      assertThat(e).hasMessageNotContaining("isn't reached");
      abort("no network namespaces here: " + e.getMessage());
    }
  }

  @AfterEach
  void remove() {
    if (network != null) {
      network.close();
    }
  }

  /** A machine that is reached refuses; one that isn't keeps silent. */
  private void knock(String node) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(network.address(node), NOBODY_LISTENS), PATIENCE_MILLIS);
    }
  }

  @Test
  void whatIsCutIsSilentAndCountedAndTheRestIsNot() {
    assertThatThrownBy(() -> knock("n1")).isInstanceOf(ConnectException.class);
    List<Drop> drops = List.of(new Drop("n1", network.clients(), 1));

    network.drop(drops);
    assertThatThrownBy(() -> knock("n1")).isInstanceOf(SocketTimeoutException.class);
    assertThatThrownBy(() -> knock("n2")).isInstanceOf(ConnectException.class);
    assertThat(network.dropped(drops)).singleElement().satisfies(n -> assertThat(n).isPositive());
    assertThat(network.tried(drops)).isEqualTo(network.dropped(drops));

    List<Drop> hardlyAny = List.of(new Drop("n1", network.clients(), 0.0001));
    network.drop(hardlyAny);
    assertThatThrownBy(() -> knock("n1")).isInstanceOf(ConnectException.class);
    assertThat(network.dropped(hardlyAny)).containsExactly(0L);
    assertThat(network.tried(hardlyAny)).singleElement().satisfies(n -> assertThat(n).isPositive());

    network.heal();
    assertThatThrownBy(() -> knock("n1")).isInstanceOf(ConnectException.class);
  }

  @Test
  void nothingIsLeftOfIt() {
    assertThat(Shell.run(List.of("ip", "netns", "list"))).contains(name + "-n1");
    network.close();
    assertThat(Shell.run(List.of("ip", "netns", "list"))).doesNotContain(name);
    assertThat(Shell.run(List.of("ip", "-br", "link"))).doesNotContain(name.replace("-", ""));
    network.close();
  }
}
