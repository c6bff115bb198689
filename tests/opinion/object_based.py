"""Shared-storage platforms: mechanics sections C (leaders), D and E (without a leader)."""
import catalog
from common import Plan, ceil, cpu, crossing_of_leaders, zone_loss


def put_class(size, part):
    """Requests of one upload, mechanics C3: one, or create + parts + complete."""
    return 1.0 if size <= part * (1 + 1e-12) else 2.0 + ceil(size / part)


def over(c, count):
    """The mean of what a function counts, over the moments that the opinion looks at."""
    return sum(count(c.at(moment)) for moment in c.w["moments"]) / len(c.w["moments"])


class Moment:
    """Rates of one hour of the week, or of the mean."""

    def __init__(self, w, hour):
        self.streams = [(s, s["stored"] * (1.0 if hour is None else s["weights"][hour])) for s in w["streams"]]
        self.W = sum(rate for _, rate in self.streams)
        # Records are known where every stream says how large one is.
        known = all(s["record"] for s, _ in self.streams)
        self.records = sum(rate / s["record"] for s, rate in self.streams) if known else None


def batches(p, moment, domains, by_size=True):
    """PUT/s of all flush domains, mechanics E3: T after the first request, or as soon as a batch is full."""
    if moment.W <= 0:
        return 0.0
    w = moment.W / domains
    first = p["produce_request"] / w
    if moment.records is not None:
        first = max(first, domains / moment.records)  # no more requests than records
    return domains * max(1.0 / (p["flush_interval"] + first), w / p["flush_size"] if by_size else 0.0)


def plan(c):
    p, w, out = c.p, c.w, Plan()
    zones, leaderless = p["zones"], p["leaderless"]
    router = p["zone_router"] and not leaderless and zones > 1
    c.at = lambda hour: Moment(w, hour)
    lead = crossing_of_leaders(zones)
    W, Wp, T, Tp = w["W"], w["W_peak"], w["T"], w["T_peak"]
    R, Rr = w["replay_mean"], w["replay_running"]
    lag = p["catch_up_share"]
    copies = p["wal_copies"] if p["wal"] == "zonal-object-storage" else 1

    # C4, D: who crosses a zone.
    x_produce = 0.0 if router or (leaderless and not p["produce_to_leader"]) else lead * (1 - p["producers_zone_aware"])
    x_consume = 0.0 if router or leaderless else lead * (1 - p["consumers_zone_aware"])
    out.flow("client-to-broker", "produce", W, Wp, x_produce)
    out.flow("broker-to-client", "consume", T, Tp, x_consume)
    out.flow("broker-to-client", "replay", R, Rr, x_consume)
    if p["wal"] == "block":
        out.flow("broker-to-disk", "append", W, Wp, 0.0)
    elif not router:
        out.flow("broker-to-object-store", "append", W * copies, Wp * copies, 0.0)
    if router:
        out.flow("broker-to-object-store", "route", W, Wp, 0.0)
        out.flow("object-store-to-broker", "route", W * (zones - 1), Wp * (zones - 1), 0.0)
    if (router or leaderless) and zones > 1:
        out.flow("broker-to-broker", "metadata", W * p["metadata_crossing"], Wp * p["metadata_crossing"], 1.0)
    # D, E1: each zone reads what anybody in it follows once, or not where the writer's zone remembers.
    each_batch = 0.0
    if leaderless:
        each_batch = zones - (1 if p["writer_zone_cached"] else 0)
        if p["fetches_per_object"] is not None:
            each_batch = p["fetches_per_object"]
        followed = sum(s["stored"] * s["followed"] for s in w["streams"])
        peak = sum(s["stored"] * s["followed"] * max(s["weights"]) for s in w["streams"])
        out.flow("object-store-to-broker", "consume", followed * each_batch, min(peak, Wp) * each_batch, 0.0)
    else:
        out.flow("broker-to-object-store", "upload", W, Wp, 0.0)
    # C3, C4: rewriting, and A9's cleaner besides.
    mean = peak = 0.0
    for s in w["streams"]:
        if leaderless:
            times = p["merge_traffic"] if p["merge_files"] > 0 else 0.0
        else:
            times = max(p["merge_traffic"], passes(s["stored"] / s["P"], p) / 2)
        times += 1.0 / p["dirty_ratio"] if s["compact"] else 0.0
        mean += s["stored"] * times
        peak += s["stored"] * max(s["weights"]) * times
    out.flow("broker-to-object-store", "merge", mean, peak, 0.0)
    out.flow("object-store-to-broker", "merge", mean, peak, 0.0)
    out.flow("object-store-to-broker", "catch-up", lag * T, lag * Tp, 0.0)
    out.flow("object-store-to-broker", "replay", R, Rr, 0.0)

    # C5: what a node's network carries when a zone is lost.
    a, m, u = zone_loss(zones), c.machine, p["network_utilization"]
    on = lambda *edges: sum(peak for (e, _), (_, peak, _) in out.flows.items() if e in edges)
    demand = max(on("broker-to-client", "broker-to-object-store"), on("client-to-broker", "object-store-to-broker")) * a
    out.require("network", demand, c.nic() * u)
    if p["wal"] == "block":
        disk = catalog.disks(c.provider)[p["wal_disk"]]
        if c.path() is not None:
            out.require("disk-path", Wp * a, c.path() * u)
        # A WAL volume is a volume: it has a limit, and may have to be larger than the WAL to be fast enough.
        limit = disk["throughput_max"] or disk["throughput_base"]
        if limit:
            out.require("volume", Wp * a, limit * u)
    cpu(c, out, 1)
    partitions = sum(s["P"] for s in w["streams"])
    out.require("partitions", partitions, m["partitions"] or p["partition_replicas_max"])
    out.require("placement", max(zones, 2), 1.0)
    n = c.fleet(out)

    logical = sum(size for _, size in c.sizes)
    out.storage(logical, 0.0, logical)
    if leaderless:
        domains = n * (m["vcpu"] if p["flush_domain"] == "core" else 1)
        if p["produce_to_leader"]:
            # A partition is collected where its leader is.
            domains = min(domains, partitions)
        leaderless_requests(c, out, domains, copies, each_batch)
        if p["batch_removal_max"]:
            coordinator(c, out, n)
    else:
        leader_requests(c, out, n, router)
    out.requests("catch-up", "get", lag * T / p["catch_up_fetch"])
    out.requests("replay", "get", R / p["catch_up_fetch"])
    bill(c, out, n, copies, x_produce, x_consume, router or leaderless)
    return out


