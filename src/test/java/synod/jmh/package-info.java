/**
 * Benchmarks of single parts, so that a regression can be found without a cluster; run by {@code
 * scripts/jmh}.
 */
package synod.jmh;
