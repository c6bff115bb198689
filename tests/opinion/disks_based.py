"""Shared-nothing and tiered platforms: mechanics sections A and B."""
from common import Plan, ceil, cpu, crossing_of_leaders, zone_loss


def roll(s, p):
    """T_roll of a partition, seconds: mechanics A9."""
    rate = s["stored"] / s["P"]
    return min(p["segment_ms"], p["segment_bytes"] / rate) if rate > 0 else p["segment_ms"]


def plan(c):
    """A plan for context `c`: settings p, workload w, machine, disk."""
    p, w, out = c.p, c.w, Plan()
    rf, zones = p["replication_factor"], p["zones"]
    tiered = c.architecture == "tiered"
    streams = w["streams"]
    c.partitions = sum(t["P"] for t in streams)

    # A2: who crosses a zone.
    lead = crossing_of_leaders(zones)
    x_produce = lead * (1 - p["producers_zone_aware"])
    x_replicate = (rf - max(1.0, rf / zones)) / (rf - 1.0) if rf > 1 else 0.0
    x_consume = (1 - min(rf, zones) / zones if p["follower_fetching"] else lead) * (1 - p["consumers_zone_aware"])

    # A1: flows. Catch-up is a share of tail reads.
    W, Wp, T, Tp = w["W"], w["W_peak"], w["T"], w["T_peak"]
    R, Rr = w["replay_mean"], w["replay_running"]
    lag = p["catch_up_share"]
    out.flow("client-to-broker", "produce", W, Wp, x_produce)
    out.flow("broker-to-broker", "replicate", W * (rf - 1), Wp * (rf - 1), x_replicate)
    out.flow("broker-to-disk", "retain", W * rf, Wp * rf, 0.0)
    out.flow("broker-to-client", "consume", T, Tp, x_consume)
    out.flow("broker-to-client", "replay", R, Rr, x_consume)
    # A9: the cleaner reads and writes as many bytes for each dirty one as the dirty share is of the log.
    cleaned = [s for s in streams if s["compact"]]
    if cleaned:
        times = rf / p["dirty_ratio"]
        mean = sum(s["stored"] for s in cleaned) * times
        peak = sum(s["stored"] * max(s["weights"]) for s in cleaned) * times
        out.flow("disk-to-broker", "merge", mean, peak, 0.0)
        out.flow("broker-to-disk", "merge", mean, peak, 0.0)

    # What is kept where: A1, A9, B1.
    logical = sum(most for _, most in c.sizes)
    on_disk = remote = put = 0.0
    near = {"lag": [0.0, 0.0], "replay": [0.0, 0.0]}
    far = {"lag": [0.0, 0.0], "replay": [0.0, 0.0], "up": [0.0, 0.0]}
    for t in streams:
        top = max(t["weights"])
        wait = roll(t, p) / 2 + p["deletion_delay"] if p["open_segments"] else 0.0
        if t["compact"]:
            on_disk += rf * t["live"] / (1.0 - p["dirty_ratio"])
        local = p["local_retention"] if t["away"] and p["local_retention"] is not None else t["retention"]
        local = min(local, t["retention"])
        if not t["compact"]:
            # Copied or not, a segment goes when its retention ends.
            copying = p["copy_lag"] if p["open_segments"] and local < t["retention"] else 0.0
            on_disk += rf * t["stored"] * (min(local + copying, t["retention"]) + wait)
        # J2: who lags reads from the tier, though it keeps 12 h on disks; not if all there is is on disks.
        lagging = far["lag"] if t["away"] and local < t["retention"] else near["lag"]
        lagging[0] += lag * t["tail"]
        lagging[1] += lag * t["tail"] * top
        for r in t["replays"]:
            older = max(0.0, 1 - local / r["window"]) if t["away"] else 0.0
            for at, key in ((0, "mean"), (1, "running")):
                far["replay"][at] += older * r[key]
                near["replay"][at] += (1 - older) * r[key]
        if t["away"]:
            if p["tier_overlap"]:
                remote += t["stored"] * max(0.0, t["retention"] - (roll(t, p) / 2 if p["open_segments"] else 0.0))
            else:
                remote += t["stored"] * (t["retention"] - local)
            far["up"][0] += t["stored"]
            far["up"][1] += t["stored"] * top
            # B3: a segment when it closes, in parts.
            segment = t["stored"] / t["P"] * roll(t, p)
            put += t["P"] / roll(t, p) * (p["remote_requests"] + ceil(segment / p["remote_part"]))
    far["up"][1] = min(far["up"][1], Wp)
    for side in (near, far):
        side["lag"][1] = min(side["lag"][1], lag * Tp)
    on_disk_billed = on_disk / rf * (p["disk_copies"] if p["disk_copies"] is not None else rf)
    out.storage(logical, on_disk_billed, remote)
    out.flow("disk-to-broker", "catch-up", *near["lag"], 0.0)
    out.flow("disk-to-broker", "replay", *near["replay"], 0.0)
    c.uploads = far["up"]
    c.remote_peak = 0.0
    if tiered:
        out.flow("broker-to-object-store", "upload", *far["up"], 0.0)
        out.flow("object-store-to-broker", "catch-up", *far["lag"], 0.0)
        out.flow("object-store-to-broker", "replay", *far["replay"], 0.0)
        c.remote_peak = max(far["up"][1], far["lag"][1] + far["replay"][1])
        if p["remote_store"] == "object-storage":
            out.requests("upload", "put", put)
            out.requests("catch-up", "get", far["lag"][0] / p["remote_fetch"])
            out.requests("replay", "get", far["replay"][0] / p["remote_fetch"])
    size(c, out, on_disk_billed)
    bill(c, out, far, remote, x_produce, x_replicate, x_consume)
    return out