def coordinator(c, out, n):
    """E1: the owner of a partition in each zone flushes once per T, or as often as batches are full; no row without a
    record."""
    p, w = c.p, c.w
    flushes = p["zones"] * max(1 / p["flush_interval"], w["W"] / n / p["flush_size"])
    rows = kept = 0.0
    for s in w["streams"]:
        each = min(flushes, s["stored"] / s["record"] / s["P"]) if s["record"] else flushes
        rows += s["P"] * each
        kept += s["P"] * each * s["retention"]
    out.coordinator = (rows, kept)


def leaderless_requests(c, out, domains, copies, each_batch):
    """D and E1: batches of every domain, read by every zone, merged."""
    p, w = c.p, c.w
    zonal = "zonal-" if p["wal"] == "zonal-object-storage" else ""
    put = lambda moment: batches(p, moment, domains)
    read = any(s["followed"] > 0 for s in w["streams"])

    def reads(moment):
        # One GET for each object, and no more than 4 MiB with each: between A·PUT and A·W/4.
        return each_batch * max(put(moment), moment.W / p["live_fetch"]) if read else 0.0

    def merged(moment):
        if not p["merge_files"] or moment.W <= 0:
            return 0.0
        size, files = moment.W / put(moment), p["merge_files"]
        if p["merge_target"] is not None:
            files = max(1.0, min(p["merge_target"] / size, put(moment) * p["merge_wait"]))
        return put(moment) / files * put_class(size * files * (1 - 1e-9), p["merge_part"])

    out.requests("append", zonal + "put", over(c, put) * copies)
    out.requests("consume", zonal + "get", over(c, reads))
    out.requests("merge", "put", over(c, merged) + cleaned(c, p["object_part"]))
    out.requests("merge", zonal + "get", over(c, put) if p["merge_files"] else 0.0)
    out.requests("merge", "get", cleaned(c, p["merge_fetch"]))


def cleaned(c, piece):
    """Requests of the log cleaner, A9, in pieces of a size."""
    return sum(s["stored"] for s in c.w["streams"] if s["compact"]) / c.p["dirty_ratio"] / piece


def passes(rate, p):
    """C3: times that a partition's data is rewritten until 8 MiB are there; on average, so no whole number."""
    return min(max(p["stream_object_min"] / (rate * p["merge_interval"]), 1.0), max(p["merge_passes_max"], 1))


def leader_requests(c, out, n, router):
    """C2 to C4: WAL, uploads of each broker, merges, the zone router."""
    p = c.p
    zones = p["zones"]
    if p["wal"] == "object-storage":
        put = over(c, lambda moment: batches(p, moment, n))
        if router:
            link = over(c, lambda moment: batches(p, moment, n, by_size=False))
            out.requests("route", "put", put)
            out.requests("append", "put", link)
            out.requests("route", "get", put * (zones - 1) + put * (zones - 1) ** 2)
            out.requests("append", "get", link * (zones - 1))
        else:
            out.requests("append", "put", put)
    out.requests("upload", "put", over(c, lambda moment: uploaded(c, moment, n, router)[0]))
    out.requests("merge", "put", over(c, lambda moment: uploaded(c, moment, n, router)[1]) + cleaned(c, p["object_part"]))
    out.requests("merge", "get", over(c, lambda moment: uploaded(c, moment, n, router)[2]) + cleaned(c, p["merge_fetch"]))


