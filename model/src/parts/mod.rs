//! The step before planning and the one after: a platform of a scenario as parts that are planned by themselves, one for
//! each region and each place that its streams stand on, and their plans as one.
//!
//! ```text
//! Scenario, Design ──split──▶ parts: a design, its share of the streams and events ──▶ plans ──join──▶ Plan
//! ```
//!
//! A scenario without regions or places is one part. No part knows of another: what is copied over a link is a stream of
//! its own where it arrives, and one more reader where it comes from.

mod join;

use join::names;

#[cfg(feature = "optimize")]
pub(crate) use join::{join as joined, labelled};

pub(crate) use join::course;

use crate::bill::Part;
use crate::design::Design;
use crate::events::{Event, EventKind};
use crate::horizon::{self, Asked, Outlook, View};
use crate::objectives;
use crate::order;
use crate::plan::{self, Plan, Reason, Rejection};
use crate::prices::{PriceList, Prices};
use crate::scenario::{Link, PriceChoice, Region, Scenario, copy_name, produced_share};
use crate::units::ByteRate;
use crate::workload::{Leaving, Reader, ReaderKind, Stream, Workload};

/// A part of a platform: what is planned by itself.
#[derive(Clone, Debug)]
pub struct Portion {
    /// Which part.
    pub part: Part,
    /// What it stands on, under the platform's name.
    pub design: Design,
    /// Its share of the scenario: its streams, and what happens to them.
    pub scenario: Scenario,
}

/// Plans every part of a platform and joins what comes of it.
///
/// # Errors
///
/// The reasons of every part that cannot be planned.
pub fn plan(
    design: &Design,
    scenario: &Scenario,
    prices: &Prices,
    view: View,
    asked: Asked,
) -> Result<Plan, Box<Rejection>> {
    let reject = |reasons| Box::new(Rejection { design: design.clone(), reasons });
    let (mut plans, mut reasons) = (Vec::new(), Vec::new());
    for share in split(scenario, design) {
        let list = list(prices, &share.part);
        match planned(&share, list, view, asked) {
            Ok(plan) => plans.push(join::labelled(plan, &share.part)),
            Err(rejection) => reasons.extend(of_part(&share.part, rejection.reasons)),
        }
    }
    match join::join(design, plans) {
        Some(plan) if reasons.is_empty() => Ok(plan),
        _ => Err(reject(reasons)),
    }
}

/// What every part of a platform costs through the horizon, and what does not hold, as one; objectives of the scenario
/// included. What another platform costs meanwhile that clients migrate from is not.
///
/// # Errors
///
/// The reasons of every part that cannot be planned, as for a plan.
pub fn outlook(
    design: &Design,
    scenario: &Scenario,
    prices: &Prices,
) -> Result<Outlook, Box<Rejection>> {
    let end = scenario.horizon.end();
    let (mut outlooks, mut reasons, mut unavailable) = (Vec::new(), Vec::new(), Vec::new());
    for share in split(scenario, design) {
        match horizon::outlook(&share.design, &share.scenario, list(prices, &share.part)) {
            Ok(outlook) => {
                let (name, run) = (share.part.name(), outlook.available);
                unavailable.extend(objectives::unavailable(
                    scenario,
                    &share.design,
                    name,
                    run,
                    end,
                ));
                outlooks.push((share.part, outlook));
            }
            Err(rejection) => reasons.extend(of_part(&share.part, rejection.reasons)),
        }
    }
    match join::outlooks(outlooks) {
        Some(mut outlook) if reasons.is_empty() => {
            objectives::check_budget(scenario, &mut outlook);
            outlook.incidents.extend(unavailable);
            Ok(outlook)
        }
        _ => Err(Box::new(Rejection { design: design.clone(), reasons })),
    }
}

/// Reasons that say which part they are of.
fn of_part(part: &Part, reasons: Vec<Reason>) -> Vec<Reason> {
    if part.is_whole() {
        return reasons;
    }
    let of_part = |reason| Reason::InPart { part: part.clone(), reason: Box::new(reason) };
    reasons.into_iter().map(of_part).collect()
}

fn planned(
    share: &Portion,
    list: &PriceList,
    view: View,
    asked: Asked,
) -> Result<Plan, Box<Rejection>> {
    match view {
        View::Steady(index) => {
            let month = share.scenario.horizon.month(index);
            plan::plan(&share.design, &share.scenario.workload, month, list)
        }
        View::Horizon | View::Month(_) => {
            horizon::through(&share.design, &share.scenario, list, asked)
        }
    }
}

