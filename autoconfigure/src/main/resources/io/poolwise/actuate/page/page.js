"use strict";

// The page of /actuator/pools. All values are put in as text, never as markup.

const PERIOD = 1000;
const SHOWN = 300;
const path = document.currentScript.dataset.path;
const byId = (id) => document.getElementById(id);
const cards = new Map();
const series = new Map();

async function json(address) {
  const answer = await fetch(address, { headers: { accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) {
    throw new Error(answer.status === 401 || answer.status === 403 ? "You may not see the pools."
      : `The application answered ${answer.status}.`);
  }
  return answer.json();
}

function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

const share = (part, whole) => `${Math.min(100, (100 * part) / Math.max(whole, 1))}%`;
const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;
const unit = (kind) => (kind === "rabbit" ? "channels" : "connections");

// ---- history and charts

function remember(name, actual) {
  const kept = series.get(name) ?? { time: [], size: [], used: [], pending: [] };
  series.set(name, kept);
  kept.time.push(Date.now() / 1000);
  for (const column of ["size", "used", "pending"]) {
    kept[column].push(actual[column]);
  }
  for (const column of Object.values(kept)) {
    column.splice(0, column.length - SHOWN);
  }
}

function recall(history) {
  for (const [name, columns] of Object.entries(history.pools)) {
    const length = columns.size.length;
    const now = Date.now();
    const time = columns.size.map((_, i) => (now - (length - i) * history.interval_ms) / 1000);
    series.set(name, { time, size: columns.size, used: columns.used, pending: columns.pending });
  }
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function chart(holder) {
  const line = (label, name, extra) => ({ label, stroke: () => color(name), width: 1.5, points: { show: false }, ...extra });
  return new uPlot({
    width: holder.clientWidth || 300,
    height: 72,
    cursor: { show: false },
    legend: { show: false },
    padding: [6, 0, 7, 0],
    scales: { y: { range: (_, low, high) => [0, Math.max(high, 1)] } },
    axes: [
      { show: false },
      { size: 32, gap: 4, ticks: { show: false }, stroke: () => color("--quiet"), grid: { stroke: () => color("--line"), width: 1 },
        font: "11px system-ui, sans-serif", splits: (_, axis, low, high) => [0, Math.ceil(high)] },
    ],
    series: [
      {},
      line("open", "--moving", { paths: uPlot.paths.stepped({ align: 1 }) }),
      line("used", "--used", { fill: () => `${color("--used")}33` }),
      line("waiting", "--waiting"),
    ],
  }, [[], [], [], []], holder);
}

function draw(card, name) {
  const kept = series.get(name);
  card.plot ??= chart(card.chart);
  if (card.plot.width !== card.chart.clientWidth && card.chart.clientWidth) {
    card.plot.setSize({ width: card.chart.clientWidth, height: 72 });
  }
  card.plot.setData([kept.time, kept.size, kept.used, kept.pending]);
  const minutes = Math.max(1, Math.round((kept.time.at(-1) - kept.time[0]) / 60));
  card.chart.setAttribute("aria-label", `last ${plural(minutes, "minute", "minutes")}: at most ${Math.max(...kept.used)} used, `
    + `${Math.max(...kept.pending)} waiting`);
}

// ---- pools

function cardOf(name) {
  if (cards.has(name)) {
    return cards.get(name);
  }
  const root = make("article");
  const head = make("div", "head");
  const title = make("h3", "", name);
  const kind = make("span", "kind");
  const badge = make("span", "badge");
  head.append(title, kind, badge);
  const bar = make("div", "bar");
  bar.setAttribute("role", "img");
  const used = make("i", "used");
  const free = make("i", "free");
  const moving = make("i", "moving");
  const mark = make("i", "mark");
  bar.append(used, free, moving, mark);
  const queue = make("div", "queue");
  const waiting = make("i", "waiting");
  queue.append(waiting);
  const numbers = make("p", "numbers");
  const chartHolder = make("div", "chart");
  chartHolder.setAttribute("role", "img");
  const advice = make("details");
  const reasons = make("details");
  const postMortem = make("details");
  for (const [details, label] of [[postMortem, "Why callers got nothing, the last time"], [advice, "What the load says"],
    [reasons, "Why this size"]]) {
    details.append(make("summary", "", label), make("ul"));
    details.hidden = true;
  }
  root.append(head, bar, queue, numbers, chartHolder, postMortem, advice, reasons);
  byId("pools").append(root);
  const card = { root, kind, badge, bar, used, free, moving, mark, waiting, numbers, chart: chartHolder, postMortem, advice, reasons };
  cards.set(name, card);
  return card;
}

function list(details, lines) {
  details.hidden = !lines.length;
  const holder = details.querySelector("ul");
  if (holder.childElementCount !== lines.length || [...holder.children].some((item, i) => item.textContent !== lines[i])) {
    holder.replaceChildren(...lines.map((line) => make("li", "", line)));
  }
}

const range = ({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`);

function adviceLines(advice) {
  if (!advice) {
    return [];
  }
  const sizes = advice.min_size
    ? [`min-size ${range(advice.min_size)}, max-size ${range(advice.max_size)} (confidence: ${advice.confidence}); never applied by itself`]
    : ["not enough to say anything yet"];
  return [...sizes, ...advice.reasons];
}

function showPool(pool) {
  const { actual, target, budget } = pool;
  const card = cardOf(pool.name);
  const most = Math.max(target.max_size, actual.size, actual.used + actual.free, 1);
  card.kind.textContent = pool.kind;
  card.badge.textContent = pool.status;
  card.badge.className = `badge ${pool.status}`;
  card.used.style.width = share(actual.used, most);
  card.free.style.width = share(actual.free, most);
  card.moving.style.width = share(Math.max(0, actual.size - actual.used - actual.free), most);
  card.mark.style.left = share(target.max_size, most);
  card.waiting.style.width = share(actual.pending, most);
  card.numbers.replaceChildren(make("strong", "", `${actual.used} used`), `, ${actual.free} free of ${actual.size} open; `
    + `told ${target.min_size} to ${target.max_size} ${unit(pool.kind)}`
    + (budget?.allotment === undefined ? "" : `, allotted ${budget.allotment}`));
  if (actual.pending) {
    card.numbers.append("; ", make("span", "queueing", `${plural(actual.pending, "caller waits", "callers wait")}`));
  }
  card.bar.setAttribute("aria-label", `${pool.name}: ${card.numbers.textContent}`);
  list(card.reasons, pool.reasons ?? []);
  list(card.postMortem, pool.post_mortem ? [pool.post_mortem.verdict, ...pool.post_mortem.reasons] : []);
  list(card.advice, adviceLines(pool.advice));
  remember(pool.name, actual);
  draw(card, pool.name);
}

function showPools(pools) {
  const names = new Set(pools.map((pool) => pool.name));
  for (const [name, card] of cards) {
    if (!names.has(name)) {
      card.root.remove();
      card.plot?.destroy();
      cards.delete(name);
      series.delete(name);
    }
  }
  pools.forEach(showPool);
}

// ---- the budget

function budgetBar(title, limit, parts, text) {
  const root = make("article");
  const bar = make("div", "bar");
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", `${title}: ${text}`);
  for (const [className, connections, tip] of parts) {
    const part = make("i", className);
    part.style.width = share(connections, limit);
    part.title = tip;
    bar.append(part);
  }
  root.append(make("h3", "", title), bar, make("p", "numbers", text));
  return root;
}

function dividedBudget({ name, kind, budget, actual }) {
  const each = budget.allotment ?? Math.floor(budget.budget / budget.peak);
  const open = Math.min(actual.size, each);
  const parts = [["self", open, `this instance: ${open} open`], ["part", each - open, `this instance: ${each - open} more`]];
  for (let i = 1; i < Math.min(budget.peak, 200); i++) {
    parts.push(["part", each, `another instance: ${each}`]);
  }
  parts.push(["free-of-use", Math.max(0, budget.budget - each * budget.peak), "not divided"]);
  parts.push(["reserve", budget.limit - budget.budget, `reserve and others: ${budget.limit - budget.budget}`]);
  const origin = budget.limit_source === "key" ? "set by key" : "granted by the server";
  return budgetBar(name, budget.limit, parts, `${budget.limit} ${unit(kind)} ${origin}, ${budget.budget} for the fleet: `
    + `${each} for this pool in each of ${plural(budget.peak, "instance", "instances")}`);
}

function leasedBudget(lease, limit) {
  const parts = (lease.shares ?? []).map(({ self, slots, demand }) => [self ? "self part" : "part", slots,
    `${self ? "this instance" : "another instance"}: ${slots} slots, wants ${demand}`]);
  return budgetBar("Leases", Math.max(limit, lease.slots ?? 0), parts, `${lease.slots_owned ?? "?"} of ${lease.slots ?? "?"} slots owned, `
    + `${lease.slots_used ?? "?"} in use, by ${plural(lease.members ?? 0, "instance", "instances")}; ${lease.status}`);
}

function showBudgets({ fleet, pools }) {
  const known = pools.filter((pool) => pool.budget);
  const leases = fleet.servers ?? (fleet.slots === undefined ? [] : [fleet]);
  const divided = leases.length ? known.filter((pool) => pool.kind !== "database") : known;
  byId("budgets").replaceChildren(
    ...leases.map((lease) => leasedBudget(lease, lease.slots ?? 0)), ...divided.map(dividedBudget));
  byId("budgets-section").hidden = !(leases.length + divided.length);
}

// ---- the rest

const size = (it) => (it ? `${it.min_size} to ${it.max_size}` : "new");

function showDecisions(decisions = []) {
  byId("decisions-section").hidden = !decisions.length;
  const latest = decisions.slice(-20).reverse();
  const key = latest.map(({ time, pool }) => time + pool).join();
  if (byId("decisions").dataset.key === key) {
    return;
  }
  byId("decisions").dataset.key = key;
  byId("decisions").replaceChildren(...latest.map((decision) => {
    const row = make("tr");
    const reasons = make("details");
    const [first, ...more] = decision.reasons.slice().reverse();
    reasons.append(make("summary", "", first ?? ""), ...more.map((reason) => make("p", "", reason)));
    const why = make("td");
    why.append(more.length ? reasons : make("span", "", first ?? ""));
    row.append(make("td", "", new Date(decision.time).toLocaleTimeString()), make("td", "", decision.pool),
      make("td", "", decision.from ? `${size(decision.from)} → ${size(decision.to)}` : size(decision.to)), why);
    return row;
  }));
}

function showUngoverned(pools = []) {
  byId("ungoverned-section").hidden = !pools.length;
  byId("ungoverned").replaceChildren(...pools.map((pool) => make("li", "", `${pool.name}: `
    + `${pool.max_size === undefined ? "any number of" : `up to ${pool.max_size}`} connections`
    + (pool.reasons ? ` (${pool.reasons.join("; ")})` : ""))));
}

function say(text, className) {
  const summary = byId("summary");
  if (summary.textContent !== text) {
    summary.textContent = text;
  }
  summary.className = className;
}

function showSummary(pools) {
  const ill = pools.filter((pool) => pool.status !== "healthy");
  const down = ill.some((pool) => pool.status === "down");
  say(ill.length ? ill.map((pool) => `${pool.name} is ${pool.status}`).join(", ") : "All pools are healthy.",
    ill.length ? (down ? "bad" : "warn") : "good");
}

function showFacts({ application, instance, profile, fleet }) {
  byId("application").textContent = application ?? "Pools";
  document.title = application ? `${application} · pools` : "Pools";
  const facts = [`profile ${profile}`, `fleet: ${fleet.mode}`];
  if (fleet.members !== undefined) {
    facts.push(plural(fleet.members, "instance", "instances") + (fleet.surge ? ` + ${fleet.surge} while deploying` : ""));
  }
  byId("facts").textContent = (instance ? [instance, ...facts] : facts).join(" · ");
}

// ---- once a second, while somebody looks

async function refresh() {
  if (!document.hidden) {
    try {
      const all = await json(location.pathname);
      showFacts(all);
      showPools(all.pools);
      showBudgets(all);
      showUngoverned(all.ungoverned);
      showDecisions(all.decisions);
      showSummary(all.pools);
    } catch (error) {
      say(error instanceof TypeError ? "The application doesn't answer." : error.message, "bad");
    }
  }
  setTimeout(refresh, PERIOD);
}

json(`${path}/history`).then(recall).catch(() => {}).then(refresh);
