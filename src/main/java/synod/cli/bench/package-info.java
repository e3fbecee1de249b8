/**
 * The load generator: the same loads, in turn, on Synod and on a store that it is compared with,
 * and what came of it as tables, JSON and plots. Everything that a target needs is started here,
 * and only that is stopped.
 */
package synod.cli.bench;
