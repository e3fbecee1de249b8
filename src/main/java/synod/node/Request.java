package synod.node;

import java.util.Objects;
import synod.kv.SessionId;

/**
 * One request to a gateway.
 *
 * @param id the sender's number for it; the reply carries it back
 * @param session the client's own session, for writes that it may repeat elsewhere; null to use the
 *     gateway's
 * @param timeoutMillis the gateway answers within this time, counted from the request's arrival
 */
public record Request(long id, Operation operation, Stamp session, long timeoutMillis) {
  public Request {
    Objects.requireNonNull(operation, "operation");
  }

  /**
   * A write's place in its client's session.
   *
   * @param sequence from 1; a repeat of the same command carries the same one
   * @param acknowledged the client has the result of every command up to this sequence; between
   *     {@code sequence - Sessions.WINDOW} and {@code sequence - 1}
   */
  public record Stamp(SessionId session, long sequence, long acknowledged) {
    public Stamp {
      Objects.requireNonNull(session, "session");
    }
  }
}
