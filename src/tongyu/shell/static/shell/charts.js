/* Draws every [data-chart] from the JSON element of that id. Loaded, after echarts.min.js, on board pages only. */
(function () {
  "use strict";

  const text = { color: "#3a463f", fontSize: 13, fontFamily: "inherit" };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const base = { animation: !still, animationDuration: 250, textStyle: text, aria: { enabled: false } };
  const colours = ["#1f6f54", "#b3803a", "#4d7ea8", "#8a6aa8"];
  const tooltip = { renderMode: "richText", backgroundColor: "#fff", borderColor: "#d3cfc3", textStyle: text };

  function heat(data) {
    const flip = data.rows.length > data.columns.length;
    const across = flip ? data.rows : data.columns;
    const down = flip ? data.columns : data.rows;
    const place = ([x, y]) => (flip ? [y, x] : [x, y]);
    const measured = data.cells.filter((cell) => cell[2] !== null);
    const nothing = data.cells.filter((cell) => cell[2] === null);
    const point = (cell, style) => ({ value: [...place(cell), cell[2] === null ? -1 : cell[2]], href: cell[3], ...style });
    const frame = { borderColor: "#fff", borderWidth: 2, borderRadius: 4 };
    const axis = { type: "category", axisLine: { show: false }, axisTick: { show: false } };
    return {
      ...base,
      grid: { left: 20, right: 8, top: 6, bottom: 4, containLabel: true },
      tooltip: {
        ...tooltip,
        formatter: (p) => `${across[p.value[0]]} · ${down[p.value[1]]}\n${p.value[2] < 0 ? "暂不能衡量" : p.value[2] + "%"}`,
      },
      xAxis: { ...axis, data: across, axisLabel: { ...text, interval: 0, rotate: across.length > 9 ? 40 : 0 } },
      yAxis: { ...axis, data: down, inverse: true, axisLabel: text },
      visualMap: {
        show: false, type: "piecewise", seriesIndex: 0, dimension: 2,
        pieces: [
          { lt: 35, color: "#f6e3dd" }, { gte: 35, lt: 50, color: "#f6e6cf" }, { gte: 50, lt: 65, color: "#f1dfb5" },
          { gte: 65, lt: 80, color: "#d8e5d0" }, { gte: 80, lt: 95, color: "#a9d0bb" }, { gte: 95, color: "#1f6f54" },
        ],
      },
      series: [
        {
          type: "heatmap", itemStyle: frame, cursor: "pointer",
          label: { show: true, fontSize: 12, formatter: (p) => p.value[2] },
          data: measured.map((cell) => point(cell, { label: { color: cell[2] >= 95 ? "#fff" : "#24312b" } })),
        },
        {
          type: "heatmap", itemStyle: { ...frame, color: "#ece9e1" }, cursor: "pointer",
          label: { show: true, fontSize: 12, color: "#5b6660", formatter: () => "—" },
          data: nothing.map((cell) => point(cell, { itemStyle: { ...frame, color: "#ece9e1" } })),
        },
      ],
    };
  }

  function lines(data) {
    const unit = data.percent ? "%" : "";
    return {
      ...base,
      color: colours,
      grid: { left: 4, right: 16, top: data.series.length > 1 ? 36 : 14, bottom: 4, containLabel: true },
      legend: data.series.length > 1 ? { top: 0, left: 0, textStyle: text } : undefined,
      tooltip: { ...tooltip, trigger: "axis", valueFormatter: (value) => (value === null || value === undefined ? "—" : value + unit) },
      xAxis: { type: "category", data: data.columns, boundaryGap: data.kind === "bar", axisLabel: text, axisLine: { lineStyle: { color: "#c9c4b6" } }, axisTick: { show: false } },
      yAxis: { type: "value", max: data.percent ? 100 : undefined, axisLabel: { ...text, formatter: `{value}${unit}` }, splitLine: { lineStyle: { color: "#ece9e1" } } },
      series: data.series.map((each) => ({
        name: each.name, type: data.kind, data: each.values, symbolSize: 7, barMaxWidth: 28,
        lineStyle: { width: 2.5 }, itemStyle: data.kind === "bar" ? { borderRadius: [3, 3, 0, 0] } : {},
      })),
    };
  }

  function draw(box) {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.echarts) return;
    if (!box.clientWidth) {
      const table = box.parentNode.querySelector("details");
      if (table) table.open = true;
      return;
    }
    const data = JSON.parse(source.textContent);
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption(data.kind === "heat" ? heat(data) : lines(data));
    chart.on("click", (event) => {
      if (event.data && event.data.href) window.location.assign(event.data.href);
    });
    window.addEventListener("resize", () => chart.resize());
  }

  const all = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => all(document));
  else all(document);
  document.addEventListener("htmx:afterSwap", (event) => all(event.detail.elt));
})();