/// The prices of a part; a list without prices where nobody gave one, which names everything that is missing.
pub(crate) fn list<'a>(prices: &'a Prices, part: &Part) -> &'a PriceList {
    static NONE: std::sync::LazyLock<PriceList> = std::sync::LazyLock::new(PriceList::default);
    prices.of(part.region.as_deref()).unwrap_or(&NONE)
}

/// The parts of a platform, in the order of regions, then of places; those without a stream are left out.
pub fn split(scenario: &Scenario, design: &Design) -> Vec<Portion> {
    let mut shares = Vec::new();
    for local in locals(scenario) {
        for (on, place) in places(design) {
            let here = |stream: &&Stream| stands_on(design, local.origin(&stream.name)) == place;
            let streams: Vec<Stream> =
                local.workload.streams.iter().filter(here).cloned().collect();
            if streams.is_empty() {
                continue;
            }
            let named = |name: &str| streams.iter().any(|stream| stream.name == name);
            let mut links = local.workload.links.clone();
            links.retain(|link| named(&link.stream));
            let stands_on = place.map_or(design, |index| &design.places[index].on);
            let mut lines = stands_on.lines.clone();
            // Where a stream is, there its connectors are.
            lines.connectors.retain(|connector| named(&connector.stream));
            let events = local
                .events
                .iter()
                .filter_map(|event| place_event(event, &local.workload, &streams));
            let events = events.collect();
            let (prices, workload) = (local.prices.clone(), Workload { streams, links });
            shares.push(Portion {
                part: Part { region: local.name.clone(), on: on.clone() },
                design: Design {
                    name: design.name.clone(),
                    places: Vec::new(),
                    lines,
                    ..stands_on.clone()
                },
                scenario: Scenario {
                    prices,
                    workload,
                    events,
                    regions: Vec::new(),
                    links: Vec::new(),
                    ..scenario.clone()
                },
            });
        }
    }
    shares
}

/// Whose prices apply in a scenario and where, all regions together.
pub fn market(scenario: &Scenario) -> (String, String) {
    let markets = scenario.markets();
    let all = |of: fn(&PriceChoice) -> &str| names(markets.iter().map(|(_, choice)| of(choice)));
    (all(|choice| &choice.provider), all(|choice| &choice.region))
}

/// What clients ask for in all regions together: readers of one region read what is there.
pub fn asked(scenario: &Scenario) -> Workload {
    let mut workload = scenario.workload.clone();
    for stream in &mut workload.streams {
        let name = &stream.name;
        for reader in &mut stream.readers {
            let Some(region) = &reader.region else { continue };
            let copied: f64 = links_of(scenario, name)
                .filter(|link| link.to == *region)
                .map(|link| produced_share(&scenario.regions, name, &link.from))
                .sum();
            reader.share *= produced_share(&scenario.regions, name, region) + copied;
        }
    }
    workload
}

fn links_of<'a>(scenario: &'a Scenario, stream: &'a str) -> impl Iterator<Item = &'a Link> {
    scenario.links.iter().filter(move |link| link.streams.iter().any(|name| name == stream))
}

/// What a platform stands on: its name among the parts, and the place; places on the same platform are one.
fn places(design: &Design) -> Vec<(Option<String>, Option<usize>)> {
    if design.places.is_empty() {
        return vec![(None, None)];
    }
    let mut names: Vec<(String, usize)> = Vec::new();
    for (index, place) in design.places.iter().enumerate() {
        if names.iter().all(|(known, _)| *known != place.on.name) {
            names.push((place.on.name.clone(), index));
        }
    }
    order::sort_by(&mut names, Ord::cmp);
    let own = design.preset.name;
    // Two clusters of one preset need two names.
    let own = if names.iter().any(|(name, _)| name == own) { "the rest" } else { own };
    let rest = std::iter::once((Some(own.to_owned()), None));
    rest.chain(names.into_iter().map(|(name, index)| (Some(name), Some(index)))).collect()
}

/// The first place on the platform that a stream stands on; `None` for the platform itself.
fn stands_on(design: &Design, stream: &str) -> Option<usize> {
    let holds = |streams: &[String]| streams.iter().any(|name| name == stream);
    let place = design.places.iter().find(|place| holds(&place.streams))?;
    design.places.iter().position(|one| one.on.name == place.on.name)
}

