package synod.cli.store;

import synod.client.ReadOptions;
import synod.client.WriteOptions;
import synod.client.WriteResult;
import synod.kv.Query.KeyAnswer;
import synod.kv.Query.PageAnswer;

/**
 * The store as a command uses it, whatever the way to it. Every method blocks until it has its
 * answer, or throws {@link synod.client.RefusedException} or, writes only, {@link
 * synod.client.UnknownOutcomeException}, and {@link CancelledException} when its thread is
 * interrupted.
 */
interface Store {
  WriteResult put(byte[] key, byte[] value, WriteOptions options);

  WriteResult delete(byte[] key, WriteOptions options);

  KeyAnswer get(byte[] key, ReadOptions options);

  /**
   * @param after only keys behind this one; empty to begin
   */
  PageAnswer list(byte[] prefix, byte[] after, int limit, ReadOptions options);
}
