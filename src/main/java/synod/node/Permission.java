package synod.node;

import java.util.Locale;

/** What a token of the HTTP interface allows. Each of the others contains {@link #READ}. */
public enum Permission {
  /** To read keys, status, digest and metrics. */
  READ,
  /** To change keys and to use sessions. */
  WRITE,
  /** To stop roles of the node, and to see what is stopped. */
  CHAOS,
  /** To copy everything: all keys, their history and the sessions. */
  BACKUP;

  /** As tokens files and messages call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
