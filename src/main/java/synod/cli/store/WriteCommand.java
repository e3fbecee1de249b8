package synod.cli.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import picocli.CommandLine.ExitCode;
import synod.client.WriteOptions;
import synod.client.WriteResult;
import synod.kv.Command.Condition;
import synod.kv.KeyValue;

/** What the commands that change a key have in common: how they tell what became of it. */
abstract class WriteCommand extends StoreCommand {
  WriteCommand(Access access, Streams streams) {
    super(access, streams);
  }

  final WriteOptions options(Condition condition, boolean previous) {
    return new WriteOptions(condition, previous, timeout());
  }

  @Override
  final String whenCancelled() {
    return ": the write may or may not be applied";
  }

  /** Only if the key is at this revision; 0 for one that doesn't exist. */
  static Condition ifRevision(long revision) {
    return revision == 0 ? Condition.ABSENT : new Condition.ModRevision(revision);
  }

  /**
   * @return the exit code
   */
  final int report(WriteResult result, boolean previous) {
    if (result instanceof WriteResult.ConditionFailed failed) {
      return fail(
          ExitCodes.CONDITION_FAILED,
          failed.modRevision() == 0
              ? "nothing changed: the key does not exist"
              : "nothing changed: the key is at revision " + failed.modRevision());
    }
    if (!(result instanceof WriteResult.Applied applied)) {
      return fail(ExitCodes.NOT_FOUND, "nothing changed: the key does not exist");
    }
    if (wantsJson()) {
      streams().line(json(applied, previous).toString());
      return ExitCode.OK;
    }
    String version = applied.version() == 0 ? "" : ", version " + applied.version();
    streams().line("revision " + applied.revision() + version + ", slot " + applied.slot());
    if (previous) {
      streams().line("previous: " + applied.previous().map(WriteCommand::text).orElse("none"));
    }
    return ExitCode.OK;
  }

  private static ObjectNode json(WriteResult.Applied applied, boolean previous) {
    ObjectNode json = Json.object().put("revision", applied.revision());
    if (applied.version() > 0) {
      json.put("version", applied.version());
    }
    json.put("slot", applied.slot());
    if (previous) {
      Optional<KeyValue> held = applied.previous();
      json.set("previous", held.map(Json::of).orElse(null));
    }
    return json;
  }

  private static String text(KeyValue held) {
    return Text.printable(held.value()) + " (revision " + held.modRevision() + ")";
  }
}
