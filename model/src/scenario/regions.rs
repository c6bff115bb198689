//! Where things are produced and kept, and what is copied from region to region.

use std::ops::Range;

use super::form::Checked;
use super::names::{Names, known, unique};
use super::nearest::Known;
use super::prices::{discounts, overrides, place};
use super::problem::{Problem, Problems, duration};
use super::{Link, PriceChoice, Region, Vocabulary};
use crate::map::Set;

/// Shares that people round to a few digits add up to everything within this; they are held to it exactly.
const ROUNDING: f64 = 1e-4;

/// Names of streams with their places, from `stream` and from `streams`.
pub(super) fn streams_of(table: &Checked) -> Vec<(String, Range<usize>)> {
    let one = table.text("stream").map(|name| (name, table.span_of("stream")));
    one.into_iter().chain(table.names("streams").unwrap_or_default()).collect()
}

/// Reports names that no stream has; those that one has.
pub(super) fn known_streams(
    names: Vec<(String, Range<usize>)>,
    given: &Names,
    problems: &mut Problems,
) -> Vec<(String, Range<usize>)> {
    let Some(streams) = &given.streams else { return names };
    let mut is_known = |(name, span): &(String, Range<usize>)| {
        let found = streams.contains(name);
        if !found {
            let known = Known::new(name, streams.iter().map(String::as_str));
            let problem = Problem::UnknownName { what: "stream", name: name.clone(), known };
            problems.report(problem, span.clone());
        }
        found
    };
    names.into_iter().filter(|name| is_known(name)).collect()
}

