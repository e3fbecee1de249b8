package synod.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import synod.Certificates;
import synod.cli.store.Streams;
import synod.client.ClientSettings;
import synod.client.RefusedException;
import synod.client.SynodClient;
import synod.node.ConfigFiles;
import synod.node.ConfigReader;
import synod.node.NodeConfig;
import synod.node.Tls;

/**
 * Nodes with TLS and tokens: who has a certificate of the authority is one of them or their client,
 * and nobody else is; over HTTP a token is needed, and the server shows who it is.
 */
@Timeout(120)
class SecureClusterTest {
  private static final int NODES = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private static Path directory;
  private static Certificates lab;
  private static Certificates strangers;
  private static Path clusterFile;
  private static Path readToken;
  private static Path writeToken;
  private static List<NodeConfig.Node> nodes;
  private static final List<RunningNode> RUNNING = new ArrayList<>();
  private static RunningNode first;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws IOException {
    lab =
        Certificates.make(
            directory.resolve("lab"),
            "n1=127.0.0.1",
            "n2=127.0.0.1",
            "old=127.0.0.1",
            "--client",
            "client");
    strangers =
        Certificates.make(directory.resolve("strangers"), "n4=127.0.0.1", "--client", "client");
    lab.expire("old");
    readToken = secret("read.token", "read-0123456789abcdef");
    writeToken = secret("write.token", "write-0123456789abcdef");
    secret("tokens", "read read-0123456789abcdef\nwrite write-0123456789abcdef\n");
    clusterFile = Files.writeString(directory.resolve("cluster.conf"), cluster());
    first = start("n1", lab.settings());
    nodes = first.services().config().nodes();
    assertThat(first.awaitReady()).isTrue();
  }

  @AfterAll
  static void stop() {
    RUNNING.forEach(RunningNode::stop);
    RUNNING.forEach(RunningNode::awaitEnd);
  }

  private static Path secret(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** One acceptor, so that the others may stay away. */
  private static String cluster() {
    StringBuilder text = new StringBuilder("synod.cluster { name = synod, nodes = [\n");
    List<Ports> ports = Ports.free(NODES);
    for (int i = 1; i <= NODES; i++) {
      text.append(
          "{ name = n%d, host = 127.0.0.1, akka-port = %d, http-port = %d, roles = [%s] }\n"
              .formatted(
                  i,
                  ports.get(i - 1).akka(),
                  ports.get(i - 1).http(),
                  i == 1 ? "acceptor, proposer, learner, gateway" : "learner, gateway"));
    }
    return text
        + "], acceptors = [n1], seed-nodes = [n1], quorum { phase1 = majority, phase2 = majority } }";
  }

  private static RunningNode start(String name, String tls) {
    String settings =
        """
        synod.data-directory = "%s"
        synod.limits.low-space-bytes = 0
        synod.security.tokens-file = "%s"
        """
            .formatted(directory.resolve("data"), directory.resolve("tokens"));
    Config config =
        ConfigFactory.parseString(tls + settings)
            .withFallback(new ConfigFiles(null, clusterFile, Map.of()).load());
    NodeConfig node = ConfigReader.read(config, name);
    RunningNode running = RunningNode.start(node, ConfigReader.akkaConfig(config, node));
    RUNNING.add(running);
    return running;
  }

  // Nodes

  @Test
  void onlyNodesWithACertificateOfTheAuthorityJoin() {
    RunningNode plain = start("n3", "");
    RunningNode stranger = start("n4", strangers.settings());
    RunningNode friend = start("n2", lab.settings());

    assertThat(friend.awaitReady()).isTrue();
    // They had more time than it took the friend.
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!members(first).contains("n2")) {
      assertThat(System.nanoTime()).as("n2 is a member").isLessThan(deadline);
      Waiting.pause(Duration.ofMillis(20));
    }

    assertThat(members(first)).containsExactlyInAnyOrder("n1", "n2");
    for (RunningNode other : List.of(plain, stranger)) {
      assertThat(other.services().status().view().ready()).isFalse();
      assertThat(members(other)).doesNotContain("n1", "n2");
    }
  }

  private static Set<String> members(RunningNode node) {
    return node.services().status().view().members();
  }

  /**
   * Whether the nodes' port leaves a connection open until somebody says something. Trusts
   * everybody, so that only the node can refuse.
   *
   * @param of null to show no certificate
   */
  private static boolean isLetIn(Certificates of, String name, Duration patience) throws Exception {
    KeyManager[] keys = of == null ? null : keys(of, name);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Trusting()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", nodes.get(0).akkaPort())) {
      socket.setSoTimeout((int) patience.toMillis());
      socket.startHandshake();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (SSLException | SocketException e) {
      return false;
    }
  }

