package synod.check;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import synod.check.Operation.Condition;

/**
 * The lines of Synod's history files, version 1: a header, then an object for each beginning and
 * each end of an operation. Bytes stand as text under their name if they are text, otherwise in
 * Base64 under the name with {@code 64} behind it. Whatever a reader doesn't know is an error, so
 * that nothing is judged by half.
 *
 * <pre>
 * {"format":"synod-history","version":1}
 * {"event":"invoke","id":7,"time":1200,"process":"c3","node":"n2","op":"put","key":"k","value":"v","if":4}
 * {"event":"complete","id":7,"time":2300,"result":"applied","revision":9,"previous":"u","previousRevision":4}
 * </pre>
 */
final class HistoryCodec {
  private static final String FORMAT = "synod-history";
  private static final long VERSION = 1;

  private HistoryCodec() {}

  static Map<String, Object> header() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("format", FORMAT);
    fields.put("version", VERSION);
    return fields;
  }

  static void checkHeader(Fields fields) {
    if (!FORMAT.equals(fields.text("format"))) {
      throw new IllegalArgumentException("not the header of a " + FORMAT);
    }
    long version = fields.number("version");
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "format version " + version + "; this reader knows " + VERSION);
    }
    fields.end();
  }

  static Map<String, Object> invocation(
      long id, long time, String process, String node, Operation operation) {
    Map<String, Object> fields = event("invoke", id, time);
    fields.put("process", process);
    fields.put("node", node);
    if (operation instanceof Operation.Put put) {
      fields.put("op", "put");
      putBytes(fields, "key", put.key());
      putBytes(fields, "value", put.value());
      putCondition(fields, put.condition());
    } else if (operation instanceof Operation.Delete delete) {
      fields.put("op", "delete");
      putBytes(fields, "key", delete.key());
      putCondition(fields, delete.condition());
    } else if (operation instanceof Operation.StaleGet get) {
      fields.put("op", "stale-get");
      putBytes(fields, "key", get.key());
      fields.put("minRevision", get.minRevision());
    } else {
      fields.put("op", "get");
      putBytes(fields, "key", operation.key());
    }
    return fields;
  }

  static Map<String, Object> completion(long id, long time, Outcome outcome) {
    Map<String, Object> fields = event("complete", id, time);
    if (outcome instanceof Outcome.Applied applied) {
      fields.put("result", "applied");
      fields.put("revision", applied.revision());
      if (applied.previous() != null) {
        putSeen(fields, "previous", "previousRevision", applied.previous());
      }
    } else if (outcome instanceof Outcome.NotFound) {
      fields.put("result", "not-found");
    } else if (outcome instanceof Outcome.ConditionFailed failed) {
      fields.put("result", "condition-failed");
      putReported(fields, "modRevision", failed.modRevision());
    } else if (outcome instanceof Outcome.Read read) {
      fields.put("result", read.seen().absent() ? "absent" : "found");
      if (!read.seen().absent()) {
        putSeen(fields, "value", "modRevision", read.seen());
      }
      putReported(fields, "storeRevision", read.storeRevision());
    } else if (outcome instanceof Outcome.Refused refused) {
      fields.put("result", "refused");
      fields.put("reason", refused.reason());
    } else if (outcome instanceof Outcome.Unknown unknown) {
      fields.put("result", "unknown");
      fields.put("reason", unknown.reason());
    }
    return fields;
  }

  private static Map<String, Object> event(String event, long id, long time) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", event);
    fields.put("id", id);
    fields.put("time", time);
    return fields;
  }

  private static void putBytes(Map<String, Object> fields, String name, Bytes bytes) {
    bytes
        .text()
        .ifPresentOrElse(
            text -> fields.put(name, text),
            () -> fields.put(name + "64", Base64.getEncoder().encodeToString(bytes.toArray())));
  }

  private static void putCondition(Map<String, Object> fields, Condition condition) {
    if (condition instanceof Condition.Absent) {
      fields.put("if", "absent");
    } else if (condition instanceof Condition.Present) {
      fields.put("if", "present");
    } else if (condition instanceof Condition.ModRevision expected) {
      fields.put("if", expected.revision());
    }
  }

  private static void putSeen(
      Map<String, Object> fields, String name, String revisionName, Seen seen) {
    if (!seen.absent()) {
      putBytes(fields, name, seen.value());
    }
    putReported(fields, revisionName, seen.modRevision());
  }

  private static void putReported(Map<String, Object> fields, String name, long revision) {
    if (revision != Outcome.UNREPORTED) {
      fields.put(name, revision);
    }
  }

  /** The operation of an invocation, but for what all events have. */
  static Operation operation(Fields fields) {
    String op = fields.text("op");
    Bytes key = fields.bytes("key");
    return switch (op) {
      case "put" -> new Operation.Put(key, fields.bytes("value"), condition(fields));
      case "delete" -> new Operation.Delete(key, condition(fields));
      case "get" -> new Operation.Get(key);
      case "stale-get" -> new Operation.StaleGet(key, fields.number("minRevision"));
      default -> throw new IllegalArgumentException("unknown op \"" + op + "\"");
    };
  }

  private static Condition condition(Fields fields) {
    Object condition = fields.any("if");
    if (condition == null) {
      return Condition.NONE;
    }
    if (condition instanceof Long revision) {
      return Condition.modRevision(revision);
    }
    return switch (condition.toString()) {
      case "absent" -> Condition.ABSENT;
      case "present" -> Condition.PRESENT;
      default -> throw new IllegalArgumentException("unknown condition \"" + condition + "\"");
    };
  }

  /** The outcome of a completion, but for what all events have. */
  static Outcome outcome(Fields fields) {
    String result = fields.text("result");
    return switch (result) {
      case "applied" -> new Outcome.Applied(fields.number("revision"), previous(fields));
      case "not-found" -> new Outcome.NotFound();
      case "condition-failed" -> new Outcome.ConditionFailed(fields.reported("modRevision"));
      case "found" ->
          new Outcome.Read(
              new Seen(fields.bytes("value"), fields.reported("modRevision")),
              fields.reported("storeRevision"));
      case "absent" -> new Outcome.Read(Seen.ABSENT, fields.reported("storeRevision"));
      case "refused" -> new Outcome.Refused(fields.text("reason"));
      case "unknown" -> new Outcome.Unknown(fields.text("reason"));
      default -> throw new IllegalArgumentException("unknown result \"" + result + "\"");
    };
  }

  private static Seen previous(Fields fields) {
    long revision = fields.reported("previousRevision");
    if (fields.has("previous") || fields.has("previous64")) {
      return new Seen(fields.bytes("previous"), revision);
    }
    return revision == Outcome.UNREPORTED ? null : new Seen(null, revision);
  }
}