/// One region's share of a scenario.
struct Local<'a> {
    name: Option<String>,
    prices: &'a PriceChoice,
    workload: Workload,
    events: Vec<Event>,
    copies: Vec<Copy>,
}

/// A stream that was copied from another region.
struct Copy {
    /// As it is called here.
    name: String,
    stream: String,
    from: String,
    /// Whether it is kept for as long as its stream.
    follows: bool,
}

impl Local<'_> {
    /// The name of a stream where it was produced.
    fn origin<'b>(&'b self, name: &'b str) -> &'b str {
        self.copies.iter().find(|copy| copy.name == name).map_or(name, |copy| &*copy.stream)
    }
}

/// The regions in which anything is produced or kept, in the order of the scenario.
fn locals(scenario: &Scenario) -> Vec<Local<'_>> {
    if scenario.regions.is_empty() {
        return vec![Local {
            name: None,
            prices: &scenario.prices,
            workload: scenario.workload.clone(),
            events: scenario.events.clone(),
            copies: Vec::new(),
        }];
    }
    scenario.regions.iter().map(|region| local(scenario, region)).collect()
}

fn local<'a>(scenario: &'a Scenario, region: &'a Region) -> Local<'a> {
    let mut streams: Vec<Stream> = Vec::new();
    let mut links: Vec<Leaving> = Vec::new();
    for stream in &scenario.workload.streams {
        let share = produced_share(&scenario.regions, &stream.name, &region.name);
        if share <= 0.0 {
            continue;
        }
        let mut own = stream.part(share);
        own.readers.retain(|reader| reader.region.as_ref().is_none_or(|only| *only == region.name));
        for link in links_of(scenario, &stream.name).filter(|link| link.from == region.name) {
            let Some(to) = scenario.regions.iter().find(|one| one.name == link.to) else {
                continue;
            };
            own.readers.push(mirror(&to.name));
            let place =
                |region: &Region| (region.prices.provider.clone(), region.prices.region.clone());
            // Two names for one region: what goes from one to the other does not leave it.
            if place(to) != place(region) {
                let (provider, code) = place(to);
                let stream = stream.name.clone();
                links.push(Leaving { stream, to: to.name.clone(), provider, region: code });
            }
        }
        streams.push(own);
    }
    let mut copies: Vec<Copy> = Vec::new();
    for link in scenario.links.iter().filter(|link| link.to == region.name) {
        for stream in scenario.workload.streams.iter().filter(|s| link.streams.contains(&s.name)) {
            let share = produced_share(&scenario.regions, &stream.name, &link.from);
            if share <= 0.0 {
                continue;
            }
            let name = copy_name(&link.from, &stream.name);
            streams.push(copied(stream.part(share), name.clone(), link));
            copies.push(Copy {
                name,
                stream: stream.name.clone(),
                from: link.from.clone(),
                follows: link.retention.is_none(),
            });
        }
    }
    let mut local = Local {
        name: Some(region.name.clone()),
        prices: &region.prices,
        workload: Workload { streams, links },
        events: Vec::new(),
        copies,
    };
    local.events =
        scenario.events.iter().flat_map(|event| region_events(event, scenario, &local)).collect();
    local
}

/// A stream where a link brings it: nobody reads it but who says so.
fn copied(mut stream: Stream, name: String, link: &Link) -> Stream {
    stream.name = name;
    stream.sources = None;
    stream.retention = link.retention.unwrap_or(stream.retention);
    stream.readers.retain(|reader| reader.region.as_ref() == Some(&link.to));
    stream
}

/// The group that a link reads as.
pub(crate) fn link_group(to: &str) -> String {
    format!("link to {to}")
}

/// A link reads what it copies like any other group.
fn mirror(to: &str) -> Reader {
    Reader {
        group: link_group(to),
        region: None,
        share: 1.0,
        consumers: None,
        capacity: Reader::CAPACITY,
        kind: ReaderKind::Tail { lag_budget: None },
    }
}

/// Whether it is about what is produced, which links copy.
fn is_produced(kind: EventKind) -> bool {
    matches!(kind, EventKind::ReconnectStorm | EventKind::Backfill | EventKind::FirmwareWave)
}

