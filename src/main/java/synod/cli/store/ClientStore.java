package synod.cli.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import synod.cli.CommandFailedException;
import synod.client.ClientSettings;
import synod.client.ReadOptions;
import synod.client.RefusedException;
import synod.client.SynodClient;
import synod.client.UnknownOutcomeException;
import synod.client.WriteOptions;
import synod.client.WriteResult;
import synod.kv.Query.KeyAnswer;
import synod.kv.Query.PageAnswer;

/**
 * The store through the Java client, which has a session and so repeats writes without doing them
 * twice. The client starts in the background, since that takes a second.
 */
final class ClientStore implements Store, AutoCloseable {
  private final CompletableFuture<SynodClient> client;

  ClientStore(ClientSettings settings) {
    client = CompletableFuture.supplyAsync(() -> SynodClient.connect(settings));
  }

  @Override
  public WriteResult put(byte[] key, byte[] value, WriteOptions options) {
    return await(store -> store.put(key, value, options));
  }

  @Override
  public WriteResult delete(byte[] key, WriteOptions options) {
    return await(store -> store.delete(key, options));
  }

  @Override
  public KeyAnswer get(byte[] key, ReadOptions options) {
    return await(store -> store.get(key, options));
  }

  @Override
  public PageAnswer list(byte[] prefix, byte[] after, int limit, ReadOptions options) {
    return await(store -> store.list(prefix, after, limit, options));
  }

  private <T> T await(Function<SynodClient, CompletionStage<T>> operation) {
    try {
      return client.thenCompose(operation).toCompletableFuture().get();
    } catch (InterruptedException e) {
      throw new CancelledException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusedException refused) {
        throw refused;
      }
      if (e.getCause() instanceof UnknownOutcomeException unknown) {
        throw unknown;
      }
      throw new CommandFailedException("the client failed: " + e.getCause().getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.thenAccept(SynodClient::close).exceptionally(neverStarted -> null).join();
  }
}
