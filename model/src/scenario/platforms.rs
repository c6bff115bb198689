//! What to compare.

use std::collections::BTreeSet;

use super::Vocabulary;
use super::form::Checked;
use super::nearest::Known;
use super::problem::{Problem, Problems};
use crate::design::Design;
use crate::parameters::{Headroom, Kind, Parameter, Scope, Setting, Settings, Wal, parameter};
use crate::presets::{PRESETS, Preset, preset};

/// The platforms to compare.
pub(super) fn designs(
    root: &Checked,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Option<Vec<Design>> {
    let mut names = BTreeSet::new();
    let mut designs = Vec::new();
    for table in root.tables("platform") {
        let design = design(table, vocabulary, problems);
        let name = table.text("name").or_else(|| table.text("preset"));
        if let Some(name) = name
            && !names.insert(name.clone())
        {
            let key = if table.has("name") { "name" } else { "preset" };
            problems.report(Problem::Duplicate { what: "platforms", name }, table.span_of(key));
        }
        designs.push(design);
    }
    let designs: Option<Vec<_>> = designs.into_iter().collect();
    designs.filter(|designs| !designs.is_empty())
}

fn design(table: &Checked, vocabulary: &Vocabulary, problems: &mut Problems) -> Option<Design> {
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
        match change(&mut settings, row, &text) {
            Ok(()) => overrides.push(row.key.to_owned()),
            Err(problem) => problems.report(problem, table.span_of(row.key)),
        }
    }
    let preset = preset?;
    let name = table.text("name").unwrap_or_else(|| preset.name.to_owned());
    let design = Design { name, preset, settings, overrides };
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

/// Changes a setting, unless its value would divide by nothing.
fn change(settings: &mut Settings, row: &Parameter, text: &str) -> Result<(), Problem> {
    settings.set(row.key, text).map_err(|expected| Problem::Setting {
        key: row.key.to_owned(),
        found: text.to_owned(),
        expected,
    })?;
    let too_small =
        settings.number(row.key).zip(least(row)).is_some_and(|(value, least)| value < least);
    if too_small {
        return Err(Problem::OutOfRange {
            key: row.key.to_owned(),
            found: text.to_owned(),
            allowed: format!("at least {}", least_shown(row.kind)),
        });
    }
    Ok(())
}

/// The smallest value of a setting that is divided by; a setting whose plausible range has zero is not.
fn least(row: &Parameter) -> Option<f64> {
    let low = row.range.split("..").next().unwrap_or("").trim();
    if low == "0" || low.starts_with("0 ") {
        return None;
    }
    match row.kind {
        Kind::Count | Kind::Size | Kind::Rate => Some(1.0),
        Kind::Duration => Some(1.0 / 3_600_000.0),
        Kind::Factor | Kind::Share => Some(0.001),
        Kind::Flag | Kind::Price | Kind::Name | Kind::Choice(_) => None,
    }
}

fn least_shown(kind: Kind) -> &'static str {
    match kind {
        Kind::Size => "`1 B`",
        Kind::Rate => "`1 B/s`",
        Kind::Duration => "`1 ms`",
        Kind::Factor => "0.001",
        Kind::Share => "`0.1 %`",
        Kind::Count | Kind::Flag | Kind::Price | Kind::Name | Kind::Choice(_) => "1",
    }
}

/// Names that the scenario wrote and the catalogue has to know.
fn check_names(design: &Design, table: &Checked, vocabulary: &Vocabulary, problems: &mut Problems) {
    let none = BTreeSet::new();
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
    if shared && settings.zone_router && settings.wal != Wal::ObjectStorage {
        problems.report(Problem::RouterWithoutObjectWal, written(&["zone_router", "wal"]));
    }
}