  @Test
  void theNodesPortTakesNoConnectionWithoutAValidCertificate() throws Exception {
    assertThat(isLetIn(lab, "client", Duration.ofMillis(500))).isTrue();

    assertThat(isLetIn(null, "", PATIENCE)).isFalse();
    assertThat(isLetIn(strangers, "client", PATIENCE)).isFalse();
    assertThat(isLetIn(lab, "old", PATIENCE)).isFalse();
  }

  private static KeyManager[] keys(Certificates of, String name)
      throws GeneralSecurityException, IOException {
    String pem = Files.readString(of.key(name)).replaceAll("-----[A-Z ]+-----|\\s", "");
    CertificateFactory x509 = CertificateFactory.getInstance("X.509");
    Certificate certificate =
        x509.generateCertificate(
            new ByteArrayInputStream(Files.readAllBytes(of.certificate(name))));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own",
        KeyFactory.getInstance("RSA")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
        new char[0],
        new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return keys.getKeyManagers();
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  // Java clients

  private static ClientSettings.Builder client() {
    NodeConfig.Node node = nodes.get(0);
    return ClientSettings.builder("synod")
        .node(node.name(), node.host(), node.akkaPort())
        .requestTimeout(Duration.ofSeconds(2));
  }

  @Test
  void aClientWithACertificateOfTheAuthorityIsServed() throws IOException {
    Tls tls = Tls.read(lab.certificate("client"), lab.key("client"), lab.ca());
    try (SynodClient client =
        SynodClient.connect(client().tls(tls).requestTimeout(PATIENCE).build())) {
      assertThat(client.put("from", "client").toCompletableFuture().join().isApplied()).isTrue();
      assertThat(client.get("from").toCompletableFuture().join().found().value())
          .isEqualTo("client".getBytes(UTF_8));
    }
  }

  @Test
  void otherClientsAreNotServed() throws IOException {
    Tls strange =
        Tls.read(strangers.certificate("client"), strangers.key("client"), strangers.ca());
    for (ClientSettings settings : List.of(client().build(), client().tls(strange).build())) {
      try (SynodClient client = SynodClient.connect(settings)) {
        assertThatThrownBy(() -> client.get("from").toCompletableFuture().join())
            .isInstanceOf(CompletionException.class)
            .hasCauseInstanceOf(RefusedException.class);
      }
    }
  }

  // The command line

  private int run(String in, String... arguments) {
    return Main.commandLine(
            new Streams(new ByteArrayInputStream(in.getBytes(UTF_8)), out, Streams.Manner.RAW))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private String address(String host) {
    return host + ":" + nodes.get(0).httpPort();
  }

  @Test
  void commandsGoOverHttpsWithATokenToNodesOfTheAuthority() {
    String[] nodesAndTrust = {
      "--cluster", clusterFile.toString(), "--node", "n1", "--ca", lab.ca().toString()
    };
    assertThat(run("", with(nodesAndTrust, "put", "k", "v", "--token-file", writeToken.toString())))
        .as(err.toString())
        .isZero();
    assertThat(run("", with(nodesAndTrust, "get", "k", "--token-file", readToken.toString())))
        .isZero();
    assertThat(out.toString(UTF_8)).startsWith("revision ").endsWith("v");

    assertThat(run("", with(nodesAndTrust, "put", "k", "w", "--token-file", readToken.toString())))
        .isEqualTo(1);
    assertThat(err.toString()).contains("permission write");
    assertThat(run("", with(nodesAndTrust, "get", "k"))).isEqualTo(1);
    assertThat(err.toString()).contains("asks for a token");
  }

  private static String[] with(String[] options, String... command) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of(options));
    return line.toArray(String[]::new);
  }

  @Test
  void aServerOfAnotherAuthorityOrNameIsNotTrusted() {
    assertThat(
            run("", "get", "k", "--http", address("127.0.0.1"), "--ca", strangers.ca().toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("is not trusted at https://127.0.0.1:");
    err.getBuffer().setLength(0);
    assertThat(run("", "get", "k", "--http", address("localhost"), "--ca", lab.ca().toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("is not trusted at https://localhost:", "localhost");
    err.getBuffer().setLength(0);
    assertThat(run("", "get", "k", "--http", address("127.0.0.1"), "--timeout", "300ms"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("a node with TLS needs --ca");
  }

  @Test
  void theConsoleTakesACertificateOrATokenOverHttps() {
    String commands = "put console 1\nget console\n";
    String[] nodesAndTrust = {
      "--cluster", clusterFile.toString(), "--node", "n1", "--ca", lab.ca().toString()
    };
    assertThat(
            run(
                commands,
                with(
                    nodesAndTrust,
                    "console",
                    "--cert",
                    lab.certificate("client").toString(),
                    "--key",
                    lab.key("client").toString())))
        .as(err.toString())
        .isZero();
    assertThat(run(commands, with(nodesAndTrust, "console", "--token-file", writeToken.toString())))
        .as(err.toString())
        .isZero();
    assertThat(run(commands, "console", "--cert", lab.certificate("client").toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--cert, --key and --ca go together");
  }
}
