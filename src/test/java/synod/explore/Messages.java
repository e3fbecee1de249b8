package synod.explore;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import synod.paxos.Ballot;
import synod.paxos.Entry;
import synod.paxos.Message;

/**
 * The messages, values and votes that were met, each once, under a number. Every message here
 * belongs to a ballot, and a ballot to a proposer: so it says itself to or from whom it is.
 */
final class Messages {
  private final Map<ByteBuffer, Integer> numbers = new HashMap<>();
  private final List<Message> messages = new ArrayList<>();
  private int[] ranks = new int[1 << 10];

  private final Map<ByteBuffer, Integer> values = new HashMap<>();
  private final List<byte[]> valuesByNumber = new ArrayList<>();
  private final Map<Vote, Integer> voteNumbers = new HashMap<>();
  private final List<Vote> votes = new ArrayList<>();

  /** An acceptor accepted the value of this number at a slot and a ballot. */
  record Vote(int slot, int rank, int value) {
    boolean isRivalOf(Vote other) {
      return slot == other.slot && rank == other.rank && value != other.value;
    }
  }

  Messages() {
    value(Entry.NO_OP);
  }

  /** Ballots as numbers, in the same order. */
  static int rank(Ballot ballot) {
    return (int) ballot.round() * 2 + World.PROPOSERS.indexOf(ballot.proposer());
  }

  int number(Message message) {
    ByteBuffer key = ByteBuffer.wrap(Encoder.encode(0, message));
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    int number = messages.size();
    if (number == ranks.length) {
      ranks = Arrays.copyOf(ranks, 2 * number);
    }
    ranks[number] = rank(ballot(message));
    messages.add(message);
    numbers.put(key, number);
    return number;
  }

  Message message(int number) {
    return messages.get(number);
  }

  /** The rank of a message's ballot. */
  int rank(int message) {
    return ranks[message];
  }

  /** The proposer that a message is to or from. */
  int proposer(int message) {
    return ranks[message] & 1;
  }

  /** The number of a value, at least 1. */
  int value(byte[] value) {
    return values.computeIfAbsent(
        ByteBuffer.wrap(value),
        any -> {
          valuesByNumber.add(value);
          return valuesByNumber.size();
        });
  }

  byte[] valueOf(int number) {
    return valuesByNumber.get(number - 1);
  }

  int vote(Entry entry) {
    Vote vote = new Vote((int) entry.slot(), rank(entry.ballot()), value(entry.value()));
    return voteNumbers.computeIfAbsent(
        vote,
        any -> {
          votes.add(vote);
          return votes.size() - 1;
        });
  }

  Vote voteOf(int number) {
    return votes.get(number);
  }

  static Ballot ballot(Message message) {
    if (message instanceof Message.Prepare prepare) {
      return prepare.ballot();
    } else if (message instanceof Message.Promise promise) {
      return promise.ballot();
    } else if (message instanceof Message.Accept accept) {
      return accept.ballot();
    } else if (message instanceof Message.Accepted accepted) {
      return accepted.ballot();
    } else if (message instanceof Message.Rejected rejected) {
      return rejected.ballot();
    }
    throw new IllegalArgumentException("not in this world: " + message);
  }
}
