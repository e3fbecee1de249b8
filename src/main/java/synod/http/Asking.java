package synod.http;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Questions to the node's actors that people ask now and then. Each costs an actor of its own, so
 * requests for keys don't come this way.
 */
final class Asking {
  private Asking() {}

  /**
   * @param who names the actor for the message
   * @return fails with a {@link Problem} if there is no such actor or it doesn't answer in time
   */
  static <M, T> CompletionStage<T> ask(
      ActorSystem<?> system,
      String who,
      ActorRef<M> actor,
      Duration timeout,
      Function<ActorRef<T>, M> question) {
    if (actor == null) {
      throw new Problem(Problem.Type.UNAVAILABLE, "this node runs no " + who);
    }
    return AskPattern.ask(actor, question::apply, timeout, system.scheduler())
        .exceptionally(
            failure -> {
              throw new CompletionException(
                  new Problem(
                      Problem.Type.UNAVAILABLE,
                      "the " + who + " of this node gave no answer in time"));
            });
  }
}
