//! Plans of parts as one plan: amounts add up, and where only one can be told it is the worst.

use crate::bill::{Absent, Bill, Gap, Part};
use crate::coordinator::Coordinator;
use crate::design::Design;
use crate::flows::{Flow, Flows};
use crate::horizon::Outlook;
use crate::latency::Latency;
use crate::load::{Load, StreamLoad};
use crate::map::Map;
use crate::order;
use crate::plan::{Billed, Course, Plan, Recovery};
use crate::simulate::{Incident, Migration, MonthTotals, Sample, Simulation, StreamTotals};
use crate::sizing::{CpuBand, Fleet};
use crate::storage::Storage;
use crate::units::{ByteRate, Frequency};

/// A plan whose every line says which part it is of.
pub(crate) fn labelled(mut plan: Plan, part: &Part) -> Plan {
    let bills = plan.months.iter_mut().map(|billed| &mut billed.bill);
    for bill in bills.chain([&mut plan.bill]) {
        for line in &mut bill.lines {
            line.part = part.clone();
        }
    }
    for contract in &mut plan.contracts {
        contract.part = part.clone();
        if !part.is_whole() {
            contract.id = format!("{} ({})", contract.id, part.name());
        }
    }
    plan.part = part.clone();
    plan
}

/// The plan of a platform that stands in parts; that of the only part where there is one, and none of none.
pub(crate) fn join(design: &Design, mut parts: Vec<Plan>) -> Option<Plan> {
    let last = parts.pop()?;
    if parts.is_empty() {
        return Some(Plan { design: design.clone(), ..last });
    }
    parts.push(last);
    let worst = &parts[0];
    let sum = |of: fn(&Plan) -> f64| parts.iter().map(of).sum::<f64>();
    let months: Vec<Billed> = (0..worst.months.len()).map(|index| month(&parts, index)).collect();
    let mut plan = Plan {
        design: design.clone(),
        part: Part::default(),
        provider: names(parts.iter().map(|plan| &*plan.provider)),
        region: names(parts.iter().map(|plan| &*plan.region)),
        load: load(&parts),
        flows: flows(&parts),
        storage: parts.iter().map(|plan| plan.storage).fold(Storage::default(), |sum, one| {
            Storage {
                logical: sum.logical + one.logical,
                on_brokers: sum.on_brokers + one.on_brokers,
                provisioned: sum.provisioned + one.provisioned,
                remote: sum.remote + one.remote,
            }
        }),
        machine: names(parts.iter().map(|plan| &*plan.machine)),
        fleet: Fleet {
            brokers: parts.iter().map(|plan| plan.fleet.brokers).sum(),
            // Each fleet has its own; see `Plan::tightest`.
            requirements: Vec::new(),
            bottleneck: worst.fleet.bottleneck,
            short: parts.iter().any(|plan| plan.fleet.short),
        },
        cpu: CpuBand {
            google_mean: sum(|plan| plan.cpu.google_mean),
            google_peak: sum(|plan| plan.cpu.google_peak),
            netflix: sum(|plan| plan.cpu.netflix),
        },
        vcpu: sum(|plan| plan.vcpu),
        requests: requests(&parts),
        latency: latency(&parts),
        recovery: parts.iter().map(|plan| plan.recovery).fold(worst.recovery, slower),
        page_cache: parts
            .iter()
            .filter_map(|plan| plan.page_cache)
            .reduce(crate::units::Hours::min),
        coordinator: coordinator(&parts),
        capacity_units: parts.iter().filter_map(|plan| plan.capacity_units).reduce(|a, b| a + b),
        candidates: Vec::new(),
        warnings: warnings(&parts),
        month: worst.month,
        bill: bill(&parts, |plan| Some(&plan.bill)),
        basis: None,
        months,
        contracts: parts.iter().flat_map(|plan| plan.contracts.iter().cloned()).collect(),
        course: course(parts.iter()),
        simulation: simulation(&parts),
        parts,
    };
    let (bottleneck, month) = (plan.tightest().fleet.bottleneck, plan.tightest().month);
    plan.fleet.bottleneck = bottleneck;
    plan.month = month;
    Some(plan)
}

