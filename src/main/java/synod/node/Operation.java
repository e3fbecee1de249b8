package synod.node;

import java.util.Objects;
import synod.kv.Command;
import synod.kv.Query;

/** What a client asks a gateway to do. */
public sealed interface Operation {
  /** A command for the log. */
  record Write(Command command) implements Operation {
    public Write {
      Objects.requireNonNull(command, "command");
    }
  }

  /** A linearizable read: it sees every write that was acknowledged before it arrived. */
  record LinearizableRead(Query query) implements Operation {
    public LinearizableRead {
      Objects.requireNonNull(query, "query");
    }
  }

  /**
   * A read of this replica's state as it is.
   *
   * @param minRevision wait until the replica has reached this revision; 0 not to wait
   */
  record StaleRead(Query query, long minRevision) implements Operation {
    public StaleRead {
      Objects.requireNonNull(query, "query");
    }
  }
}
