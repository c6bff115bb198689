//! What happens in the horizon.

use super::Horizon;
use super::fields::{self, Section};
use super::form::{Checked, missing};
use super::moment::moment_of;
use super::names::{Names, known, unique};
use super::problem::{Problem, Problems, duration};
use super::settings::change;
use crate::events::{Event, EventKind, EventSettings, parameter};
use crate::parameters::Setting;
use crate::units::{Dimension, Hours};

/// The keys that every event has.
pub(super) const COMMON_KEYS: [&str; 5] = ["name", "kind", "at", "platform", "region"];

/// What happens, in the order of the text.
pub(super) fn events(
    root: &Checked,
    horizon: Option<&Horizon>,
    problems: &mut Problems,
) -> Option<Vec<Event>> {
    let tables = root.tables("event");
    unique(tables, "events", "name", problems);
    let names = Names::of(root);
    let events: Vec<_> =
        tables.iter().map(|table| event(table, root, &names, horizon, problems)).collect();
    let events: Option<Vec<Event>> = events.into_iter().collect();
    check_migrations(events.as_deref().unwrap_or_default(), tables, &names, problems);
    events
}

/// Reports a second migration to a platform: a run knows one course for each, and each region has a run of its own.
fn check_migrations(events: &[Event], tables: &[Checked], names: &Names, problems: &mut Problems) {
    let moves = |event: &&Event| event.kind == EventKind::Migration;
    for (place, event) in events.iter().enumerate().filter(|(_, event)| moves(event)) {
        let first = |platform: &String| {
            let mut before = events[..place].iter().filter(moves);
            before.find(|one| {
                let apart = one.region.is_some() && event.region.is_some();
                let meet = !apart || one.region == event.region;
                meet && one.concerns(platform) && event.concerns(platform)
            })
        };
        let platforms = names.platforms.iter().flatten();
        let twice = platforms.filter_map(|platform| Some((platform, first(platform)?))).next();
        if let Some((platform, first)) = twice {
            let problem =
                Problem::SecondMigration { first: first.name.clone(), platform: platform.clone() };
            problems.report(problem, tables[place].span.clone());
        }
    }
}

fn event(
    table: &Checked,
    root: &Checked,
    names: &Names,
    horizon: Option<&Horizon>,
    problems: &mut Problems,
) -> Option<Event> {
    let kind = table.text("kind").and_then(|name| EventKind::named(&name));
    if let Some(kind) = kind {
        check_keys(table, kind, problems);
        check_required(table, root, kind, problems);
    }
    check_names(table, names, problems);
    let at = moment_of(table, "at", horizon, problems);
    let settings = settings(table, kind, problems);
    if kind == Some(EventKind::Replay) && !table.refused("window") {
        check_window(table, root, settings.window, problems);
    }
    Some(Event {
        name: table.text("name")?,
        kind: kind?,
        at: at?,
        stream: table.text("stream"),
        group: table.text("group"),
        platform: table.text("platform"),
        region: table.text("region"),
        from: table.text("from"),
        devices: table.count("devices"),
        settings,
    })
}

/// Reports keys of other kinds.
fn check_keys(table: &Checked, kind: EventKind, problems: &mut Problems) {
    for key in table.keys() {
        if !COMMON_KEYS.contains(&key) && !kind.keys().contains(&key) {
            problems.report(Problem::OtherEventKind { key, kind }, table.key_span(key));
        }
    }
}

fn check_required(table: &Checked, root: &Checked, kind: EventKind, problems: &mut Problems) {
    let absent = kind.required().iter().filter(|key| !table.has(key));
    for field in absent.filter_map(|key| fields::find(Section::Event, key)) {
        problems.report(missing(&field), table.span.clone());
    }
    // `auto` has nothing to go by here.
    if kind == EventKind::RetentionChange && table.text("retention").as_deref() == Some("auto") {
        let (key, found) = ("retention".to_owned(), "auto".to_owned());
        let problem = Problem::OutOfRange { key, found, allowed: Hours::NAME.to_owned() };
        problems.report(problem, table.span_of("retention"));
    }
    if kind == EventKind::FirmwareWave && !table.has("devices") {
        let stream = table.text("stream");
        let found = root.tables("stream").iter().find(|item| item.text("name") == stream);
        if let (Some(stream), Some(found)) = (stream, found)
            && !found.has("sources")
        {
            problems.report(Problem::NoDevices { stream }, table.span.clone());
        }
    }
}

/// Reports names that nothing in the scenario has.
fn check_names(table: &Checked, names: &Names, problems: &mut Problems) {
    let groups = names.groups(table.text("stream").as_deref());
    known("stream", names.streams.as_ref(), table, "stream", problems);
    known("reader", groups, table, "group", problems);
    known("platform", names.platforms.as_ref(), table, "platform", problems);
    known("platform", names.platforms.as_ref(), table, "from", problems);
    known("`[[region]]`", names.regions.as_ref(), table, "region", problems);
    let (to, from) = (table.text("platform"), table.text("from"));
    if let (Some(to), Some(from)) = (to, from)
        && to == from
    {
        problems.report(Problem::MigrationToItself { platform: from }, table.span_of("from"));
    }
}

fn settings(table: &Checked, kind: Option<EventKind>, problems: &mut Problems) -> EventSettings {
    let mut settings = kind.map_or_else(EventSettings::default, EventKind::settings);
    for row in table.keys().into_iter().filter_map(parameter) {
        // Absent where the first pass refused it.
        let Some(text) = table.text(row.key) else { continue };
        if let Err(problem) = change(row, &text, |key, text| settings.set(key, text)) {
            problems.report(problem, table.span_of(row.key));
        }
    }
    settings
}

/// Reports a replay of more than its stream ever keeps.
fn check_window(table: &Checked, root: &Checked, window: Hours, problems: &mut Problems) {
    let Some(name) = table.text("stream") else { return };
    let named = |item: &&Checked| item.text("name").as_deref() == Some(&name);
    let Some(stream) = root.tables("stream").iter().find(named) else { return };
    let compacted = stream.text("cleanup").as_deref() == Some("compact");
    let Some(kept) = stream.duration("retention").filter(|_| !compacted) else { return };
    let changes = root.tables("event").iter().filter(|event| {
        event.text("kind").as_deref() == Some(EventKind::RetentionChange.name())
            && event.text("stream").is_none_or(|stream| stream == name)
    });
    let longest = changes
        .filter_map(|event| Hours::read(&event.text("retention")?).ok())
        .fold(kept, Hours::max);
    if window > longest {
        let (window, retention) = (duration(window), duration(longest));
        let problem = Problem::WindowBeyondRetention { window, retention };
        problems.report(problem, table.span_of("window"));
    }
}
