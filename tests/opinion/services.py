"""Services known by their price lists: what the vendor counts, times its price. No internals."""
from common import Plan, ceil


def plan(c):
    p, w, m, out = c.p, c.w, c.machine, Plan()
    W, Wp, T, Tp = w["W"], w["W_peak"], w["T"], w["T_peak"]
    R, Rr = w["replay_mean"], w["replay_running"]
    out.flow("client-to-broker", "produce", W, Wp, 0.0)
    out.flow("broker-to-client", "consume", T, Tp, 0.0)
    out.flow("broker-to-client", "replay", R, Rr, 0.0)
    logical = sum(most for _, most in c.sizes)
    out.storage(logical, 0.0, logical)

    # Units are sold by what goes in, comes out, and by partitions.
    partitions = sum(s["P"] for s in w["streams"])
    if m["rated_ingress"]:
        out.require("rated-ingress", Wp, m["rated_ingress"])
    if m["rated_egress"]:
        out.require("rated-egress", Tp + Rr, m["rated_egress"])
    if m["partitions"]:
        out.require("partitions", partitions, m["partitions"])
    known = all(s["record"] for s in w["streams"])
    if p["unit_records_max"] and known:
        records = sum(s["stored"] / s["record"] for s in w["streams"]) * Wp / W
        out.require("records", records, p["unit_records_max"])
        fetched = records * (Tp + Rr) / Wp
        if p["unit_records_out_max"] and fetched > 0:
            out.require("records", max(records * p["unit_records_out_max"] / p["unit_records_max"], fetched), p["unit_records_out_max"])
    out.require("one-unit", 1.0, 1.0)
    need = max(demand / per for demand, per in out.needs.values())
    out.brokers = int(p["brokers"]) if p["brokers"] is not None else int(ceil(need))
    n = c.engine_brokers or out.brokers
    out.machines(c, n, free=p.get("units_free", 0.0))

    gib = c.seconds / 1024.0
    fees = [("managed-base", "serve", c.hours), ("managed-partition", "serve", partitions * c.hours),
            ("managed-ingest", "produce", W * gib), ("managed-egress", "consume", (T + R) * gib),
            ("managed-storage", "retain", logical / 1024.0 * p.get("fee_copies", 1))]
    if c.has_meter("managed-requests"):
        # Each record counts, one larger than a piece as often as it has pieces.
        size = p["fee_piece"]
        counted = sum(s["stored"] / s["record"] * max(1.0, ceil(s["record"] / size)) if s["record"] else s["stored"] / size
                      for s in w["streams"])
        fees.append(("managed-requests", "produce", counted * c.seconds))
    for meter, cause, amount in fees:
        if c.has_meter(meter):
            sku = c.meter(meter)
            unit = {"GB": 1.073741824, "GB-month": 1.073741824}.get(c.per(sku), 1.0)
            out.line(c, "service-fee", cause, sku, amount * unit)
    if isinstance(p["licence"], float) and p["licence"] > 0:
        out.lines[("service-fee", "produce", "licence")] = (W * gib, p["licence"] * W * gib, p["licence"] * W * gib)
    return out
