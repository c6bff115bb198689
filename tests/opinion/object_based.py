"""Shared-storage platforms: mechanics sections C (leaders), D and E (without a leader)."""
from common import Plan, ceil, cpu, crossing_of_leaders, zone_loss

HOURS = range(168)


def put_class(size, part):
    """Requests of one upload, mechanics C3: one, or create + parts + complete."""
    return 1 if size <= part else 2 + ceil(size / part)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


class Writer:
    """A batch-to-object writer, mechanics E3."""

    def __init__(self, c, n):
        p = self.p = c.p
        self.c = c
        self.domains = n * (c.machine["vcpu"] if p["flush_domain"] == "core" else 1)

    def requests(self, hour):
        """Produce requests per second in all domains; None when they are so many that nobody waits."""
        total = 0.0
        for s in self.c.w["streams"]:
            size = max(self.p["produce_request"], s["record"] or 0.0)
            if size <= 0:
                return None
            total += s["stored"] * s["weights"][hour] / size
        return total

    def puts(self, hour, by_size=True):
        """PUT/s of all domains in an hour of the week."""
        w = self.c.w["stored"][hour] / self.domains
        asks = self.requests(hour)
        wait = self.p["flush_interval"]
        if asks is not None:
            if asks <= 0:
                return 0.0
            wait += self.domains / asks
        elif w <= 0:
            return 0.0
        return self.domains * max(1.0 / wait, w / self.p["flush_size"] if by_size else 0.0)


def plan(c):
    p, w, out = c.p, c.w, Plan()
    zones, leaderless, router = p["zones"], p["leaderless"], p["zone_router"] and not p["leaderless"]
    lead = crossing_of_leaders(zones)
    W, Wp, T, Tp = w["W"], w["W_peak"], w["T"], w["T_peak"]
    R, Rr = w["replay_mean"], w["replay_running"]
    lag = p["catch_up_share"]
    copies = p["wal_copies"] if p["wal"] == "zonal-object-storage" else 1
    merge = p["merge_traffic"] if not leaderless or p["merge_files"] > 0 else 0.0
    to_leader = not router and (not leaderless or p["produce_to_leader"])

    # C4, D: who crosses a zone.
    x_produce = lead * (1 - p["producers_zone_aware"]) if to_leader else 0.0
    x_consume = lead * (1 - p["consumers_zone_aware"]) if to_leader and not leaderless else 0.0
    out.flow("client-to-broker", "produce", W, Wp, x_produce)
    out.flow("broker-to-client", "consume", T, Tp, x_consume)
    out.flow("broker-to-client", "replay", R, Rr, x_consume)
    # Reads of live data from objects: each zone once, or once less where the writer's zone remembers.
    zones_read = zones - 1 if p["writer_zone_cached"] else zones
    live_bytes = float(zones_read) if leaderless and T > 0 else 0.0
    if leaderless:
        out.flow("broker-to-object-store", "append", W * copies, Wp * copies, 0.0)
        out.flow("object-store-to-broker", "consume", W * live_bytes, Wp * live_bytes, 0.0)
    elif p["wal"] in ("block", "file"):
        out.flow("broker-to-disk", "append", W, Wp, 0.0)
    elif not router:
        out.flow("broker-to-object-store", "append", W, Wp, 0.0)
    if router and p["wal"] == "object-storage":
        out.flow("broker-to-object-store", "route", W, Wp, 0.0)
        out.flow("object-store-to-broker", "route", W * (zones - 1), Wp * (zones - 1), 0.0)
    if router or leaderless:
        out.flow("broker-to-broker", "metadata", W * p["metadata_crossing"], Wp * p["metadata_crossing"], 1.0 if zones > 1 else 0.0)
    if not leaderless:
        out.flow("broker-to-object-store", "upload", W, Wp, 0.0)
    out.flow("broker-to-object-store", "merge", W * merge, Wp * merge, 0.0)
    out.flow("object-store-to-broker", "merge", W * merge, Wp * merge, 0.0)
    out.flow("object-store-to-broker", "catch-up", lag * T, lag * Tp, 0.0)
    out.flow("object-store-to-broker", "replay", R, Rr, 0.0)

    # C5: what a node's network carries when a zone is lost.
    a = zone_loss(zones)
    m = c.machine
    nic = p["broker_network"] if p["broker_network"] is not None else m["network"]
    written = (copies if leaderless else 1.0 + (1.0 if router else (1.0 if p["wal"] == "object-storage" else 0.0)))
    fetched = live_bytes if leaderless else ((zones - 1.0) if router else 0.0)
    demand = max(max(w["tail"][h] + (written + merge) * w["stored"][h] + Rr,
                     (1.0 + fetched + merge) * w["stored"][h] + lag * w["tail"][h] + Rr) for h in HOURS) * a
    out.require("network", demand, nic * p["network_utilization"])
    if p["wal"] == "block":
        path = p["broker_disk_throughput"] if p["broker_disk_throughput"] is not None else m["block"]
        if path is not None:
            out.require("disk-path", Wp * a, path * p["network_utilization"])
    cpu(c, out, 1)
    partitions = sum(s["P"] for s in w["streams"])
    out.require("partitions", partitions, m["partitions"] or p["partition_replicas_max"])
    out.require("placement", max(zones, 1), 1.0)
    n = c.fleet(out)

    logical = sum(s["live"] / (1 - p["dirty_ratio"]) if s["compact"] else s["stored"] * s["retention"] for s in w["streams"])
    out.storage(logical, 0.0, logical + W * p["staging"])
    if leaderless:
        leaderless_requests(c, out, n, copies, T > 0)
        if p["writer_zone_cached"]:
            rows = partitions * zones / p["flush_interval"]
            kept = sum(s["P"] * s["retention"] for s in w["streams"]) * zones / p["flush_interval"]
            out.coordinator = (rows, kept)
    else:
        leader_requests(c, out, n, router)
    zonal = p["wal"] == "zonal-object-storage"
    out.requests("catch-up", "get", lag * T / p["catch_up_fetch"])
    out.requests("replay", "get", R / p["catch_up_fetch"])
    bill(c, out, n, copies, live_bytes, zonal, x_produce, x_consume, router or leaderless)
    return out


