package synod.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import synod.check.HistoryFiles;
import synod.check.HistoryFormatException;
import synod.check.Verdict;

/** {@code synod check-history}: judges recorded histories. */
@Command(
    name = "check-history",
    mixinStandardHelpOptions = true,
    description = {
      "Judge recorded histories: is each of them linearizable?",
      "Reads Synod's own files, Jepsen's logs of a register and porcupine's logs of a map."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all are linearizable",
      "1:one is not, or couldn't be judged or read",
      "2:wrong command line"
    })
final class CheckHistoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "The histories.")
  private List<Path> files;

  @Override
  public Integer call() {
    boolean ok = true;
    for (Path file : files) {
      ok &= check(file);
    }
    return ok ? 0 : 1;
  }

  private boolean check(Path file) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Verdict verdict = HistoryFiles.check(file);
      out.println(file + ": " + (verdict.ok() ? verdict.summary() : verdict));
      return verdict.ok();
    } catch (HistoryFormatException e) {
      err.println("synod: " + e.getMessage());
    } catch (NoSuchFileException e) {
      err.println("synod: there is no file " + file);
    } catch (IOException e) {
      err.println("synod: " + file + " can't be read: " + e.getMessage());
    }
    return false;
  }
}
