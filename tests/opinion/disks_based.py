"""Shared-nothing and tiered platforms: mechanics sections A and B."""
from common import Plan, ceil, cpu, crossing_of_leaders, zone_loss


def kept(s, p, overhead):
    """Average bytes of one copy of a stream: mechanics A9."""
    if s["compact"]:
        return s["live"] / (1.0 - p["dirty_ratio"])
    return s["stored"] * (s["retention"] + overhead)


def roll(s, p):
    """T_roll of a partition, seconds: mechanics A9."""
    rate = s["stored"] / s["P"]
    return min(p["segment_ms"], p["segment_bytes"] / rate) if rate > 0 else p["segment_ms"]


def tiered_share(s, p, tiered):
    """Share of a stream whose closed segments go away: B1; no compacted topics, and none kept too short."""
    if not tiered or s["compact"] or s["retention"] < p["tier_retention_min"]:
        return 0.0
    return p["tiered_share"]


def plan(c):
    """A plan for context `c`: settings p, workload w, machine, disk."""
    p, w, out = c.p, c.w, Plan()
    rf, zones = p["replication_factor"], p["zones"]
    tiered = c.architecture == "tiered"

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

    # What is kept where: A1, A9, B1.
    logical = on_disk = remote = 0.0
    uploads = put = 0.0
    remote_lag = remote_replay = remote_replay_peak = 0.0
    for s in w["streams"]:
        open_part = roll(s, p) / 2 + p["deletion_delay"] if p["open_segments"] else 0.0
        whole = kept(s, p, open_part)
        logical += kept(s, p, 0.0)
        share = s["tiered"] = tiered_share(s, p, tiered)
        on_disk += rf * (1 - share) * whole
        if share > 0:
            local = p["local_retention"] if p["local_retention"] is not None else s["retention"]
            part = s["stored"] * (local + open_part + (p["copy_lag"] if p["open_segments"] else 0.0))
            on_disk += rf * share * min(part, whole)
            if p["tier_overlap"]:
                away = s["retention"] - (roll(s, p) / 2 if p["open_segments"] else 0.0)
            else:
                away = s["retention"] - local
            remote += share * s["stored"] * max(0.0, away)
            uploads += share * s["stored"]
            segment = min(p["segment_bytes"], s["stored"] / s["P"] * p["segment_ms"])
            put += share * s["stored"] / segment * (p["remote_requests"] + ceil(segment / p["remote_part"]))
            # J2: readers that lag read from the tier, though it keeps 12 h on disks.
            remote_lag += share * lag * s["tail"]
            for r in s["replays"]:
                older = share * max(0.0, 1 - local / r["window"])
                remote_replay += older * r["mean"]
                remote_replay_peak += older * r["running"]
    out.storage(logical, on_disk, remote)
    peak = lambda key, part: max(sum(part(s) * s[key] * s["weights"][h] for s in w["streams"]) for h in range(168))
    out.flow("disk-to-broker", "catch-up", lag * T - remote_lag, peak("tail", lambda s: lag * (1 - s["tiered"])), 0.0)
    out.flow("disk-to-broker", "replay", R - remote_replay, Rr - remote_replay_peak, 0.0)
    tier_peak = peak("stored", lambda s: s["tiered"])
    lag_peak = peak("tail", lambda s: lag * s["tiered"])
    if tiered:
        out.flow("broker-to-object-store", "upload", uploads, tier_peak, 0.0)
        out.flow("object-store-to-broker", "catch-up", remote_lag, lag_peak, 0.0)
        out.flow("object-store-to-broker", "replay", remote_replay, remote_replay_peak, 0.0)
        if p["remote_store"] == "object-storage":
            out.requests("upload", "put", put)
            out.requests("catch-up", "get", remote_lag / p["remote_fetch"])
            out.requests("replay", "get", remote_replay / p["remote_fetch"])

    size(c, out, tiered, on_disk)
    bill(c, out, tiered, on_disk, uploads, put, remote, remote_lag, remote_replay, x_produce, x_replicate, x_consume)
    return out


