#!/usr/bin/env python3
"""Compares the opinion with the engine on random scenarios. See README.md."""
import argparse
import collections
import json
import math
import os
import subprocess
import sys
import concurrent.futures as futures

import generate
from opinion import opinion


def presets(binary):
    found = {}
    for name in generate.PRESETS + sorted({name for names in generate.SERVICES.values() for name in names}):
        data = json.loads(subprocess.run([binary, "presets", "show", name, "--format", "json"], check=True, capture_output=True).stdout)
        found[name] = {"name": name, "architecture": data["preset"]["architecture"], "pool": data["preset"]["pool"],
                       "settings": {s["key"]: s["value"] for s in data["settings"]},
                       "own": [s["key"] for s in data["settings"] if s["changed_by"] == "preset"],
                       "rows": {s["key"]: s for s in data["settings"]}}
    return found


def engine(binary, sc):
    """What the engine says of a scenario."""
    run = subprocess.run([binary, "compare", "-", "--steady", "--format", "json"], input=generate.toml(sc).encode(), capture_output=True)
    if not run.stdout:
        return None, run.stderr.decode()
    return json.loads(run.stdout), ""


def flat(answer, row):
    """The engine's answer under the opinion's names."""
    found, w, plan = {}, answer["workload"], row["plan"]
    names = {"raw": "produce_raw_mib_per_sec", "stored": "produce_stored_mib_per_sec", "stored_peak": "produce_stored_peak_mib_per_sec",
             "tail": "tail_mib_per_sec", "tail_peak": "tail_peak_mib_per_sec", "replay_mean": "replay_mean_mib_per_sec",
             "replay_running": "replay_running_mib_per_sec"}
    for ours, theirs in names.items():
        found["workload." + ours] = w[theirs]
    for s in plan["streams"]:
        found["partitions." + s["name"]] = s["partitions"]
        found["hot." + s["name"]] = s["hot_factor"]
    for f in plan["flows"]:
        key = f"flow.{f['edge']}.{f['cause']}"
        found[key + ".mean"], found[key + ".peak"] = f["mean_mib_per_sec"], f["peak_mib_per_sec"]
        found[key + ".crossing"] = f["crossing"] if f["mean_mib_per_sec"] > 0 else None
    for r in plan["requests"]:
        found[f"requests.{r['cause']}.{r['class']}"] = r["per_sec"]
    for r in plan["requirements"]:
        found[f"needs.{r['resource']}.demand"], found[f"needs.{r['resource']}.per_broker"] = r["demand"], r["per_broker"]
    if plan["cpu_vcpu"]:
        for key in ("google_mean", "google_peak", "netflix"):
            found["cpu." + key] = plan["cpu_vcpu"].get(key)
    found["brokers"] = plan["brokers"]
    st = plan["storage"]
    found["storage.logical"], found["storage.on_brokers"] = st["logical_gib"], st["on_brokers_gib"]
    found["storage.remote"], found["storage.provisioned"] = st["remote_gib"], st["provisioned_gib"]
    if plan["coordinator"]:
        found["coordinator.rows"], found["coordinator.kept"] = plan["coordinator"]["rows_per_sec"], plan["coordinator"]["rows_kept"]
    if plan["recovery"] and plan["recovery"].get("course") == "rebuild":
        found["rebuild.gib"], found["rebuild.hours"] = plan["recovery"]["rebuild_gib"], plan["recovery"]["hours"]
    found["page_cache_hours"] = plan["page_cache_hours"]
    for line in plan["bill"]["lines"]:
        sku = "licence" if line["sku"].startswith("licence") else line["sku"]
        key = f"amount.{line['component']}.{line['cause']}.{sku}"
        found[key] = found.get(key, 0.0) + float(line["quantity"])
        key = "cost." + line["component"]
        found[key] = found.get(key, 0.0) + float(line["contracted_cost"])
    found["bill.list"], found["bill.contracted"] = float(plan["bill"]["list_cost"]), float(plan["bill"]["contracted_cost"])
    return found


def difference(a, b):
    """Relative difference; what is not there is zero."""
    a, b = a or 0.0, b or 0.0
    if abs(a - b) <= 1e-6:  # amounts on bills have six decimals
        return 0.0
    return abs(a - b) / max(abs(a), abs(b))


OPTIONAL = ("cpu.", "page_cache", "rebuild", "coordinator", "hot.")