/// Each name once, in the order of the parts.
pub(super) fn names<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let mut list: Vec<&str> = Vec::new();
    for name in all {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    list.join(" + ")
}

fn month(parts: &[Plan], index: usize) -> Billed {
    let of = |plan: &'_ Plan| plan.months.get(index).map_or(0.0, |billed| billed.brokers);
    Billed {
        month: parts[0].months[index].month,
        brokers: parts.iter().map(of).sum(),
        bill: bill(parts, |plan| plan.months.get(index).map(|billed| &billed.bill)),
        used: None,
    }
}

/// Bills of parts as one; what is missing from some of them says from which.
fn bill<'a>(parts: &'a [Plan], of: impl Fn(&'a Plan) -> Option<&'a Bill>) -> Bill {
    let bills: Vec<(&Part, &Bill)> =
        parts.iter().filter_map(|plan| Some((&plan.part, of(plan)?))).collect();
    let mut sum = Bill::total(bills.iter().map(|(_, bill)| *bill));
    // What one part has, the platform has; where none has it, the first says why.
    sum.absent = bills.first().map(|(_, first)| first.absent.clone()).unwrap_or_default();
    sum.absent.retain(|absent| {
        let same = |other: &Absent| other.component == absent.component;
        bills.iter().all(|(_, bill)| bill.absent.iter().any(same))
    });
    sum.gaps = Vec::new();
    for (part, bill) in &bills {
        for gap in &bill.gaps {
            let everywhere = bills.iter().all(|(_, other)| other.gaps.contains(gap));
            let what = format!("{} ({})", gap.what, part.name());
            let gap = if everywhere { gap.clone() } else { Gap { what, ..gap.clone() } };
            if !sum.gaps.contains(&gap) {
                sum.gaps.push(gap);
            }
        }
    }
    sum
}

fn load(parts: &[Plan]) -> Load {
    let loads = || parts.iter().map(|plan| &plan.load);
    let rate = |of: fn(&Load) -> ByteRate| loads().map(of).sum::<ByteRate>();
    let streams: Vec<StreamLoad> = loads().flat_map(|load| load.streams.iter().cloned()).collect();
    Load {
        streams,
        produce: rate(|load| load.produce),
        produce_peak: rate(|load| load.produce_peak),
        produce_raw: rate(|load| load.produce_raw),
        tail: rate(|load| load.tail),
        tail_peak: rate(|load| load.tail_peak),
        replay: rate(|load| load.replay),
        replay_peak: rate(|load| load.replay_peak),
        partitions: loads().map(|load| load.partitions).sum(),
        records: loads().map(|load| load.records).sum::<Option<Frequency>>(),
        links: loads().flat_map(|load| load.links.iter().cloned()).collect(),
    }
    .by_name()
}

fn flows(parts: &[Plan]) -> Flows {
    let mut sum: Vec<Flow> = Vec::new();
    for flow in parts.iter().flat_map(|plan| &plan.flows.flows) {
        let same = |known: &&mut Flow| known.edge == flow.edge && known.cause == flow.cause;
        match sum.iter_mut().find(same) {
            Some(known) => {
                let crossing = known.mean * known.crossing + flow.mean * flow.crossing;
                known.mean += flow.mean;
                known.peak += flow.peak;
                let moved = known.mean > ByteRate::ZERO;
                known.crossing = if moved { crossing / known.mean } else { known.crossing };
            }
            None => sum.push(*flow),
        }
    }
    Flows { flows: sum }
}

