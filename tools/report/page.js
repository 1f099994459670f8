// Fills the report's text and tables from the JSON that summary.h describes. Text is only ever set as text.
"use strict";

(function () {
  const summary = JSON.parse(document.getElementById("summary-data").textContent);
  const chartData = JSON.parse(document.getElementById("charts-data").textContent);
  const byId = (id) => document.getElementById(id);
  const {element} = soleusCharts;
  const MAX_TABLE_ROWS = 500;  // longer lists are for `soleus export`

  // With a true minus sign, which no reader takes for a dash.
  const minus = (text) => text.replace(/-(?=\d)/g, "−");
  const fixed = (value, digits) => (value === null || value === undefined ? "–" : minus(value.toFixed(digits)));

  function fillHeader() {
    const who = [summary.subject && "Subject " + summary.subject, summary.limb, summary.condition].filter(Boolean);
    byId("title").textContent = who.length ? who.join(" · ") : summary.title || summary.source_name;
    byId("subtitle").textContent = [summary.title, summary.source_name, summary.created_utc].filter(Boolean).join(" · ");
    byId("setup").textContent = minus(summary.setup);
    const status = byId("status");
    if (summary.status === "complete") {
      status.className = "fine";
      status.textContent = "Session complete. Research software: not for diagnosis.";
      return;
    }
    const meanings = {
      recording: "The recording has not ended: these are the numbers so far, or the program was killed.",
      interrupted: "The recording was cut short: what follows covers only the part up to the interruption.",
      repaired: "The file was repaired after a crash: what was not yet on disk is missing.",
    };
    status.className = "warning";
    status.textContent = "Session status: " + (summary.status || "unknown") + ". " +
      (meanings[summary.status] || "The session does not say that it is whole.") +
      " Research software: not for diagnosis.";
  }

  function fillNumbers() {
    summary.headlines.forEach(({name, value, unit, detail, marked, quality}) => {
      const card = element("div", quality ? "number quality " + value : marked ? "number marked" : "number");
      const figure = element("div", "value", minus(value) + " ");
      figure.append(element("span", "unit", unit));
      card.append(element("div", "name", name), figure, element("div", "detail", minus(detail)));
      byId("numbers").append(card);
    });
  }

  function table(head, rows) {
    const made = element("table");
    const headRow = element("tr");
    const figures = head.map((name) => name.endsWith("#"));
    head.forEach((name, i) => headRow.append(element("th", figures[i] ? "figure" : "", name.replace("#", ""))));
    const thead = element("thead");
    thead.append(headRow);
    const body = element("tbody");
    rows.slice(0, MAX_TABLE_ROWS).forEach((cells) => {
      const row = element("tr");
      cells.forEach((cell, i) => row.append(element("td", figures[i] ? "figure" : "", String(cell))));
      body.append(row);
    });
    made.append(thead, body);
    if (rows.length <= MAX_TABLE_ROWS) return made;
    const both = element("div");
    both.append(made, element("p", "note", "The first " + MAX_TABLE_ROWS + " of " + rows.length + "."));
    return both;
  }

  // A value with the half of its 95 % interval, where its standard uncertainty is known.
  function withInterval(value, uncertainty, digits) {
    return fixed(value, digits) + (value === null || uncertainty === null ? "" : " ±\u00a0" + fixed(1.96 * uncertainty, digits));
  }

  const {measures} = summary;
  // The one long word may be broken: fifteen columns have to fit a tablet.
  const headOf = (key) => measures[key].name.replace("Augmentation", "Augmen\u00adtation") + " (" + measures[key].unit + ")#";
  const cellOf = (row, key) => withInterval(row[key], row[measures[key].uncertainty], measures[key].decimals);
  const DELAYS = ["emg_to_flow_s", "force_to_flow_s"];
  const delayOf = (row) => DELAYS.find((key) => row[key] !== null);

  function fillContractions() {
    if (!summary.contractions) return;
    const {rows} = summary.contractions;
    if (!rows.length) {
      byId("contractions").append(element("p", "note", "None seen in the flow."));
      return;
    }
    // Which delay: what showed the muscle's onset is marked beside it.
    const delayed = rows.some((row) => delayOf(row));
    const shown = ["baseline_velocity_cm_s", "peak_velocity_cm_s", "mean_velocity_cm_s", "vti_cm", "augmentation_cm_s",
      "ejected_volume_ml", "excess_volume_ml", "reflux_duration_s", "reflux_peak_cm_s", "refill_time_s"];
    const head = ["No.#", "Quality#", "Onset (s)#"].concat(delayed ? ["Muscle to flow (s)#"] : [], ["Lasts (s)#"],
      shown.map((key) => headOf(key)));
    const SOURCES = {emg: " EMG", force: " force", cue: " cue"};
    const lasts = (row) => (row.end_s === null ? null : row.end_s - row.flow_onset_s);
    const cells = (row) => ["C" + row.number,
      fixed(row.quality, 2) + (row.counts ? "" : row.flow_onset_s === null ? " no flow" : " doubtful"),
      fixed(row.onset_s, 2) + (SOURCES[row.onset_source] || "")].concat(
      delayed ? [delayOf(row) ? cellOf(row, delayOf(row)) : "–"] : [], [fixed(lasts(row), 2)], shown.map((key) => cellOf(row, key)));
    byId("contractions").append(table(head, rows.map(cells)));
    const series = (delayed ? DELAYS : []).concat(shown).filter((key) => summary.contractions[key] && summary.contractions[key].count > 1);
    if (series.length)
      byId("contractions").append(table(["Of those that count", "Number#", "Mean#", "SD between them#", "First#", "Last#"],
        series.map((key) => {
          const {decimals} = measures[key];
          const of = summary.contractions[key];
          return [headOf(key).replace("#", ""), of.count, withInterval(of.mean, of.uncertainty, decimals), fixed(of.sd, decimals),
            fixed(of.first, decimals), fixed(of.last, decimals)];
        })));
    [
      "±: half of a 95 % interval: of a contraction by what measuring phantoms was off by, of a mean also by how contractions " +
        "differ. An angle or a lumen's scale that is wrong moves all alike and comes on top. SD: standard deviation, how far " +
        "contractions differ; it is never behind a ±.",
      "Onset: that of the muscle where an EMG or a force shows it (marked so), else that of the flow. Lasts: from the flow's onset." +
        (delayed ? " Muscle to flow: from the muscle's onset to the flow's, EMG and force each for itself; a signal that was " +
          "shifted, or a picture that came late, shifts it alike, and its ± is that of the flow's onset alone." : ""),
      "TAMEAN, VTI and ejected volume are of the time that the burst lasts: time average of the mean velocity, integral of the peak " +
        "velocity, and what flowed toward the heart through this vein (not the ejection volume of plethysmography). Augmentation: " +
        "peak less baseline velocity. Excess volume: beyond what the baseline's flow would have brought.",
      "Refill time: from the end of the burst until 95 % of the resting flow is back; not the refill time of plethysmography. " +
        "Contractions that follow each other before that have none, so that short times are over-represented.",
      "Quality from 0 to 1; below 0.5 a contraction is doubtful and does not count. No flow: the muscle acted, and no burst " +
        "of flow was seen to follow. –: could not be measured, or the next " +
        "contraction or the end of the recording came first.",
    ].forEach((text) => byId("contractions").append(element("p", "note", text)));
  }

  function fillProtocol() {
    const {protocol} = summary;
    if (!protocol) return;
    const place = byId("protocol");
    const rest = protocol.expects === "rest";
    place.append(table(["What was asked", protocol.title], [
      ["Posture", protocol.posture], ["Instruction", protocol.instruction], ["Muscle", protocol.muscle],
      ["Expected", rest ? "no contraction" : "a contraction after each cue"],
      ["Time", fixed(protocol.start_s, 1) + " to " + fixed(protocol.end_s, 1) + " s of the session" +
        (protocol.ended_early_s > 0 ? "; the recording ends " + fixed(protocol.ended_early_s, 1) + " s before that" : "")],
    ]));
    const none = protocol.done === null ? "not looked for" : rest ? "none, as expected" : "none";
    const followed = (cue) => (cue.contraction !== null ? "C" + cue.contraction + (cue.without_flow ? ", no flow" : "") + (rest ? ", not expected" : "")
      : cue.doubtful !== null ? none + "; C" + cue.doubtful + " is doubtful" : none);
    if (protocol.cues.length) {
      const cues = table(["Cue", "Given at (s)#", "Contraction that followed", "After the cue (s)#", headOf("peak_velocity_cm_s"), headOf("reflux_duration_s")],
        protocol.cues.map((cue) => [cue.label, fixed(cue.time_s, 2), followed(cue), fixed(cue.delay_s, 2),
          fixed(cue.peak_velocity_cm_s, 1), fixed(cue.reflux_duration_s, 2)]));
      protocol.cues.forEach((cue, i) => {
        const row = cues.querySelectorAll("tbody tr")[i];
        if (row && protocol.done !== null && (cue.contraction === null) !== rest) row.className = "differs";
      });
      place.append(cues);
    }
    if (protocol.done === null)
      place.append(element("p", "note", "Contractions are looked for when a recording has ended, of four hours at most; 'soleus analyse' finds them in an archive."));
    else if (protocol.unexpected.length)
      place.append(element("p", "note differs", (rest ? "Contractions where none was expected: " : "Contractions without a cue: ") +
        protocol.unexpected.map((number) => "C" + number).join(", ") + "."));
    else place.append(element("p", "note", rest ? "No contraction was found in that time." : "No contraction came without a cue."));
  }

  function fillEvents() {
    byId("events").append(summary.events.length
      ? table(["No.#", "Time (s)#", "Kind", "What happened"],
        summary.events.map((event, i) => [i + 1, fixed(event.time_s, 3), event.kind, event.label]))
      : element("p", "note", "None recorded."));
  }

  function fillStreams() {
    if (!summary.streams.length) {
      byId("streams").append(element("p", "note", "The session lists no source streams."));
      return;
    }
    const rows = summary.streams.map((stream) => {
      const causes = Object.entries(stream.dropped).filter(([, count]) => count !== 0);
      return [stream.name, fixed(stream.received, 0), fixed(stream.written, 0),
        causes.length ? causes.map(([cause, count]) => cause + " " + count).join(", ") : "none",
        stream.balanced ? "yes" : "NO: not all is accounted for"];
    });
    byId("streams").append(table(["Source", "Received#", "Written#", "Dropped, by cause", "Balances"], rows));
    if (summary.streams.some((stream) => !stream.balanced))
      byId("streams").prepend(element("p", "warning", "A source does not balance: this session is not whole."));
    const gaps = summary.streams.flatMap((stream) => stream.gaps.map((gap) => [stream.name, fixed(gap.start_s, 3),
      fixed(gap.end_s, 3), fixed(gap.count, 0), gap.cause]));
    if (gaps.length) byId("streams").append(table(["Gap in", "From (s)#", "To (s)#", "Missing#", "Cause"], gaps));
  }

  function fillSession() {
    byId("session").append(table(["Property", "Value"], [
      ["Title", summary.title], ["Subject code", summary.subject], ["Limb", summary.limb],
      ["Condition", summary.condition], ["Status", summary.status], ["Created (UTC)", summary.created_utc],
      ["Session id", summary.session_id], ["Session file", summary.source_name], ["Software", summary.software],
      ["Schema", summary.schema],
    ].map(([name, value]) => [name, value || "–"])));
    byId("calibration").textContent = summary.calibration || "none stored";
    byId("configuration").textContent = summary.configuration || "none stored";
    document.querySelectorAll("[data-needs]").forEach((row) => {
      const part = summary[row.dataset.needs];
      row.hidden = !part || part.length === 0;
    });
  }

  function fillResolution() {
    const notes = [];
    if (soleusCharts.opensOnPart(chartData))
      notes.push("A long recording opens on the minute around its highest peak; the strip under the charts shows where.");
    if (chartData.spectrum) {
      const pooled = chartData.spectrum.columns_per_pixel;
      notes.push(pooled === 1 ? "The spectrum is shown with every column, in the grey that was stored."
        : "The spectrum is shown with " + pooled + " columns pooled into one, each the strongest of its columns.");
    }
    const binned = chartData.charts.filter((chart) => chart.rows_per_bin > 1);
    if (binned.length)
      notes.push("Of long traces the lowest and highest of every " +
        Array.from(new Set(binned.map((chart) => chart.rows_per_bin))).sort((a, b) => a - b).join(" or ") + " samples are drawn, at their true times.");
    if (summary.contractions && summary.contractions.rows.length)
      notes.push("Violet bars C1, C2 ...: contractions, as in their table below; doubtful ones as outlines.");
    if (chartData.signals_left_out.length)
      notes.push("Not drawn for want of room: " + chartData.signals_left_out.map((name) => "'" + name + "'").join(", ") + ".");
    if (summary.signals.some((signal) => signal.start_s < chartData.start_s - 1 || signal.end_s > chartData.end_s + 1))
      notes.push("Signals are drawn as far as the recording goes; the file holds more of them.");
    if (summary.events.length) notes.push("Dashed: events, numbered as in the table below.");
    const bridgedS = Math.max(0, ...chartData.charts.map((chart) => chart.longest_bridged_s));
    if (summary.doppler && summary.doppler.gaps > 0) notes.push("Hatched: missing data.");
    notes.push(bridgedS === 0
      ? "Lines end where nothing could be measured; nothing is filled in."
      : "Lines end where nothing could be measured, but cross missing stretches of up to " + bridgedS.toFixed(3) +
        " s, of which there are too many to draw.");
    byId("resolution").textContent = notes.join(" ");
  }

  fillHeader();
  fillNumbers();
  fillContractions();
  fillProtocol();
  fillEvents();
  fillStreams();
  fillSession();
  fillResolution();
  soleusCharts.draw(chartData, summary, {charts: byId("charts"), toolbar: byId("toolbar"), traces: byId("traces"), average: byId("average")})
    .then((count) => { document.body.dataset.ready = "charts:" + count; })
    .catch((fault) => { document.body.dataset.error = String(fault); });
  // Paper has nothing to open.
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
})();
