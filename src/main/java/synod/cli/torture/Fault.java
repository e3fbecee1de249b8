package synod.cli.torture;

import java.util.Random;

/** Something that can be done to the lab for a while, in a way that is drawn anew each time. */
interface Fault {
  Kind kind();

  /** What tells it from others of its kind, in a word or two; empty if there is but one. */
  String variant();

  default String label() {
    return variant().isEmpty() ? kind().label() : kind().label() + ": " + variant();
  }

  /** Begins; all nodes are well. */
  Strike strike(Random random);

  /** A fault at work. Used by one thread. */
  interface Strike {
    /** To whom it is done, and how much. */
    String what();

    /** How long it shall last. */
    long millis();

    /** Looks at what it does; called a few times a second while it lasts. */
    default void watch() {}

    /** Ends it. Nothing of it may stay, but nodes may need time to come back. */
    void heal();

    /** Whether it had the effect that makes it a fault; asked for when it was healed. */
    Bite bite();
  }

  /**
   * What a fault did.
   *
   * @param evidence what shows it, or shows that it didn't
   */
  record Bite(boolean bit, String evidence) {}
}
