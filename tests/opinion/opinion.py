"""A second opinion on a steady month: one platform of one scenario, from the equations alone. See README.md."""
import collections
import math

import disks_based
import object_based
import services
from catalog import quantity
from common import Context, ceil
from workload import workload

# What `presets show` rounds for people, as its source has it.
EXACT = {"476.84 MiB": 500e6 / 1048576.0, "1.22 %": 12.5 / 1024.0, "4.77 MiB/s": 5e6 / 1048576.0}


# What a headroom policy sets besides its equations, where neither preset nor platform say: A3(a), A3(e), A4, A5.
HEADROOM = {
    "aws-ceiling": {"utilization": 0.8},
    "netflix": {"utilization": 1.0, "disk_utilization": 0.4, "page_cache": 600.0, "cpu_rule": "netflix"},
}


def settings(preset, platform):
    """Effective settings: the preset's, changed by the platform's rows."""
    read = collections.defaultdict(lambda: None)  # a setting that a platform does not have
    for key, text in preset["settings"].items():
        read[key] = EXACT.get(text, quantity(text))
    for key, value in platform.items():
        if key not in ("preset", "name"):
            read[key] = quantity(value) if isinstance(value, str) else value
    for key, value in HEADROOM.get(read["headroom"], {}).items():
        if key not in platform and key not in preset["own"] and key in read:
            read[key] = value
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
    """Rate of the hottest partition over the mean's: mechanics G4's approximations; one cannot have more than all."""
    if not keys:
        return 1.0
    n, theta = keys["count"], keys.get("skew", 0.0)
    uniform = 1 + math.sqrt(2 * partitions * math.log(partitions) / n)
    skewed = 1 + partitions / harmonic(n, theta) if theta > 0 else 1.0
    return min(max(uniform, skewed), float(partitions))


def topics(streams, p, tiered):
    """Streams by what becomes of their segments: B1. A share of the topics of a stream may be tiered; compacted ones and
    those kept too short are not. Topics have whole partitions, one at least."""
    found = []
    for s in streams:
        share = p["tiered_share"] if tiered and not s["compact"] else 0.0
        for part, away in ((share, True), (1.0 - share, False)):
            if part <= 0:
                continue
            t = dict(s, stored=s["stored"] * part, tail=s["tail"] * part)
            t["away"] = away and s["retention"] >= p["tier_retention_min"]
            t["replays"] = [{k: v if k == "window" else v * part for k, v in r.items()} for r in s["replays"]]
            t["P"] = None if s["partitions"] in (None, "auto") else s["partitions"]
            if 0 < share < 1 and t["P"]:
                first = max(1, min(int(s["partitions"] * share + 0.5), s["partitions"] - 1))
                t["P"] = first if away else max(1, s["partitions"] - first)
            found.append(t)
    # Those of the tier first.
    return [t for t in found if t["away"] or not tiered] + [t for t in found if tiered and not t["away"]]


def partitions(s, p, leaders):
    """A7 with G4: what the hottest partition sustains, a partition for each consumer and broker, the same in each zone.

    More partitions do not help against one hot key, so the search ends there.
    """
    zones = int(p["zones"])
    whole = lambda count: -(-count // zones) * zones
    fastest = max([s["stored"] * max(s["weights"])] + [r["running"] for r in s["replays"]])
    count = whole(max(1, s["consumers"], leaders))
    while True:
        heat = hot(s["keys"], count)
        needed = min(200000, ceil(fastest / p["partition_rate_max"] * heat))
        if needed <= count or hot(s["keys"], 2 * count) >= 1.9 * heat or count >= 100000:
            return count
        count = whole(max(needed, count + 1))


def give_partitions(streams, p, brokers):
    """Every topic its partitions; the largest that may choose has one for each broker."""
    automatic = [t for t in streams if t["P"] is None]
    for t in automatic:
        t["P"] = partitions(t, p, 1)
    if automatic and brokers and brokers > sum(t["P"] for t in streams):
        largest = max(automatic, key=lambda t: t["stored"])
        largest["P"] = partitions(largest, p, brokers)


def opinion(scenario, preset, platform, engine_brokers=None, integrate=False):
    """Every quantity this opinion has, flat: name to number.

    `integrate` takes what is not linear in the rate over the curve of the week, as mechanics 0 asks; without it, at the
    mean, as the steady month is defined.
    """
    p = settings(preset, platform)
    w = workload(scenario, p["client_compression"] is not False)
    w["streams"] = topics(w["streams"], p, preset["architecture"] == "tiered")
    give_partitions(w["streams"], p, engine_brokers)
    w["moments"] = list(range(168)) if integrate else [None]
    c = Context(scenario, p, preset, w, engine_brokers)
    kind = {"shared-storage": object_based, "list-price": services}
    plan = kind.get(preset["architecture"], disks_based).plan(c)
    return flat(c, plan, workload(scenario))


def flat(c, plan, asked):
    w, found = asked, {}
    found.update({
        "workload.raw": w["raw"], "workload.stored": w["W"], "workload.stored_peak": w["W_peak"],
        "workload.tail": w["T"], "workload.tail_peak": w["T_peak"], "workload.replay_mean": w["replay_mean"],
        "workload.replay_running": w["replay_running"],
    })
    w = c.w
    for s in w["streams"]:
        both = found.get("partitions." + s["name"], 0)
        found["partitions." + s["name"]] = both + s["P"]
        found["hot." + s["name"]] = None if both else hot(s["keys"], s["P"])
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
    if c.architecture in ("shared-nothing", "tiered") and c.machine["rated_ingress"] is None:
        n = c.engine_brokers or plan.brokers
        found["rebuild.gib"] = plan.kept[1] / n
        if c.p["replication_factor"] > 1:  # A8
            taken = w["W"] * c.p["replication_factor"] / n
            written = plan.disk_write / n
            path = c.path() if not c.disk["local"] and c.disk["attached"] else None
            rate = min([c.p["rebuild_rate"], c.nic() - taken] + ([path - written] if path else []))
            found["rebuild.hours"] = plan.kept[1] / n * 1024.0 / rate / 3600.0 if rate > 0 else None
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
