package synod.check;

/** One register of Jepsen's logs, which begins as {@code nil}. */
final class RegisterModel implements Model<String, RegisterModel.Op> {
  static final String NIL = "nil";

  /** What was done and how it ended. */
  sealed interface Op {}

  record Read(String value) implements Op {
    @Override
    public String toString() {
      return "read -> " + value;
    }
  }

  record Write(String value, boolean open) implements Op {
    @Override
    public String toString() {
      return "write " + value + (open ? " -> unknown" : " -> ok");
    }
  }

  record Cas(String from, String to, boolean open) implements Op {
    @Override
    public String toString() {
      return "cas " + from + " by " + to + (open ? " -> unknown" : " -> ok");
    }
  }

  record FailedCas(String from, String to) implements Op {
    @Override
    public String toString() {
      return "cas " + from + " by " + to + " -> it was not " + from;
    }
  }

  @Override
  public String initial() {
    return NIL;
  }

  @Override
  public boolean open(Op operation) {
    return operation instanceof Write write && write.open()
        || operation instanceof Cas cas && cas.open();
  }

  @Override
  public String step(String state, Op operation) {
    String after = null;
    if (operation instanceof Read read) {
      after = state.equals(read.value()) ? state : null;
    } else if (operation instanceof FailedCas cas) {
      after = state.equals(cas.from()) ? null : state;
    } else if (operation instanceof Write write) {
      after = write.value();
    } else if (operation instanceof Cas cas) {
      after = state.equals(cas.from()) ? cas.to() : null;
    }
    return open(operation) && state.equals(after) ? null : after;
  }

  @Override
  public boolean observes(Op operation) {
    return operation instanceof Read || operation instanceof FailedCas;
  }

  @Override
  public Op forgotten(Op operation) {
    if (operation instanceof Write write) {
      return new Write(write.value(), true);
    }
    return operation instanceof Cas cas ? new Cas(cas.from(), cas.to(), true) : null;
  }

  @Override
  public boolean blind(Op operation) {
    return operation instanceof Write;
  }
}