def leaderless_requests(c, out, n, copies, read):
    """D and E1: batches of every broker, read by every zone, merged."""
    p, w = c.p, c.w
    zonal = "zonal-" if p["wal"] == "zonal-object-storage" else ""
    writer = Writer(c, n)
    put = [writer.puts(h) for h in HOURS]
    out.requests("append", zonal + "put", mean(put) * copies)
    reads, merge_put, merge_get = [], [], []
    for h in HOURS:
        size = w["stored"][h] / put[h] if put[h] > 0 else 0.0
        if p["fetches_per_object"] is not None:
            each = p["fetches_per_object"]
        else:
            each = (p["zones"] - (1 if p["writer_zone_cached"] else 0)) * max(1, ceil(size / p["live_fetch"]))
        reads.append(put[h] * each if read else 0.0)
        files = p["merge_files"]
        if files and put[h] > 0:
            if p["merge_target"] is None:
                merge_put.append(put[h] / files * (2 + ceil(files * size / p["merge_part"])))
            else:
                rate = w["stored"][h] / n
                merged = min(p["merge_target"], rate * p["merge_wait"])
                count = w["stored"][h] / merged
                merge_put.append(count * (2 + ceil(merged / p["merge_part"])))
            merge_get.append(put[h])
        else:
            merge_put.append(0.0)
            merge_get.append(0.0)
    out.requests("consume", zonal + "get", mean(reads))
    out.requests("merge", "put", mean(merge_put))
    out.requests("merge", zonal + "get", mean(merge_get))