/// What an event of the scenario is in one region: itself, and what links bring of it.
fn region_events(event: &Event, scenario: &Scenario, local: &Local<'_>) -> Vec<Event> {
    let region = local.name.as_deref();
    let happens_in =
        |region: Option<&str>| event.region.is_none() || event.region.as_deref() == region;
    let produced = is_produced(event.kind);
    let is_copy = |name: &str| local.copies.iter().any(|copy| copy.name == name);
    let own = |name: &str| !is_copy(name) && event.concerns_stream(name);
    let mut list = Vec::new();

    // All of the region's streams, or one by one where some of its copies come from where nothing happens.
    let untouched = |copy: &Copy| !happens_in(Some(&copy.from));
    let together = event.stream.is_some() || !produced || !local.copies.iter().any(untouched);
    if happens_in(region) && together {
        let known =
            event.stream.is_none() || local.workload.streams.iter().any(|stream| own(&stream.name));
        list.extend(known.then(|| event.clone()));
    } else if happens_in(region) {
        let streams = local.workload.streams.iter().filter(|stream| own(&stream.name));
        list.extend(streams.map(|stream| of_stream(event, &stream.name)));
    }
    for copy in &local.copies {
        let there = if produced { happens_in(Some(&copy.from)) } else { happens_in(region) };
        let wanted = event.concerns_stream(&copy.stream);
        let with_the_others = event.stream.is_none() && happens_in(region) && together;
        let kept_by_link = event.kind == EventKind::RetentionChange && !copy.follows;
        let on_streams = produced
            || matches!(
                event.kind,
                EventKind::RetentionChange | EventKind::ReaderOutage | EventKind::Replay
            );
        if there && wanted && on_streams && !with_the_others && !kept_by_link {
            list.push(of_stream(event, &copy.name));
        }
    }

    // Devices and amounts are those of all regions together, unless one is named.
    let concerned = |stream: &&Stream| event.concerns_stream(&stream.name);
    let rate = |stream: &Stream| stream.produce().as_mib_per_sec();
    let everywhere: f64 = scenario
        .workload
        .streams
        .iter()
        .filter(concerned)
        .map(|stream| match &event.region {
            Some(only) => rate(stream) * produced_share(&scenario.regions, &stream.name, only),
            None => rate(stream),
        })
        .sum();
    for one in &mut list {
        let share = |counts: &dyn Fn(&Stream) -> bool| {
            let streams = local.workload.streams.iter();
            let of = streams.filter(|stream| one.concerns_stream(&stream.name) && counts(stream));
            if everywhere > 0.0 { of.map(rate).sum::<f64>() / everywhere } else { 1.0 }
        };
        // Copies have no devices; of an amount they get as much as their streams.
        let of_devices = share(&|stream| one.stream.is_some() || !is_copy(&stream.name));
        let of_size = share(&|_| true);
        let counted = |devices: u64| libm::round(devices as f64 * of_devices) as u64;
        one.devices = one.devices.map(counted);
        one.settings.size = one.settings.size.map(|size| size * of_size);
    }
    // What is copied has no devices here; those that take part are where it comes from.
    for copy in &local.copies {
        let origin = scenario.workload.streams.iter().find(|stream| stream.name == copy.stream);
        let share = produced_share(&scenario.regions, &copy.stream, &copy.from);
        let sources = origin.and_then(|stream| stream.part(share).sources);
        let of_copy = |one: &&mut Event| one.stream.as_ref() == Some(&copy.name);
        for one in list.iter_mut().filter(of_copy) {
            one.devices = one.devices.or(sources.map(|sources| sources.count));
        }
    }
    list
}

/// An event on one stream of those that it happens to.
fn of_stream(event: &Event, stream: &str) -> Event {
    Event {
        name: format!("{} ({stream})", event.name),
        stream: Some(stream.to_owned()),
        ..event.clone()
    }
}

