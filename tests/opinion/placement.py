#!/usr/bin/env python3
"""Placement and skew, held against random placements. See README.md.

Each row is one case: the mean of random placements with its 95 % confidence interval, what the factor gives, and the
quotient of the two. `--fixture` prints the rows of the gate: the same seeds, fewer repetitions.
"""
import argparse
import itertools
import json
import math
import random

from queues import interval


# Keys that hash to partitions: the hottest partition over the mean (G4).

def shares(keys, skew):
    terms = [k ** -skew for k in range(1, keys + 1)]
    total = math.fsum(terms)
    return [term / total for term in terms]


def hottest(rng, weights, partitions):
    load = [0.0] * partitions
    for place, weight in zip(rng.choices(range(partitions), k=len(weights)), weights):
        load[place] += weight
    return max(load) * partitions


def hot_formula(keys, skew, partitions):
    uniform = 1 + math.sqrt(2 * partitions * math.log(partitions) / keys)
    top = 1 + partitions * shares(keys, skew)[0] if skew > 0 else 1.0
    return min(max(uniform, top), partitions)


def hot_rows(scale):
    for keys in (100, 1_000, 10_000, 100_000):
        for skew in (0.0, 0.3, 0.6, 0.8, 0.99, 1.2):
            weights = shares(keys, skew)
            repetitions = 20 if scale < 1 or keys > 10_000 else 40
            for partitions in (6, 30, 300, 1000):
                runs = [hottest(random.Random(f"hot {keys} {skew} {partitions} {one}"), weights, partitions) for one in range(repetitions)]
                yield "hottest partition", {"keys": keys, "skew": skew, "partitions": partitions}, interval(runs), hot_formula(keys, skew, partitions)


# Leaders on brokers: the busiest broker over the mean, of partitions that are equally busy. The engine takes one (A3, A5).

def busiest_dealt(partitions, brokers):
    """As Kafka deals them out when topics are made: one after the other."""
    return math.ceil(partitions / brokers) * brokers / partitions


def busiest_drawn(rng, partitions, brokers, copies):
    """Replicas are dealt out, and leaders are whichever of them: as after failures, where nobody prefers the first."""
    load = [0] * brokers
    for partition in range(partitions):
        replicas = [(partition + copy) % brokers for copy in range(copies)]
        load[rng.choice(replicas)] += 1
    return max(load) * brokers / partitions


def busiest_keyed(rng, weights, partitions, brokers):
    """Leaders dealt out, keys hashed."""
    load = [0.0] * partitions
    for place, weight in zip(rng.choices(range(partitions), k=len(weights)), weights):
        load[place] += weight
    return max(math.fsum(load[broker::brokers]) for broker in range(brokers)) * brokers


def broker_rows(scale):
    repetitions = 20 if scale < 1 else 40
    for brokers, partitions in ((6, 30), (6, 300), (9, 10), (21, 30), (21, 300), (21, 3000), (60, 300)):
        case = {"brokers": brokers, "partitions": partitions}
        dealt = busiest_dealt(partitions, brokers)
        yield "busiest broker, leaders dealt", case, (dealt, 0.0), 1.0
        runs = [busiest_drawn(random.Random(f"drawn {brokers} {partitions} {one}"), partitions, brokers, 3) for one in range(repetitions)]
        yield "busiest broker, leaders drawn", case, interval(runs), 1.0
    for keys, skew in ((10_000, 0.6), (10_000, 0.99), (100_000, 0.99)):
        weights = shares(keys, skew)
        for brokers, partitions in ((6, 30), (6, 300), (21, 300)):
            runs = [busiest_keyed(random.Random(f"keyed {keys} {skew} {brokers} {partitions} {one}"), weights, partitions, brokers) for one in range(20)]
            yield "busiest broker, keys hashed", {"keys": keys, "skew": skew, "brokers": brokers, "partitions": partitions}, interval(runs), 1.0


# Zones: who crosses (A2). Replicas cover as many zones as there are, clients stand anywhere.

def crossings(rng, copies, zones, partitions):
    """Copies of a byte that cross, producers that do, and consumers that find no replica near."""
    replication = producers = consumers = 0
    for _ in range(partitions):
        places = []
        while len(places) < copies:
            places += rng.sample(range(zones), zones)
        places = places[:copies]
        leader = places[0]
        replication += sum(place != leader for place in places[1:])
        producers += rng.randrange(zones) != leader
        consumers += rng.randrange(zones) not in places
    return replication / partitions, producers / partitions, consumers / partitions


