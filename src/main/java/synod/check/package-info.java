/**
 * Histories of what clients asked and were told, and the checker that judges whether they are
 * linearizable. It knows nothing of Synod's own code: a history of any key-value store with etcd's
 * revisions will do. {@link synod.check.History} holds one in memory, {@link
 * synod.check.HistoryWriter} records one to a file, {@link synod.check.LinearizabilityChecker} and
 * {@link synod.check.HistoryFiles} judge them.
 */
package synod.check;
