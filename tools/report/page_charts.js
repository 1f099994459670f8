// Draws the charts of a report from the JSON that chart_data.h describes.
"use strict";

const soleusCharts = (function () {
  // Okabe and Ito's colours, the three traces bright enough to stand on the black of a spectrum.
  const TRACES = {
    forward: {label: "peak velocity toward the heart", colour: "#E69F00", unit: "cm/s"},
    reverse: {label: "peak velocity away from it", colour: "#56B4E9", unit: "cm/s"},
    mean: {label: "mean velocity", colour: "#F0E442", unit: "cm/s"},
    diameter: {label: "diameter", colour: "#0072B2", unit: "mm"},
    flow: {label: "volume flow", colour: "#009E73", unit: "mL/min"},
    snr: {label: "SNR", colour: "#5B6875", unit: "dB"},
  };
  const PANELS = {
    // The label runs upwards: its arrows point down and up.
    velocity: {title: "Doppler spectrum", ylabel: "← away from heart (−) · velocity, cm/s · toward heart (+) →", height: 420, digits: 1},
    vessel: {title: "Vein diameter", ylabel: "Diameter (mm)", height: 170, digits: 2},
    flow: {title: "Volume flow", ylabel: "Flow (mL/min)", height: 190, digits: 0},
    snr: {title: "Signal over noise", ylabel: "SNR (dB)", height: 140, digits: 1},
  };
  const SIGNAL_COLOUR = "#1C2733";
  // A signal brings its own name and unit; UDUNITS has "1" where there is none.
  const unitOf = (chart) => (chart.units === "1" ? "" : chart.units);
  const panelOf = (chart) => PANELS[chart.name] ||
    {title: "Signal: " + chart.title, ylabel: unitOf(chart) || "no unit", height: 160};
  const traceOf = (chart, series) => TRACES[series.name] ||
    {label: chart.title, colour: SIGNAL_COLOUR, unit: unitOf(chart)};
  const Y_AXIS_WIDTH_PX = 62;  // the same for every panel, so that their time axes stand above each other
  const MARKS_PX = 23;  // beyond the values, for the contractions' bars and numbers and those of events
  const X_AXIS_HEIGHT_PX = 22;
  const LANE_HEIGHT_PX = 18;
  const PRINT_WIDTH_PX = 690;  // A4 and Letter between the margins of page.css, at 96 px an inch
  // Beyond this the bursts of a whole recording run into each other on a screen: open on a part that can be read.
  const WHOLE_UP_TO_S = 300;
  const OPENING_WINDOW_S = 60;

  const graphs = [];
  let data = null;
  let events = [];
  let contractions = [];
  let cursorS = null;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function panel(parent, title) {
    const box = element("div", "panel");
    const head = element("div", "head");
    const readout = element("span", "readout");
    head.append(element("strong", "", title), readout);
    const canvas = element("div", "canvas");
    box.append(head, canvas);
    parent.append(box);
    return {box, canvas, readout};
  }

  // Rows for Dygraphs. Every panel starts and ends at the same times, so that "everything" means the same in each.
  function rowsOf(chart) {
    const none = chart.series.map(() => null);
    const rows = chart.time_s.map((t, i) => [t].concat(chart.series.map((s) => s.values[i])));
    if (!rows.length || rows[0][0] > data.start_s) rows.unshift([data.start_s].concat(none));
    if (rows[rows.length - 1][0] < data.end_s) rows.push([data.end_s].concat(none));
    return rows;
  }

  function rowNearest(graph, timeS) {
    let low = 0;
    let high = graph.numRows() - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (graph.getValue(middle, 0) < timeS) low = middle + 1; else high = middle;
    }
    if (low > 0 && timeS - graph.getValue(low - 1, 0) < graph.getValue(low, 0) - timeS) low -= 1;
    return low;
  }

  function moveCursor(timeS, from) {
    cursorS = timeS;
    graphs.forEach((entry) => {
      if (entry.line) {
        const area = entry.graph.getArea();
        const x = timeS === null ? -1 : entry.graph.toDomXCoord(timeS);
        entry.line.style.display = x >= area.x && x <= area.x + area.w ? "block" : "none";
        entry.line.style.left = x + "px";
      }
      if (entry.read) entry.read(timeS);
      if (entry.graph === from || !entry.chart) return;
      if (timeS === null) entry.graph.clearSelection();
      else entry.graph.setSelection(rowNearest(entry.graph, timeS));
    });
  }

  function addCursorLine(entry, canvas) {
    entry.line = element("div");
    const area = entry.graph.getArea();
    entry.line.style.cssText = "position:absolute;display:none;width:1px;pointer-events:none;background:#888;top:" +
      area.y + "px;height:" + area.h + "px";
    canvas.append(entry.line);
  }

  function readoutOf(entry) {
    return (timeS) => {
      if (timeS === null) {
        entry.readout.textContent = "";
        return;
      }
      const row = rowNearest(entry.graph, timeS);
      const values = entry.chart.series.map((series, i) => {
        const value = entry.graph.getValue(row, i + 1);
        const trace = traceOf(entry.chart, series);
        const {digits} = panelOf(entry.chart);
        const figure = (v) => (digits === undefined ? String(Number(v.toPrecision(4))) : v.toFixed(digits));
        return trace.label + " " + (value === null ? "not measured" : figure(value) + " " + trace.unit);
      });
      entry.readout.textContent = entry.graph.getValue(row, 0).toFixed(3) + " s:  " + values.join(" · ");
    };
  }

  function commonOptions(isLast) {
    return {
      legend: "never",
      labelsKMB: false,
      connectSeparatedPoints: false,
      strokeWidth: 1.2,
      highlightCircleSize: 3,
      drawGapEdgePoints: true,
      pointSize: 1,
      gridLineColor: "rgba(120,130,140,.22)",
      axisLineColor: "#8a96a3",
      xlabel: isLast ? "Time on the session clock (s)" : undefined,
      xLabelHeight: 20,
      rightGap: 6,
      animatedZooms: false,
      highlightCallback(event, timeS) { moveCursor(timeS, this); },
      unhighlightCallback() { moveCursor(null, this); },
    };
  }

  function valueRangeOf(chart) {
    if (chart.name === "velocity" && data.spectrum)
      return [data.spectrum.lowest_cm_per_s, data.spectrum.highest_cm_per_s];
    return null;
  }

  function gapsS() {
    const lane = (data.flags || []).find(({name}) => name === "gap_before");
    return lane ? lane.stretches_s : [];
  }

  function addChart(parent, chart, images) {
    const look = panelOf(chart);
    const {canvas, readout} = panel(parent, look.title);
    canvas.style.height = look.height + "px";
    const dark = chart.name === "velocity" && Boolean(data.spectrum);
    const options = Object.assign(commonOptions(false), {
      labels: ["s"].concat(chart.series.map((s) => s.name)),
      colors: chart.series.map((s) => traceOf(chart, s).colour),
      ylabel: look.ylabel,
      yLabelWidth: 18,
      axes: {y: {axisLabelWidth: Y_AXIS_WIDTH_PX - 18, pixelsPerLabel: 22}},
      valueRange: valueRangeOf(chart),
      // Dygraphs pads the values' range before it is fitted into the height.
      yRangePad: chart.name === "velocity" ? 0 : MARKS_PX / (1 - 2 * MARKS_PX / (look.height - X_AXIS_HEIGHT_PX)),
      includeZero: chart.name === "flow",
      underlayCallback(context, area, graph) {
        if (dark) soleusPaint.spectrum(context, area, graph, data.spectrum, images, gapsS());
        if (chart.name !== "snr" && chart.name !== "vessel")
          soleusPaint.zeroLine(context, area, graph, dark ? "rgba(255,255,255,.55)" : "#8a96a3");
        soleusPaint.eventLines(context, area, graph, events, dark ? "#fff" : "#5b6875",
          dark ? "rgba(0,0,0,.75)" : "rgba(255,255,255,.7)");
        if (chart.name !== "snr")
          soleusPaint.contractions(context, area, graph, contractions, dark ? "rgba(0,0,0,.75)" : "rgba(255,255,255,.7)");
      },
    });
    if (chart.name === "velocity") options.series = {mean: {strokeWidth: 1.8}};
    if (dark) options.gridLineColor = "rgba(255,255,255,.13)";
    const entry = {graph: new Dygraph(canvas, rowsOf(chart), options), canvas, chart, readout};
    entry.read = readoutOf(entry);
    addCursorLine(entry, canvas);
    graphs.push(entry);
  }

  function shareOf(lane, doppler) {
    if (lane.name === "gap_before") return doppler.gaps_s.toFixed(2) + " s";
    return soleusCharts.percent(doppler.flag_fraction[lane.name] || 0);
  }

  function addLanes(parent, velocity, doppler) {
    // No marker is looked for in a spectrum yet: an empty lane would say that none was found.
    const lanes = data.flags.filter((lane) => lane.name !== "overlay" || lane.stretches_s.length);
    const {box, canvas} = panel(parent, "Quality: flagged columns");
    const legend = element("div", "flags");
    lanes.forEach((lane) => {
      const item = element("span");
      const swatch = element("i", "swatch block");
      swatch.style.background = soleusPaint.FLAGS[lane.name].colour;
      item.append(swatch, soleusPaint.FLAGS[lane.name].label + " " + shareOf(lane, doppler));
      legend.append(item);
    });
    box.insertBefore(legend, canvas);
    canvas.style.height = lanes.length * LANE_HEIGHT_PX + 120 + "px";
    const options = Object.assign(commonOptions(true), {
      labels: ["s", "overview"],
      visibility: [false],
      series: {overview: {showInRangeSelector: true}},
      ylabel: " ",
      yLabelWidth: 18,
      valueRange: [0, lanes.length],
      axes: {
        y: {
          axisLabelWidth: Y_AXIS_WIDTH_PX - 18,
          drawGrid: false,
          ticker: () => [],
        },
      },
      showRangeSelector: true,
      rangeSelectorHeight: 34,
      rangeSelectorPlotStrokeColor: "#8a96a3",
      rangeSelectorPlotFillColor: "#dfe6ec",
      rangeSelectorPlotFillGradientColor: "",
      underlayCallback(context, area, graph) { soleusPaint.flagLanes(context, area, graph, lanes); },
    });
    // The range selector shows where the bursts are, and so where to zoom in.
    const rows = rowsOf(velocity).map((row) => [row[0], row[1]]);
    graphs.push({graph: new Dygraph(canvas, rows, options), canvas});
  }

  function addTraceSwitches(parent) {
    const velocity = graphs.find((entry) => entry.chart && entry.chart.name === "velocity");
    if (!velocity) return;
    velocity.chart.series.forEach((series, index) => {
      const label = element("label");
      const box = element("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => velocity.graph.setVisibility(index, box.checked));
      const swatch = element("i", "swatch");
      swatch.style.borderColor = TRACES[series.name].colour;
      label.append(box, swatch, TRACES[series.name].label);
      parent.append(label);
    });
  }

  // The contractions laid over each other, on a time axis of its own.
  function addAverage(parent) {
    const average = data.average_contraction;
    if (!average) return;
    const {canvas, readout} = panel(parent, "An average contraction: mean of " + average.contractions + "; band: one standard deviation (SD) between them to either side");
    canvas.style.height = "230px";
    const rows = average.time_s.map((t, i) => [t,
      average.mean[i] === null ? [null, null, null] : [average.low[i], average.mean[i], average.high[i]]]);
    const options = Object.assign(commonOptions(true), {
      labels: ["s", "peak velocity"],
      colors: ["#0072B2"],
      customBars: true,
      fillAlpha: 0.22,
      strokeWidth: 1.8,
      xlabel: "Time after the onset of the flow (s)",
      ylabel: "Peak velocity (cm/s)",
      yLabelWidth: 18,
      includeZero: true,
      axes: {y: {axisLabelWidth: Y_AXIS_WIDTH_PX - 18, pixelsPerLabel: 28}},
      highlightCallback(event, timeS, points) {
        readout.textContent = timeS.toFixed(2) + " s:  " + points.map((point) => point.yval.toFixed(1) + " cm/s").join("");
      },
      unhighlightCallback() { readout.textContent = ""; },
      underlayCallback(context, area, graph) { soleusPaint.zeroLine(context, area, graph, "#8a96a3"); },
    });
    graphs.push({graph: new Dygraph(canvas, rows, options), canvas, apart: true});
  }

  function show(startS, endS) {
    const width = Math.min(endS - startS, data.end_s - data.start_s);
    const left = Math.max(data.start_s, Math.min(startS, data.end_s - width));
    graphs.filter((entry) => !entry.apart)
      .forEach((entry) => entry.graph.updateOptions({dateWindow: [left, left + width]}));
  }

  function wireToolbar(toolbar) {
    toolbar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const [left, right] = graphs[0].graph.xAxisRange();
      if (button.dataset.page) {
        const stepS = 0.8 * (right - left) * Number(button.dataset.page);
        show(left + stepS, right + stepS);
      } else if (button.dataset.window === "all") {
        show(data.start_s, data.end_s);
      } else {
        const half = Number(button.dataset.window) / 2;
        show((left + right) / 2 - half, (left + right) / 2 + half);
      }
    });
  }

  // Charts are drawn in pixels: on paper they are scaled to its width. Drawn anew for it they would come out empty.
  function fitPaper() {
    const fit = () => document.documentElement.style.setProperty("--paper-scale",
      Math.min(1, PRINT_WIDTH_PX / graphs[0].canvas.clientWidth));
    if (!graphs.length) return;
    fit();
    window.addEventListener("resize", fit);
  }

  function load(tiles) {
    return Promise.all(tiles.map((tile) => new Promise((resolve, reject) => {
      const image = new Image();
      image.decoding = "sync";
      image.onload = () => resolve(image);
      image.onerror = () => reject(new Error("a picture of the spectrum could not be read"));
      image.src = "data:image/png;base64," + tile;
    })));
  }

  return {
    element,
    percent(share) {
      const percent = 100 * share;
      // Some is not none: a small share must not be rounded to 0.
      if (percent > 0 && percent < 0.1) return "< 0.1 %";
      return percent.toFixed(percent > 0 && percent < 10 ? 1 : 0) + " %";
    },
    opensOnPart(chartData) { return chartData.end_s - chartData.start_s > WHOLE_UP_TO_S; },
    // Draws everything into `parts` ({charts, toolbar, traces, average}); resolves to the number of charts.
    async draw(chartData, summary, parts) {
      data = chartData;
      events = summary.events;
      contractions = summary.contractions ? summary.contractions.rows : [];
      const images = data.spectrum ? await load(data.spectrum.tiles) : [];
      data.charts.forEach((chart) => addChart(parts.charts, chart, images));
      if (data.flags) addLanes(parts.charts, data.charts[0], summary.doppler);
      if (graphs.length > 1)
        Dygraph.synchronize(graphs.map((entry) => entry.graph), {selection: false, zoom: true, range: false});
      addAverage(parts.average);
      addTraceSwitches(parts.traces);
      wireToolbar(parts.toolbar);
      fitPaper();
      if (soleusCharts.opensOnPart(data)) {
        const peakS = (summary.doppler && summary.doppler.peak_forward_time_s) || data.start_s;
        show(peakS - OPENING_WINDOW_S / 2, peakS + OPENING_WINDOW_S / 2);
      }
      return graphs.length;
    },
  };
})();
