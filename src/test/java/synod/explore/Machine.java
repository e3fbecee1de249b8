package synod.explore;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import synod.paxos.InvariantViolation;

/**
 * All states of one role that were met, and its steps between them, each run once through the cores
 * and then remembered. A core can't be copied: to make a step from a state, a fresh role takes the
 * inputs that led there first.
 */
final class Machine {
  static final int ROOT = 0;

  /** No other states than these fit into a state of the world. */
  private final int limit;

  private final Supplier<? extends LocalRole> birth;
  private final Map<ByteBuffer, Integer> numbers = new HashMap<>();
  private final List<State> states = new ArrayList<>();
  private final LongMap<Step> steps = new LongMap<>();

  /** By place in {@link Order#ALL}, then by state: the state with other acceptors' names. */
  private final List<List<Integer>> renamed = new ArrayList<>();

  private final LongMap<Boolean> blind = new LongMap<>();

  /**
   * A state of a role.
   *
   * @param before the state that it was first reached from, and how
   */
  record State(int before, int input, int rank, boolean preparing, boolean writing, long used) {}

  /**
   * What an input does in a state.
   *
   * @param to the state after it
   * @param receivers where each of the messages sent goes
   * @param broken the rule that this step breaks, null if it breaks none
   */
  record Step(int to, int[] receivers, int[] sent, int[] votes, int[] claims, String broken) {
    boolean isSilent() {
      return sent.length == 0 && votes.length == 0 && claims.length == 0 && broken == null;
    }
  }

  Machine(int limit, Supplier<? extends LocalRole> birth) {
    this.limit = limit;
    this.birth = birth;
    Order.ALL.forEach(any -> renamed.add(new ArrayList<>()));
    number(birth.get(), ROOT, 0);
  }

  State state(int number) {
    return states.get(number);
  }

  int size() {
    return states.size();
  }

  Step step(int state, int input) {
    long key = (long) state << 32 | (input & 0xffffffffL);
    Step known = steps.get(key);
    if (known == null) {
      known = run(state, input);
      steps.put(key, known);
    }
    return known;
  }

  private Step run(int state, int input) {
    LocalRole role = at(state);
    try {
      LocalRole.Outcome outcome = role.take(input);
      return new Step(
          number(role, state, input),
          ints(outcome.receivers),
          ints(outcome.sent),
          ints(outcome.votes),
          ints(outcome.claims),
          null);
    } catch (RuleBroken | InvariantViolation e) {
      int[] none = {};
      return new Step(state, none, none, none, none, e.getMessage());
    }
  }

  private LocalRole at(int state) {
    Deque<Integer> inputs = new ArrayDeque<>();
    for (int at = state; at != ROOT; at = states.get(at).before()) {
      inputs.push(states.get(at).input());
    }
    LocalRole role = birth.get();
    inputs.forEach(role::take);
    return role;
  }

  private int number(LocalRole role, int before, int input) {
    return numbers.computeIfAbsent(
        ByteBuffer.wrap(role.encoded()),
        any -> {
          if (states.size() == limit) {
            throw new IllegalStateException("a role has more than " + limit + " states");
          }
          long used = role instanceof ProposerRole proposer ? proposer.used() : 0;
          states.add(
              new State(before, input, role.rank(), role.isPreparing(), role.isWriting(), used));
          return states.size() - 1;
        });
  }

  /**
   * The state of a proposer to which the acceptors have exchanged their names: the one that is
   * reached by the same inputs with the names exchanged.
   */
  int renamed(int state, Order order) {
    if (state == ROOT || order.isIdentity()) {
      return state;
    }
    List<Integer> memo = renamed.get(order.place());
    while (memo.size() <= state) {
      memo.add(null);
    }
    Integer known = memo.get(state);
    if (known == null) {
      State meant = states.get(state);
      int input = meant.input();
      if (Input.isReceive(input)) {
        input = Input.receive(order.newPlace(Input.from(input)), Input.message(input));
      }
      known = step(renamed(meant.before(), order), input).to();
      memo.set(state, known);
    }
    return known;
  }

  /** Whether a state of a proposer says nothing of single acceptors. */
  boolean isBlind(int state) {
    Boolean known = blind.get(state);
    if (known == null) {
      known = Order.ALL.stream().allMatch(order -> renamed(state, order) == state);
      blind.put(state, known);
    }
    return known;
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
