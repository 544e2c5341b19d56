/** One line over time with its bounds; several share the pointer, so that one moment is seen in all of them. */
import uPlot from 'uplot';
import {lasting} from './time.js';

/** Steps of an axis in seconds that people count in. */
const ELAPSED = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Shades what is out of bounds, and draws the bound. */
function bounds(min, max) {
  return (plot) => {
    const {ctx, bbox} = plot;
    ctx.save();
    for (const [bound, below] of [[min, true], [max, false]]) {
      if (bound === null || bound === undefined) continue;
      const y = plot.valToPos(bound, 'y', true);
      const edge = Math.min(bbox.top + bbox.height, Math.max(bbox.top, y));
      ctx.fillStyle = colour('--bad-wash');
      ctx.fillRect(bbox.left, below ? edge : bbox.top, bbox.width, below ? bbox.top + bbox.height - edge : edge - bbox.top);
      ctx.strokeStyle = colour('--bad');
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, edge);
      ctx.lineTo(bbox.left + bbox.width, edge);
      ctx.stroke();
    }
    ctx.restore();
  };
}

/** Marks of events: a line down each plot, and a shape where one is about a verdict. */
function marks(events) {
  return (plot) => {
    const {ctx, bbox} = plot;
    ctx.save();
    for (const {at, tone} of events) {
      const x = plot.valToPos(at, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.strokeStyle = colour(tone === 'bad' ? '--bad' : tone === 'person' ? '--accent-ink' : '--line');
      ctx.lineWidth = devicePixelRatio * (tone === 'plain' ? 0.75 : 1.25);
      ctx.setLineDash(tone === 'person' ? [2 * devicePixelRatio, 3 * devicePixelRatio] : []);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  };
}

/**
 * Draws it into an element and answers how to remove it.
 *
 * series: [{name, values, tone, stepped, points}] of the same times, in seconds; elapsed says that they are since something began.
 */
export function plot(element, {times, series, range, min, max, events, pointed, span, format, elapsed = false, height = 150}) {
  const tones = {canary: '--canary-line', primary: '--primary-line', other: '--muted'};
  const axis = {
    stroke: colour('--muted'),
    grid: {stroke: colour('--line'), width: 1},
    ticks: {show: false},
    font: '11px system-ui, sans-serif',
  };
  const chart = new uPlot({
    width: element.clientWidth || 600,
    height,
    padding: [8, 12, 0, 0],
    cursor: {sync: {key: elapsed ? 'compared' : 'rollout', setSeries: false}, y: false, points: {size: 7}, drag: {x: false, y: false}},
    legend: {show: false},
    scales: {
      x: {time: !elapsed, range: () => span},
      y: {range: range ?? ((_, low, high) => {
        const lowest = Math.min(low ?? 0, min ?? Infinity, max ?? Infinity), highest = Math.max(high ?? 1, min ?? -Infinity, max ?? -Infinity);
        const room = (highest - lowest || Math.abs(highest) || 1) * 0.15;
        return [lowest - room, highest + room];
      })},
    },
    axes: [{...axis, space: 70, size: 24, ...(elapsed ? {incrs: ELAPSED} : {}), values: (_, ticks) => ticks.map((tick) => elapsed ? lasting(tick * 1000, true) : new Intl.DateTimeFormat(undefined, {
      hour: '2-digit', minute: '2-digit', ...(span[1] - span[0] < 600 ? {second: '2-digit'} : {})}).format(tick * 1000))},
      {...axis, size: 58, space: 26, values: (_, ticks) => ticks.map(format)}],
    series: [{}, ...series.map((each) => ({
      label: each.name,
      stroke: colour(tones[each.tone] ?? '--muted'),
      fill: each.fill ? colour('--canary-wash') : undefined,
      width: 2,
      spanGaps: true,
      dash: each.tone === 'primary' ? [6, 4] : undefined,
      paths: each.stepped ? uPlot.paths.stepped({align: 1}) : undefined,
      points: {show: each.points ?? false, size: 6, fill: colour('--surface')},
    }))],
    hooks: {
      drawAxes: [bounds(min, max)],
      drawSeries: [],
      draw: [marks(events)],
      setCursor: [(it) => pointed(it.cursor.idx ?? null, it.cursor.left >= 0 ? it.posToVal(it.cursor.left, 'x') : null)],
    },
  }, [times, ...series.map((each) => each.values)], element);
  const resized = new ResizeObserver(() => {
    if (element.clientWidth && element.clientWidth !== chart.width) chart.setSize({width: element.clientWidth, height});
  });
  resized.observe(element);
  return () => {
    resized.disconnect();
    chart.destroy();
  };
}
