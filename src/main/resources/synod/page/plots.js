// Throughput and latency over the last two minutes.

import uPlot from './uPlot.esm.js';
import { byId, clock, duration, number, setText } from './dom.js';
import { percentile } from './model.js';
import { isSeen } from './seen.js';

const HEIGHT = 170;
const SECONDS = 120;

export class Plots {
  constructor(model) {
    this.model = model;
    this.drawn = 0;
  }

  build() {
    const css = getComputedStyle(document.documentElement);
    const ink = css.getPropertyValue('--soft');
    const axis = { stroke: ink, grid: { stroke: css.getPropertyValue('--line'), width: 1 }, ticks: { show: false } };
    const make = (id, series, values) => new uPlot({
      width: byId(id).clientWidth, height: HEIGHT, cursor: { show: false }, legend: { show: false },
      scales: { x: { range: (plot, low, high) => [high - SECONDS, high] }, y: { range: (plot, low, high) => [0, Math.max(1, high * 1.1)] } },
      axes: [{ ...axis, space: 80, values: (plot, ticks) => ticks.map((second) => clock(second * 1000)) }, { ...axis, size: 62, values: (plot, ticks) => ticks.map(values) }],
      series: [{}, ...series],
    }, [[], [], []], byId(id));
    const first = css.getPropertyValue('--accent');
    const second = css.getPropertyValue('--chosen');
    this.rate = make('rate-plot', [{ stroke: first, width: 2 }, { stroke: second, width: 2, dash: [6, 4] }], number);
    // A second without neighbours is a point.
    const points = { show: true, size: 4 };
    this.latency = make('latency-plot', [{ stroke: first, width: 2, points }, { stroke: second, width: 2, dash: [6, 4], points }], duration);
  }

  /** Colours and widths are fixed when a plot is made. */
  rebuild() {
    this.rate?.destroy();
    this.latency?.destroy();
    this.rate = null;
    this.drawn = 0;
  }

  draw() {
    // The second under way is not complete yet.
    const rates = this.model.rates.slice(0, -1);
    const last = rates.at(-1);
    if (!last || last.second === this.drawn || !isSeen(byId('rate-plot').closest('.pair'))) {
      return;
    }
    if (!this.rate) {
      this.build();
    }
    this.drawn = last.second;
    const x = rates.map((each) => each.second);
    const p50 = rates.map((each) => percentile(each.requestMicros, 0.5));
    const p99 = rates.map((each) => percentile(each.requestMicros, 0.99));
    this.rate.setData([x, rates.map((each) => each.requests), rates.map((each) => each.chosen)]);
    this.latency.setData([x, p50, p99]);
    setText(byId('rate-text'), `${number(Math.round(last.requests))} requests/s (solid), ${number(Math.round(last.chosen))} slots/s (dashed)`);
    setText(byId('latency-text'), p50.at(-1) === null ? 'Of requests for keys, p50 (solid) and p99 (dashed): none just now'
      : `Of requests for keys: p50 ${duration(p50.at(-1))} (solid), p99 ${duration(p99.at(-1))} (dashed)`);
  }
}