fn requests(parts: &[Plan]) -> Vec<crate::costs::RequestRate> {
    let mut sum: Vec<crate::costs::RequestRate> = Vec::new();
    for request in parts.iter().flat_map(|plan| &plan.requests) {
        let same = |known: &&mut crate::costs::RequestRate| {
            known.cause == request.cause && known.class == request.class
        };
        match sum.iter_mut().find(same) {
            Some(known) => {
                let both = known.per_sec.per_sec() + request.per_sec.per_sec();
                known.per_sec = Frequency::new(both);
            }
            None => sum.push(*request),
        }
    }
    sum
}

/// The longest times to an answer; nobody can tell them where a part publishes nothing.
fn latency(parts: &[Plan]) -> Option<Latency> {
    let known: Option<Vec<Latency>> = parts.iter().map(|plan| plan.latency).collect();
    known?
        .into_iter()
        .reduce(|one, other| Latency { p50: one.p50.max(other.p50), p99: one.p99.max(other.p99) })
}

/// Rows of all coordinators; the fastest partition is that of its part.
fn coordinator(parts: &[Plan]) -> Option<Coordinator> {
    parts.iter().filter_map(|plan| plan.coordinator).reduce(|one, other| Coordinator {
        written: one.written + other.written,
        rows_kept: one.rows_kept + other.rows_kept,
        fastest: if other.fastest > one.fastest { other.fastest } else { one.fastest },
    })
}

/// The worse of two: what is lost, then what never comes back, then what nobody says, then what takes longer.
fn slower(one: Recovery, other: Recovery) -> Recovery {
    let rank = |recovery: &Recovery| match recovery.course {
        Course::DataLost => 4,
        Course::NoOtherBroker => 3,
        Course::NoSpareThroughput => 2,
        Course::NotPublished => 1,
        Course::Rebuild | Course::TakeOver => 0,
    };
    let time = |recovery: &Recovery| recovery.time.map_or(0.0, |time| time.as_hours());
    let worse = rank(&one).cmp(&rank(&other)).then(time(&one).total_cmp(&time(&other)));
    if worse.is_lt() { other } else { one }
}

/// What a careful reader should know, once where it is said of every part.
fn warnings(parts: &[Plan]) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for plan in parts {
        for warning in &plan.warnings {
            let everywhere = parts.iter().all(|other| other.warnings.contains(warning));
            let warning = match everywhere {
                true => warning.clone(),
                false => format!("{}: {warning}", plan.part.name()),
            };
            if !list.contains(&warning) {
                list.push(warning);
            }
        }
    }
    list
}

/// A migration goes on until its last part is there.
pub(crate) fn course<'a>(parts: impl Iterator<Item = &'a Plan>) -> Option<Migration> {
    parts.filter_map(|plan| plan.course.clone()).reduce(|one, other| Migration {
        start: one.start.min(other.start),
        mirrored: one.mirrored.max(other.mirrored),
        cut_over: one.cut_over.max(other.cut_over),
        roll_back: one.roll_back.zip(other.roll_back).map(|(one, other)| one.max(other)),
        copied_back: one.copied_back.zip(other.copied_back).map(|(one, other)| one.max(other)),
        until: one.until.max(other.until),
        histories: one.histories.into_iter().chain(other.histories).collect(),
        back: one.back + other.back,
    })
}

/// Something and the part that it is of.
fn of_part(what: &str, part: &Part) -> String {
    match what {
        "" => part.name(),
        what => format!("{what}, {}", part.name()),
    }
}

fn simulation(parts: &[Plan]) -> Option<Simulation> {
    let runs: Vec<(&Plan, &Simulation)> =
        parts.iter().map(|plan| Some((plan, plan.simulation.as_ref()?))).collect::<Option<_>>()?;
    let found = runs.iter().map(|(plan, run)| (&plan.part, run.incidents.clone()));
    let incidents = incidents(found);
    let outcomes = runs.iter().flat_map(|(plan, run)| {
        run.outcomes.iter().cloned().map(|mut outcome| {
            outcome.name = of_part(&outcome.name, &plan.part);
            outcome
        })
    });
    let all: Vec<&[Sample]> = runs.iter().map(|(_, run)| &*run.samples).collect();
    let peaks = runs.iter().map(|(_, run)| run.peaks).reduce(|one, other| beside(&one, &other));
    Some(Simulation {
        samples: samples(&all),
        months: (0..runs[0].1.months.len()).map(|index| totals(&runs, index)).collect(),
        incidents,
        outcomes: outcomes.collect(),
        peaks: peaks.unwrap_or_default(),
        available: runs.iter().map(|(_, run)| run.available).fold(1.0, f64::min),
        before: runs.iter().map(|(_, run)| run.before).sum(),
        steps: runs.iter().map(|(_, run)| run.steps).sum(),
    })
}

