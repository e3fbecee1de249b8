package synod.sim.actors;

import akka.actor.ActorPath;
import akka.actor.ActorPaths;
import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.ActorSystemImpl;
import akka.actor.DynamicAccess;
import akka.actor.FunctionRef;
import akka.actor.LocalActorRefProvider;
import akka.event.EventStream;
import scala.runtime.BoxedUnit;

/**
 * Takes the place of Akka's remoting: an actor of another system is reached through the
 * simulation's network, its host's name being the simulated host's. Akka makes it by its name in
 * the configuration.
 */
public final class NetworkProvider extends LocalActorRefProvider {
  private final Machine machine;
  private ActorSystemImpl system;

  public NetworkProvider(
      String name, ActorSystem.Settings settings, EventStream events, DynamicAccess access) {
    super(name, settings, events, access);
    machine = Machine.of(settings.config());
  }

  @Override
  public void init(ActorSystemImpl started) {
    system = started;
    super.init(started);
  }

  @Override
  public ActorRef resolveActorRef(String path) {
    ActorPath parsed = ActorPaths.fromString(path);
    if (parsed.address().hasLocalScope()) {
      return super.resolveActorRef(path);
    }
    String host = parsed.address().getHost().orElseThrow();
    return new FunctionRef(
        parsed,
        this,
        system,
        (sender, message) -> {
          machine.send(host, parsed.name(), message);
          return BoxedUnit.UNIT;
        });
  }
}