def elected(rng, copies, zones, partitions):
    """Copies that cross where any replica may lead."""
    crossed = 0
    for _ in range(partitions):
        places = []
        while len(places) < copies:
            places += rng.sample(range(zones), zones)
        places = places[:copies]
        leader = rng.randrange(copies)
        crossed += sum(places[one] != places[leader] for one in range(copies) if one != leader)
    return crossed / partitions


def zone_rows(scale):
    count = max(int(30_000 * scale), 3_000)
    for copies, zones in ((3, 3), (2, 3), (3, 2), (4, 3), (5, 3), (3, 6), (2, 2), (1, 3)):
        runs = [crossings(random.Random(f"zones {copies} {zones} {one}"), copies, zones, count) for one in range(10)]
        case = {"copies": copies, "zones": zones}
        yield "copies that cross", case, interval([run[0] for run in runs]), copies - max(1.0, copies / zones)
        yield "producers that cross", case, interval([run[1] for run in runs]), (zones - 1) / zones
        yield "followers that cross", case, interval([run[2] for run in runs]), 1 - min(copies, zones) / zones
        runs = [elected(random.Random(f"elected {copies} {zones} {one}"), copies, zones, count) for one in range(10)]
        yield "copies that cross, any leads", case, interval(runs), copies - max(1.0, copies / zones)


# Brokers that are away: partitions with so many replicas on them. The engine draws replicas without regard to zones.

def lost(rng, brokers, zones, copies, away, least, partitions):
    gone = set(rng.sample(range(brokers), away))
    hit = 0
    for _ in range(partitions):
        order = rng.sample(range(zones), zones)
        replicas = set()
        for copy in range(copies):
            zone = order[copy % zones]
            while True:
                broker = zone + zones * rng.randrange(brokers // zones)
                if broker not in replicas:
                    replicas.add(broker)
                    break
        hit += len(replicas & gone) >= least
    return hit / partitions


def lost_formula(brokers, copies, away, least):
    ways = math.comb(brokers, copies)
    return sum(math.comb(away, n) * math.comb(brokers - away, copies - n) for n in range(least, copies + 1)) / ways


def lost_rows(scale):
    count = max(int(400 * scale), 100)
    for brokers, away, least in ((9, 2, 2), (9, 3, 2), (21, 2, 2), (21, 4, 2), (21, 6, 3)):
        runs = [math.fsum(lost(random.Random(f"lost {brokers} {away} {least} {one} {draw}"), brokers, 3, 3, away, least, 60) for draw in range(count)) / count for one in range(10)]
        yield "partitions short of replicas", {"brokers": brokers, "away": away, "replicas_lost": least}, interval(runs), lost_formula(brokers, 3, away, least)


# Batches of each core: cores that have something to write (E2, E3). The engine takes all of them, and no more
# than there are partitions.

def busy_cores(rng, partitions, cores):
    return len({rng.randrange(cores) for _ in range(partitions)}) / cores


def core_rows(scale):
    for partitions, cores in ((6, 48), (30, 48), (60, 48), (150, 48), (300, 48), (30, 12)):
        runs = [busy_cores(random.Random(f"cores {partitions} {cores} {one}"), partitions, cores) for one in range(40)]
        yield "cores that write", {"partitions": partitions, "cores": cores}, interval(runs), min(1.0, partitions / cores)


# What the engine says by a name that its tests can ask for.
GATE = ["hottest partition", "copies that cross", "producers that cross", "followers that cross"]

ALL = [hot_rows, broker_rows, zone_rows, lost_rows, core_rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="times the length of every run")
    parser.add_argument("--fixture", action="store_true", help="print rows as JSON, for the gate")
    args = parser.parse_args()
    for what, case, (mean, half), formula in itertools.chain.from_iterable(part(args.scale) for part in ALL):
        if args.fixture and what in GATE:
            print(json.dumps({"what": what, **case, "simulated": float(f"{mean:.6g}"), "half": float(f"{half:.2g}"), "formula": float(f"{formula:.9g}")}))
        elif not args.fixture:
            said = ", ".join(f"{key} {value}" for key, value in case.items())
            print(f"{what:30} {said:56} {mean:10.4g} ± {half:8.2g}   formula {formula:10.4g}   {formula / mean if mean else 1:6.3f}")


if __name__ == "__main__":
    main()
