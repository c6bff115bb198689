"""What every platform's plan has: flows, requests, demands, a fleet, a bill."""
import math
import catalog


def crossing_of_leaders(zones):
    """(A - 1) / A: leaders spread evenly, clients that do not know their zone. Mechanics A2."""
    return (zones - 1.0) / zones


def zone_loss(zones):
    """A / (A - 1): what the rest carries when a zone is lost; nothing can carry for a single zone."""
    return zones / (zones - 1.0) if zones > 1 else 1.0


def ceil(x):
    """Rounds up, but not for a last bit."""
    return math.ceil(x - 1e-9 * max(1.0, abs(x)))


def cpu(c, out, copies):
    """A3(e) and A4. `copies` is 1 where brokers do not replicate."""
    p, w, m = c.p, c.w, c.machine
    if p["cpu_rule"] == "off":
        return
    we = lambda produced, consumed: produced * copies + (consumed + produced * (copies - 1)) / 4.0
    per = p["cpu_write_per_vcpu"]
    factor = p["cpu_factor"]
    mean = we(w["W"], w["T"] + w["replay_mean"]) / per / p["cpu_utilization_mean"] * factor
    peak = we(w["W_peak"], w["T_peak"] + w["replay_running"]) / per / p["cpu_utilization_peak"] * factor
    a = (w["W"] * p["cpu_seconds_per_mib_in"] + (w["T"] + w["replay_mean"]) * p["cpu_seconds_per_mib_out"]) * factor
    netflix = (a + p["cpu_staffing"] * math.sqrt(a)) * p["cpu_buffer"]
    out.cpu = (mean, peak, netflix)
    out.require("cpu", max(mean, peak) if p["cpu_rule"] == "google" else netflix, m["vcpu"])


class Context:
    """One platform of one scenario."""

    def __init__(self, scenario, settings, preset, work, engine_brokers=None):
        self.scenario, self.p, self.w = scenario, settings, work
        self.architecture, self.pool, self.preset = preset["architecture"], preset["pool"], preset["name"]
        prices = scenario["prices"]
        self.provider = prices["provider"]
        self.prices = catalog.prices(self.provider, prices["region"])
        self.overrides = {o["sku"]: catalog.re.match(r"^\$([0-9.]+)/(.*)$", o["price"]).groups() for o in prices.get("override", [])}
        self.discount = {key: catalog.quantity(value) for key, value in prices.get("discount", {}).items()}
        self.hours = catalog.quantity(scenario["horizon"].get("month", "730 h")) / 3600.0
        self.seconds = self.hours * 3600.0
        table = catalog.machines(self.provider)
        only = [m for (pool, _), m in table.items() if pool == self.pool]
        self.machine = table[(self.pool, settings["broker"])] if settings["broker"] else only[0]
        self.engine_brokers = engine_brokers
        # One copy of each stream, of a compacted one as large as it gets before it is cleaned: A9.
        self.sizes = [(s, s["live"] / (1 - settings["dirty_ratio"]) if s["compact"] else s["stored"] * s["retention"])
                      for s in work["streams"]]
        name = settings.get("disk")
        self.disk = catalog.disks(self.provider).get(name) if name else None
        self.ceil = ceil

    def meter(self, name, only=False):
        """The SKU of a meter: a preset's own, its machines', or the provider's."""
        table = catalog.meters(self.provider)
        own = table.get((name, self.preset)) or table.get((name, self.pool))
        return own or (None if only else table.get((name, "")))

    def has_meter(self, name):
        return self.meter(name, only=True) is not None

    def nic(self):
        return self.p["broker_network"] if self.p["broker_network"] is not None else self.machine["network"]

    def path(self):
        return self.p["broker_disk_throughput"] if self.p["broker_disk_throughput"] is not None else self.machine["block"]

    def per(self, sku):
        return self.prices[sku]["per"] if sku in self.prices else ""

    def fleet(self, out):
        """Brokers: the resource that needs most, rounded up to a multiple of the zones."""
        zones = self.p["zones"]
        need = max(demand / per for demand, per in out.needs.values())
        out.brokers = int(self.p["brokers"]) if self.p["brokers"] is not None else int(ceil(ceil(need) / zones) * zones)
        # What follows is compared at the engine's fleet, so that one difference does not show up everywhere.
        return self.engine_brokers or out.brokers

    def cost(self, sku, amount):
        """(list, contracted) cost of an amount in the SKU's own unit."""
        entry = self.prices[sku]
        listed = catalog.ladder_cost(entry["ladder"], amount)
        if sku in self.overrides:
            own = float(self.overrides[sku][0]) * amount
            return own, own
        return listed, listed * (1 - self.discount.get(entry["group"], 0.0))


