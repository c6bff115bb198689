"""What clients ask for in a steady month, hour by hour of a week, from the words of a scenario."""
import math
from catalog import quantity as q

WEEK = 168


def shape(value, peak_to_mean=None):
    """Weights of the hours of a week, mean 1."""
    if value is None or value == "flat":
        weights = [1.0] * WEEK
    elif value in ("global-diurnal", "regional-diurnal"):
        # Mechanics G1 names a second harmonic and not its size: this is the scenario language's own curve.
        top, second, peak_to_mean = (14, 0.2, 1.7) if value == "global-diurnal" else (18, 0.3, 2.5)
        wave = lambda angle: 1.0 + math.cos(angle) + second * math.cos(2 * angle)
        weights = [wave(2 * math.pi * (hour % 24 - top) / 24) for hour in range(WEEK)]
    elif value == "nightly-batch":
        weights = [1.0 if hour % 24 < 2 else 0.0 for hour in range(WEEK)]
    elif value == "office-hours":
        weights = [1.0 if hour // 24 < 5 and 8 <= hour % 24 < 18 else 0.1 for hour in range(WEEK)]
    elif value == "weekly":
        weights = [1.0 if hour // 24 < 5 else 0.5 for hour in range(WEEK)]
    else:
        weights = list(value) * (WEEK // len(value))
    mean = sum(weights) / len(weights)
    weights = [weight / mean for weight in weights]
    if peak_to_mean is not None and max(weights) > 1:
        # Stretched about the mean: 1 + k (w - 1). Only asked for where no weight falls below zero.
        k = (peak_to_mean - 1) / (max(weights) - 1)
        weights = [1 + k * (weight - 1) for weight in weights]
    return weights


def stream(spec):
    """One stream: rates at the mean, its weights, what reads it."""
    record = q(spec.get("record"))
    if "produce" in spec:
        raw = q(spec["produce"])
    elif "records" in spec:
        raw = q(spec["records"]) * record
    else:
        raw = spec["sources"] / q(spec["every"]) * record
    ratio = float(spec.get("compression", 1.0))
    stored = raw / ratio
    readers = spec.get("readers", [])
    tails = [reader for reader in readers if reader.get("kind", "tail") == "tail"]
    replays = [reader for reader in readers if reader.get("kind") == "replay"]
    share = lambda reader: q(reader.get("share", "100 %"))
    tail_groups = [share(reader) * stored for reader in tails]
    return {
        "name": spec["name"], "raw": raw, "stored": stored, "ratio": ratio,
        "weights": shape(spec.get("shape"), spec.get("peak_to_mean")),
        "record": None if record is None else record / ratio,
        "partitions": spec.get("partitions"),
        "keys": spec.get("keys"),
        "retention": q(spec["retention"]),
        "compact": spec.get("cleanup") == "compact",
        "live": q(spec.get("live")) or 0.0,
        "tail_groups": tail_groups,
        "followed": min(1.0, sum(share(reader) for reader in tails)),
        "tail": sum(tail_groups),
        "consumers": max([reader.get("consumers", 1) for reader in readers] or [1]),
        # A replay reads what was produced in its window, as often as it comes, and has so long for it.
        "replays": [{"window": q(r["window"]), "mean": share(r) * stored * q(r["window"]) / q(r["every"]),
                     "running": share(r) * stored * q(r["window"]) / q(r["within"])} for r in replays],
    }


def workload(scenario, compressed=True):
    """All streams; where clients may not compress, every byte goes as it is."""
    streams = [stream(spec if compressed else dict(spec, compression=1.0)) for spec in scenario["streams"]]
    hours = range(WEEK)
    series = lambda key: [sum(s[key] * s["weights"][hour] for s in streams) for hour in hours]
    stored, tail, raw = series("stored"), series("tail"), series("raw")
    return {
        "streams": streams, "stored": stored, "tail": tail,
        "W": sum(s["stored"] for s in streams), "W_peak": max(stored),
        "raw": sum(s["raw"] for s in streams),
        "T": sum(s["tail"] for s in streams), "T_peak": max(tail),
        "replay_mean": sum(r["mean"] for s in streams for r in s["replays"]),
        "replay_running": sum(r["running"] for s in streams for r in s["replays"]),
    }
