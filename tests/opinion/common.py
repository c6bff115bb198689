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
    peak = max(we(w["stored"][h], w["tail"][h] + w["replay_running"]) for h in range(168)) / per / p["cpu_utilization_peak"] * factor
    a = (w["W"] * p["cpu_seconds_per_mib_in"] + (w["T"] + w["replay_mean"]) * p["cpu_seconds_per_mib_out"]) * factor
    netflix = (a + p["cpu_staffing"] * math.sqrt(a)) * p["cpu_buffer"]
    out.cpu = (mean, peak, netflix)
    out.require("cpu", max(mean, peak) if p["cpu_rule"] == "google" else netflix, m["vcpu"])


class Context:
    """One platform of one scenario."""

    def __init__(self, scenario, settings, architecture, pool, work, engine_brokers=None):
        self.scenario, self.p, self.architecture, self.pool, self.w = scenario, settings, architecture, pool, work
        prices = scenario["prices"]
        self.provider = prices["provider"]
        self.prices = catalog.prices(self.provider, prices["region"])
        self.overrides = {o["sku"]: catalog.re.match(r"^\$([0-9.]+)/(.*)$", o["price"]).groups() for o in prices.get("override", [])}
        self.discount = {key: catalog.quantity(value) for key, value in prices.get("discount", {}).items()}
        self.hours = catalog.quantity(scenario["horizon"].get("month", "730 h")) / 3600.0
        self.seconds = self.hours * 3600.0
        self.machine = catalog.machines(self.provider)[(pool, settings["broker"])]
        self.engine_brokers = engine_brokers
        name = settings.get("disk")
        self.disk = catalog.disks(self.provider).get(name) if name else None
        self.ceil = ceil

    def meter(self, name):
        table = catalog.meters(self.provider)
        return table.get((name, self.pool)) or table.get((name, ""))

    def has_meter(self, name):
        return (name, self.pool) in catalog.meters(self.provider)

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
        self.cpu, self.provisioned, self.brokers = None, 0.0, None
        self.coordinator = None

    def flow(self, edge, cause, mean, peak, crossing):
        self.flows[(edge, cause)] = (mean, peak, crossing)

    def requests(self, cause, kind, rate):
        self.asks[(cause, kind)] = self.asks.get((cause, kind), 0.0) + rate

    def require(self, resource, demand, per_broker):
        self.needs[resource] = (demand, per_broker)

    def storage(self, logical, on_brokers, remote):
        self.kept = (logical / 1024.0, on_brokers / 1024.0, remote / 1024.0)

    def line(self, c, component, cause, sku, amount):
        if sku not in c.prices:
            return  # a gap: no price, no line
        listed, contracted = c.cost(sku, amount)
        old = self.lines.get((component, cause, sku), (0.0, 0.0, 0.0))
        self.lines[(component, cause, sku)] = (old[0] + amount, old[1] + listed, old[2] + contracted)

    def machines(self, c, n):
        self.line(c, "brokers", "serve", c.machine["sku"], n * c.hours)
        if c.p["controllers"]:
            role = "coordinator" if c.p.get("leaderless") else "controller"
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
        if c.has_meter("managed-base"):
            self.line(c, "service-fee", "serve", c.meter("managed-base"), c.hours)
        if c.has_meter("managed-ingest"):
            self.line(c, "service-fee", "produce", c.meter("managed-ingest"), ingested)
        if c.has_meter("managed-storage") and c.architecture == "shared-storage":
            self.line(c, "service-fee", "retain", c.meter("managed-storage"), (w["raw_logical"] if raw else w["logical"]) / 1024.0)
        if isinstance(p["licence"], float) and p["licence"] > 0:
            self.lines[("service-fee", "produce", "licence")] = (ingested, p["licence"] * ingested, p["licence"] * ingested)
