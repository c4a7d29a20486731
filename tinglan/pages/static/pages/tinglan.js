// What the pages do in the browser: theme, live refresh, times that tick, charts, keyboard.
(() => {
  "use strict";
  const root = document.documentElement;
  const language = root.lang.startsWith("zh") ? "zh-CN" : "en";

  // Theme: auto until somebody chooses; the server reads the cookie, so no page flashes.
  const toggleTheme = () => {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.theme = root.dataset.bsTheme = next;
    document.cookie = `tinglan_theme=${next};path=/;max-age=31536000;samesite=lax`;
    document.dispatchEvent(new CustomEvent("tinglan:theme"));
  };

  const toggleSide = (button) => {
    const open = document.body.classList.toggle("side-open");
    button.setAttribute("aria-expanded", String(open));
  };

  // A menu is a <details>; it closes when one looks elsewhere.
  const closeMenus = (but) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (menu !== but) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    closeMenus(on("[data-menu]"));
    if (on("[data-toggle-theme]")) toggleTheme();
    else if (on("[data-toggle-side]")) toggleSide(on("[data-toggle-side]"));
    else if (on("[data-show-keys]")) document.getElementById("keys").showModal();
    else if (on("[data-copy]")) copy(on("[data-copy]"));
    else if (document.body.classList.contains("side-open") && !on(".side")) {
      document.body.classList.remove("side-open");
    }
  });

  // Of tabs that do not all fit, the current one is in sight.
  for (const tab of document.querySelectorAll(".tabs > [aria-current]")) {
    const row = tab.parentElement;
    row.scrollLeft = tab.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - tab.offsetWidth) / 2;
  }

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    button.classList.add("is-copied");
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirm || event.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // Site time: the server's reading, carried on at the site clock's rate. Banners that are fetched
  // again bring a new reading, because the clock has changed its speed.
  let { siteNow, siteRate } = document.body.dataset;
  let readAt = Date.now();
  document.addEventListener("htmx:load", (event) => {
    if (!event.detail.elt.matches?.(".banners")) return;
    ({ siteNow, siteRate } = event.detail.elt.dataset);
    readAt = Date.now();
  });
  const siteTime = () => Date.parse(siteNow) + (Date.now() - readAt) * Number(siteRate || 1);

  const relative = new Intl.RelativeTimeFormat(language, { style: "short" });
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const agoText = (seconds) => {
    if (Math.abs(seconds) < 45) return null; // "just now": the server's words stay
    const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) || ["second", 1];
    return relative.format(-Math.round(seconds / size), unit).replace(/(\d)(?=\p{Script=Han})/u, "$1 ");
  };

  const tickAgo = (now) => {
    for (const element of document.querySelectorAll("time[data-ago]")) {
      const text = agoText((now - Date.parse(element.dateTime)) / 1000);
      if (text) element.textContent = text;
    }
  };

  const two = (number) => String(number).padStart(2, "0");
  const tickClocks = (now) => {
    for (const element of document.querySelectorAll("[data-due]")) {
      const due = Date.parse(element.dataset.due);
      const started = Date.parse(element.dataset.started);
      const left = Math.abs(due - now) / 1000;
      const label = element.querySelector("[data-left]");
      if (label && left < 86400) {
        const clock = `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}:${two(Math.floor(left) % 60)}`;
        label.textContent = due < now ? `−${clock}` : clock;
      }
      const share = (now - started) / (due - started);
      element.querySelector("progress").value = Math.min(100, Math.round(share * 100));
      element.classList.toggle("clock-soon", share >= 0.8 && share < 1);
      element.classList.toggle("clock-overdue", share >= 1);
    }
  };

  const zoneOf = (text) => text.match(/(Z|[+-]\d\d:\d\d)$/)?.[1];
  const tickSiteTime = (now) => {
    const element = document.querySelector("[data-site-time]");
    if (!element) return;
    const zone = zoneOf(element.dateTime);
    const minutes = !zone || zone === "Z" ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
    const shown = new Date(now + minutes * 60000).toISOString();
    element.textContent = `${shown.slice(0, 10)} ${shown.slice(11, Number(siteRate) === 1 ? 16 : 19)}`;
  };

  let ticks = 0;
  setInterval(() => {
    const now = siteTime();
    tickClocks(now);
    tickSiteTime(now);
    if (ticks++ % 20 === 0) tickAgo(now);
  }, 1000);

  // Messages from the server to a fragment's caller arrive as toasts.
  document.addEventListener("tinglan:message", (event) => {
    const toast = document.createElement("div");
    toast.className = `toast-line toast-${event.detail.level || "error"}`;
    toast.textContent = event.detail.text;
    document.getElementById("toasts").append(toast);
    setTimeout(() => toast.remove(), 8000);
  });

  // Live: a change on a topic asks every fragment that waits for it (hx-trigger="sse:TOPIC") to
  // fetch itself again. A hidden page lets its stream go, because a browser opens six connections
  // to a server and no more; when it is seen again it asks for all it has missed.
  const topics = (document.body.dataset.topics || "").replace(/\s/g, "").replace(/,$/, "");
  let stream = null;
  let lastHeard = document.body.dataset.since;
  let hiding = 0;

  const waitingFor = (topic) => [
    ...document.querySelectorAll(`[hx-trigger*="sse:${CSS.escape(topic)}"]`),
  ];

  // A fragment asks once in a while (its `throttle:2s`, else 300 ms) and once more at the end of it
  // if something came meanwhile: htmx alone drops that, and with it the last change of a burst.
  // It is known by its address, because what a swap brings is another element.
  const restOf = (element) => {
    const found = /throttle:(\d+)(ms|s)/.exec(element.getAttribute("hx-trigger"));
    return found ? found[1] * (found[2] === "s" ? 1000 : 1) + 50 : 300;
  };
  const resting = new Map();

  const ask = (topic, address) => {
    const key = `${topic} ${address}`;
    if (resting.has(key)) {
      resting.set(key, true);
      return;
    }
    const elements = waitingFor(topic).filter((one) => one.getAttribute("hx-get") === address);
    resting.set(key, false);
    for (const element of elements) window.htmx.trigger(element, `sse:${topic}`);
    setTimeout(() => {
      const isAsked = resting.get(key);
      resting.delete(key);
      if (isAsked) ask(topic, address);
    }, Math.max(0, ...elements.map(restOf)));
  };

  const hear = (event) => {
    lastHeard = event.lastEventId;
    const addresses = waitingFor(event.type).map((element) => element.getAttribute("hx-get"));
    for (const address of new Set(addresses)) ask(event.type, address);
  };

  const openStream = () => {
    if (stream || !topics) return;
    stream = new EventSource(`/live?topics=${encodeURIComponent(topics)}&since=${lastHeard}`);
    for (const topic of new Set(topics.split(","))) {
      stream.addEventListener(topic, hear);
    }
    stream.addEventListener("error", () => {
      if (stream?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      stream = null;
      setTimeout(openStream, 5000);
    });
  };

  const closeStream = () => { stream?.close(); stream = null; };

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(closeStream, 30000);
    else openStream();
  });
  window.addEventListener("pagehide", closeStream);
  window.addEventListener("pageshow", openStream);
  openStream();

  // Charts: data-chart names the json_script that holds charts.over_time(...), or ECharts options.
  const colour = (name) => getComputedStyle(root).getPropertyValue(`--tone-${name}`).trim();
  const charts = new Map();

  const loadECharts = () => new Promise((resolve, reject) => {
    if (window.echarts) return resolve();
    let script = document.querySelector("script[data-is-echarts]");
    if (!script) {
      script = document.createElement("script");
      script.src = document.body.dataset.echarts;
      script.dataset.isEcharts = "";
      document.head.append(script);
    }
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
  });

  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });

  const axisStyle = () => ({
    axisLine: { lineStyle: { color: colour("line") } },
    axisTick: { show: false },
    axisLabel: { color: colour("quiet"), fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: colour("line"), opacity: 0.6 } },
  });

  // A band is two lines on one stack: an unseen floor, and what stands above it up to the top.
  const bandOf = (one) => ({
    name: one.name,
    data: one.values.map((top, n) => (top === null ? null : top - (one.above?.[n] ?? 0))),
    type: "line", stack: one.stack, symbol: "none", smooth: 0.15, silent: true,
    color: colour(one.tone) || one.tone,
    lineStyle: { width: 0 },
    areaStyle: { opacity: one.kind === "band" ? 0.2 : 0 },
    tooltip: { valueFormatter: (_height, n) => String(one.values[n] ?? "–") },
  });

  const seriesOf = (one) => {
    if (one.kind === "floor" || one.kind === "band") return bandOf(one);
    const tone = colour(one.tone) || one.tone;
    const isBar = one.kind === "bar";
    return {
      name: one.name,
      data: one.values,
      type: isBar ? "bar" : "line",
      stack: one.stack || undefined,
      yAxisIndex: one.axis || 0,
      color: tone,
      barMaxWidth: 26,
      smooth: 0.15,
      symbol: one.values.length > 1 ? "none" : "circle",
      lineStyle: isBar ? undefined : { width: 2, type: one.kind === "dashes" ? "dashed" : "solid" },
      areaStyle: one.kind === "area" ? { opacity: one.stack ? 0.75 : 0.16 } : undefined,
      emphasis: { focus: "series" },
    };
  };

  // Moments marked across the chart: {"at": a label, "name", "tone"}.
  const marksOf = (marks) => ({
    symbol: "none", silent: true,
    data: marks.map((mark) => ({
      xAxis: mark.at,
      label: { formatter: mark.name, color: colour("text"), fontSize: 11, fontWeight: 600 },
      lineStyle: { color: colour(mark.tone) || mark.tone, type: "solid", width: 2 },
    })),
  });

  const legend = () => ({ top: 0, left: 0, itemWidth: 10, itemHeight: 10, icon: "roundRect", textStyle: { color: colour("text"), fontSize: 12 } });
  const legendOf = (series) => ({
    ...legend(), data: series.filter((one) => !["floor", "band"].includes(one.kind)).map((one) => one.name),
  });

  const optionsOf = (data) => {
    if (!data.labels) return data;
    const axes = Math.max(0, ...data.series.map((one) => one.axis || 0)) + 1;
    return {
      ...(data.series.some((one) => one.kind === "floor") ? { legend: legendOf(data.series) } : {}),
      ...(data.marks?.length ? { grid: { left: 4, right: 8, top: 50, bottom: 2, containLabel: true } } : {}),
      xAxis: { type: "category", data: data.labels, ...axisStyle(), splitLine: { show: false } },
      yAxis: Array.from({ length: axes }, () => ({
        type: "value", minInterval: 1, splitNumber: 3, ...axisStyle(), axisLine: { show: false },
        axisLabel: { ...axisStyle().axisLabel, formatter: (value) => compact.format(value) },
      })),
      series: data.series.map((one, n) => (
        n === 0 && data.marks?.length ? { ...seriesOf(one), markLine: marksOf(data.marks) } : seriesOf(one)
      )),
    };
  };

  const shared = (options) => ({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 4, right: 8, top: 30, bottom: 2, containLabel: true },
    legend: legend(),
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true,
      backgroundColor: colour("panel"), borderColor: colour("line"),
      textStyle: { color: colour("text"), fontSize: 12 },
    },
    ...options,
  });

  const draw = (element) => {
    const source = document.getElementById(element.dataset.chart);
    if (!source) return;
    const data = JSON.parse(source.textContent);
    charts.get(element)?.dispose();
    const chart = window.echarts.init(element, null, { renderer: "svg" });
    chart.setOption(shared(optionsOf(data)));
    chart.on("click", (point) => {
      const link = data.series?.[point.seriesIndex]?.links?.[point.dataIndex];
      if (link) window.location.assign(link);
    });
    charts.set(element, chart);
  };

  const drawIn = async (part) => {
    const found = [...part.querySelectorAll("[data-chart]")];
    if (!found.length) return;
    await loadECharts();
    for (const [element, chart] of charts) {
      if (!element.isConnected) { chart.dispose(); charts.delete(element); }
    }
    found.filter((element) => element.isConnected).forEach(draw);
  };

  document.addEventListener("tinglan:theme", () => drawIn(document));
  document.addEventListener("htmx:afterSettle", (event) => drawIn(event.target.parentElement || document));
  window.addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
  drawIn(document);

  // Keyboard: / searches, g and a letter goes places, ? tells.
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");
  let wentAt = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelector("[data-menu][open] > summary")?.focus();
      closeMenus();
      document.body.classList.remove("side-open");
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (Date.now() - wentAt < 1500) {
      wentAt = 0;
      const place = document.querySelector(`.side-link[data-key="${CSS.escape(event.key)}"]`);
      if (place) { event.preventDefault(); place.click(); }
      return;
    }
    if (event.key === "g") wentAt = Date.now();
    else if (event.key === "?") document.getElementById("keys").showModal();
    else if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
  });
})();
