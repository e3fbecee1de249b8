package synod.sim.actors;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * The simulation of real actors has teeth: each of these mistakes in a shell is caught within its
 * budget of schedules.
 */
class BrokenShellsTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private static final Level LEVEL = LOG.getLevel();

  @TempDir Path directory;

  @BeforeAll
  static void hush() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(LEVEL);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "a reply released before the write completes",
            "nothing leaves ahead of the disk",
            20,
            "RoleActor",
            "    writing.add(persist);",
            "    persist.release().forEach(this::execute); writing.add(persist);"),
        mistake(
            "completions of an earlier life taken for this one's",
            "the disk never goes back",
            50,
            "RoleActor",
            "if (written.life() == life) {",
            "if (true) {",
            "if (writes() && failure == null) {",
            "if (false) {"),
        mistake(
            "what was read for an earlier life taken for this one's",
            "roles don't fail",
            200,
            "RoleActor",
            "node.lastRead(role)\n",
            "CompletableFuture.completedStage((Object) null)\n"),
        mistake(
            "a restarted proposer that has forgotten its round",
            "the disk never goes back",
            50,
            "ProposerShell",
            "node.storage().round()",
            "0"),
        mistake(
            "a flush that is asked for only once",
            "what is pending comes to its end",
            20,
            "RoleActor",
            "flushQueued = false;",
            ""),
        mistake(
            "a role that stays away after its downtime",
            "what is pending comes to its end",
            50,
            "RoleActor",
            "stage == Stage.DOWN && message instanceof DowntimeOver",
            "stage == Stage.UP && message instanceof DowntimeOver"));
  }

  private static Arguments mistake(
      String what, String rule, int budget, String className, String... words) {
    return Arguments.of(what, rule, budget, className, words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsCaughtWithinItsBudget(
      String what, String rule, int budget, String className, String[] words) {
    SabotagedNode node = new SabotagedNode(className, directory, words);
    Optional<String> broken = Optional.empty();
    int seed = 0;
    while (broken.isEmpty() && seed < budget) {
      broken = node.brokenBy(++seed);
    }
    assertThat(broken).as(what).hasValueSatisfying(first -> assertThat(first).startsWith(rule));
  }
}
