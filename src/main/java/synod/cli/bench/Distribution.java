package synod.cli.bench;

import java.util.SplittableRandom;

/** Which of the keys an operation is about. May be shared by threads. */
interface Distribution {
  /** A number from 0. */
  int next(SplittableRandom random);

  /** All keys alike. */
  static Distribution uniform(int keys) {
    return random -> random.nextInt(keys);
  }
}
