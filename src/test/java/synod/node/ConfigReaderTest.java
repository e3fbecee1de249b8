package synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.paxos.Role;

/**
 * The shipped files make a working configuration; everything that can't work is refused in one
 * sentence that names the setting, and all of it at once.
 */
class ConfigReaderTest {
  private static final Config SHIPPED = ConfigFiles.DEFAULT.load();

  @Test
  void theShippedFilesDescribeFiveNodesOnThisMachine() {
    NodeConfig n3 = ConfigReader.read(SHIPPED, "n3");

    assertThat(n3.clusterName()).isEqualTo("synod");
    assertThat(n3.self())
        .isEqualTo(new NodeConfig.Node("n3", "127.0.0.1", 25523, 8083, Set.of(Role.values())));
    assertThat(n3.nodes()).hasSize(5).contains(n3.self());
    assertThat(n3.quorums().acceptors()).containsExactly("n1", "n2", "n3", "n4", "n5");
    assertThat(n3.quorums().phase1()).isEqualTo(3);
    assertThat(n3.quorums().phase2()).isEqualTo(3);
    assertThat(n3.seedNodes()).containsExactly("n1", "n2");
    assertThat(n3.dataDirectory()).isEqualTo(Path.of("data", "n3").toAbsolutePath());
    assertThat(n3.timing().heartbeatInterval()).isEqualTo(Duration.ofMillis(70));
    assertThat(n3.timing().requestTimeoutMax()).isEqualTo(Duration.ofSeconds(60));
    assertThat(n3.limits())
        .isEqualTo(
            new NodeConfig.Limits(
                2, 512 << 10, 1000, 128 << 10, 256L << 20, 0, 256 << 10, 64 << 20, 64 << 20));
    assertThat(n3.chaos().roles()).isEmpty();
  }

  @Test
  void everyNodeOfTheShippedFilesIsConfigured() {
    assertThat(List.of("n1", "n2", "n3", "n4", "n5"))
        .allSatisfy(
            name -> assertThat(ConfigReader.read(SHIPPED, name).self().name()).isEqualTo(name));
  }