/// What did not hold in any part, in the order of time.
fn incidents<'a>(found: impl Iterator<Item = (&'a Part, Vec<Incident>)>) -> Vec<Incident> {
    let mut incidents: Vec<Incident> = Vec::new();
    for (part, list) in found {
        incidents.extend(
            list.into_iter()
                .map(|incident| Incident { subject: of_part(&incident.subject, part), ..incident }),
        );
    }
    order::sort_by(&mut incidents, |one, other| {
        let times = one.from.as_hours().total_cmp(&other.from.as_hours());
        times.then_with(|| (one.matter, &one.subject).cmp(&(other.matter, &other.subject)))
    });
    incidents
}

/// Outlooks of parts as one; that of the only part where there is one, and none of none.
pub(super) fn outlooks(mut parts: Vec<(Part, Outlook)>) -> Option<Outlook> {
    let (first, last) = (parts.first()?.1.months.clone(), parts.pop()?);
    if parts.is_empty() {
        return Some(last.1);
    }
    parts.push(last);
    let mut months = first;
    for (_, outlook) in &parts[1..] {
        for (sum, one) in months.iter_mut().zip(&outlook.months) {
            sum.brokers += one.brokers;
            sum.cost += one.cost;
            for (sum, one) in sum.components.iter_mut().zip(one.components) {
                *sum += one;
            }
        }
    }
    Some(Outlook {
        machine: names(parts.iter().map(|(_, outlook)| &*outlook.machine)),
        months,
        brokers: parts.iter().map(|(_, outlook)| outlook.brokers).sum(),
        is_complete: parts.iter().all(|(_, outlook)| outlook.is_complete),
        short: parts.iter().any(|(_, outlook)| outlook.short),
        available: parts.iter().map(|(_, outlook)| outlook.available).fold(1.0, f64::min),
        incidents: incidents(parts.iter().map(|(part, one)| (part, one.incidents.clone()))),
    })
}

/// What a month came to; streams of one name add up, in the order of their first part.
fn totals(runs: &[(&Plan, &Simulation)], index: usize) -> MonthTotals {
    let months = || runs.iter().map(|(_, run)| &run.months[index]);
    let sum = |of: fn(&MonthTotals) -> f64| months().map(of).sum::<f64>();
    let mut order: Map<&str, usize> = Map::new();
    let mut streams: Vec<StreamTotals> = Vec::new();
    for (plan, run) in runs {
        for (load, totals) in plan.load.streams.iter().zip(&run.months[index].streams) {
            let at = *order.or_insert_with(&load.name, || streams.len());
            match streams.get_mut(at) {
                Some(known) => known.add(totals),
                None => streams.push(*totals),
            }
        }
    }
    let hours = runs[0].1.months[index].month.length.as_hours();
    MonthTotals {
        month: runs[0].1.months[index].month,
        streams,
        broker_hours: sum(|month| month.broker_hours),
        alive_hours: sum(|month| month.alive_hours).min(hours),
        local: sum(|month| month.local),
        local_peak: sum(|month| month.local_peak),
        remote: sum(|month| month.remote),
        rebuilt: sum(|month| month.rebuilt),
        moved: sum(|month| month.moved),
        requests: Vec::new(),
    }
}