/// The regions, in the order of the text.
pub(super) fn regions(
    root: &Checked,
    prices: Option<&PriceChoice>,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Option<Vec<Region>> {
    let tables = root.tables("region");
    unique(tables, "regions", "name", problems);
    let given = Names::of(root);
    let provider = root.table("prices").and_then(|table| table.text("provider"));
    let mut held: Set<String> = Set::new();
    let mut regions = Vec::new();
    for table in tables {
        // What is wrong with `[prices]` is told there.
        let otherwise = prices.map(|prices| &*prices.provider).or(provider.as_deref());
        let place = place(table, Some(otherwise.unwrap_or_default()), vocabulary, problems);
        let own = overrides(table, vocabulary, problems);
        let streams = known_streams(table.names("streams").unwrap_or_default(), &given, problems);
        for (name, span) in &streams {
            if !held.insert(name.clone()) {
                problems.report(Problem::HeldTwice { stream: name.clone() }, span.clone());
            }
        }
        regions.push(region(table, place, prices, own, streams));
    }
    check_shares(tables, &given, &held, problems);
    let mut regions: Vec<Region> = regions.into_iter().collect::<Option<_>>()?;
    let sum: f64 = regions.iter().map(|region| region.share).sum();
    for region in regions.iter_mut().filter(|_| sum > 0.0) {
        region.share /= sum;
    }
    Some(regions)
}

fn region(
    table: &Checked,
    place: Option<(String, String)>,
    prices: Option<&PriceChoice>,
    own: Vec<super::PriceOverride>,
    streams: Vec<(String, Range<usize>)>,
) -> Option<Region> {
    let (name, (provider, region), prices) = (table.text("name")?, place?, prices?);
    let mut merged = prices.discounts.clone();
    merged.extend(discounts(table));
    let replaced = |sku: &str| own.iter().any(|own| own.sku == sku);
    let mut overrides: Vec<_> =
        prices.overrides.iter().filter(|common| !replaced(&common.sku)).cloned().collect();
    overrides.extend(own.iter().cloned());
    Some(Region {
        name,
        prices: PriceChoice { provider, region, overrides, discounts: merged },
        share: table.number("share").unwrap_or(0.0),
        streams: streams.into_iter().map(|(name, _)| name).collect(),
    })
}

/// Streams that are not held to a region are divided, and nothing of them may be left over.
fn check_shares(tables: &[Checked], given: &Names, held: &Set<String>, problems: &mut Problems) {
    let Some(streams) = &given.streams else { return };
    let refused = tables.iter().any(|table| table.refused("share") || table.refused("streams"));
    if tables.is_empty() || refused {
        return;
    }
    let sum: f64 = tables.iter().filter_map(|table| table.number("share")).sum();
    let divided = streams.iter().find(|stream| !held.contains(*stream));
    let complete = (sum - 1.0).abs() <= ROUNDING || (sum == 0.0 && divided.is_none());
    if !complete {
        let last = tables.iter().rev().find(|table| table.has("share"));
        let span = last.map_or_else(|| tables[0].span.clone(), |table| table.span_of("share"));
        let sum = format!("{} %", crate::units::grouped(sum * 100.0));
        problems.report(Problem::SharesDoNotAddUp { sum, stream: divided.cloned() }, span);
    }
}

/// What is copied from region to region, in the order of the text.
pub(super) fn links(
    root: &Checked,
    regions: Option<&[Region]>,
    problems: &mut Problems,
) -> Option<Vec<Link>> {
    let given = Names::of(root);
    let mut seen = Set::new();
    let mut links = Vec::new();
    for table in root.tables("link") {
        known("`[[region]]`", given.regions.as_ref(), table, "from", problems);
        known("`[[region]]`", given.regions.as_ref(), table, "to", problems);
        if !table.has("stream") && !table.has("streams") {
            let problem = Problem::NoStreams { place: super::fields::Section::Link };
            problems.report(problem, table.span.clone());
        }
        let streams = known_streams(streams_of(table), &given, problems);
        let (from, to) = (table.text("from"), table.text("to"));
        if let (Some(from), Some(to)) = (&from, &to) {
            if from == to {
                let problem = Problem::LinkToItself { region: to.clone() };
                problems.report(problem, table.span_of("to"));
            }
            for (stream, span) in &streams {
                check_link(stream, span, (from, to), &given, regions, problems);
                if !seen.insert((from.clone(), to.clone(), stream.clone())) {
                    let problem = Problem::LinkedTwice { stream: stream.clone(), to: to.clone() };
                    problems.report(problem, span.clone());
                }
            }
        }
        let streams = streams.into_iter().map(|(name, _)| name).collect();
        links.push(Link { from: from?, to: to?, streams, retention: table.duration("retention") });
    }
    check_readers(root, &given, regions, &links, problems);
    check_events(root, regions, &links, problems);
    Some(links)
}

/// Whether a stream is neither produced in a region nor copied there; an unknown region is told of elsewhere.
fn is_absent(regions: &[Region], links: &[Link], stream: &str, region: &str) -> bool {
    let copied = |link: &Link| link.to == region && link.streams.iter().any(|name| name == stream);
    regions.iter().any(|one| one.name == region)
        && super::produced_share(regions, stream, region) <= 0.0
        && !links.iter().any(copied)
}

/// Reports events in regions that do not have their stream.
fn check_events(
    root: &Checked,
    regions: Option<&[Region]>,
    links: &[Link],
    problems: &mut Problems,
) {
    let Some(regions) = regions else { return };
    for event in root.tables("event") {
        let (Some(stream), Some(region)) = (event.text("stream"), event.text("region")) else {
            continue;
        };
        if is_absent(regions, links, &stream, &region) {
            problems.report(Problem::NotReadThere { stream, region }, event.span_of("region"));
        }
    }
}

fn check_link(
    stream: &str,
    span: &Range<usize>,
    (from, to): (&str, &str),
    given: &Names,
    regions: Option<&[Region]>,
    problems: &mut Problems,
) {
    let produced = regions.is_none_or(|regions| {
        regions.iter().all(|region| region.name != from)
            || super::produced_share(regions, stream, from) > 0.0
    });
    if !produced {
        let (stream, region) = (stream.to_owned(), from.to_owned());
        problems.report(Problem::NotProducedThere { stream, region }, span.clone());
    }
    let copy = super::copy_name(from, stream);
    if given.streams.as_ref().is_some_and(|streams| streams.contains(&copy)) {
        problems.report(Problem::CopyIsAStream { copy, to: to.to_owned() }, span.clone());
    }
}

/// Reports readers in regions that do not have their stream, or that read further back than copies are kept.
fn check_readers(
    root: &Checked,
    given: &Names,
    regions: Option<&[Region]>,
    links: &[Link],
    problems: &mut Problems,
) {
    for stream in root.tables("stream") {
        for reader in stream.tables("reader") {
            known("`[[region]]`", given.regions.as_ref(), reader, "region", problems);
            let (Some(regions), Some(region)) = (regions, reader.text("region")) else { continue };
            let Some(name) = stream.text("name") else { continue };
            let copied =
                links.iter().filter(|link| link.to == region && link.streams.contains(&name));
            if is_absent(regions, links, &name, &region) {
                let problem = Problem::NotReadThere { stream: name, region };
                problems.report(problem, reader.span_of("region"));
                continue;
            }
            let shortest = copied.filter_map(|link| link.retention);
            let shortest = shortest.reduce(crate::units::Hours::min);
            if let (Some(window), Some(kept)) = (reader.duration("window"), shortest)
                && window > kept
            {
                let (window, retention) = (duration(window), duration(kept));
                let problem = Problem::WindowBeyondRetention { window, retention };
                problems.report(problem, reader.span_of("window"));
            }
        }
    }
}