class Plan:
    def __init__(self):
        self.flows, self.needs, self.asks, self.lines = {}, {}, {}, {}
        self.used = {}
        self.cpu, self.provisioned, self.brokers = None, 0.0, None
        self.coordinator = None
        self.disk_write = 0.0

    def flow(self, edge, cause, mean, peak, crossing):
        self.flows[(edge, cause)] = (mean, peak, crossing)

    def requests(self, cause, kind, rate):
        self.asks[(cause, kind)] = self.asks.get((cause, kind), 0.0) + rate

    def require(self, resource, demand, per_broker):
        self.needs[resource] = (demand, per_broker)

    def storage(self, logical, on_brokers, remote):
        self.kept = (logical / 1024.0, on_brokers / 1024.0, remote / 1024.0)

    def line(self, c, component, cause, sku, amount):
        """A use of something that is priced. What several lines use of it goes up one ladder."""
        if sku not in c.prices:
            return  # a gap: no price, no line
        before = self.used.get(sku, 0.0)
        self.used[sku] = before + amount
        listed, contracted = (after - at for after, at in zip(c.cost(sku, before + amount), c.cost(sku, before)))
        old = self.lines.get((component, cause, sku), (0.0, 0.0, 0.0))
        self.lines[(component, cause, sku)] = (old[0] + amount, old[1] + listed, old[2] + contracted)

    def machines(self, c, n, free=0.0):
        self.line(c, "brokers", "serve", c.machine["sku"], max(0.0, n - free) * c.hours)
        if c.p["controllers"]:
            role = "coordinator" if c.p["batch_removal_max"] else "controller"  # E1: a database
            name = c.p["controller"]
            table = catalog.machines(c.provider)
            machine = table[("compute", name)] if name else next(m for m in table.values() if m["role"] == role)
            self.line(c, "controllers", "coordinate", machine["sku"], c.p["controllers"] * c.hours)

    def crossings(self, c, causes):
        """Bytes that cross a zone, on both sides: mechanics A2."""
        for cause, rate in causes:
            for side in ("zone-out", "zone-in"):
                sku = c.meter(side)
                if sku:
                    self.line(c, "zone-crossing", cause, sku, rate * c.seconds / 1024.0)

    def fees(self, c):
        """Fees by bytes: of a managed service's meters, and a licence for each GiB ingested."""
        p, w = c.p, c.w
        raw = p["fee_on_uncompressed"]
        ingested = (w["raw"] if raw else w["W"]) * c.seconds / 1024.0
        raw_kept = sum(size * s["ratio"] for s, size in c.sizes) if raw else 1.0
        kept = raw_kept / max(1e-30, sum(size for _, size in c.sizes)) if raw else 1.0
        if c.has_meter("managed-base"):
            self.line(c, "service-fee", "serve", c.meter("managed-base"), c.hours)
        if c.has_meter("managed-ingest"):
            self.line(c, "service-fee", "produce", c.meter("managed-ingest"), ingested)
        if c.has_meter("managed-storage") and c.architecture == "shared-storage":
            self.line(c, "service-fee", "retain", c.meter("managed-storage"), kept * self.kept[2])
        if isinstance(p["licence"], float) and p["licence"] > 0:
            ingested = w["W"] * c.seconds / 1024.0  # a licence counts what is stored
            self.lines[("service-fee", "produce", "licence")] = (ingested, p["licence"] * ingested, p["licence"] * ingested)