/// Breakpoints of all parts together.
fn samples(parts: &[&[Sample]]) -> Vec<Sample> {
    let mut moments: Vec<f64> =
        parts.iter().flat_map(|samples| samples.iter().map(|sample| sample.to)).collect();
    order::sort_by(&mut moments, f64::total_cmp);
    moments.dedup();
    let mut next = vec![0; parts.len()];
    let mut list = Vec::with_capacity(moments.len());
    let mut from = 0.0;
    for to in moments {
        let mut sum: Option<Sample> = None;
        for (samples, next) in parts.iter().zip(&mut next) {
            let Some(sample) = samples.get(*next) else { continue };
            let before = next.checked_sub(1).map(|before| &samples[before]);
            let here = if sample.to > to { sample.ended(before, to) } else { *sample };
            sum = Some(sum.map_or(here, |sum| beside(&sum, &here)));
            *next += usize::from(sample.to <= to);
        }
        list.extend(sum.map(|sum| Sample { from, to, ..sum }));
        from = to;
    }
    list
}

/// Two parts side by side: rates and levels add up, utilizations and times are those of the worse one.
fn beside(one: &Sample, other: &Sample) -> Sample {
    let busier = if other.busiest > one.busiest { other } else { one };
    let needier = if other.needed > one.needed { other } else { one };
    Sample {
        from: one.from.min(other.from),
        to: one.to.max(other.to),
        offered: one.offered + other.offered,
        produce: one.produce + other.produce,
        tail: one.tail + other.tail,
        behind: one.behind + other.behind,
        replay: one.replay + other.replay,
        copy: one.copy + other.copy,
        network: one.network.max(other.network),
        disk: one.disk.max(other.disk),
        cpu: one.cpu.max(other.cpu),
        busiest: busier.busiest,
        bottleneck: busier.bottleneck,
        needed: needier.needed,
        needed_of: needier.needed_of,
        edge: one.edge + other.edge,
        refused: one.refused + other.refused,
        backlog: one.backlog + other.backlog,
        lag: one.lag.max(other.lag),
        local: one.local + other.local,
        remote: one.remote + other.remote,
        pending: one.pending + other.pending,
        kept: one.kept + other.kept,
        accepted: one.accepted + other.accepted,
        expired: one.expired + other.expired,
        serving: one.serving + other.serving,
        paid: one.paid + other.paid,
        latency: one.latency.max(other.latency),
        wait: one.wait.max(other.wait),
        freshness: one.freshness.max(other.freshness),
        fill: one.fill.max(other.fill),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bill::Cause;
    use crate::costs::{RequestClass, RequestRate};
    use crate::flows::Edge;
    use crate::ledger::tests::hours;
    use crate::plan::tests::plan;
    use crate::sizing::Resource;

    fn part(region: &str) -> Part {
        Part { region: Some(region.to_owned()), on: None }
    }

    #[test]
    fn everything_of_a_part_says_so() {
        let mut whole = plan();
        whole.bill.lines = vec![hours(1), hours(2)];
        whole.months[0].bill.lines = vec![hours(3)];
        let parts = |plan: &Plan| -> Vec<Part> {
            let months = plan.months.iter().flat_map(|billed| &billed.bill.lines);
            plan.bill.lines.iter().chain(months).map(|line| line.part.clone()).collect()
        };
        let labelled = labelled(whole, &part("eu"));
        assert_eq!(labelled.part, part("eu"));
        assert_eq!(parts(&labelled), vec![part("eu"); 3]);
    }

    #[test]
    fn contracts_of_parts_have_identifiers_of_their_own() {
        let bought = || {
            let mut plan = plan();
            plan.contracts = vec![crate::ledger::tests::contract("0", 1)];
            plan
        };
        let id = |part: &Part| labelled(bought(), part).contracts[0].id.clone();
        assert_eq!(id(&Part::default()), "base");
        assert_eq!(id(&part("eu")), "base (eu)");
    }

    fn flow(edge: Edge, cause: Cause, mib_per_sec: f64, crossing: f64) -> Flow {
        let mean = ByteRate::from_mib_per_sec(mib_per_sec);
        Flow { edge, cause, mean, peak: mean * 2.0, crossing }
    }

    fn flowing(flows: &[Flow]) -> Plan {
        Plan { flows: Flows { flows: flows.to_vec() }, ..plan() }
    }

    /// 30 MiB/s of which a third crosses and 10 MiB/s of which all does: half of 40.
    #[test]
    fn flows_add_up_and_so_does_what_crosses() {
        let (edge, cause) = (Edge::ClientToBroker, Cause::Produce);
        let first = [flow(edge, cause, 30.0, 1.0 / 3.0), flow(edge, Cause::Link, 5.0, 0.2)];
        let second = [flow(edge, cause, 10.0, 1.0), flow(Edge::BrokerToDisk, cause, 7.0, 0.0)];
        let sum = flows(&[flowing(&first), flowing(&second)]).flows;
        let told: Vec<(Edge, Cause, [f64; 3])> = sum
            .iter()
            .map(|one| {
                let figures = [one.mean.as_mib_per_sec(), one.peak.as_mib_per_sec(), one.crossing];
                (one.edge, one.cause, figures.map(|figure| (figure * 1e9).round() / 1e9))
            })
            .collect();
        let expected = [
            (edge, cause, [40.0, 80.0, 0.5]),
            (edge, Cause::Link, [5.0, 10.0, 0.2]),
            (Edge::BrokerToDisk, cause, [7.0, 14.0, 0.0]),
        ];
        assert_eq!(told, expected);
        // What does not flow keeps its share.
        let still = flowing(&[flow(edge, cause, 0.0, 0.25)]);
        assert_eq!(flows(&[still.clone(), still]).flows[0].crossing, 0.25);
    }

    #[test]
    fn requests_of_one_cause_and_class_add_up() {
        let request =
            |cause, class, per_sec| RequestRate { cause, class, per_sec: Frequency::new(per_sec) };
        let (put, get) = (RequestClass::Put, RequestClass::Get);
        let asking = |requests: &[RequestRate]| Plan { requests: requests.to_vec(), ..plan() };
        let first = asking(&[request(Cause::Upload, put, 3.0), request(Cause::Merge, put, 5.0)]);
        let second = asking(&[request(Cause::Upload, get, 7.0), request(Cause::Upload, put, 11.0)]);
        let sum = requests(&[first, second]);
        let told: Vec<_> =
            sum.iter().map(|one| (one.cause, one.class, one.per_sec.per_sec())).collect();
        let expected =
            [(Cause::Upload, put, 14.0), (Cause::Merge, put, 5.0), (Cause::Upload, get, 7.0)];
        assert_eq!(told, expected);
    }

    #[test]
    fn rows_add_up_and_the_fastest_partition_is_one_of_them() {
        let rows = |written, rows_kept, fastest| {
            let (written, fastest) = (Frequency::new(written), Frequency::new(fastest));
            Plan { coordinator: Some(Coordinator { written, rows_kept, fastest }), ..plan() }
        };
        let none = || Plan { coordinator: None, ..plan() };
        let told = |parts: &[Plan]| {
            let sum = coordinator(parts)?;
            Some((sum.written.per_sec(), sum.rows_kept, sum.fastest.per_sec()))
        };
        let (slow, fast) = (rows(10.0, 100.0, 3.0), rows(20.0, 50.0, 7.0));
        assert_eq!(told(&[slow.clone(), fast.clone()]), Some((30.0, 150.0, 7.0)));
        assert_eq!(told(&[fast.clone(), none(), slow]), Some((30.0, 150.0, 7.0)));
        assert_eq!(told(&[none(), fast]), Some((20.0, 50.0, 7.0)));
        assert_eq!(told(&[none()]), None);
    }

    #[test]
    fn a_warning_is_said_once_and_of_whom() {
        let warned = |region: &str, warnings: &[&str]| {
            let warnings = warnings.iter().map(ToString::to_string).collect();
            Plan { part: part(region), warnings, ..plan() }
        };
        let parts = [warned("eu", &["small", "young", "small"]), warned("us", &["young", "late"])];
        assert_eq!(warnings(&parts), ["eu: small", "young", "us: late"]);
    }

    /// A stretch until an hour, at so many of everything.
    fn sample(from: f64, to: f64, all: f64) -> Sample {
        Sample {
            from,
            to,
            offered: all,
            produce: all,
            tail: all,
            behind: all,
            replay: all,
            copy: all,
            network: all,
            disk: all,
            cpu: all,
            busiest: all,
            bottleneck: Some(Resource::Network),
            needed: all,
            needed_of: Some(Resource::Network),
            edge: all,
            refused: all,
            backlog: all,
            lag: all,
            local: all,
            remote: all,
            pending: all,
            kept: all,
            accepted: all,
            expired: all,
            serving: all,
            paid: all,
            latency: all,
            wait: all,
            freshness: all,
            fill: all,
        }
    }

    /// Rates and levels of a sample, then utilizations and times.
    fn figures(one: &Sample) -> ([f64; 18], [f64; 10]) {
        let sums = [
            one.offered,
            one.produce,
            one.tail,
            one.behind,
            one.replay,
            one.copy,
            one.edge,
            one.refused,
            one.backlog,
            one.local,
            one.remote,
            one.pending,
            one.kept,
            one.accepted,
            one.expired,
            one.serving,
            one.paid,
            one.to - one.from,
        ];
        let worst = [
            one.network,
            one.disk,
            one.cpu,
            one.busiest,
            one.needed,
            one.lag,
            one.latency,
            one.wait,
            one.freshness,
            one.fill,
        ];
        (sums, worst)
    }

    #[test]
    fn amounts_of_parts_add_up_and_the_worse_one_is_told() {
        let quiet = sample(0.0, 5.0, 3.0);
        let busy = Sample {
            bottleneck: Some(Resource::Volume),
            needed_of: Some(Resource::DiskPath),
            ..sample(0.0, 5.0, 7.0)
        };
        for (one, other) in [(&quiet, &busy), (&busy, &quiet)] {
            let both = beside(one, other);
            let (sums, worst) = figures(&both);
            assert_eq!((&sums[..17], sums[17]), (&[10.0; 17][..], 5.0));
            assert_eq!(worst, [7.0; 10]);
            assert_eq!(both.bottleneck, Some(Resource::Volume));
            assert_eq!(both.needed_of, Some(Resource::DiskPath));
        }
        // Of two that are as busy, the first.
        let equal = Sample { busiest: 3.0, needed: 3.0, ..busy };
        assert_eq!(beside(&quiet, &equal).bottleneck, Some(Resource::Network));
        assert_eq!(beside(&quiet, &equal).needed_of, Some(Resource::Network));
        assert_eq!(beside(&equal, &quiet).needed_of, Some(Resource::DiskPath));
    }

    /// One part changes at hour 4, the other at hour 6; a level of the first, on its way from 0 to 4 through four hours, is
    /// what it is at each end.
    #[test]
    fn parts_stand_beside_each_other_between_all_their_breakpoints() {
        let first = [sample(0.0, 4.0, 4.0), sample(4.0, 8.0, 10.0)];
        let second = [sample(0.0, 6.0, 1.0), sample(6.0, 8.0, 2.0)];
        let all = samples(&[&first, &second]);
        let told: Vec<(f64, f64, f64, f64)> =
            all.iter().map(|one| (one.from, one.to, one.produce, one.backlog)).collect();
        // At hour 6 the first is halfway from 4 to 10.
        let expected = [(0.0, 4.0, 5.0, 5.0), (4.0, 6.0, 11.0, 8.0), (6.0, 8.0, 12.0, 12.0)];
        assert_eq!(told, expected);
    }
}
