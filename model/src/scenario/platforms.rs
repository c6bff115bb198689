//! What to compare.

use super::Vocabulary;
use super::fields::Section;
use super::form::Checked;
use super::lines;
use super::names::Names;
use super::nearest::Known;
use super::problem::{Problem, Problems};
use super::regions::{known_streams, streams_of};
use super::settings::change;
use crate::design::{Design, Place};
use crate::lines::Lines;
use crate::map::Set;
use crate::parameters::{FleetPolicy, Headroom, Scope, Setting, Settings, Wal, parameter};
use crate::presets::{PRESETS, Preset, preset};

/// The platforms to compare.
pub(super) fn designs(
    root: &Checked,
    common: &Lines,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Option<Vec<Design>> {
    let mut names = Set::new();
    let mut designs = Vec::new();
    for table in root.tables("platform") {
        let design = design(table, root, common, vocabulary, problems);
        let name = table.text("name").or_else(|| table.text("preset"));
        if let Some(name) = name
            && !names.insert(name.clone())
        {
            let key = if table.has("name") { "name" } else { "preset" };
            problems.report(Problem::Duplicate { what: "platforms", name }, table.span_of(key));
        }
        designs.push(design);
    }
    let places: Vec<_> =
        (0..designs.len()).map(|index| places(root, index, &designs, common, problems)).collect();
    let designs: Option<Vec<_>> = designs.into_iter().collect();
    let mut designs = designs.filter(|designs| !designs.is_empty())?;
    for (design, places) in designs.iter_mut().zip(places) {
        design.places = places?;
    }
    Some(designs)
}

/// The name of a platform.
fn name_of(table: &Checked) -> Option<String> {
    if table.has("name") { table.text("name") } else { table.text("preset") }
}

/// What of a platform's streams stands elsewhere.
fn places(
    root: &Checked,
    index: usize,
    designs: &[Option<Design>],
    common: &Lines,
    problems: &mut Problems,
) -> Option<Vec<Place>> {
    let table = &root.tables("platform")[index];
    let given = Names::of(root);
    let mut placed: Set<String> = Set::new();
    let mut list: Vec<Option<Place>> = Vec::new();
    for item in table.tables("place") {
        if !item.has("stream") && !item.has("streams") {
            problems.report(Problem::NoStreams { place: Section::Place }, item.span.clone());
        }
        let streams = known_streams(streams_of(item), &given, problems);
        for (stream, span) in &streams {
            if !placed.insert(stream.clone()) {
                problems.report(Problem::PlacedTwice { stream: stream.clone() }, span.clone());
            }
        }
        let streams = streams.into_iter().map(|(name, _)| name).collect();
        let on = on(root, index, item, designs, common, problems);
        list.push(on.map(|on| Place { streams, on }));
    }
    if let (Some(streams), Some(platform), Some(item)) =
        (&given.streams, name_of(table), table.tables("place").last())
        && !streams.is_empty()
        && streams.iter().all(|stream| placed.contains(stream))
    {
        problems.report(Problem::NothingLeft { platform }, item.span.clone());
    }
    list.into_iter().collect()
}

/// Where streams stand: a platform of the scenario goes before a preset of the same name.
fn on(
    root: &Checked,
    index: usize,
    item: &Checked,
    designs: &[Option<Design>],
    common: &Lines,
    problems: &mut Problems,
) -> Option<Design> {
    let tables = root.tables("platform");
    let name = item.text("on")?;
    let named = |table: &Checked| name_of(table).as_deref() == Some(&*name);
    if named(&tables[index]) {
        problems.report(Problem::PlacedOnItself { platform: name }, item.span_of("on"));
        return None;
    }
    if let Some(other) = tables.iter().position(named) {
        if tables[other].has("place") {
            problems.report(Problem::NestedPlaces { platform: name }, item.span_of("on"));
            return None;
        }
        return designs[other].clone();
    }
    let found =
        preset(&name).map(|preset| Design { lines: common.on(preset), ..Design::of(preset) });
    if found.is_none() {
        let platforms: Vec<String> = tables.iter().filter_map(name_of).collect();
        let presets = PRESETS.iter().map(|preset| preset.name);
        let all: Set<&str> = platforms.iter().map(String::as_str).chain(presets).collect();
        let known = Known::new(&name, all.iter().copied());
        let problem = Problem::UnknownName { what: "platform or preset", name, known };
        problems.report(problem, item.span_of("on"));
    }
    found
}

fn design(
    table: &Checked,
    root: &Checked,
    common: &Lines,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Option<Design> {
    let preset = preset_of(table, problems);
    // A policy's settings come first, so that a preset's and the scenario's own stand over them.
    let headroom = table.text("headroom").and_then(|text| Headroom::read(&text).ok());
    let headroom = headroom.unwrap_or(Settings::default().headroom);
    let mut settings =
        preset.map_or_else(Settings::default, |preset| preset.settings_under(headroom));
    let mut overrides = Vec::new();
    for row in table.keys().into_iter().filter_map(parameter) {
        if let Some(preset) = preset
            && !row.scope.covers(preset.architecture)
        {
            let problem = Problem::NoEffect {
                key: row.key,
                preset: preset.name,
                architecture: preset.architecture,
                scope: row.scope,
            };
            problems.report(problem, table.key_span(row.key));
            continue;
        }
        // Absent where the first pass refused it.
        let Some(text) = table.text(row.key) else { continue };
        let fixed = settings.show(row.key).filter(|fixed| *fixed != text);
        if let (Some(preset), Some(value)) = (preset, fixed)
            && preset.fixed.contains(&row.key)
        {
            let problem = Problem::Fixed { key: row.key, preset: preset.name, value };
            problems.report(problem, table.span_of(row.key));
            continue;
        }
        match change(row, &text, |key, text| settings.set(key, text)) {
            Ok(()) => overrides.push(row.key.to_owned()),
            Err(problem) => problems.report(problem, table.span_of(row.key)),
        }
    }
    let preset = preset?;
    let name = table.text("name").unwrap_or_else(|| preset.name.to_owned());
    let lines = lines::of_platform(common, preset, table, root, vocabulary, problems);
    let design = Design { name, preset, settings, overrides, lines, places: Vec::new() };
    check_names(&design, table, vocabulary, problems);
    check_together(&design, table, problems);
    Some(design)
}

fn preset_of(table: &Checked, problems: &mut Problems) -> Option<&'static Preset> {
    let name = table.text("preset")?;
    let found = preset(&name);
    if found.is_none() {
        let known = Known::new(&name, PRESETS.iter().map(|preset| preset.name));
        let problem = Problem::UnknownName { what: "preset", name, known };
        problems.report(problem, table.span_of("preset"));
    }
    found
}

/// Names that the scenario wrote and the catalogue has to know.
fn check_names(design: &Design, table: &Checked, vocabulary: &Vocabulary, problems: &mut Problems) {
    let none = Set::new();
    let machines = vocabulary.machines.get(design.preset.pool).unwrap_or(&none);
    let rows = [
        ("broker", "machine", machines),
        ("controller", "machine", machines),
        ("disk", "disk", &vocabulary.disks),
        ("wal_disk", "disk", &vocabulary.disks),
    ];
    for (key, what, known) in rows {
        let written = design.overrides.iter().any(|set| set == key);
        let name = design.settings.show(key).filter(|name| written && name != "auto");
        if let Some(name) = name
            && !known.contains(&name)
        {
            let known = Known::new(&name, known.iter().map(String::as_str));
            problems.report(Problem::UnknownName { what, name, known }, table.span_of(key));
        }
    }
}

/// Settings that exclude each other.
fn check_together(design: &Design, table: &Checked, problems: &mut Problems) {
    let settings = &design.settings;
    let written = |keys: &[&'static str]| {
        let key = keys.iter().find(|key| table.has(key));
        table.span_of(key.unwrap_or(&"preset"))
    };
    let (zones, replication_factor) = (settings.zones, settings.replication_factor);
    if let Some(brokers) = settings.brokers {
        if Scope::Replicated.covers(design.architecture()) && replication_factor > brokers {
            let problem = Problem::TooFewBrokers { replication_factor, brokers };
            problems.report(problem, written(&["replication_factor", "brokers"]));
        }
        if zones > brokers {
            problems.report(Problem::EmptyZones { zones, brokers }, written(&["zones", "brokers"]));
        }
        if brokers > settings.brokers_max {
            let problem = Problem::TooManyBrokers { brokers, most: settings.brokers_max };
            problems.report(problem, written(&["brokers", "brokers_max"]));
        }
    }
    let shared = Scope::SharedStorage.covers(design.architecture());
    let routed = shared && settings.zone_router && !settings.leaderless;
    if routed && matches!(settings.wal, Wal::Block | Wal::ZonalObjectStorage) {
        problems.report(Problem::RouterWithoutObjectWal, written(&["zone_router", "wal"]));
    }
    if design.replicates() && settings.fleet == FleetPolicy::Follow {
        let preset = design.preset.name;
        problems.report(Problem::FollowWithReplicas { preset }, written(&["fleet"]));
    }
}