  @Test
  void theActorSystemGetsItsAddressSeedsRolesAndFingerprintFromTheCluster() {
    NodeConfig n2 = ConfigReader.read(SHIPPED, "n2");
    Config akka = ConfigReader.akkaConfig(SHIPPED, n2);

    assertThat(akka.getString("akka.actor.provider")).isEqualTo("cluster");
    assertThat(akka.getString("akka.remote.artery.canonical.hostname")).isEqualTo("127.0.0.1");
    assertThat(akka.getInt("akka.remote.artery.canonical.port")).isEqualTo(25522);
    assertThat(akka.getStringList("akka.cluster.seed-nodes"))
        .containsExactly("akka://synod@127.0.0.1:25521", "akka://synod@127.0.0.1:25522");
    assertThat(akka.getStringList("akka.cluster.roles"))
        .containsExactly("acceptor", "gateway", "learner", "proposer");
    assertThat(akka.getString("synod.cluster.fingerprint")).isEqualTo(n2.fingerprint());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // What the cluster is
        "synod.cluster.name = a b | synod.cluster.name: `a b` must be",
        "synod.cluster.acceptors = [] | synod.cluster.acceptors: is empty",
        "synod.cluster.acceptors = [n1, n1] | synod.cluster.acceptors: names n1 twice",
        "synod.cluster.acceptors = [n1, n9] | synod.cluster.acceptors: n9 is no node",
        "synod.cluster.acceptors = [n1, n2, n3] | synod.cluster.acceptors: lacks n4, which has the role",
        "synod.cluster.acceptors = 7 | synod.cluster.acceptors: 7 is not a list",
        "synod.cluster.seed-nodes = [n9] | synod.cluster.seed-nodes: n9 is no node: the nodes are n1, n2",
        "synod.cluster.seed-nodes = [] | synod.cluster.seed-nodes: is empty",
        "synod.cluster.quorum.phase1 = 2 | synod.cluster.quorum: quorums of 2 (phase 1) and 3 (phase 2) of 5",
        "synod.cluster.quorum.phase2 = 6 | synod.cluster.quorum: quorum sizes must lie between 1 and 5",
        "synod.cluster.quorum.phase2 = 0 | synod.cluster.quorum: quorum sizes must lie between 1 and 5",
        "synod.cluster.quorum.phase2 = most | synod.cluster.quorum.phase2: `most` must be `majority` or a number",
        "synod.cluster.nodes = [] | synod.cluster.nodes: is empty",
        "synod.cluster.nodes = n1 | synod.cluster.nodes: `n1` is not a list of { ... }",
        // The times
        "synod.timing.heartbeat-interval = 200 ms | synod.timing.heartbeat-interval: 200 ms must be below",
        "synod.timing.election-timeout-min = 400 ms | synod.timing.election-timeout-min: 400 ms must be below",
        "synod.timing.request-timeout = 61 s | synod.timing.request-timeout: 61000 ms must not exceed",
        "synod.timing.retransmit-interval = 0 | synod.timing.retransmit-interval: 0 must lie between",
        "synod.timing.retransmit-interval = -5 ms | synod.timing.retransmit-interval: `-5 ms` must lie between",
        "synod.timing.retransmit-interval = 5 apples | synod.timing.retransmit-interval: `5 apples` is not a time",
        "synod.timing.retransmit-interval = null | synod.timing.retransmit-interval: is missing",
        "synod.timing = 5 | synod.timing.heartbeat-interval: this is not a time",
        // The limits
        "synod.limits.pipeline-depth = 0 | synod.limits.pipeline-depth: 0 must lie between 1 and",
        "synod.limits.pipeline-depth = 1.5.2 | synod.limits.pipeline-depth: `1.5.2` is not a whole number",
        "synod.limits.max-batch-bytes = 0 | synod.limits.max-batch-bytes: 0 must lie between",
        "synod.limits.max-batch-bytes = -1 KiB | synod.limits.max-batch-bytes: `-1 KiB` is not a size",
        "synod.limits.max-requests-in-flight = -1 | synod.limits.max-requests-in-flight: -1 must lie",
        "synod.limits.part-bytes = 250 KiB | synod.limits.part-bytes: 256000 must be at least 16 KiB below akka",
        "synod.limits.low-space-bytes = -1 | synod.limits.low-space-bytes: -1 is not a size",
        "synod.storage.quota = 5 MiB | synod.storage.quota: `5 MiB` must lie between 134217728 and",
        "synod.storage.quota = much | synod.storage.quota: `much` is not a size",
        "synod.storage.quota = null | synod.storage.quota: is missing: must be a size, as in 2 GiB, or off",
        // Chaos
        "synod.chaos.roles = [voter] | synod.chaos.roles: voter is no role: the roles are acceptor, proposer",
        "synod.chaos.downtime-min = 4 s | synod.chaos.downtime-min: 4000 ms must not exceed",
        "synod.chaos.mean-time-between-failures = -1 s | synod.chaos.mean-time-between-failures: `-1 s` must",
        "synod.chaos.seed = x | synod.chaos.seed: `x` is not a whole number",
        // Security
        "synod.chaos.http = maybe | synod.chaos.http: `maybe` is not on or off",
        "synod.security.tokens-file = nowhere/tokens | synod.security.tokens-file: nowhere/tokens: no such file",
        "synod.security.allow-insecure = perhaps | synod.security.allow-insecure: `perhaps` is not on or off",
        "synod.security.tls.key = k | synod.security.tls: needs all of certificate, key and ca",
        "synod.security.tls { certificate = `{node}.crt`, key = k, ca = c } | synod.security.tls: n1.crt: no such file",
        // What nobody knows
        "synod.timing.hearbeat-interval = 5 ms | synod.timing.hearbeat-interval: unknown setting; did you mean synod.timing.heartbeat-interval?",
        "synod.nonsense.deep = 5 | synod.nonsense.deep: unknown setting",
        "synod.data-directory = `` | synod.data-directory:",
      })
  void whatCannotWorkIsRefusedByName(String setting, String problem) {
    String quoted = problem.replace('`', '"');
    assertThat(problems(setting.replace('`', '"')))
        .anySatisfy(found -> assertThat(found).startsWith(quoted).doesNotContain("\n"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "name = n1 | synod.cluster.nodes[1].name: another node is named n1",
        "name = a/b | synod.cluster.nodes[1].name: \"a/b\" must be",
        "akka-port = 25521 | synod.cluster.nodes[1].akka-port: 127.0.0.1:25521 is taken",
        "akka-port = 8082 | synod.cluster.nodes[1].http-port: 127.0.0.1:8082 is taken",
        "http-port = 0 | synod.cluster.nodes[1].http-port: 0 must lie between 1 and 65535",
        "http-port = 65536 | synod.cluster.nodes[1].http-port: 65536 must lie between 1 and 65535",
        "host = \"\" | synod.cluster.nodes[1].host: \"\" must be a host",
        "host = null | synod.cluster.nodes[1].host: is missing",
        "roles = [] | synod.cluster.nodes[1].roles: is empty",
        "roles = [chairman] | synod.cluster.nodes[1].roles: chairman is no role",
        "roles = [acceptor, proposer] | synod.cluster.nodes[1].roles: a proposer needs a learner",
        "roles = [acceptor, gateway] | synod.cluster.nodes[1].roles: a gateway needs a learner",
        "roles = [learner] | synod.cluster.acceptors: node n2 lacks the role acceptor",
        "htp-port = 1 | synod.cluster.nodes[1].htp-port: unknown setting; did you mean",
      })
  void aNodeThatCannotWorkIsRefusedByName(String setting, String problem) {
    String nodes =
        """
        synod.cluster.acceptors = [n1, n2]
        synod.cluster.nodes = [
          { name = n1, host = 127.0.0.1, akka-port = 25521, http-port = 8081
            roles = [acceptor, proposer, learner, gateway] }
          { name = n2, host = 127.0.0.1, akka-port = 25522, http-port = 8082
            roles = [acceptor, proposer, learner, gateway], %s }
        ]
        """;
    assertThat(problems(nodes.formatted(setting)))
        .anySatisfy(found -> assertThat(found).startsWith(problem));
  }

  @Test
  void aClusterThatNobodyCanLeadOrAskIsRefused() {
    assertThat(
            problems(
                """
                synod.security.allow-insecure = on
                synod.cluster.acceptors = [n1], synod.cluster.seed-nodes = [n1]
                synod.cluster.nodes = [
                  { name = n1, host = h, akka-port = 1, http-port = 2, roles = [acceptor, learner] }
                ]
                """))
        .satisfiesExactly(
            problem -> assertThat(problem).contains("no node has the role proposer"),
            problem -> assertThat(problem).contains("no node has the role gateway"));
  }

  @Test
  void anUnknownNodeIsToldWhichThereAre() {
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> ConfigReader.read(SHIPPED, "n7"));

    assertThat(refused.problems())
        .singleElement()
        .asString()
        .startsWith("synod.cluster.nodes: no node is named n7: the nodes are n1, n2, n3, n4, n5");
  }

  @Test
  void everyProblemIsReportedAtOnceWithItsPlace() {
    List<String> problems =
        problems(
            """
            synod.timing.heartbeat-interval = soon
            synod.limits.pipeline-depth = 0
            synod.cluster.acceptors = [n1, n9]
            """);

    assertThat(problems)
        .anySatisfy(problem -> assertThat(problem).contains("heartbeat").endsWith("(test: 1)"))
        .anySatisfy(problem -> assertThat(problem).contains("pipeline").endsWith("(test: 2)"))
        .anySatisfy(problem -> assertThat(problem).contains("n9").endsWith("(test: 3)"));
  }

  @Test
  void rolesMayBeSpreadOverNodes() {
    NodeConfig copy =
        ConfigReader.read(
            with(
                """
                synod.security.allow-insecure = on
                synod.cluster.acceptors = [a], synod.cluster.seed-nodes = [a, p]
                synod.cluster.nodes = [
                  { name = a, host = h, akka-port = 1, http-port = 2, roles = [acceptor] }
                  { name = p, host = h, akka-port = 3, http-port = 4, roles = [proposer, learner, gateway] }
                  { name = l, host = h, akka-port = 5, http-port = 6, roles = [learner] }
                ]
                """),
            "l");

    assertThat(copy.self().roles()).containsExactly(Role.LEARNER);
    assertThat(copy.nodesWith(Role.LEARNER)).containsExactly("l", "p");
    assertThat(copy.quorums().phase2()).isEqualTo(1);
  }

  @Test
  void quorumsMayDifferAsLongAsTheyIntersect() {
    NodeConfig n1 =
        ConfigReader.read(with("synod.cluster.quorum { phase1 = 4, phase2 = 2 }"), "n1");

    assertThat(n1.quorums().phase1()).isEqualTo(4);
    assertThat(n1.quorums().phase2()).isEqualTo(2);
  }

  @Test
  void theFingerprintCoversWhatNodesMustAgreeOnAndNothingElse() {
    String fingerprint = fingerprint("");

    assertThat(fingerprint).matches("[0-9a-f]{16}");
    assertThat(fingerprint("synod.cluster.acceptors = [n5, n4, n3, n2, n1]"))
        .isEqualTo(fingerprint);
    assertThat(fingerprint("synod.timing.request-timeout = 1 s")).isEqualTo(fingerprint);
    assertThat(fingerprint("synod.cluster.name = other")).isNotEqualTo(fingerprint);
    assertThat(fingerprint("synod.cluster.quorum.phase1 = 4")).isNotEqualTo(fingerprint);
    assertThat(fingerprint("synod.cluster.quorum.phase2 = 4")).isNotEqualTo(fingerprint);
    assertThat(fingerprint("synod.cluster.quorum { phase1 = 4, phase2 = 2 }"))
        .isNotEqualTo(fingerprint("synod.cluster.quorum { phase1 = 2, phase2 = 4 }"));
    assertThat(fingerprint(two("h", 1, "[acceptor, learner]")))
        .isEqualTo(fingerprint(two("elsewhere", 9, "[acceptor]")))
        .isNotEqualTo(fingerprint(two("h", 1, "[learner]") + "synod.cluster.acceptors = [n1]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost       |           | true",
        "127.0.0.2       |           | true",
        "::1             |           | true",
        "127.0.0.1       | localhost | true",
        "10.1.2.3        |           | false",
        "0.0.0.0         |           | false",
        "127.0.0.1.at.me |           | false",
        "node.lab        |           | false",
        "127.0.0.1       | 0.0.0.0   | false",
      })
  void onlyOnLoopbackANodeMayGoWithoutTlsAndTokens(String host, String bindHost, boolean allowed) {
    String settings =
        """
        akka.remote.artery.bind.hostname = "%s"
        synod.cluster.acceptors = [n1], synod.cluster.seed-nodes = [n1]
        synod.cluster.nodes = [ { name = n1, host = "%s", akka-port = 1, http-port = 2,
          roles = [acceptor, proposer, learner, gateway] } ]
        """
            .formatted(bindHost == null ? "" : bindHost, host);

    if (allowed) {
      assertThat(ConfigReader.read(with(settings), "n1").security().tls()).isEmpty();
      return;
    }
    assertThat(problems(settings))
        .singleElement()
        .asString()
        .contains(
            bindHost == null ? host : bindHost,
            "needs TLS (synod.security.tls) and tokens (synod.security.tokens-file)",
            "synod.security.allow-insecure = on");
    assertThat(
            ConfigReader.read(with(settings + "synod.security.allow-insecure = on"), "n1")
                .self()
                .host())
        .isEqualTo(host);
  }

  private static String fingerprint(String settings) {
    return ConfigReader.read(with(settings), "n1").fingerprint();
  }

  private static String two(String host, int port, String rolesOfN2) {
    return """
    synod.security.allow-insecure = on
    synod.cluster.acceptors = [n1, n2]
    synod.cluster.nodes = [
      { name = n1, host = %s, akka-port = 11, http-port = 12, roles = [acceptor, proposer, learner, gateway] }
      { name = n2, host = other, akka-port = %d, http-port = 14, roles = %s }
    ]
    """
        .formatted(host, port, rolesOfN2);
  }

  private static Config with(String settings) {
    return ConfigFactory.parseString(
            settings, ConfigParseOptions.defaults().setOriginDescription("test"))
        .withFallback(SHIPPED);
  }

  private static List<String> problems(String settings) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> ConfigReader.read(with(settings), "n1"))
        .problems();
  }
}
