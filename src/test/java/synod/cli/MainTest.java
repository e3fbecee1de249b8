package synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * What the root command promises whatever subcommands there are: help, version, and a clear word on
 * bad input.
 */
class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine synod =
      Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void helpPrintsTheUsageAndSucceeds() {
    assertThat(synod.execute("--help")).isZero();
    assertThat(out.toString()).contains("Usage: synod").contains("--version");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void versionNamesTheProgram() {
    assertThat(synod.execute("--version")).isZero();
    assertThat(out.toString()).startsWith("synod ");
  }

  @Test
  void anUnknownOptionIsNamedAndIsAWrongCommandLine() {
    assertThat(synod.execute("--no-such-option")).isEqualTo(2);
    assertThat(err.toString()).contains("--no-such-option").doesNotContain("\tat ");
  }

  @Test
  void noCommandIsAWrongCommandLine() {
    assertThat(synod.execute()).isEqualTo(2);
    assertThat(err.toString()).contains("Missing command").contains("Usage: synod");
  }
}
