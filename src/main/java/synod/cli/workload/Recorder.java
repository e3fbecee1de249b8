package synod.cli.workload;

import synod.check.History;
import synod.check.HistoryWriter;
import synod.check.Operation;
import synod.check.Outcome;

/** Where clients note what they ask and are told, in memory or in a file. Any thread may call. */
public interface Recorder {
  /** To be called before the request is sent; gives the operation's number. */
  long invoke(String process, String node, Operation operation);

  /** To be called after the answer has come. */
  void complete(long id, Outcome outcome);

  static Recorder of(History history) {
    return new Recorder() {
      @Override
      public long invoke(String process, String node, Operation operation) {
        return history.invoke(process, node, operation, System.nanoTime());
      }

      @Override
      public void complete(long id, Outcome outcome) {
        history.complete(id, outcome, System.nanoTime());
      }
    };
  }

  static Recorder of(HistoryWriter file) {
    return new Recorder() {
      @Override
      public long invoke(String process, String node, Operation operation) {
        return file.invoke(process, node, operation);
      }

      @Override
      public void complete(long id, Outcome outcome) {
        file.complete(id, outcome);
      }
    };
  }
}
