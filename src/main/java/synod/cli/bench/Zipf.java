package synod.cli.bench;

import java.util.SplittableRandom;

/**
 * Numbers of which few are drawn often: the one at rank k, from 1, in proportion to 1 / k^s. By
 * rejection-inversion (Hörmann and Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", 1996): exact, without a table, in constant time for any number
 * of elements.
 */
final class Zipf implements Distribution {
  private final int elements;
  private final double exponent;
  private final double integralAtFirst;
  private final double integralAtLast;
  private final double sureDistance;

  /**
   * @param elements at least 1
   * @param exponent s, above 0
   */
  Zipf(int elements, double exponent) {
    if (elements < 1 || !(exponent > 0)) {
      throw new IllegalArgumentException(elements + " elements, exponent " + exponent);
    }
    this.elements = elements;
    this.exponent = exponent;
    this.integralAtFirst = integral(1.5) - 1;
    this.integralAtLast = integral(elements + 0.5);
    this.sureDistance = 2 - inverse(integral(2.5) - weight(2));
  }

  @Override
  public int next(SplittableRandom random) {
    while (true) {
      double point = integralAtLast + random.nextDouble() * (integralAtFirst - integralAtLast);
      double place = inverse(point);
      int rank = (int) Math.max(1, Math.min(elements, Math.round(place)));
      if (rank - place <= sureDistance || point >= integral(rank + 0.5) - weight(rank)) {
        return rank - 1;
      }
    }
  }

  private double weight(double x) {
    return Math.exp(-exponent * Math.log(x));
  }

  /** Of the weights, from 1: (x^(1-s) - 1) / (1 - s), or log x where s is 1. */
  private double integral(double x) {
    double log = Math.log(x);
    return expm1Ratio((1 - exponent) * log) * log;
  }

  private double inverse(double y) {
    double t = Math.max(-1, y * (1 - exponent));
    return Math.exp(log1pRatio(t) * y);
  }

  /** (e^x - 1) / x, also near 0. */
  private static double expm1Ratio(double x) {
    return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2;
  }

  /** log(1 + x) / x, also near 0. */
  private static double log1pRatio(double x) {
    return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2;
  }
}