def one(args):
    """All comparisons of one seed."""
    binary, seed, table, integrate = args
    sc = generate.scenario(seed, table)
    answer, error = engine(binary, sc)
    if answer is None:
        return [("refused", seed, "", error.splitlines()[0] if error else "", 0, 0, 0)]
    out = []
    for spec in sc["platforms"]:
        row = next(r for r in answer["platforms"] if r["name"] == spec["name"])
        if not row.get("plan"):
            out.append(("rejected", seed, spec["preset"], json.dumps(row.get("rejection"))[:200], 0, 0, 0))
            continue
        theirs = flat(answer, row)
        try:
            ours = opinion(sc, table[spec["preset"]], spec, theirs["brokers"], integrate)
        except Exception as error:
            raise RuntimeError(f"seed {seed}, {spec}") from error
        for key in sorted(set(ours) | set(theirs)):
            if key.startswith("needs.records"):
                continue  # two limits of one name; brokers tell
            if key.startswith(OPTIONAL) and (ours.get(key) is None or theirs.get(key) is None):
                continue
            out.append(("compared", seed, spec["preset"], key, ours.get(key), theirs.get(key), difference(ours.get(key), theirs.get(key))))
    return out


def fixture(binary, table, count):
    """What the opinion says of scenarios that can be planned, a line each: `cases.jsonl`, which the gate reads."""
    for seed in range(count):
        sc = generate.scenario(seed, table)
        answer, _ = engine(binary, sc)
        if answer is None:
            continue
        platforms = {}
        for spec in sc["platforms"]:
            row = next(r for r in answer["platforms"] if r["name"] == spec["name"])
            if row.get("plan"):
                ours = opinion(sc, table[spec["preset"]], spec, row["plan"]["brokers"])
                kept = {key: float(f"{value:.9g}") for key, value in ours.items() if value and key.startswith(KEPT)
                        and not key.endswith((".crossing", ".per_broker"))
                        and not key.startswith("needs.records") and key != "storage.provisioned"}
                platforms[spec["name"]] = kept
        if platforms:
            print(json.dumps({"seed": seed, "scenario": generate.toml(sc), "platforms": platforms}, separators=(",", ":")))


KEPT = ("brokers", "storage.", "flow.", "requests.", "needs.", "cost.", "bill.")


def group(key):
    """Streams have names; quantities of all are one distribution."""
    return key.rsplit(".", 1)[0] if key.startswith(("partitions.", "hot.")) else key


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--binary", default="highwater")
    ask.add_argument("--from", dest="start", type=int, default=0)
    ask.add_argument("--count", type=int, default=10000)
    ask.add_argument("--tolerance", type=float, default=1e-6)
    ask.add_argument("--show", type=int, default=3)
    ask.add_argument("--integrate", action="store_true", help="over the curve, not at the mean")
    ask.add_argument("--only", default="")
    ask.add_argument("--preset", default="")
    ask.add_argument("--workers", type=int, default=2)
    ask.add_argument("--fixture", action="store_true", help="print the cases of the gate instead")
    a = ask.parse_args()
    table = presets(a.binary)
    if a.fixture:
        fixture(a.binary, table, a.count)
        return
    work = [(a.binary, seed, table, a.integrate) for seed in range(a.start, a.start + a.count)]
    stats, worst, outcomes = collections.defaultdict(list), collections.defaultdict(list), collections.Counter()
    why = collections.Counter()
    with futures.ProcessPoolExecutor(a.workers) as pool:
        for rows in pool.map(one, work, chunksize=20):
            plans = set()
            for kind, seed, preset, key, ours, theirs, off in rows:
                if kind != "compared":
                    outcomes[kind] += 1
                    why[(kind, preset, key[:90])] += 1
                    continue
                if a.preset and preset != a.preset:
                    continue
                plans.add(preset)
                name = (preset, group(key))
                stats[name].append(off)
                if off > a.tolerance:
                    worst[name].append((off, seed, ours, theirs))
            outcomes["planned"] += len(plans)
    print("scenarios", a.count, dict(outcomes))
    for (kind, preset, text), count in why.most_common(12):
        print("  ", kind, preset, count, text)
    print(f"{'preset':24} {'quantity':60} {'n':>6} {'off':>6} {'median':>9} {'p99':>9} {'max':>9}")
    compared = agreeing = 0
    for name in sorted(stats):
        values = sorted(stats[name])
        compared += len(values)
        bad = worst[name]
        agreeing += len(values) - len(bad)
        if not bad or (a.only and a.only not in name[1]):
            continue
        print(f"{name[0]:24} {name[1]:60} {len(values):6} {len(bad):6} {values[len(values) // 2]:9.1e} {values[int(len(values) * 0.99)]:9.1e} {values[-1]:9.1e}")
        for off, seed, ours, theirs in bad[:a.show]:
            print(f"      seed {seed}: opinion {ours} engine {theirs}")
    print(f"quantities compared {compared}, within {a.tolerance:g}: {agreeing} ({100.0 * agreeing / max(1, compared):.4f} %)")


if __name__ == "__main__":
    main()
