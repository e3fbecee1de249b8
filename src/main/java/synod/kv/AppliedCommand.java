package synod.kv;

import java.util.Objects;

/**
 * What became of one command of the log, for the gateway that sent it.
 *
 * @param origin the node of that gateway
 * @param incarnation that gateway's life in which it sent the command
 * @param tag the gateway's number for this attempt
 * @param slot where in the log this attempt stands
 */
public record AppliedCommand(String origin, long incarnation, long tag, long slot, Result result) {
  public AppliedCommand {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(result, "result");
  }
}
