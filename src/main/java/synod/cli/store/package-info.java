/**
 * The commands that use a running cluster: one-shot, over HTTP, which starts fast; and in the
 * console, where keys go through the Java client.
 */
package synod.cli.store;
