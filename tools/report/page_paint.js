// Paints under the lines of a chart: spectrum, events, flags. Everything it needs comes as an argument.
"use strict";

const soleusPaint = (function () {
  const FLAGS = {
    aliased: {label: "aliased", colour: "#D55E00"},
    low_snr: {label: "weak or no signal", colour: "#999999"},
    clipped: {label: "clipped", colour: "#CC79A7"},
    gap_before: {label: "gap", colour: "#000000"},
    calibration_changed: {label: "scale changed", colour: "#0072B2"},
    overlay: {label: "painted over", colour: "#E69F00"},
  };

  const CONTRACTION = "#B08CFF";

  function hatch(context) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = "#eef1f4";
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#c3ccd5";
    pen.beginPath();
    pen.moveTo(-2, 6); pen.lineTo(6, -2);
    pen.moveTo(2, 10); pen.lineTo(10, 2);
    pen.stroke();
    return context.createPattern(tile, "repeat");
  }

  // Only gaps that are flagged are hatched: between other columns farther apart than usual, as at the seam of a
  // sweep, nothing is known to be missing.
  function spectrum(context, area, graph, picture, images, gapsS) {
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.w, area.h);
    context.clip();
    context.fillStyle = hatch(context);
    for (let k = 0; k < gapsS.length; k += 2) {
      const from = graph.toDomXCoord(gapsS[k]);
      context.fillRect(from, area.y, graph.toDomXCoord(gapsS[k + 1]) - from, area.h);
    }
    const top = graph.toDomYCoord(picture.highest_cm_per_s);
    const bottom = graph.toDomYCoord(picture.lowest_cm_per_s);
    const [shownStartS, shownEndS] = graph.xAxisRange();
    picture.segments.forEach((part) => {
      if (part.end_s < shownStartS || part.start_s > shownEndS) return;
      const left = graph.toDomXCoord(part.start_s);
      const right = graph.toDomXCoord(part.end_s);
      // Smoothing only when columns are squeezed together: enlarged, a column is to look like a column.
      context.imageSmoothingEnabled = right - left < part.columns;
      context.imageSmoothingQuality = "high";
      context.drawImage(images[part.tile], part.first_column, 0, part.columns, images[part.tile].naturalHeight,
        left, top, right - left, bottom - top);
    });
    context.restore();
  }

  function zeroLine(context, area, graph, colour) {
    const y = Math.round(graph.toDomYCoord(0)) + 0.5;
    if (y < area.y || y > area.y + area.h) return;
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(area.x, y);
    context.lineTo(area.x + area.w, y);
    context.stroke();
  }

  // Dashed lines with the events' numbers; the halo keeps them visible on any ground.
  function eventLines(context, area, graph, events, colour, halo) {
    context.save();
    context.font = "600 11px system-ui, sans-serif";
    let lastTextX = -Infinity;
    events.forEach((event, index) => {
      const x = Math.round(graph.toDomXCoord(event.time_s)) + 0.5;
      if (event.time_s === null || x < area.x || x > area.x + area.w) return;
      [[halo, 3, []], [colour, 1, [4, 3]]].forEach(([stroke, width, dash]) => {
        context.strokeStyle = stroke;
        context.lineWidth = width;
        context.setLineDash(dash);
        context.beginPath();
        context.moveTo(x, area.y);
        context.lineTo(x, area.y + area.h);
        context.stroke();
      });
      if (x - lastTextX < 22) return;  // numbers would cover each other
      context.setLineDash([]);
      context.strokeStyle = halo;
      context.strokeText(String(index + 1), x + 4, area.y + 12);
      context.fillStyle = colour;
      context.fillText(String(index + 1), x + 4, area.y + 12);
      lastTextX = x;
    });
    context.restore();
  }

  // Bars along the lower edge, from onset to end, with the rows' numbers; doubtful ones are outlines. Their colour
  // is none of a trace or flag.
  function contractions(context, area, graph, rows, halo) {
    context.save();
    context.font = "600 11px system-ui, sans-serif";
    let lastTextX = -Infinity;
    rows.forEach((row) => {
      if (row.onset_s === null) return;
      const endX = graph.toDomXCoord(row.end_s === null ? row.onset_s : row.end_s);
      const left = Math.max(area.x, graph.toDomXCoord(row.onset_s));
      const width = Math.max(2, Math.min(area.x + area.w, endX) - left);
      if (left > area.x + area.w || endX < area.x) return;
      const bar = [left, area.y + area.h - 8, width, 6];
      context.fillStyle = context.strokeStyle = CONTRACTION;
      context.lineWidth = 1;
      if (row.counts) context.fillRect(...bar); else context.strokeRect(...bar);
      if (left - lastTextX < 22) return;  // numbers would cover each other
      context.strokeStyle = halo;
      context.lineWidth = 3;
      context.strokeText("C" + row.number, left, area.y + area.h - 12);
      context.fillText("C" + row.number, left, area.y + area.h - 12);
      lastTextX = left;
    });
    context.restore();
  }

  function flagLanes(context, area, graph, lanes) {
    lanes.forEach((lane, index) => {
      const top = area.y + (area.h * index) / lanes.length;
      const height = area.h / lanes.length;
      context.fillStyle = index % 2 ? "#ffffff" : "#f2f5f7";
      context.fillRect(area.x, top, area.w, height);
      context.fillStyle = FLAGS[lane.name].colour;
      for (let k = 0; k < lane.stretches_s.length; k += 2) {
        const left = Math.max(area.x, graph.toDomXCoord(lane.stretches_s[k]));
        const right = Math.min(area.x + area.w, graph.toDomXCoord(lane.stretches_s[k + 1]));
        if (right < area.x || left > area.x + area.w) continue;
        // At least a pixel: a single flagged column must be seen in an hour.
        context.fillRect(left, top + 2, Math.max(1, right - left), height - 4);
      }
      context.font = "11px system-ui, sans-serif";
      context.lineWidth = 3;
      context.strokeStyle = "rgba(255,255,255,.8)";
      context.strokeText(FLAGS[lane.name].label, area.x + 6, top + height - 5);
      context.fillStyle = "#5b6875";
      context.fillText(FLAGS[lane.name].label, area.x + 6, top + height - 5);
    });
  }

  return {FLAGS, spectrum, zeroLine, eventLines, contractions, flagLanes};
})();
