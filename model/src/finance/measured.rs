//! What streams and their consumer groups did in each month of a plan: what show-back and unit costs divide by.
//!
//! Rates are those of the month's run, from what its bill was made of. What is kept is one copy of everything within its
//! retention at its largest in the month, divided among streams by what each keeps. A stream that a link copied counts with
//! the one that it is a copy of: where it arrives it is produced and kept again, but nobody ingests it twice.

use super::showback::Payer;
use crate::bill::Part;
use crate::costs::connector_tasks;
use crate::lines::Direction;
use crate::parts;
use crate::plan::{Billed, Plan};
use crate::scenario::{Scenario, copy_name};
use crate::units::Hours;
use crate::workload::{Reader, ReaderKind, Stream};

/// What one stream, or one of its groups, did in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amounts {
    /// Bytes accepted, as stored, copies over links included.
    pub produced: f64,
    /// The same without copies.
    pub ingested: f64,
    /// The same before compression.
    pub ingested_raw: f64,
    /// Records accepted, without copies; zero where the stream does not say.
    pub records: f64,
    /// One copy of what is kept, in bytes of one month.
    pub kept: f64,
    /// Bytes read at the end of the log.
    pub read: f64,
    /// The part of them that is read behind the caches.
    pub behind: f64,
    /// Bytes of history read.
    pub replayed: f64,
    /// Bytes sent over links.
    pub linked: f64,
    /// Leader partitions.
    pub partitions: f64,
    /// Tasks of connectors.
    pub tasks: f64,
}

impl Amounts {
    /// Bytes read, at the end of the log and from history.
    pub fn all_read(&self) -> f64 {
        self.read + self.replayed
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.produced += other.produced;
        self.ingested += other.ingested;
        self.ingested_raw += other.ingested_raw;
        self.records += other.records;
        self.kept += other.kept;
        self.read += other.read;
        self.behind += other.behind;
        self.replayed += other.replayed;
        self.linked += other.linked;
        self.partitions += other.partitions;
        self.tasks += other.tasks;
    }
}

/// One month of one part.
#[derive(Clone, Debug)]
pub struct PartMonth {
    /// Which part of the platform.
    pub part: Part,
    /// Which month; 0 is the first of the horizon.
    pub month: u32,
    /// What each payer did.
    pub amounts: Vec<Amounts>,
}

/// What everybody did.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Streams in the order of the scenario, each followed by its groups.
    pub payers: Vec<Payer>,
    /// Part by part, and of each month by month.
    pub months: Vec<PartMonth>,
    /// Streams that do not say how many records they have.
    pub uncounted: Vec<String>,
}

impl Measured {
    /// What one payer did in all months.
    pub fn total(&self, payer: usize) -> Amounts {
        let mut sum = Amounts::default();
        for month in &self.months {
            sum.add(&month.amounts[payer]);
        }
        sum
    }
}

/// What everybody did on a plan's platform.
pub fn measured(plan: &Plan, scenario: &Scenario) -> Measured {
    let portions = parts::split(scenario, &plan.design);
    let mut payers = payers(scenario);
    let mut shares = Vec::new();
    for part in plan.each() {
        // What stands in no part is the whole.
        let portion = portions.iter().find(|portion| portion.part == part.part);
        let Some(portion) = portion.or_else(|| portions.first()) else { continue };
        let streams: Vec<Place> = portion
            .scenario
            .workload
            .streams
            .iter()
            .map(|stream| Place::of(stream, scenario, &mut payers))
            .collect();
        shares.push((part, streams));
    }
    let count = payers.len();
    let months = shares.iter().flat_map(|(part, streams)| {
        part.months.iter().map(move |billed| PartMonth {
            part: part.part.clone(),
            month: billed.month.index,
            amounts: amounts(part, billed, streams, count),
        })
    });
    let streams = scenario.workload.streams.iter();
    let uncounted = streams.filter(|stream| stream.records.is_none());
    Measured {
        months: months.collect(),
        uncounted: uncounted.map(|stream| stream.name.clone()).collect(),
        payers,
    }
}