def size(c, out, tiered, on_disk):
    """A3 to A7: demands and what one broker carries."""
    p, w, m = c.p, c.w, c.machine
    rf, zones = p["replication_factor"], p["zones"]
    a = zone_loss(zones)
    u = p["utilization"]
    Rr = w["replay_running"]
    lag = p["catch_up_share"]
    hours = range(168)
    tier = p.get("entitlement_tier", 0.0) if tiered else 0.0
    nic = p["broker_network"] if p["broker_network"] is not None else m["network"]
    path = p["broker_disk_throughput"] if p["broker_disk_throughput"] is not None else m["block"]
    rated = m["rated_ingress"] is not None

    if rated:  # A3(d)
        out.require("rated-ingress", w["W_peak"], m["rated_ingress"] * u)
        out.require("rated-egress", w["T_peak"] + Rr, m["rated_ingress"] * p["rated_egress"] * p["rated_egress_utilization"])
    elif p["headroom"] == "aws-entitlement":  # A3(b)
        replication_out = p["entitlement_replication"] * (rf - 1) / 2.0
        lagging, rebalance = p["entitlement_lagging"], p["entitlement_rebalance"]
        network = max(a * w["tail"][h] + (replication_out + lagging + rebalance + tier) * w["stored"][h] for h in hours) + a * Rr
        # Leaders' share of a zone that is lost, and the copies that the rest take in: RF together, whatever the zones.
        disk = (rf + lagging + rebalance + tier) * w["W_peak"]
        out.require("network", network, nic * u)
        if path is not None and not c.disk["local"]:
            out.require("disk-path", disk, path * u)
    elif p["headroom"] == "aws-ceiling":  # A3(a)
        up = 1.0 if tiered else 0.0
        out.require("network", max(w["tail"][h] + (rf - 1 + up) * w["stored"][h] for h in hours) + Rr, nic * u)
        if path is not None and not c.disk["local"]:
            out.require("disk-path", (rf + up) * w["W_peak"], path * u)
    else:  # A3(e), Netflix
        up = 1.0 if tiered else 0.0
        buffer = p["network_buffer"]
        out.require("network", buffer * max(max(w["stored"][h] * rf, w["tail"][h] + (rf - 1 + up) * w["stored"][h] + Rr) for h in hours), nic)
        if path is not None and not c.disk["local"]:
            out.require("disk-path", buffer * (rf * w["W_peak"]), path)

    if not rated:
        # A5, A6: what volumes must do.
        lag_peak = out.flows[("disk-to-broker", "catch-up")][1] + out.flows[("disk-to-broker", "replay")][1]
        writes = rf * w["W_peak"] + lag_peak
        c.volume_demand = writes
        if c.disk["throughput_max"]:
            out.require("volume", writes, c.disk["throughput_max"] * u)
        out.require("page-cache", p["page_cache"] * rf * w["W_peak"] / 1024.0, (m["memory"] - p["heap"] - p["os_reserve"]) / 1024.0)
        cpu(c, out, rf)
    provisioned = on_disk / p["disk_utilization"]
    c.provisioned = provisioned
    limit = p["storage_per_broker_max"]
    if c.disk["local"]:
        limit = m["local_capacity"]
    elif c.disk["size_max"]:
        limit = min(limit or float("inf"), c.disk["size_max"])
    if limit:
        out.require("disk-capacity", provisioned / 1024.0, limit / 1024.0)
    replicas = sum(s["P"] for s in w["streams"]) * rf
    out.require("partitions", replicas, m["partitions"] or p["partition_replicas_max"])
    out.require("placement", max(rf, 1), 1.0)


def bill(c, out, tiered, on_disk, uploads, put, remote, remote_lag, remote_replay, x_produce, x_replicate, x_consume):
    p, w = c.p, c.w
    rf = p["replication_factor"]
    n = c.fleet(out)
    out.machines(c, n)
    # A1, A6: disks.
    u = p["utilization"]
    disk = c.disk
    if not disk["local"]:
        copies = p["disk_copies"] if p["disk_copies"] is not None else rf
        gib = c.provisioned * copies / rf / 1024.0
        if p["disk_per_broker"] is not None:
            gib = n * p["disk_per_broker"] / 1024.0
        if disk["size_min"]:
            gib = max(gib, n * disk["size_min"] / 1024.0)
        demand = getattr(c, "volume_demand", 0.0)
        each = demand / n / u
        if disk["throughput_per_tib"]:
            base = disk["throughput_base"] or 0.0
            tib = max(0.0, each - base) / disk["throughput_per_tib"]
            gib = max(gib, n * tib * 1024.0)
        out.provisioned = gib
        out.line(c, "block-storage", "retain", disk["capacity_sku"], gib)
        if disk["throughput_sku"]:
            unit = c.per(disk["throughput_sku"])
            factor = 1.048576 if unit.startswith("MB/s") else 1.0
            out.line(c, "block-storage", "perform", disk["throughput_sku"], n * max(0.0, each - (disk["throughput_base"] or 0.0)) * factor)
        if disk["iops_sku"]:
            iops = each * 1024.0 / (p["disk_io"] * 1024.0)
            out.line(c, "block-storage", "perform", disk["iops_sku"], n * max(0.0, iops - (disk["iops_base"] or 0.0)))
    else:
        out.provisioned = n * (c.machine["local_capacity"] or 0.0) / 1024.0
    if tiered:
        if p["remote_store"] == "object-storage":
            out.line(c, "object-storage", "retain", c.meter("object-capacity"), remote / 1024.0)
            out.line(c, "object-requests", "upload", c.meter("object-put"), put * c.seconds)
            out.line(c, "object-requests", "catch-up", c.meter("object-get"), remote_lag / p["remote_fetch"] * c.seconds)
            out.line(c, "object-requests", "replay", c.meter("object-get"), remote_replay / p["remote_fetch"] * c.seconds)
        else:
            out.line(c, "object-storage", "retain", c.meter("managed-tier-capacity"), remote / 1024.0)
            out.line(c, "object-requests", "catch-up", c.meter("managed-tier-retrieval"), remote_lag * c.seconds / 1024.0)
            out.line(c, "object-requests", "replay", c.meter("managed-tier-retrieval"), remote_replay * c.seconds / 1024.0)
    out.crossings(c, [
        ("produce", w["W"] * x_produce),
        ("replicate", w["W"] * (rf - 1) * x_replicate * p["replication_billed"]),
        ("consume", w["T"] * x_consume),
        ("replay", w["replay_mean"] * x_consume),
    ])
    out.fees(c)
