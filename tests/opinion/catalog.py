"""Units, and the catalogue's CSV files. Nothing here knows about Kafka.

Bytes are MiB, rates MiB/s, times seconds, shares fractions. Prices are floats: a second opinion is held to a relative
tolerance and not to the cent.
"""
import csv
import functools
import os
import re

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "pricing", "catalog")
MIB = 1024.0 * 1024.0

BYTES = {
    "B": 1.0, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
    "KiB": 1024.0, "MiB": MIB, "GiB": 1024 * MIB, "TiB": 1024 * 1024 * MIB,
}
SECONDS = {
    "ms": 1e-3, "s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0, "hour": 3600.0, "hours": 3600.0, "d": 86400.0,
    "day": 86400.0, "days": 86400.0, "w": 604800.0, "week": 604800.0, "weeks": 604800.0,
    "year": 31536000.0, "years": 31536000.0,
}


def quantity(text):
    """A quantity as a scenario writes it, in this module's units; None for `auto`, a word as it is."""
    if text is None or isinstance(text, (int, float, bool)):
        return text
    text = text.strip()
    if text == "auto":
        return None
    if text in ("true", "false"):
        return text == "true"
    match = re.match(r"^\$\s*([0-9._]+)\s*/\s*(GiB|GB)$", text)
    if match:
        return float(match.group(1)) * (1.0 if match.group(2) == "GiB" else 1.073741824)
    match = re.match(r"^([0-9_.]+(?:[eE][-+]?[0-9]+)?)\s*([A-Za-z%/]*)$", text)
    if not match:
        return text
    number, unit = float(match.group(1).replace("_", "")), match.group(2)
    if unit == "":
        return number
    if unit == "%":
        return number / 100.0
    if unit == "/s":
        return number
    if unit.endswith("bps") and unit[0] in "KMG":
        return number * {"K": 1e3, "M": 1e6, "G": 1e9}[unit[0]] / 8.0 / MIB
    if unit.endswith("/s") and unit[:-2] in BYTES:
        return number * BYTES[unit[:-2]] / MIB
    if unit in BYTES:
        return number * BYTES[unit] / MIB
    if unit in SECONDS:
        return number * SECONDS[unit]
    return text


def rows(*path):
    with open(os.path.join(ROOT, *path), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@functools.lru_cache(None)
def machines(provider):
    """(pool, machine) to its row, with quantities read; vendors' machines are there for every provider."""
    found = {}
    for row in rows(provider, "machines.csv") + rows("vendor-machines.csv"):
        read = {key: quantity(value) if value else None for key, value in row.items()
                if key not in ("pool", "machine", "sku", "role", "source", "local_kind")}
        read.update(pool=row["pool"], machine=row["machine"], sku=row["sku"], role=row["role"])
        found[(row["pool"], row["machine"])] = read
    return found


@functools.lru_cache(None)
def disks(provider):
    """Disk by name and by role."""
    found = {}
    for row in rows(provider, "disks.csv"):
        read = {key: quantity(value) if value else None for key, value in row.items()
                if key not in ("disk", "role", "capacity_sku", "iops_sku", "throughput_sku", "source", "notes")}
        read.update(name=row["disk"], capacity_sku=row["capacity_sku"], iops_sku=row["iops_sku"],
                    throughput_sku=row["throughput_sku"])
        found[row["disk"]] = read
        if row["role"]:
            found[row["role"]] = read
    return found


@functools.lru_cache(None)
def meters(provider):
    """(meter, pool) to SKU; pool is empty where it serves all."""
    return {(row["meter"], row["pool"]): row["sku"]
            for row in rows(provider, "meters.csv") + rows("vendor-meters.csv")}


@functools.lru_cache(None)
def prices(provider, region):
    """SKU to its on-demand ladder: [(from, price)], what it is for one of, and its discount group."""
    found = {}
    for row in rows(provider, region + ".csv") + rows("vendors.csv"):
        if row["commitment"] != "on_demand" or row["currency"] != "USD":
            continue
        if row.get("valid_to"):
            continue
        entry = found.setdefault(row["sku"], {"ladder": [], "per": row["per"], "group": row["group"]})
        # Of a price that is published as a range a plan counts the upper end, and says the lower beside it.
        price = row.get("price_max") or row["price"]
        entry["ladder"].append((float(row["tier_from"]), float(price)))
    for entry in found.values():
        entry["ladder"].sort()
    return found


def ladder_cost(ladder, amount):
    """What an amount costs: each step prices only what lies in it."""
    total = 0.0
    for at, (start, price) in enumerate(ladder):
        end = ladder[at + 1][0] if at + 1 < len(ladder) else float("inf")
        total += max(0.0, min(amount, end) - start) * price
    return total