fn payers(scenario: &Scenario) -> Vec<Payer> {
    let mut list = Vec::new();
    for stream in &scenario.workload.streams {
        let payer = Payer { stream: stream.name.clone(), owner: stream.owner.clone(), group: None };
        list.push(payer.clone());
        let groups = stream.readers.iter().map(|reader| reader.group.clone());
        for group in groups {
            let payer = Payer { group: Some(group), ..payer.clone() };
            if !list.contains(&payer) {
                list.push(payer);
            }
        }
    }
    list
}

/// Where a stream of a part stands among the payers.
struct Place<'a> {
    stream: &'a Stream,
    /// Whether a link brought it.
    is_copy: bool,
    /// The stream itself.
    own: usize,
    /// Its groups, in the order of its readers.
    readers: Vec<usize>,
}

impl<'a> Place<'a> {
    fn of(stream: &'a Stream, scenario: &Scenario, payers: &mut Vec<Payer>) -> Self {
        let copied = scenario.links.iter().find_map(|link| {
            link.streams.iter().find(|name| copy_name(&link.from, name) == stream.name)
        });
        let name = copied.unwrap_or(&stream.name);
        let owner = stream.owner.clone();
        let mut at = |group: Option<String>| {
            let payer = Payer { stream: name.clone(), owner: owner.clone(), group };
            // A link is a group that only a part has.
            payers.iter().position(|known| *known == payer).unwrap_or_else(|| {
                payers.push(payer);
                payers.len() - 1
            })
        };
        Self {
            stream,
            is_copy: copied.is_some(),
            own: at(None),
            readers: stream.readers.iter().map(|one| at(Some(one.group.clone()))).collect(),
        }
    }

    /// What each reader has of what readers of its kind read.
    fn split(&self, weight: impl Fn(&Reader) -> f64) -> Vec<(usize, f64)> {
        let weights: Vec<f64> = self.stream.readers.iter().map(weight).collect();
        let all: f64 = weights.iter().sum();
        let shares = self.readers.iter().zip(weights).filter(|(_, weight)| *weight > 0.0);
        match all > 0.0 {
            true => shares.map(|(at, weight)| (*at, weight / all)).collect(),
            // What nobody is known to have read is the stream's own: an event asked for it.
            false => vec![(self.own, 1.0)],
        }
    }
}

/// What everybody did in a month of a part.
fn amounts(part: &Plan, billed: &Billed, streams: &[Place], count: usize) -> Vec<Amounts> {
    let mut list = vec![Amounts::default(); count];
    let Some(used) = &billed.used else { return list };
    let hours = used.hours;
    let all_kept: f64 = used.load.streams.iter().map(|one| one.retained.base_bytes()).sum();
    // What is there, for as long as the platform is.
    let kept = used.storage.logical.base_bytes() * (used.alive / used.hours);
    for place in streams {
        let same = |name: &str| name == place.stream.name;
        for load in used.load.streams.iter().filter(|load| same(&load.name)) {
            let bytes = (load.produce * hours).base_bytes();
            let own = &mut list[place.own];
            own.produced += bytes;
            own.partitions += f64::from(load.partitions);
            if all_kept > 0.0 {
                own.kept += kept * (load.retained.base_bytes() / all_kept);
            }
            if !place.is_copy {
                own.ingested += bytes;
                own.ingested_raw += (load.produce_raw * hours).base_bytes();
                own.records += load.records.map_or(0.0, |records| records.count_in(hours));
            }
            let follows = |reader: &Reader| match reader.kind {
                ReaderKind::Tail { .. } => reader.share,
                ReaderKind::Replay { .. } => 0.0,
            };
            for (at, share) in place.split(follows) {
                list[at].read += (load.tail * hours).base_bytes() * share;
                list[at].behind += (load.behind * hours).base_bytes() * share;
            }
            let rereads = |reader: &Reader| match reader.kind {
                ReaderKind::Tail { .. } => 0.0,
                ReaderKind::Replay { window, every, .. } => reader.share * often(window, every),
            };
            for (at, share) in place.split(rereads) {
                list[at].replayed += (load.replay() * hours).base_bytes() * share;
            }
            let links = used.load.links.iter().filter(|link| same(&link.stream));
            for link in links {
                let group = parts::link_group(&link.to);
                let group = place.stream.readers.iter().position(|one| one.group == group);
                let at = group.map_or(place.own, |group| place.readers[group]);
                list[at].linked += bytes;
            }
        }
        for connector in part.design.lines.connectors.iter().filter(|one| same(&one.stream)) {
            let group = connector.group();
            let sink = connector.direction == Direction::Sink;
            let reader = place.stream.readers.iter().position(|one| sink && one.group == group);
            let at = reader.map_or(place.own, |reader| place.readers[reader]);
            list[at].tasks += connector_tasks(&used.load, &part.design, connector);
        }
    }
    list
}

