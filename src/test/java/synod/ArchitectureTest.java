package synod;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;

/**
 * The floors of the house: a package may use those below it, never those above. Whoever breaks a
 * rule moved a responsibility to the wrong place; the rule is right and the class is wrong.
 */
@AnalyzeClasses(packages = "synod", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String JDK = "java..";

  private static final String AKKA_HTTP = "akka.http..";
  private static final String[] TERMINAL = {"picocli..", "org.jline.."};

  /**
   * Floor 1: the algorithm is pure, so that actors, simulator and explorer all run the same
   * classes.
   */
  @ArchTest static final ArchRule paxosKnowsOnlyTheJdk = onlyTheJdk("synod.paxos..");

  /** Floor 1: the replicated state machine doesn't know how its log is agreed upon. */
  @ArchTest static final ArchRule kvKnowsOnlyTheJdk = onlyTheJdk("synod.kv..");

  /** Floor 1: the checker judges histories of any store, so it may not lean on this one. */
  @ArchTest static final ArchRule checkKnowsOnlyTheJdk = onlyTheJdk("synod.check..");

  /**
   * Floor 1: time, randomness and what is on disk come in as input, so that a run can be repeated.
   */
  @ArchTest
  static final ArchRule coresReadNoClockAndNoRandomNumber =
      noClasses()
          .that()
          .resideInAnyPackage("synod.paxos..", "synod.kv..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(Clock.class, Thread.class, Random.class, File.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.util.random..", "java.util.concurrent..", "java.nio.file..", "java.net..")
          .allowEmptyShould(true);

  /** Floor 2: storage knows what is stored, and RocksDB. */
  @ArchTest
  static final ArchRule storageKnowsOnlyCoresAndRocksDb =
      classes()
          .that()
          .resideInAPackage("synod.storage..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              JDK, "synod.storage..", "synod.paxos..", "synod.kv..", "org.rocksdb..", "org.slf4j..")
          .allowEmptyShould(true);

  /** Floor 3: the actors serve whoever asks; HTTP and the console are above them. */
  @ArchTest
  static final ArchRule nodeKnowsNoHttpAndNoConsole =
      noClasses()
          .that()
          .resideInAPackage("synod.node..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              with(TERMINAL, AKKA_HTTP, "synod.http..", "synod.client..", "synod.cli.."))
          .allowEmptyShould(true);

  /** Floor 4: the server's face and the client's share the wire, not code. */
  @ArchTest
  static final ArchRule httpKnowsNoClientAndNoCli =
      noClasses()
          .that()
          .resideInAPackage("synod.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(with(TERMINAL, "synod.client..", "synod.cli.."))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule clientKnowsNoHttpServerAndNoCli =
      noClasses()
          .that()
          .resideInAPackage("synod.client..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("synod.http..", "synod.cli..")
          .allowEmptyShould(true);

  private static ArchRule onlyTheJdk(String floor) {
    return classes()
        .that()
        .resideInAPackage(floor)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(JDK, floor)
        .allowEmptyShould(true);
  }

  private static String[] with(String[] first, String... more) {
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
