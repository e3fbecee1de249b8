package synod.check;

/**
 * One key of the map in porcupine's logs, which begins as the empty text and can be appended to.
 */
final class AppendModel implements Model<String, AppendModel.Op> {
  /** What was done and how it ended. */
  sealed interface Op {}

  record Get(String value) implements Op {
    @Override
    public String toString() {
      return "get -> " + Bytes.utf8(value);
    }
  }

  record Put(String value, boolean open) implements Op {
    @Override
    public String toString() {
      return "put " + Bytes.utf8(value) + (open ? " -> unknown" : " -> ok");
    }
  }

  record Append(String value, boolean open) implements Op {
    @Override
    public String toString() {
      return "append " + Bytes.utf8(value) + (open ? " -> unknown" : " -> ok");
    }
  }

  @Override
  public String initial() {
    return "";
  }

  @Override
  public boolean open(Op operation) {
    return operation instanceof Put put && put.open()
        || operation instanceof Append append && append.open();
  }

  @Override
  public String step(String state, Op operation) {
    String after = null;
    if (operation instanceof Get get) {
      after = state.equals(get.value()) ? state : null;
    } else if (operation instanceof Put put) {
      after = put.value();
    } else if (operation instanceof Append append) {
      after = state + append.value();
    }
    return open(operation) && state.equals(after) ? null : after;
  }

  @Override
  public boolean observes(Op operation) {
    return operation instanceof Get;
  }

  @Override
  public Op forgotten(Op operation) {
    if (operation instanceof Put put) {
      return new Put(put.value(), true);
    }
    return operation instanceof Append append ? new Append(append.value(), true) : null;
  }

  @Override
  public boolean blind(Op operation) {
    return operation instanceof Put;
  }
}