/// How much of a stream's rate a replay reads.
fn often(window: Hours, every: Hours) -> f64 {
    if every > Hours::ZERO { window / every } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_add_up_one_by_one() {
        let one = Amounts {
            produced: 1.0,
            ingested: 2.5,
            ingested_raw: 3.0,
            records: 4.0,
            kept: 5.0,
            read: 6.0,
            behind: 7.0,
            replayed: 8.0,
            linked: 9.0,
            partitions: 10.0,
            tasks: 11.0,
        };
        let twice = Amounts {
            produced: 2.0,
            ingested: 5.0,
            ingested_raw: 6.0,
            records: 8.0,
            kept: 10.0,
            read: 12.0,
            behind: 14.0,
            replayed: 16.0,
            linked: 18.0,
            partitions: 20.0,
            tasks: 22.0,
        };
        let mut sum = one;
        sum.add(&one);
        assert_eq!(sum, twice);
        assert_eq!(one.all_read(), 14.0);
    }

    #[test]
    fn a_replay_reads_its_window_as_often_as_it_comes() {
        let often = |window, every| often(Hours::new(window), Hours::new(every));
        assert_eq!((often(48.0, 168.0), often(48.0, 24.0)), (2.0 / 7.0, 2.0));
        // What never comes again was asked for by an event.
        assert_eq!((often(48.0, 0.0), often(0.0, 0.0)), (0.0, 0.0));
    }

    #[test]
    fn what_a_kind_of_readers_reads_is_divided_among_them() {
        let text = "schema = 1\ntitle = \"t\"\n[prices]\nprovider = \"aws\"\nregion = \"r\"\n\
            [[stream]]\nname = \"s\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n\
            [[stream.reader]]\ngroup = \"a\"\n[[stream.reader]]\ngroup = \"b\"\n\
            [[stream.reader]]\ngroup = \"c\"\n[[platform]]\npreset = \"kafka-gp3\"\n";
        let regions = [("aws".to_owned(), ["r".to_owned()].into())].into();
        let vocabulary = crate::scenario::Vocabulary { regions, ..Default::default() };
        let scenario = crate::scenario::parse(text, &vocabulary).expect("a scenario");
        let mut payers = payers(&scenario);
        let names: Vec<Option<&str>> = payers.iter().map(|payer| payer.group.as_deref()).collect();
        assert_eq!(names, [None, Some("a"), Some("b"), Some("c")]);
        let stream = &scenario.workload.streams[0];
        let place = Place::of(stream, &scenario, &mut payers);
        assert_eq!((place.is_copy, place.own, &*place.readers), (false, 0, &[1, 2, 3][..]));
        let weigh = |weights: [f64; 3]| {
            place.split(|reader| match &*reader.group {
                "a" => weights[0],
                "b" => weights[1],
                _ => weights[2],
            })
        };
        assert_eq!(weigh([3.0, 0.0, 1.0]), [(1, 0.75), (3, 0.25)]);
        // Nobody is known to have read it.
        assert_eq!(weigh([0.0; 3]), [(0, 1.0)]);
    }
}
