//! What else is paid for around the platforms: connectors, and the settings of a bill's further lines.

use super::Vocabulary;
use super::form::Checked;
use super::names::{Names, known, unique};
use super::nearest::Known;
use super::problem::{Problem, Problems};
use super::settings::change;
use crate::lines::{Connector, Direction, Lines, RunsOn, parameter};
use crate::map::Set;
use crate::parameters::Setting;
use crate::presets::Preset;
use crate::workload::{Reader, ReaderKind, Workload};

/// What moves records between streams and other systems, in the order of the text.
pub(super) fn connectors(root: &Checked, problems: &mut Problems) -> Option<Vec<Connector>> {
    let tables = root.tables("connector");
    unique(tables, "connectors", "name", problems);
    let names = Names::of(root);
    let connectors: Vec<_> =
        tables.iter().map(|table| connector(table, &names, problems)).collect();
    connectors.into_iter().collect()
}

fn connector(table: &Checked, names: &Names, problems: &mut Problems) -> Option<Connector> {
    let direction = table.text("direction").and_then(|text| Direction::read(&text).ok());
    known("stream", names.streams.as_ref(), table, "stream", problems);
    if direction == Some(Direction::Source) && table.has("group") {
        problems.report(Problem::SourceWithGroup, table.key_span("group"));
    } else {
        let stream = table.text("stream");
        known("reader", names.readers(stream.as_deref()), table, "group", problems);
    }
    Some(Connector {
        name: table.text("name")?,
        stream: table.text("stream")?,
        direction: direction?,
        share: table.number("share").unwrap_or(1.0),
        tasks: table.count("tasks").and_then(|count| u32::try_from(count).ok()),
        task_rate: table.rate("task_rate"),
        runs_on: table.text("runs_on").and_then(|text| RunsOn::read(&text).ok()),
        group: table.text("group"),
    })
}

/// Sinks are consumer groups of their streams.
pub(super) fn read(workload: &mut Workload, connectors: &[Connector]) {
    for connector in connectors.iter().filter(|one| one.direction == Direction::Sink) {
        let named = |stream: &&mut crate::workload::Stream| stream.name == connector.stream;
        let Some(stream) = workload.streams.iter_mut().find(named) else { continue };
        let group = connector.group();
        if stream.readers.iter().any(|reader| reader.group == group) {
            continue;
        }
        stream.readers.push(Reader {
            group,
            region: None,
            share: connector.share,
            consumers: connector.tasks,
            capacity: Reader::CAPACITY,
            kind: ReaderKind::Tail { lag_budget: None },
        });
    }
}

/// What is asked for on every platform.
pub(super) fn common(
    root: &Checked,
    connectors: &[Connector],
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Lines {
    let mut lines = Lines { connectors: connectors.to_vec(), ..Lines::default() };
    if let Some(table) = root.table("lines") {
        write(&mut lines, table, problems);
        check(&lines, table, root, vocabulary, problems);
    }
    lines
}

/// What is asked for on one platform: the scenario's own, over it what its service includes, over that the platform's own.
pub(super) fn of_platform(
    common: &Lines,
    preset: &Preset,
    table: &Checked,
    root: &Checked,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Lines {
    let mut lines = common.on(preset);
    if let Some(table) = table.table("lines") {
        write(&mut lines, table, problems);
        check(&lines, table, root, vocabulary, problems);
    }
    lines
}

fn write(lines: &mut Lines, table: &Checked, problems: &mut Problems) {
    for row in table.keys().into_iter().filter_map(parameter) {
        // Absent where the first pass refused it.
        let Some(text) = table.text(row.key) else { continue };
        match change(row, &text, |key, text| lines.settings.set(key, text)) {
            Ok(()) => {
                lines.overrides.retain(|key| key != row.key);
                lines.overrides.push(row.key.to_owned());
            }
            Err(problem) => problems.report(problem, table.span_of(row.key)),
        }
    }
}

/// What the settings mean together, and names that the catalogue has to know.
fn check(
    lines: &Lines,
    table: &Checked,
    root: &Checked,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) {
    let settings = &lines.settings;
    if settings.connectors == Some(true) && lines.connectors.is_empty() && !root.has("connector") {
        problems.report(Problem::NoConnectors, table.span_of("connectors"));
    }
    const PATHS: [&str; 4] = ["path_peering", "path_nat", "path_cross_region", "path_internet"];
    // Shares are written with a few digits.
    const SLACK: f64 = 1e-9;
    let sum: f64 = PATHS.iter().filter_map(|key| settings.number(key)).sum();
    if let Some(written) = PATHS.iter().rev().find(|key| table.has(key))
        && sum > 1.0 + SLACK
    {
        problems.report(Problem::PathsBeyondAll { sum: sum.show() }, table.span_of(written));
    }
    if let (Some(name), true) = (&settings.connector_machine, table.has("connector_machine")) {
        let none = Set::new();
        let machines = vocabulary.machines.get(&settings.connector_pool).unwrap_or(&none);
        if !machines.contains(name) {
            let known = Known::new(name, machines.iter().map(String::as_str));
            let problem = Problem::UnknownName { what: "machine", name: name.clone(), known };
            problems.report(problem, table.span_of("connector_machine"));
        }
    }
    let provider = root.table("prices").and_then(|prices| prices.text("provider"));
    let regions = provider.and_then(|provider| vocabulary.regions.get(&provider));
    if let (Some(name), Some(regions), true) =
        (&settings.cross_region, regions, table.has("cross_region"))
        && !regions.contains(name)
    {
        let known = Known::new(name, regions.iter().map(String::as_str));
        let problem = Problem::UnknownName { what: "region", name: name.clone(), known };
        problems.report(problem, table.span_of("cross_region"));
    }
}
