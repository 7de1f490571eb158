// The sandbox's panel: shows every invoice as it stands, and does with money and time what one click says.
// Amounts are strings here and whole numbers (BigInt) while they are calculated with, never floats.

const $ = (id) => document.getElementById(id);
const PACE = 1000;
const TONE = {
  PENDING_PAYMENT: "wait", MEM_POOL_FOUND: "wait", PENDING_COMPLIANCE_CHECK: "warn", PENDING_INTERVENTION: "warn",
  PAID: "good", COMPLETED: "good", DECLINED: "bad", ARCHIVED: "",
};
const MOVES = {
  mempool: [["confirmed", "Confirm"], ["dropped", "Drop"], ["review", "Review"], ["declined", "Decline"]],
  review: [["confirmed", "Let pass"], ["declined", "Decline"]],
};

async function call(method, path, body) {
  const answer = await fetch(`v1/${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(json?.error?.message ?? `status ${answer.status}`);
  return json;
}

function say(text, wrong = false) {
  const message = $("message");
  message.textContent = text;
  message.classList.toggle("wrong", wrong);
  message.hidden = !text;
}

/** Does something, says what was done or why not, and shows the new state at once. */
async function act(said, work) {
  try {
    await work();
    say(said);
  } catch (error) {
    say(error.message, true);
  }
  await refresh();
}

// Amounts: a string of digits to whole units of a given number of decimals, and back.
function units(text, decimals) {
  const [whole, fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}
function amount(units, decimals) {
  const digits = units.toString().padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  const fraction = digits.slice(point).replace(/0+$/, "");
  return fraction ? `${digits.slice(0, point)}.${fraction}` : digits.slice(0, point);
}
/** `part` hundredths of an amount, at least the smallest unit. */
function hundredths(text, part, decimals) {
  const share = (units(text, decimals) * BigInt(part)) / 100n;
  return amount(share > 0n ? share : 1n, decimals);
}

/** What is missing from `has` to `wants`; all of `wants` when nothing is. */
function less(wants, has, decimals) {
  const missing = units(wants, decimals) - units(has, decimals);
  return missing > 0n ? amount(missing, decimals) : wants;
}

/** A length of time in the two units that matter. */
function length(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
function until(moment, now) {
  const seconds = Math.round((Date.parse(moment) - Date.parse(now)) / 1000);
  return seconds > 0 ? `in ${length(seconds)}` : "passed";
}

const slot = (node, name) => node.querySelector(`[data-slot="${name}"]`);
const shown = new Map();

function send(invoice, sum, stage, from) {
  const body = { address: invoice.address, amount: sum, stage };
  if (from) body.from = from;
  const how = stage === "mempool" ? "is in the mempool" : "is confirmed";
  return act(`${sum} ${invoice.symbol} ${how}.`, () => call("POST", "deposits", body));
}

function pay(invoice, how) {
  // Without an amount of its own (any sum is welcome) an invoice gets one whole coin.
  const due = invoice.due && !/^0(\.0*)?$/.test(invoice.due) ? invoice.due : invoice.amount ?? "1";
  const part = (hundred) => hundredths(due, hundred, invoice.decimals);
  switch (how) {
    case "exact": return send(invoice, due, "confirmed");
    case "mempool": return send(invoice, due, "mempool");
    case "least": return send(invoice, less(invoice.least ?? due, invoice.received, invoice.decimals), "confirmed");
    case "under": return send(invoice, part(60), "confirmed");
    case "over": return send(invoice, part(130), "confirmed");
    case "stranger": return send(invoice, part(50), "confirmed", `another-sender-${Date.now()}`);
    case "accept": return act("The merchant accepts what came.", () => call("POST", `invoices/${invoice.id}/accept`));
    case "refund": return act("The money goes back.", () => call("POST", `invoices/${invoice.id}/refund`));
    case "copy": return act("Address copied.", () => navigator.clipboard.writeText(invoice.address));
  }
}

function card(id) {
  const node = $("invoice").content.firstElementChild.cloneNode(true);
  const now = () => shown.get(id).invoice;
  for (const button of node.querySelectorAll("button[data-do]")) {
    button.addEventListener("click", () => pay(now(), button.dataset.do));
  }
  node.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    send(now(), event.target.elements.amount.value.trim(), event.submitter?.value ?? "confirmed");
  });
  return node;
}

function depositRow(deposit, symbol) {
  const row = $("deposit").content.firstElementChild.cloneNode(true);
  slot(row, "amount").textContent = `${deposit.amount} ${symbol}`;
  slot(row, "stage").textContent = deposit.lost ? `${deposit.stage}, lost` : deposit.stage;
  slot(row, "stage").classList.add(deposit.lost ? "lost" : deposit.stage);
  slot(row, "from").textContent = `from ${deposit.from}`;
  for (const [stage, label] of MOVES[deposit.stage] ?? []) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () =>
      act(`The deposit is ${stage}.`, () => call("POST", `deposits/${deposit.id}`, { stage })));
    slot(row, "moves").append(button);
  }
  return row;
}

function fill(node, invoice) {
  const put = (name, text) => { slot(node, name).textContent = text; };
  put("asset", invoice.symbol);
  put("network", `on ${invoice.network}`);
  put("description", [invoice.description, invoice.externalId, invoice.type.replaceAll("_", " ").toLowerCase()].filter(Boolean).join(" · "));
  put("amount", invoice.amount ?? "any");
  put("received", invoice.received);
  put("due", invoice.due ?? "–");
  put("price", invoice.price ?? "–");
  put("address", invoice.address);
  slot(node, "decide").hidden = invoice.state !== "PENDING_INTERVENTION";
  const state = slot(node, "state");
  state.textContent = [invoice.state, invoice.intervention].filter(Boolean).join(" · ").replaceAll("_", " ");
  state.className = `state ${TONE[invoice.state] ?? ""}`;
  slot(node, "deposits").replaceChildren(...invoice.deposits.map((deposit) => depositRow(deposit, invoice.symbol)));
}

function faultText(fault) {
  const kind = fault.kind ?? Object.keys(fault.weights).join(" or ");
  const where = fault.path ?? fault.event ?? (kind.startsWith("webhook_") ? "any delivery" : "any call");
  return `${kind} × ${fault.times ?? "∞"} on ${where}`;
}

function show(state) {
  $("now").textContent = state.now.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
  $("offset").textContent = state.offsetSeconds ? `${length(state.offsetSeconds)} ahead of real time` : "same as real time";
  $("moved").textContent = `The clock was moved: it is ${length(state.offsetSeconds)} ahead of this computer's. ` +
    "Reset turns it back. A proxy beside this sandbox keeps in step only with --sandbox-clock.";
  $("moved").hidden = state.offsetSeconds === 0;
  $("count").textContent = state.invoiceCount > state.invoices.length ? `newest ${state.invoices.length} of ${state.invoiceCount}` : `${state.invoiceCount}`;
  $("empty").hidden = state.invoices.length > 0;
  $("faults").replaceChildren(...state.faults.map((fault) => item(faultText(fault))));
  $("rates").replaceChildren(...state.rates.map((rate) => item(`1 ${rate.fromCurrency} = ${rate.rate} ${rate.toCurrency}`)));

  const ids = new Set(state.invoices.map((invoice) => invoice.id));
  for (const [id, known] of shown) {
    if (!ids.has(id)) {
      known.node.remove();
      shown.delete(id);
    }
  }
  state.invoices.forEach((invoice, place) => {
    const { repriceAt, expiresAt, ...lasting } = invoice;
    const print = JSON.stringify(lasting);
    const known = shown.get(invoice.id);
    const node = known?.node ?? card(invoice.id);
    shown.set(invoice.id, { node, print, invoice });
    if (known?.print !== print) {
      fill(node, invoice);
      if (known) flash(node);
    }
    slot(node, "reprice").textContent = repriceAt ? until(repriceAt, state.now) : "–";
    slot(node, "expiry").textContent = expiresAt ? until(expiresAt, state.now) : "never";
    const list = $("invoices");
    if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
  });
}

function flash(node) {
  node.classList.remove("changed");
  requestAnimationFrame(() => node.classList.add("changed"));
}

function item(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}

let offline = false;
async function refresh() {
  try {
    show(await call("GET", "state"));
    if (offline) say("The sandbox is back.");
    offline = false;
  } catch (error) {
    offline = true;
    say(`The sandbox does not answer: ${error.message}`, true);
  }
}

for (const button of $("advance").children) {
  const seconds = Number(button.dataset.seconds);
  button.addEventListener("click", () =>
    act(`The clock is ${button.textContent} further.`, () => call("POST", "clock", { advanceSeconds: seconds })));
}
$("reset").addEventListener("click", () => {
  if (confirm("Forget every invoice, deposit, rate and fault, and turn the clock back?")) act("Everything is empty, and the clock is right.", () => call("POST", "reset"));
});
$("rate").addEventListener("submit", (event) => {
  event.preventDefault();
  const { from, to, rate } = event.target.elements;
  const body = { fromCurrency: from.value.trim(), toCurrency: to.value.trim(), rate: rate.value.trim() };
  act(`1 ${body.fromCurrency} costs ${body.rate} ${body.toCurrency} from the next repricing on.`, () => call("POST", "rates", body));
});
$("free").addEventListener("click", () => act("Rates move again.", () => call("DELETE", "rates")));
$("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const { kind, times, path } = event.target.elements;
  const body = { kind: kind.value, times: Number(times.value) };
  if (path.value.trim()) body.path = path.value.trim();
  act(`The next calls fail: ${body.kind} × ${body.times}.`, () => call("POST", "faults", body));
});
$("calm").addEventListener("click", () => act("Calls are answered again.", () => call("DELETE", "faults")));

/** One reading at a time, none while nobody looks. */
async function follow() {
  if (!document.hidden) await refresh();
  setTimeout(follow, PACE);
}
follow();
