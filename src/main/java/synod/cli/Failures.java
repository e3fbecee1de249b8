package synod.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import synod.node.ConfigurationException;
import synod.storage.SnapshotException;
import synod.storage.StorageRefusedException;

/**
 * What a person sees of a command that failed: one line for each thing that is wrong. Only an error
 * in this program shows its stack.
 */
public final class Failures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments)
      throws Exception {
    PrintWriter err = command.getErr();
    if (failure instanceof ConfigurationException configuration) {
      configuration.problems().forEach(problem -> err.println("synod: " + problem));
      return ExitCode.USAGE;
    }
    if (failure instanceof CommandFailedException
        || failure instanceof StorageRefusedException
        || failure instanceof SnapshotException) {
      err.println("synod: " + failure.getMessage());
      return ExitCode.SOFTWARE;
    }
    throw failure;
  }
}
