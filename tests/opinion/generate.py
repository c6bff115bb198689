"""Random scenarios of a steady month, from a seed; the same seed gives the same bytes."""
import random

import catalog

REGIONS = [("aws", "us-east-1"), ("aws", "us-east-1"), ("aws", "eu-west-1"), ("aws", "eu-central-1"),
           ("gcp", "us-central1"), ("gcp", "europe-west1"), ("azure", "eastus")]
AWS_ONLY = {"msk-standard", "msk-express", "msk-tiered", "kafka-st1", "automq-nfs-wal", "leaderless-express"}
PRESETS = ["kafka-gp3", "kafka-nvme", "kafka-st1", "msk-standard", "msk-express", "kafka-tiered", "msk-tiered",
           "automq-s3-wal", "automq-ebs-wal", "automq-nfs-wal", "leaderless", "leaderless-express", "warpstream",
           "diskless", "bufstream", "redpanda-cloud-topics"]

SERVICES = {"aws": ["msk-serverless", "confluent-basic", "confluent-standard", "confluent-enterprise", "redpanda-serverless"],
            "gcp": ["confluent-basic", "confluent-standard", "confluent-enterprise", "redpanda-serverless"],
            "azure": ["event-hubs", "confluent-basic", "confluent-standard", "confluent-enterprise"]}

# What is varied, within what `presets show` calls plausible.
COMMON = ["zones", "cpu_rule", "cpu_factor", "catch_up_share", "producers_zone_aware", "consumers_zone_aware",
          "controllers", "partition_rate_max", "cpu_utilization_mean", "cpu_utilization_peak", "licence"]
DISKS = ["replication_factor", "follower_fetching", "utilization", "headroom", "disk_utilization", "open_segments",
         "segment_bytes", "segment_ms", "deletion_delay", "dirty_ratio", "page_cache", "entitlement_rebalance",
         "entitlement_lagging", "entitlement_replication", "replication_billed", "disk_io", "partition_replicas_max",
         "network_buffer", "storage_per_broker_max", "heap", "os_reserve"]
TIER = ["local_retention", "tiered_share", "tier_overlap", "copy_lag", "remote_part", "remote_requests",
        "remote_fetch", "tier_retention_min", "entitlement_tier"]
OBJECTS = ["flush_interval", "flush_size", "produce_request", "network_utilization", "merge_traffic",
           "catch_up_fetch", "metadata_crossing", "staging", "dirty_ratio"]
LEADERS = ["heap_share", "upload_interval", "stream_object_min", "object_part", "merge_interval", "cache_reserve",
           "merge_passes_max", "wal_volume"]
LEADERLESS = ["live_fetch", "merge_part", "writer_zone_cached", "merge_files", "wal_copies"]
CHOICES = {"cpu_rule": ["google", "netflix", "off"], "headroom": ["aws-entitlement", "aws-ceiling", "netflix"]}


def quantity(rng, text, unit):
    return f"{text:.6g} {unit}"


def value(rng, key, row):
    """A value in the plausible range of a setting; None where there is no range to draw from."""
    form = row["form"]
    if key in CHOICES:
        return rng.choice(CHOICES[key])
    if key == "licence":
        return f"${rng.choice([0, 0.01, 0.005])}/GiB"
    if form.startswith("true or false"):
        return rng.random() < 0.5
    if ".." not in row["range"]:
        return None
    low, high = [part.strip() for part in row["range"].split("..")]
    a, b = catalog.quantity(low), catalog.quantity(high)
    if form.startswith("whole number"):
        return rng.randint(int(a), int(b))
    x = rng.uniform(a, b)
    if form.startswith("share"):
        return f"{x * 100:.4g} %"
    if form.startswith("number"):
        return float(f"{x:.4g}")
    if form.startswith("length of time"):
        return f"{x * 1000:.0f} ms" if b < 10 else f"{x:.0f} s"
    if form.startswith("rate of data"):
        return f"{x:.5g} MiB/s"
    if form.startswith("amount of data"):
        return f"{x * 1024:.0f} KiB"
    return None


def weights(rng):
    if rng.random() < 0.7:
        return [round(rng.uniform(0, 4), 2) for _ in range(24)]
    return [round(rng.uniform(0.2, 3), 2) for _ in range(168)]


def stream(rng, index):
    s = {"name": f"s{index}"}
    rate = 10 ** rng.uniform(-2, 3)
    kind = rng.random()
    if kind < 0.6:
        s["produce"] = f"{rate:.5g} MiB/s"
    elif kind < 0.8:
        record = rng.choice([100, 250, 1000, 5000])
        s["record"] = f"{record} B"
        s["records"] = f"{max(1, rate * catalog.MIB / record):.0f} /s"
    else:
        record = rng.choice([100, 400, 2000])
        every = rng.choice(["10 s", "1 min", "15 min"])
        s["record"], s["every"] = f"{record} B", every
        s["sources"] = max(1, int(rate * catalog.MIB / record * catalog.quantity(every)))
    if rng.random() < 0.6:
        s["compression"] = round(rng.uniform(1, 6), 2)
    pick = rng.random()
    if pick < 0.35:
        s["shape"] = weights(rng)
    elif pick < 0.7:
        s["shape"] = rng.choice(["flat", "global-diurnal", "nightly-batch", "office-hours", "weekly"])
    days = rng.choice([1, 1, 2, 3, 7, 14, 30, 90, 365])
    s["retention"] = f"{days} d" if rng.random() < 0.9 else f"{rng.randint(1, 23)} h"
    s["partitions"] = rng.choice([1, 3, 12, 48, 100, 300, 1000, 3000]) if rng.random() < 0.85 else "auto"
    if rng.random() < 0.1:
        s["cleanup"] = "compact"
        s["live"] = f"{10 ** rng.uniform(0, 3):.4g} GiB"
    if rng.random() < 0.2:
        s["keys"] = {"count": rng.choice([1000, 100000, 10000000]), "skew": rng.choice([0.0, 0.0, 0.8, 0.99])}
    s["readers"] = []
    for reader in range(rng.choice([0, 1, 1, 2, 3, 4])):
        r = {"group": f"g{reader}"}
        if rng.random() < 0.3:
            r["share"] = f"{rng.randint(1, 100)} %"
        if rng.random() < 0.2 and s.get("cleanup") != "compact":
            r["kind"] = "replay"
            window = catalog.quantity(s["retention"]) * rng.uniform(0.1, 1)
            r["window"] = f"{int(window)} s"
            r["every"] = rng.choice(["7 d", "30 d", "10 d"])
            r["within"] = f"{rng.choice([1, 4, 8, 24, 48])} h"
        s["readers"].append(r)
    return s