def size(c, out, on_disk):
    """A3 to A7: demands and what one broker carries. Peaks of what is produced, fetched and replayed are added up."""
    p, w, m, disk = c.p, c.w, c.machine, c.disk
    rf, a, u = p["replication_factor"], zone_loss(p["zones"]), p["utilization"]
    on = lambda edge, *causes: sum(peak for (e, cause), (_, peak, _) in out.flows.items() if e == edge and (not causes or cause in causes))
    Wp, egress = w["W_peak"], w["T_peak"] + w["replay_running"]
    history = on("disk-to-broker", "replay")
    cleaner, rewritten = on("disk-to-broker", "merge"), on("broker-to-disk", "merge")
    writes = on("broker-to-disk")
    out.disk_write = sum(mean for (e, _), (mean, _, _) in out.flows.items() if e == "broker-to-disk")
    cpu(c, out, rf)
    replicas = c.partitions * rf
    out.require("partitions", replicas, m["partitions"] or p["partition_replicas_max"])
    out.require("placement", max(rf, p["zones"]), 1.0)
    c.moved = writes + on("disk-to-broker")
    c.provisioned = on_disk / p["disk_utilization"]
    if m["rated_ingress"] is not None:  # A3(d)
        out.require("rated-ingress", Wp, m["rated_ingress"] * u)
        out.require("rated-egress", egress, m["rated_ingress"] * p["rated_egress"] * p["rated_egress_utilization"])
        return

    if p["headroom"] == "aws-entitlement":  # A3(b)
        # 2.2 is for two followers; 1.5 for a tier is for what goes there (B2).
        upkeep = p["entitlement_lagging"] + p["entitlement_rebalance"]
        tier = (p["entitlement_tier"] or 0.0) * c.uploads[1]
        network = a * egress + (p["entitlement_replication"] * (rf - 1) / 2.0 + upkeep) * Wp + tier
        # Leaders of a zone that is lost and copies that the rest take in are RF together. Replays and the cleaner: on top.
        path = (rf + upkeep) * Wp + tier + history * a + cleaner + rewritten
    else:
        network = egress + (rf - 1) * Wp + c.remote_peak
        path = writes + history + cleaner
        if p["headroom"] == "netflix":  # A3(e)
            network = p["network_buffer"] * max(rf * Wp, network)
            path *= p["network_buffer"]
    out.require("network", network, c.nic() * u)
    if disk["attached"] and path > 0 and c.path() is not None:
        out.require("disk-path", path, c.path() * u)

    # A5, A6: what volumes must do.
    limit = disk["throughput_max"] or disk["throughput_base"]
    if limit:
        out.require("volume", c.moved, limit * u)
    limits = [x for x in (disk["iops_max"], m["block_iops"] if disk["attached"] else None) if x]
    if limits:
        out.require("disk-operations", c.moved / p["disk_io"], min(limits) * u)
    limit = m["local_capacity"] if disk["local"] else min(p["storage_per_broker_max"] or 1e30, disk["size_max"] or 1e30)
    if limit < 1e30:
        out.require("disk-capacity", c.provisioned / 1024.0, limit / 1024.0)
    out.require("page-cache", p["page_cache"] * rf * Wp / 1024.0, (m["memory"] - p["heap"] - p["os_reserve"]) / 1024.0)


def bill(c, out, far, remote, x_produce, x_replicate, x_consume):
    p, w, disk = c.p, c.w, c.disk
    rf = p["replication_factor"]
    n = c.fleet(out)
    out.machines(c, n)
    out.provisioned = c.provisioned / 1024.0
    if not disk["local"]:  # A1, A6
        each = c.moved / n / p["utilization"]
        gib = max(c.provisioned / 1024.0, n * (disk["size_min"] or 0.0) / 1024.0)
        base = disk["throughput_base"] or 0.0
        if disk["throughput_per_tib"]:
            gib = max(gib, n * max(0.0, each - base) / disk["throughput_per_tib"] * 1024.0)
        out.line(c, "block-storage", "retain", disk["capacity_sku"], gib)
        if disk["throughput_sku"]:
            # Faster than the volume can be, or than the path of the machine, cannot be bought.
            most = min(disk["throughput_max"] or 1e30, c.path() or 1e30)
            factor = 1.048576 if c.per(disk["throughput_sku"]).startswith("MB/s") else 1.0
            out.line(c, "block-storage", "perform", disk["throughput_sku"], n * max(0.0, min(each, most) - base) * factor)
        if disk["iops_sku"]:
            iops = min(each / p["disk_io"], disk["iops_max"] or 1e30)
            out.line(c, "block-storage", "perform", disk["iops_sku"], n * max(0.0, iops - (disk["iops_base"] or 0.0)))
    if c.architecture == "tiered":
        if p["remote_store"] == "object-storage":
            out.line(c, "object-storage", "retain", c.meter("object-capacity"), remote / 1024.0)
            for (cause, kind), rate in out.asks.items():
                out.line(c, "object-requests", cause, c.meter("object-" + kind), rate * c.seconds)
        else:
            gib = c.seconds / 1024.0
            out.line(c, "object-storage", "retain", c.meter("managed-tier-capacity"), remote / 1024.0)
            out.line(c, "object-requests", "catch-up", c.meter("managed-tier-retrieval"), far["lag"][0] * gib)
            out.line(c, "object-requests", "replay", c.meter("managed-tier-retrieval"), far["replay"][0] * gib)
    out.crossings(c, [
        ("produce", w["W"] * x_produce),
        ("replicate", w["W"] * (rf - 1) * x_replicate * p["replication_billed"]),
        ("consume", w["T"] * x_consume),
        ("replay", w["replay_mean"] * x_consume),
    ])
    out.fees(c)
