#!/usr/bin/env python3
"""Waiting, held against small discrete-event simulations. See README.md.

Each row is one case: what was simulated with its 95 % confidence interval, what the approximation gives, and the
quotient of the two. `--fixture` prints the rows of the gate: the same seeds, fewer repetitions.
"""
import argparse
import heapq
import json
import math
import random

Z99 = 2.3263478740408408  # The 99th percentile of a standard normal.
STUDENT = {5: 2.776, 8: 2.365, 10: 2.262, 20: 2.093, 40: 2.023}  # 97.5 % at so many repetitions.


def interval(values):
    """Mean of repetitions, and half of its 95 % confidence interval."""
    n = len(values)
    mean = math.fsum(values) / n
    spread = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1))
    return mean, STUDENT[n] * spread / math.sqrt(n)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def lognormal(rng, p50, p99):
    return rng.lognormvariate(math.log(p50), math.log(p99 / p50) / Z99) if p99 > 0 else 0.0


# Batches: an interval after the first request, or as soon as they are full (C3, D, E3).

S3 = {"put": (0.100, 0.195), "get": (0.063, 0.078), "commit": (0.010, 0.020), "rate": 80.0}


def batches(rng, requests, ingress, interval_s, size_mib, count, store=S3):
    """One batching broker: batches a second, and latencies of requests.

    Requests come as a Poisson stream, all of the same size. A timer starts with the first of a batch. Writes of several
    batches do not wait for each other; the coordinator learns of a batch when it is stored.
    """
    each = ingress / requests
    now, waiting, held, written, latencies = 0.0, [], 0.0, 0, []

    def write(at):
        beyond = max(held - 1.0, 0.0) / store["rate"]
        done = at + lognormal(rng, *store["put"]) + beyond + lognormal(rng, *store["commit"])
        latencies.extend(done - came for came in waiting)

    for _ in range(count):
        now += rng.expovariate(requests)
        if waiting and now >= waiting[0] + interval_s:
            write(waiting[0] + interval_s)
            written, waiting, held = written + 1, [], 0.0
        waiting.append(now)
        held += each
        if held >= size_mib:
            write(now)
            written, waiting, held = written + 1, [], 0.0
    return written / now, percentile(latencies, 0.5), percentile(latencies, 0.99)


def batch_formula(requests, ingress, interval_s, size_mib, store=S3):
    rate = max(1 / (interval_s + 1 / requests), ingress / size_mib)
    wait = min(interval_s, size_mib / ingress)
    beyond = max(ingress * wait - 1.0, 0.0) / store["rate"]
    # The first of a batch waits for all of it.
    p50 = min(wait, (wait + 1 / requests) / 2) + store["put"][0] + store["commit"][0] + beyond
    p99 = wait + store["put"][1] + store["commit"][1] + beyond
    return rate, p50, p99


def batch_rows(scale):
    cases = [(r, w) for r in (0.4, 2, 4, 10, 40, 400) for w in (0.01, 0.1)]
    cases += [(r, w) for r in (100, 1000) for w in (8, 16, 24, 28, 32, 36, 40, 64, 128)]
    for index, (requests, ingress) in enumerate(cases):
        repetitions = 10
        count = max(int((2_000 if requests < 20 else 40_000) * scale), 1_000)
        runs = [batches(random.Random(f"batches {index} {one}"), requests, ingress, 0.25, 8.0, count) for one in range(repetitions)]
        formula = batch_formula(requests, ingress, 0.25, 8.0)
        case = {"requests_per_sec": requests, "mib_per_sec": ingress}
        for what, at in (("batches/s", 0), ("produce p50", 1), ("produce p99", 2)):
            yield what, case, interval([run[at] for run in runs]), formula[at]


# Utilization: a 99th percentile grows with (1 - moderate) / (1 - utilization) above moderate load (I, A11).

def waits(rng, utilization, arrivals, service, servers, count):
    """The 99th percentile of waiting and service, in mean service times, first come, first served."""
    gap = 1.0 / (utilization * servers)
    free = [0.0] * servers
    now, stays = 0.0, []
    for index in range(count):
        now += gap * arrivals(rng)
        start = max(now, heapq.heappop(free))
        end = start + service(rng)
        heapq.heappush(free, end)
        if index >= count // 10:
            stays.append(end - now)
    return percentile(stays, 0.99)


def poisson(rng):
    return rng.expovariate(1.0)


def bursty(variation):
    """Hyperexponential gaps with a squared coefficient of variation, balanced means."""
    p = (1 + math.sqrt((variation - 1) / (variation + 1))) / 2
    return lambda rng: rng.expovariate(2 * p) if rng.random() < p else rng.expovariate(2 * (1 - p))


def erlang(rng):
    """Half the variation of an exponential one."""
    return (rng.expovariate(2.0) + rng.expovariate(2.0))


SYSTEMS = {
    "M/M/1": (poisson, poisson, 1),
    "M/E2/1": (poisson, erlang, 1),
    "M/M/8": (poisson, poisson, 8),
    "bursts of 4, E2/1": (bursty(4.0), erlang, 1),
    "bursts of 10, E2/8": (bursty(10.0), erlang, 8),
}