def scenario(seed, presets):
    """One scenario; `presets` holds the settings' rows of each preset."""
    rng = random.Random(seed)
    provider, region = rng.choice(REGIONS)
    sc = {"title": f"opinion {seed}", "horizon": {"months": 1}, "prices": {"provider": provider, "region": region}}
    if rng.random() < 0.2:
        sc["horizon"]["month"] = rng.choice(["720 h", "744 h"])
    if rng.random() < 0.15:
        sc["prices"]["discount"] = {g: f"{rng.randint(1, 40)} %" for g in ("compute", "block-storage", "object-storage", "requests", "network", "fees") if rng.random() < 0.5}
    sc["streams"] = [stream(rng, i) for i in range(rng.choice([1, 1, 1, 2, 3]))]
    compact = any(s.get("cleanup") == "compact" for s in sc["streams"])
    allowed = [name for name in PRESETS if (provider == "aws" or name not in AWS_ONLY) and not (compact and name == "diskless")]
    sc["platforms"] = [platform(rng, sc, name, presets[name], index) for index, name in enumerate(rng.sample(allowed, 3))]
    sc["platforms"].append(service(random.Random(f"service {seed}"), sc))
    return sc


def service(rng, sc):
    """A service by its price list: there is little to set."""
    name = rng.choice(SERVICES[sc["prices"]["provider"]])
    p = {"preset": name, "name": f"{name}-service"}
    if rng.random() < 0.2:
        p["licence"] = "$0.01/GiB"
    return p


def platform(rng, sc, name, preset, index):
    p = {"preset": name, "name": f"{name}-{index}"}
    provider = sc["prices"]["provider"]
    priced = catalog.prices(provider, sc["prices"]["region"])
    pool = [m for (kind, _), m in sorted(catalog.machines(provider).items())
            if kind == preset["pool"] and m["sku"] in priced and (m["memory"] or 0) >= 16 * 1024 * 0.99
            and (m["vcpu"] or 0) >= 2 and "t3" not in m["machine"]
            and (name != "kafka-nvme" or m["local_capacity"])
            and (preset["pool"] != "compute" or (m["network"] and (provider != "aws" or m["block"])))]
    if not pool:
        pool = [m for (kind, _), m in sorted(catalog.machines(provider).items()) if kind == preset["pool"] and m["sku"] in priced]
    p["broker"] = rng.choice(pool)["machine"] if pool else "none"
    if rng.random() < 0.2:
        p["brokers"] = rng.choice([6, 9, 12, 30])
    keys = list(COMMON)
    fixed = ()
    if preset["pool"] != "compute":
        keys.remove("controllers")  # the service's own
    fixed = ("zones", "replication_factor", "storage_per_broker_max", "cpu_rule") if name == "msk-express" else ()
    architecture = preset["architecture"]
    if architecture == "shared-storage":
        keys += OBJECTS + (LEADERLESS if preset["settings"]["leaderless"] == "true" else LEADERS)
    else:
        keys += DISKS + (TIER if architecture == "tiered" else [])
    chance = rng.choice([0.0, 0.1, 0.3])
    for key in keys:
        if key in preset["rows"] and key not in fixed and rng.random() < chance:
            drawn = value(rng, key, preset["rows"][key])
            if drawn is not None:
                p[key] = drawn
    return p


def toml_value(v):
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, str):
        return '"' + v + '"'
    if isinstance(v, list):
        return "[" + ", ".join(toml_value(x) for x in v) + "]"
    if isinstance(v, dict):
        return "{ " + ", ".join(f"{k} = {toml_value(x)}" for k, x in v.items()) + " }"
    return repr(v)


def toml(sc):
    lines = ["schema = 1", f'title = "{sc["title"]}"']
    for section in ("horizon", "prices"):
        lines.append(f"[{section}]")
        lines += [f"{k} = {toml_value(v)}" for k, v in sc[section].items()]
    for s in sc["streams"]:
        lines.append("[[stream]]")
        lines += [f"{k} = {toml_value(v)}" for k, v in s.items() if k != "readers"]
        for r in s["readers"]:
            lines.append("[[stream.reader]]")
            lines += [f"{k} = {toml_value(v)}" for k, v in r.items()]
    for p in sc["platforms"]:
        lines.append("[[platform]]")
        lines += [f"{k} = {toml_value(v)}" for k, v in p.items()]
    return "\n".join(lines) + "\n"