/// What an event is on some streams of a region; nothing where it does not happen to them.
fn place_event(event: &Event, all: &Workload, streams: &[Stream]) -> Option<Event> {
    let concerned = |stream: &&Stream| event.concerns_stream(&stream.name);
    let has_group = |stream: &Stream, group: &str| {
        event.kind != EventKind::ReaderOutage
            || stream.readers.iter().any(|reader| reader.group == group)
    };
    let mut here = streams.iter().filter(concerned);
    let happens = match &event.group {
        Some(group) => here.any(|stream| has_group(stream, group)),
        None => event.stream.is_none() || here.next().is_some(),
    };
    let rate = |streams: &[Stream]| -> ByteRate {
        streams.iter().filter(concerned).map(Stream::produce).sum()
    };
    let mut event = happens.then(|| event.clone())?;
    let whole = rate(&all.streams);
    if let (Some(size), true) = (event.settings.size, whole > ByteRate::ZERO) {
        event.settings.size = Some(size * (rate(streams) / whole));
    }
    Some(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Vocabulary, parse};

    /// Two regions: 10 MiB/s of `all` are produced three to two in `eu` and `us`, 5 MiB/s of `held` in `eu` alone, and a
    /// link copies these to `us`; so `eu` has 6 + 5, `us` 4 and 5 that are copies.
    fn scenario(rest: &str) -> Scenario {
        let text = format!(
            "schema = 1\ntitle = \"t\"\n[prices]\nprovider = \"aws\"\nregion = \"r\"\n\
            [[region]]\nname = \"eu\"\nregion = \"r\"\nshare = \"60 %\"\nstreams = [\"held\"]\n\
            [[region]]\nname = \"us\"\nregion = \"s\"\nshare = \"40 %\"\n\
            [[link]]\nfrom = \"eu\"\nto = \"us\"\nstream = \"held\"\n\
            [[stream]]\nname = \"all\"\nproduce = \"10 MiB/s\"\nretention = \"1 d\"\n\
            [[stream.reader]]\ngroup = \"here\"\n\
            [[stream]]\nname = \"held\"\nproduce = \"5 MiB/s\"\nretention = \"1 d\"\n\
            [[stream.reader]]\ngroup = \"there\"\nregion = \"us\"\n\
            [[platform]]\npreset = \"kafka-gp3\"\n{rest}"
        );
        let regions = ["r".to_owned(), "s".to_owned()].into();
        let regions = [("aws".to_owned(), regions)].into();
        match parse(&text, &Vocabulary { regions, ..Vocabulary::default() }) {
            Ok(scenario) => scenario,
            Err(errors) => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                panic!("{errors:?}")
            }
        }
    }

    fn event(settings: &str) -> String {
        format!("[[event]]\nname = \"e\"\nat = \"day 3 08:00\"\n{settings}\n")
    }

    /// Part, stream, devices and GiB of an event.
    type Told = (String, Option<String>, Option<u64>, Option<f64>);

    /// Every event, part by part.
    fn told(scenario: &Scenario) -> Vec<Told> {
        let parts = split(scenario, &scenario.platforms[0]);
        let of_part = |portion: Portion| {
            let name = portion.part.name();
            let told = move |event: Event| {
                let gib = event.settings.size.map(|size| (size.as_gib() * 1e6).round() / 1e6);
                (name.clone(), event.stream, event.devices, gib)
            };
            portion.scenario.events.into_iter().map(told)
        };
        parts.into_iter().flat_map(of_part).collect()
    }

    #[test]
    fn a_part_is_a_scenario_of_its_own() {
        let parts = split(&scenario(""), &scenario("").platforms[0]);
        let names: Vec<String> = parts.iter().map(|one| one.part.name()).collect();
        assert_eq!(names, ["eu", "us"]);
        for (portion, (market, rates)) in parts.iter().zip([("r", [6.0, 5.0]), ("s", [4.0, 5.0])]) {
            let scenario = &portion.scenario;
            assert_eq!(scenario.prices.region, market);
            // Regions, links and places of the whole have been gone through.
            assert_eq!((scenario.regions.len(), scenario.links.len()), (0, 0));
            assert!(portion.design.places.is_empty());
            let produced: Vec<f64> = scenario
                .workload
                .streams
                .iter()
                .map(|stream| (stream.produce().as_mib_per_sec() * 1e9).round() / 1e9)
                .collect();
            assert_eq!(produced, rates);
        }
    }

    #[test]
    fn readers_of_a_region_read_what_is_there() {
        let share = |region: &str| {
            let rest = format!(
                "[[stream]]\nname = \"more\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n\
                [[stream.reader]]\ngroup = \"some\"\nshare = \"50 %\"\nregion = \"{region}\"\n"
            );
            let share = asked(&scenario(&rest)).streams[2].readers[0].share;
            (share * 1e9).round() / 1e9
        };
        // Half of three fifths, and of two.
        assert_eq!((share("eu"), share("us")), (0.3, 0.2));
        let all = asked(&scenario(""));
        assert_eq!(all.streams[0].readers[0].share, 1.0, "whoever reads everywhere reads all");
        assert_eq!(all.streams[1].readers[0].share, 1.0, "all of it is copied");
    }

    /// Devices are where streams are produced; of an amount, copies get as much as their streams.
    #[test]
    fn an_event_is_divided_as_streams_are() {
        let storm = event("kind = \"reconnect-storm\"\ndevices = 1500");
        let devices: Vec<_> =
            told(&scenario(&storm)).into_iter().map(|one| (one.0, one.2)).collect();
        let expected = [("eu", 1100), ("us", 400)];
        assert_eq!(devices, expected.map(|(part, count)| (part.to_owned(), Some(count))));
        let late = event("kind = \"backfill\"\nsize = \"150 GiB\"\nwithin = \"4 h\"");
        let sizes: Vec<_> = told(&scenario(&late)).into_iter().map(|one| (one.0, one.3)).collect();
        let expected = [("eu", 110.0), ("us", 90.0)];
        assert_eq!(sizes, expected.map(|(part, gib)| (part.to_owned(), Some(gib))));
    }

    #[test]
    fn an_event_of_a_region_is_there_and_where_its_streams_are_copied() {
        let late = |rest: &str| {
            let late = "kind = \"backfill\"\nsize = \"110 GiB\"\nwithin = \"4 h\"\n";
            told(&scenario(&event(&format!("{late}{rest}"))))
        };
        let one = |part: &str, stream: Option<&str>, gib: f64| {
            (part.to_owned(), stream.map(str::to_owned), None, Some(gib))
        };
        // All of it in `eu`, where it is 6 and 5 of 11; the 5 are copied.
        let in_eu = late("region = \"eu\"");
        assert_eq!(in_eu, [one("eu", None, 110.0), one("us", Some("eu.held"), 50.0)]);
        // In `us`, the streams that are produced there, one by one.
        assert_eq!(late("region = \"us\""), [one("us", Some("all"), 110.0)]);
        assert_eq!(
            late("stream = \"held\""),
            [one("eu", Some("held"), 110.0), one("us", Some("eu.held"), 110.0)]
        );
        // What a region does not have does not happen there.
        assert_eq!(late("stream = \"held\"\nregion = \"us\""), []);
        assert_eq!(late("stream = \"all\"\nregion = \"us\""), [one("us", Some("all"), 110.0)]);
    }

    #[test]
    fn readers_fail_where_they_read() {
        let out = |rest: &str| -> Vec<(String, Option<String>)> {
            let out = format!("kind = \"reader-outage\"\noutage = \"1 h\"\n{rest}");
            told(&scenario(&event(&out))).into_iter().map(|one| (one.0, one.1)).collect()
        };
        let all = |parts: &[&str]| -> Vec<(String, Option<String>)> {
            parts.iter().map(|part| (part.to_string(), None)).collect()
        };
        assert_eq!(out("group = \"here\""), all(&["eu", "us"]));
        // It reads the copy, in `us` alone.
        assert_eq!(out("group = \"there\""), all(&["us"]));
    }

    /// Of 10 and 5 MiB/s in one region, on two platforms.
    #[test]
    fn an_amount_is_divided_among_places() {
        let rest = "[[platform.place]]\nstream = \"held\"\non = \"automq-s3-wal\"\n";
        let late = event("kind = \"backfill\"\nsize = \"200 GiB\"\nwithin = \"4 h\"");
        let scenario = scenario(&format!("{rest}{late}"));
        let parts = split(&scenario, &scenario.platforms[0]);
        assert!(parts.iter().all(|portion| portion.design.places.is_empty()), "they are divided");
        let sizes: Vec<_> = told(&scenario)
            .into_iter()
            .map(|one| (one.0, one.3.map(|gib| (gib * 1000.0).round() / 1000.0)))
            .collect();
        // 200 × 6 ÷ 15 and 200 × 5 ÷ 15; 200 × 4 ÷ 15 and the copies.
        let (own, held, rest) = (80.0, 66.667, 53.333);
        let expected = [
            ("eu on kafka-gp3", own),
            ("eu on automq-s3-wal", held),
            ("us on kafka-gp3", rest),
            ("us on automq-s3-wal", held),
        ];
        assert_eq!(sizes, expected.map(|(part, gib)| (part.to_owned(), Some(gib))));
    }
}
