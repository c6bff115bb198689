//! What to compare.

use std::collections::BTreeSet;

use super::Vocabulary;
use super::form::Checked;
use super::lines;
use super::nearest::Known;
use super::problem::{Problem, Problems};
use super::settings::change;
use crate::design::Design;
use crate::lines::Lines;
use crate::parameters::{FleetPolicy, Headroom, Scope, Setting, Settings, Wal, parameter};
use crate::presets::{PRESETS, Preset, preset};

/// The platforms to compare.
pub(super) fn designs(
    root: &Checked,
    common: &Lines,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Option<Vec<Design>> {
    let mut names = BTreeSet::new();
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
    let designs: Option<Vec<_>> = designs.into_iter().collect();
    designs.filter(|designs| !designs.is_empty())
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
    let design = Design { name, preset, settings, overrides, lines };
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
    let routed = shared && settings.zone_router && !settings.leaderless;
    if routed && matches!(settings.wal, Wal::Block | Wal::ZonalObjectStorage) {
        problems.report(Problem::RouterWithoutObjectWal, written(&["zone_router", "wal"]));
    }
    if design.replicates() && settings.fleet == FleetPolicy::Follow {
        let preset = design.preset.name;
        problems.report(Problem::FollowWithReplicas { preset }, written(&["fleet"]));
    }
}