def leader_requests(c, out, n, router):
    """C2 to C4: WAL, uploads of each broker, merges, the zone router."""
    p, w = c.p, c.w
    zones = p["zones"]
    writer = Writer(c, n)
    objects = p["wal"] == "object-storage"
    if objects:
        put = mean(writer.puts(h) for h in HOURS)
        if router:
            link = mean(writer.puts(h, by_size=False) for h in HOURS)
            out.requests("route", "put", put)
            out.requests("append", "put", link)
            out.requests("route", "get", put * (zones - 1) + put * (zones - 1) ** 2)
            out.requests("append", "get", link * (zones - 1))
        else:
            out.requests("append", "put", put)

    # C2: caches and the upload trigger.
    heap = p["heap_share"] * c.machine["memory"]
    available = heap / 2
    cache = max(available / 3, (available - p["cache_reserve"]) * 2 / 3)
    if router:
        cache /= 3
    trigger = min(cache / 3, p["upload_max"])
    uploads, merge_put, merge_get = [], [], []
    every, least = p["merge_interval"], p["stream_object_min"]
    for h in HOURS:
        node = w["stored"][h] / n
        if node <= 0:
            uploads.append(0.0), merge_put.append(0.0), merge_get.append(0.0)
            continue
        period = min(p["upload_interval"], trigger / node)
        own = shared = merges = fetched = 0.0
        for s in w["streams"]:
            rate = s["stored"] * s["weights"][h] / s["P"]
            if rate <= 0:
                continue
            if rate * period >= least:
                own += s["P"] * put_class(rate * period, p["object_part"]) / period
                continue
            shared += s["stored"] * s["weights"][h]
            passes = 1
            if rate * every < least:
                passes = min(p["merge_passes_max"], ceil(least / (every * rate)))
            # Each partition ends up in objects of its own; until then it is rewritten in shared ones.
            merges += s["P"] * put_class(rate * every * passes, p["object_part"]) / (every * passes)
            fetched += s["P"] / period
            if passes > 1:
                fetched += s["P"] * (passes - 1) / (every * passes)
        if shared > 0:
            size = shared / n * period
            own += n * put_class(size, p["object_part"]) / period
        uploads.append(own)
        merge_put.append(merges)
        merge_get.append(fetched)
    out.requests("upload", "put", mean(uploads))
    out.requests("merge", "put", mean(merge_put))
    out.requests("merge", "get", mean(merge_get))


def bill(c, out, n, copies, live_bytes, zonal, x_produce, x_consume, metadata):
    p, w = c.p, c.w
    out.machines(c, n)
    month = c.seconds
    if p["wal"] in ("block", "file") and not p["leaderless"]:
        import catalog
        disk = catalog.disks(c.provider)[p["wal_disk"]]
        a = zone_loss(p["zones"])
        unit = c.per(disk["throughput_sku"]) if disk["throughput_sku"] else ""
        factor = 1.048576 if unit.startswith("MB/s") else 1.0
        size = max(p["wal_volume"], disk["size_min"] or 0.0)
        if p["wal"] == "block":
            each = w["W_peak"] * a / n / p["network_utilization"]
            if disk["throughput_per_tib"]:
                size = max(size, max(0.0, each - (disk["throughput_base"] or 0)) / disk["throughput_per_tib"] * 1024 * 1024)
            out.line(c, "wal", "append", disk["capacity_sku"], n * size / 1024.0)
            if disk["throughput_sku"]:
                out.line(c, "wal", "append", disk["throughput_sku"], n * max(0.0, each - (disk["throughput_base"] or 0)) * factor)
        else:
            # The file system holds the WAL and, with the router, what routes: written once, read in other zones.
            each = w["W_peak"] * (1 + p["file_read_weight"] * (p["zones"] - 1 if p["zone_router"] else 0)) / p["network_utilization"]
            out.line(c, "wal", "append", disk["capacity_sku"], n * size / 1024.0)
            if disk["throughput_sku"]:
                out.line(c, "wal", "append", disk["throughput_sku"], max(0.0, each - (disk["throughput_base"] or 0)) * factor)
    out.line(c, "object-storage", "retain", c.meter("object-capacity"), out.kept[2])
    for (cause, kind), rate in out.asks.items():
        out.line(c, "object-requests", cause, c.meter(kind.replace("zonal-", "zonal-object-") if "zonal" in kind else "object-" + kind), rate * month)
    if zonal:
        gib = month / 1024.0
        out.line(c, "object-requests", "append", c.meter("zonal-object-upload"), w["W"] * copies * gib)
        out.line(c, "object-requests", "consume", c.meter("zonal-object-retrieval"), w["W"] * live_bytes * gib)
        out.line(c, "object-requests", "merge", c.meter("zonal-object-retrieval"), w["W"] * p["merge_traffic"] * gib)
    causes = [("produce", w["W"] * x_produce), ("consume", w["T"] * x_consume), ("replay", w["replay_mean"] * x_consume)]
    if metadata and p["zones"] > 1:
        causes.append(("metadata", w["W"] * p["metadata_crossing"]))
    out.crossings(c, causes)
    out.fees(c)
