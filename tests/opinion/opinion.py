"""A second opinion on a steady month: one platform of one scenario, from the equations alone. See README.md."""
import collections
import math

import disks_based
import object_based
from catalog import quantity
from common import Context, ceil
from workload import workload

# What `presets show` rounds for people, as its source has it.
EXACT = {"476.84 MiB": 500e6 / 1048576.0, "33.3 %": 1.0 / 3.0, "4.77 MiB/s": 5e6 / 1048576.0}


def settings(preset, platform):
    """Effective settings: the preset's, changed by the platform's rows."""
    read = collections.defaultdict(lambda: None)  # a setting that a platform does not have
    for key, text in preset["settings"].items():
        read[key] = EXACT.get(text, quantity(text))
    for key, value in platform.items():
        if key not in ("preset", "name"):
            read[key] = quantity(value) if isinstance(value, str) else value
    return read


def harmonic(n, theta):
    """H(n, theta), by Euler and Maclaurin beyond the first terms."""
    first = min(n, 10000)
    total = sum(k ** -theta for k in range(1, first + 1))
    if n > first:
        area = math.log(n / first) if abs(theta - 1) < 1e-12 else (n ** (1 - theta) - first ** (1 - theta)) / (1 - theta)
        total += area + (n ** -theta - first ** -theta) / 2 + theta * (first ** (-theta - 1) - n ** (-theta - 1)) / 12
    return total


def hot(keys, partitions):
    """Rate of the hottest partition over the mean's: mechanics G4's approximations."""
    if not keys or partitions <= 1:
        return 1.0
    n, theta = keys["count"], keys.get("skew", 0.0)
    uniform = 1 + math.sqrt(2 * partitions * math.log(partitions) / n)
    if theta <= 0:
        return uniform
    return max(uniform, 1 + partitions / harmonic(n, theta))


def partitions(s, p):
    """A7: what a stream needs when it does not say, one producer or consumer a partition."""
    if s["partitions"] not in (None, "auto"):
        return s["partitions"]
    peak = max(s["weights"])
    rate = p["partition_rate_max"]
    group = max([g * peak for g in s["tail_groups"]] + [r["running"] for r in s["replays"]] + [0.0])
    return max(1, ceil(s["stored"] * peak / rate), ceil(group / rate), s["consumers"])


def opinion(scenario, preset, platform, engine_brokers=None):
    """Every quantity this opinion has, flat: name to number."""
    p = settings(preset, platform)
    w = workload(scenario)
    for s in w["streams"]:
        s["P"] = partitions(s, p)
    c = Context(scenario, p, preset["architecture"], preset["pool"], w, engine_brokers)
    plan = (object_based if preset["architecture"] == "shared-storage" else disks_based).plan(c)
    return flat(c, plan)


def flat(c, plan):
    w, found = c.w, {}
    found.update({
        "workload.raw": w["raw"], "workload.stored": w["W"], "workload.stored_peak": w["W_peak"],
        "workload.tail": w["T"], "workload.tail_peak": w["T_peak"], "workload.replay_mean": w["replay_mean"],
        "workload.replay_running": w["replay_running"],
    })
    for s in w["streams"]:
        found["partitions." + s["name"]] = s["P"]
        found["hot." + s["name"]] = hot(s["keys"], s["P"])
    for (edge, cause), (mean, peak, crossing) in plan.flows.items():
        found[f"flow.{edge}.{cause}.mean"] = mean
        found[f"flow.{edge}.{cause}.peak"] = peak
        found[f"flow.{edge}.{cause}.crossing"] = crossing if mean > 0 else None
    for (cause, kind), rate in plan.asks.items():
        found[f"requests.{cause}.{kind}"] = rate
    for resource, (demand, per) in plan.needs.items():
        found[f"needs.{resource}.demand"] = demand
        found[f"needs.{resource}.per_broker"] = per
    if plan.cpu:
        found["cpu.google_mean"], found["cpu.google_peak"], found["cpu.netflix"] = plan.cpu
    found["brokers"] = plan.brokers
    found["storage.logical"], found["storage.on_brokers"], found["storage.remote"] = plan.kept
    found["storage.provisioned"] = plan.provisioned
    if plan.coordinator:
        found["coordinator.rows"], found["coordinator.kept"] = plan.coordinator
    if c.architecture != "shared-storage" and c.machine["rated_ingress"] is None:
        n = c.engine_brokers or plan.brokers
        found["rebuild.gib"] = plan.kept[1] / n
        found["rebuild.hours"] = plan.kept[1] / n * 1024.0 / c.p["rebuild_rate"] / 3600.0
        memory = n * (c.machine["memory"] - c.p["heap"] - c.p["os_reserve"])
        found["page_cache_hours"] = memory / (w["W"] * c.p["replication_factor"]) / 3600.0
    total = contracted = 0.0
    parts = {}
    for (component, cause, sku), (amount, listed, own) in plan.lines.items():
        found[f"amount.{component}.{cause}.{sku}"] = amount
        parts[component] = parts.get(component, 0.0) + own
        total += listed
        contracted += own
    for component, cost in parts.items():
        found[f"cost.{component}"] = cost
    found["bill.list"], found["bill.contracted"] = total, contracted
    return found