def uploaded(c, moment, n, router):
    """PUT/s of uploads, PUT/s and GET/s of merges: C2, C3."""
    p = c.p
    available = p["heap_share"] * c.machine["memory"] / 2
    cache = max(available / 3, (available - p["cache_reserve"]) * 2 / 3)
    trigger = min((cache / 3 if router else cache) / 3, p["upload_max"])
    if moment.W <= 0:
        return 0.0, 0.0, 0.0
    period = min(p["upload_interval"], trigger / (moment.W / n))
    every = p["merge_interval"]
    own = split = shared = rewritten = parts = 0.0
    for s, total in moment.streams:
        rate = total / s["P"]
        if rate <= 0:
            continue
        if rate * period >= p["stream_object_min"]:
            own += s["P"] * put_class(rate * period, p["object_part"]) / period
            continue
        # Together with others until there is enough for an object of its own; rewritten every 5 min until then, a half
        # of what it comes to on average.
        parts += s["P"]
        shared += total * period / n
        times = passes(rate, p)
        split += s["P"] * put_class(rate * every * times, p["object_part"]) / (every * times)
        if times > 1:
            rewritten += total * every * times / 2 / n
    if shared <= 0:
        return own, 0.0, 0.0
    # Bounds of C3: ranges of 16 MiB, or a read for each partition in each shared object; the larger is taken.
    reads = max(n * ceil(shared / p["merge_fetch"]), parts) / period
    uploads = own + n * put_class(shared, p["object_part"]) / period
    if rewritten > 0:
        split += n * put_class(rewritten, p["object_part"]) / every
        reads += n * ceil(rewritten / p["merge_fetch"]) / every
    return uploads, split, reads


def bill(c, out, n, copies, x_produce, x_consume, metadata):
    p, w = c.p, c.w
    out.machines(c, n)
    gib = c.seconds / 1024.0
    if p["wal"] in ("block", "file") and not p["leaderless"]:
        wal_line(c, out, n)
    out.line(c, "object-storage", "retain", c.meter("object-capacity"), out.kept[2])
    zonal = p["wal"] == "zonal-object-storage"
    if p["leaderless"] and p["staging"] > 0:
        out.line(c, "object-storage", "append", c.meter("zonal-object-capacity" if zonal else "object-capacity"),
                 w["W"] * p["staging"] * copies / 1024.0)
    for (cause, kind), rate in out.asks.items():
        meter = kind.replace("zonal-", "zonal-object-") if "zonal" in kind else "object-" + kind
        out.line(c, "object-requests", cause, c.meter(meter), rate * c.seconds)
    if zonal:
        live = out.flows[("object-store-to-broker", "consume")][0]
        merged = w["W"] * p["merge_traffic"] if p["merge_files"] > 0 else 0.0
        out.line(c, "object-requests", "append", c.meter("zonal-object-upload"), w["W"] * copies * gib)
        out.line(c, "object-requests", "consume", c.meter("zonal-object-retrieval"), live * gib)
        out.line(c, "object-requests", "merge", c.meter("zonal-object-retrieval"), merged * gib)
    causes = [("produce", w["W"] * x_produce), ("consume", w["T"] * x_consume), ("replay", w["replay_mean"] * x_consume)]
    if metadata:
        causes.append(("metadata", w["W"] * p["metadata_crossing"] if p["zones"] > 1 else 0.0))
    out.crossings(c, causes)
    out.fees(c)


def wal_line(c, out, n):
    """C1, A6: volumes of every broker, or one file system for all."""
    p, w = c.p, c.w
    disk = catalog.disks(c.provider)[p["wal_disk"]]
    unit = c.per(disk["throughput_sku"]) if disk["throughput_sku"] else ""
    factor = 1.048576 if unit.startswith("MB/s") else 1.0
    size = max(p["wal_volume"], disk["size_min"] or 0.0)
    base = disk["throughput_base"] or 0.0
    if p["wal"] == "file":
        stored = out.flows
        peak = lambda edge: sum(v[1] for (e, cause), v in stored.items() if e == edge and cause in ("append", "route"))
        bought = peak("broker-to-object-store") + peak("object-store-to-broker") * p["file_read_weight"]
        if disk["throughput_sku"]:
            out.line(c, "wal", "append", disk["throughput_sku"], bought * factor)
    else:
        each = w["W_peak"] * zone_loss(p["zones"]) / n
        if disk["throughput_per_tib"]:
            size = max(size, max(0.0, each - base) / disk["throughput_per_tib"] * 1024 * 1024)
        if disk["throughput_sku"]:
            bought = min(each, disk["throughput_max"] or 1e30) - base
            out.line(c, "wal", "append", disk["throughput_sku"], n * max(0.0, bought) * factor)
    out.line(c, "wal", "append", disk["capacity_sku"], n * size / 1024.0)
