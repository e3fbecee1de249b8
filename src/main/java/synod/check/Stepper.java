package synod.check;

/** Counts the model's steps against a limit. */
final class Stepper<S, O> {
  private final Model<S, O> model;
  private final long limit;
  private long taken;

  Stepper(Model<S, O> model, long limit) {
    this.model = model;
    this.limit = limit;
  }

  Model<S, O> model() {
    return model;
  }

  S step(S state, O operation) {
    taken++;
    return model.step(state, operation);
  }

  long taken() {
    return taken;
  }

  boolean exhausted() {
    return taken > limit;
  }
}
