// What an operator loads: Grafana's dashboard and Prometheus' rules. The dashboard must be what Grafana's own types say, each query must be
// what Prometheus' own grammar takes, and each meter and label must be one that docs/OPERATING.md lists, which a test of the proxy makes from
// what a running one says.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";

const read = (path) => readFileSync(path, "utf8");
const failures = [];
const fail = (sentence) => failures.push(sentence);

/** The meters of the document, each with its labels. */
function documented() {
  const meters = new Map([["up", ["job", "instance"]]]);
  for (const [, name, kind, labels] of read("docs/OPERATING.md").matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \|/gm)) {
    if (!["counter", "gauge", "histogram"].includes(kind)) continue;
    const own = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label);
    for (const end of kind === "histogram" ? ["_bucket", "_count", "_sum"] : [""]) {
      meters.set(name + end, [...own, ...(end === "_bucket" ? ["le"] : []), "job", "instance"]);
    }
  }
  return meters;
}

/** Holds a query against the grammar and the meters. */
function query(where, text, meters) {
  // Grafana puts something in the place of its variables.
  const tree = parser.parse(text.replaceAll(/\$\w+/g, "x"));
  const labels = new Set();
  let named = [];
  tree.iterate({
    enter(node) {
      const word = text.replaceAll(/\$\w+/g, "x").slice(node.from, node.to);
      if (node.type.isError) fail(`${where}: not PromQL at ${node.from}: ${text}`);
      if (node.name === "VectorSelector") named.push(word.split("{")[0].trim());
      if (node.name === "LabelName") labels.add(word);
    },
  });
  named = named.map((name) => name.trim());
  if (named.length === 0) fail(`${where}: asks for no meter: ${text}`);
  for (const name of named) {
    if (!meters.has(name)) fail(`${where}: there is no meter ${name}: ${text}`);
  }
  const possible = new Set(named.flatMap((name) => meters.get(name) ?? []));
  for (const label of labels) {
    if (!possible.has(label)) fail(`${where}: no meter in it has the label ${label}: ${text}`);
  }
}

/** Holds the dashboard against Grafana's types: as a literal, so that a field they do not have is a mistake, too. */
function types(dashboard) {
  const declared = read("node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen.d.ts");
  // JSON has the values of enumerations, and not their names.
  const unions = declared.replaceAll(/export declare enum (\w+) \{([^}]*)\}/g, (_, name, body) => {
    const values = [...body.matchAll(/=\s*("[^"]*"|-?\d+)/g)].map(([, value]) => value);
    return `export type ${name} = ${values.join(" | ")};`;
  });
  mkdirSync("target/xtask/dashboard", { recursive: true });
  const plain = unions.replaceAll(/^export declare const .*$/gm, "");
  writeFileSync("target/xtask/dashboard/types.d.ts", plain);
  const literal = JSON.stringify(dashboard, null, 2);
  writeFileSync(
    "target/xtask/dashboard/dashboard.ts",
    `import type { Dashboard } from "./types";\nexport const dashboard: Dashboard = ${literal};\n`,
  );
  const tsc = ["node_modules/typescript/bin/tsc", "--noEmit", "--strict", "--target", "es2022", "--module", "es2022"];
  const options = ["--moduleResolution", "bundler", "--skipLibCheck", "target/xtask/dashboard/dashboard.ts"];
  try {
    execFileSync(process.execPath, [...tsc, ...options], { encoding: "utf8" });
  } catch (error) {
    fail(`the dashboard is not one of Grafana's: ${error.stdout}`);
  }
}

/** What a rule may have. */
const RULE = ["alert", "expr", "for", "labels", "annotations"];

function rules(file, meters) {
  const { groups, ...more } = parse(file);
  if (Object.keys(more).length > 0) fail(`rules.yml has ${Object.keys(more)}`);
  const names = new Set();
  for (const rule of groups.flatMap((group) => group.rules)) {
    const strange = Object.keys(rule).filter((key) => !RULE.includes(key));
    const whole = rule.alert && rule.annotations?.summary && rule.annotations?.description;
    if (strange.length > 0 || !whole) fail(`rule ${rule.alert}: ${strange} is no key, or one is missing`);
    if (!["page", "ticket"].includes(rule.labels?.severity)) fail(`rule ${rule.alert}: no severity`);
    if (rule.for !== undefined && !/^\d+[smh]$/.test(rule.for)) fail(`rule ${rule.alert}: for ${rule.for}`);
    if (names.has(rule.alert)) fail(`two rules are called ${rule.alert}`);
    names.add(rule.alert);
    query(`rule ${rule.alert}`, rule.expr, meters);
  }
  return names.size;
}

const meters = documented();
if (meters.size < 30) fail(`docs/OPERATING.md lists ${meters.size} meters only`);
const dashboard = JSON.parse(read("ops/grafana/calypso-proxy.json"));
types(dashboard);
let queries = 0;
for (const panel of dashboard.panels) {
  for (const target of panel.targets ?? []) {
    query(`panel ${panel.title}`, target.expr, meters);
    queries += 1;
  }
}
// What this finds: a query nobody can parse, a meter and a label that are not there, a field that Grafana does not have.
const found = failures.length;
query("probe", "sum(rate(calypso_tasks[5m])", meters);
query("probe", "calypso_nothing", meters);
query("probe", 'calypso_tasks{color="red"}', meters);
if (failures.splice(found).length !== 3) fail("this check does not find what it is for");
types({ ...dashboard, colour: "red" });
if (failures.splice(found).length !== 1) fail("the types are not looked at");

const alerts = rules(read("ops/prometheus/rules.yml"), meters);
for (const failure of failures) console.error(failure);
console.log(`${queries} queries of the dashboard, ${alerts} alerts, ${failures.length} mistakes`);
process.exit(failures.length > 0 ? 1 : 0);
