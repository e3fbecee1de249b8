package synod.cli.bench;

import java.util.Locale;

/** What an operation does to its key. */
enum Kind {
  PUT,
  GET,
  DELETE;

  /** The form that people type and see. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