def load_rows(scale):
    for name, (arrivals, service, servers) in SYSTEMS.items():
        count = max(int(120_000 * scale), 10_000)
        at = {}
        for utilization in (0.6, 0.7, 0.8, 0.9, 0.95):
            at[utilization] = [waits(random.Random(f"{name} {utilization} {one}"), utilization, arrivals, service, servers, count) for one in range(10)]
        base = math.fsum(at[0.6]) / 10
        for utilization in (0.7, 0.8, 0.9, 0.95):
            yield "p99 at load", {"system": name, "utilization": utilization}, interval([one / base for one in at[utilization]]), 0.4 / (1 - utilization)


# Catching up: backlog ÷ (capacity − rate) (I).

def catch_up(rng, rate, capacity, outage):
    """Seconds until a group that was away has read everything, second by second, arrivals Poisson."""
    def came():
        return rng.gauss(rate, math.sqrt(rate)) if rate > 200 else poisson_count(rng, rate)
    backlog = math.fsum(came() for _ in range(outage))
    seconds = 0
    while backlog > 0:
        seconds += 1
        backlog += came() - capacity * rate
    return seconds + backlog / (capacity * rate)


def poisson_count(rng, rate):
    limit, count, product = math.exp(-rate), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def catch_up_rows(scale):
    for rate in (1.0, 20.0, 1_000.0):
        for capacity in (1.05, 1.2, 1.5):
            runs = [catch_up(random.Random(f"catch up {rate} {capacity} {one}"), rate, capacity, 1200) for one in range(40)]
            yield "caught up after", {"records_per_sec": rate, "capacity": capacity}, interval(runs), 1200 / (capacity - 1)


# Storms: max(G, N/μ + G/2) until all are back (G2).

def storm(rng, devices, jitter, retry, accepted):
    """Seconds until 99 %, and until the last of the devices are connected. The front end takes so many a second, and up
    to a second's worth at once; whoever is refused comes again after half to one and a half of the retry interval."""
    queue = [(rng.uniform(0.0, jitter), one) for one in range(devices)]
    heapq.heapify(queue)
    most = max(accepted, 1.0)
    tokens, last, back, t99 = most, 0.0, 0, None
    while queue:
        now, one = heapq.heappop(queue)
        tokens, last = min(most, tokens + accepted * (now - last)), now
        if tokens >= 1.0:
            tokens -= 1.0
            back += 1
            if t99 is None and back >= 0.99 * devices:
                t99 = now
        else:
            heapq.heappush(queue, (now + rng.uniform(0.5, 1.5) * retry, one))
    return t99, last


def storm_rows(scale):
    accepted = max(int(40 * scale), 10)
    for jitter, retry, seconds in ((1, 64, 16), (1, 64, 64), (1, 64, 256), (1, 64, 1024), (10, 300, 150), (10, 300, 600), (10, 300, 2400), (60, 32, 64), (60, 32, 512)):
        devices = accepted * seconds
        runs = [storm(random.Random(f"storm {jitter} {retry} {seconds} {one}"), devices, float(jitter), float(retry), float(accepted)) for one in range(5)]
        formula = max(retry, seconds + retry / 2)
        case = {"jitter_s": jitter, "retry_s": retry, "devices": devices, "connections": accepted}
        yield "99 % back after", case, interval([run[0] for run in runs]), formula
        yield "all back after", case, interval([run[1] for run in runs]), formula


# Rows of a coordinator: one for each partition and batch that has a record of it (E1).

def rows(rng, per_interval, count):
    """Rows an interval of one partition at one zone's broker, where records are Poisson."""
    return sum(poisson_count(rng, per_interval) > 0 for _ in range(count)) / count


def row_rows(scale):
    for per_interval in (0.03, 0.1, 0.3, 1.0, 3.0, 10.0):
        runs = [rows(random.Random(f"rows {per_interval} {one}"), per_interval, max(int(20_000 * scale), 2_000)) for one in range(10)]
        yield "coordinator rows", {"records_per_interval_and_zone": per_interval}, interval(runs), min(1.0, per_interval)


ALL = [batch_rows, load_rows, catch_up_rows, storm_rows, row_rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="times the length of every run")
    parser.add_argument("--fixture", action="store_true", help="print rows as JSON, for the gate")
    args = parser.parse_args()
    for part in ALL:
        for what, case, (mean, half), formula in part(args.scale):
            if args.fixture:
                print(json.dumps({"what": what, **case, "simulated": float(f"{mean:.6g}"), "half": float(f"{half:.2g}"), "formula": float(f"{formula:.9g}")}))
            else:
                said = ", ".join(f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}" for key, value in case.items())
                print(f"{what:16} {said:60} {mean:10.4g} ± {half:8.2g}   formula {formula:10.4g}   {formula / mean:6.3f}")


if __name__ == "__main__":
    main()
