"use strict";

const PERIOD = 1000;
const byId = (id) => document.getElementById(id);
const slider = byId("users");

let touched = -Infinity;
let last = null;

async function json(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { accept: "application/json", ...options.headers } });
  if (!answer.ok) {
    throw new Error(`${address} answered ${answer.status}`);
  }
  return answer.json();
}

// ---- who answers

async function showInstance() {
  const { profiles, embedded, another } = await json("instance");
  const facts = [`profile ${profiles.join(", ") || "dev"}`];
  if (embedded.length) {
    facts.push(`embedded ${embedded.join(", ")}`);
  }
  byId("facts").textContent = facts.join(" · ");
  byId("another").hidden = !another;
  byId("command").textContent = another ?? "";
}

// ---- load

slider.addEventListener("input", () => {
  touched = performance.now();
  byId("users-now").textContent = slider.value;
});

slider.addEventListener("change", () =>
  json("traffic", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ users: Number(slider.value) }),
  }).catch(() => {}),
);

function showTraffic(traffic, now) {
  if (now - touched > 2 * PERIOD) {
    slider.max = Math.max(Math.min(300, traffic.max_users), traffic.users);
    slider.value = traffic.users;
    byId("users-now").textContent = traffic.users;
  }
  const failed = Object.values(traffic.failed).reduce((sum, count) => sum + count, 0);
  const answered = traffic.ok + traffic.sold_out + failed;
  if (last) {
    byId("rate").textContent = Math.round(((answered - last.answered) * 1000) / (now - last.now));
  }
  last = { answered, now };
  for (const percentile of ["p50", "p95", "p99"]) {
    byId(percentile).textContent = `${Math.round(traffic.latency_ms[percentile])} ms`;
  }
  byId("failed").textContent = failed;
  byId("failed").classList.toggle("bad", failed > 0);
  byId("failures").textContent = Object.entries(traffic.failed)
    .map(([kind, count]) => `${kind}: ${count}`)
    .join(", ");
}

// ---- pools

const title = (name, kind) => (name === kind ? name : `${name} (${kind})`);

/** All kinds of pools, or the database pools alone where the wider endpoint is closed. */
async function readPools() {
  try {
    const { pools } = await json("actuator/pools");
    return pools.map((pool) => ({ name: title(pool.name, pool.kind), status: pool.status, ...pool.actual, ...pool.target }));
  } catch {
    const pools = await json("actuator/metrics/db-pool");
    return Object.entries(pools).map(([name, pool]) => ({ name: title(name, "database"), ...pool }));
  }
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function rowFor(name) {
  const rows = [...byId("pools").children];
  const known = rows.find((row) => row.dataset.name === name);
  if (known) {
    return known;
  }
  const row = element("div", "pool");
  row.dataset.name = name;
  const head = element("div", "pool-head");
  head.append(element("strong", "", name), element("span", "counts"));
  const bar = element("div", "bar");
  bar.setAttribute("role", "img");
  bar.append(element("i", "used"), element("i", "free"));
  row.append(head, bar);
  byId("pools").append(row);
  return row;
}

function showPool(pool) {
  const row = rowFor(pool.name);
  const full = Math.max(pool.max_size, pool.size, 1);
  row.querySelector(".used").style.width = `${(100 * pool.used) / full}%`;
  row.querySelector(".free").style.width = `${(100 * pool.free) / full}%`;
  const counts = row.querySelector(".counts");
  const text = `${pool.used} used, ${pool.free} free of ${pool.min_size} to ${pool.max_size}`;
  counts.textContent = pool.pending ? `${text}, ${pool.pending} waiting` : `${text} · ${pool.status}`;
  counts.classList.toggle("waiting", pool.pending > 0);
  row.querySelector(".bar").setAttribute("aria-label", counts.textContent);
}

function showPools(pools) {
  const names = pools.map((pool) => pool.name);
  [...byId("pools").children].filter((row) => !names.includes(row.dataset.name)).forEach((row) => row.remove());
  pools.forEach(showPool);
}

// ---- once a second

async function refresh() {
  if (!document.hidden) {
    const [traffic, pools] = await Promise.allSettled([json("traffic"), readPools()]);
    if (traffic.status === "fulfilled") {
      showTraffic(traffic.value, performance.now());
    }
    if (pools.status === "fulfilled") {
      showPools(pools.value);
    }
    byId("pools-note").textContent =
      traffic.status === "rejected" ? "The application doesn't answer."
      : pools.status === "rejected" ? "No pool endpoint is open here."
      : "";
  }
  setTimeout(refresh, PERIOD);
}

showInstance().catch(() => {});
refresh();
