//! Changing one value of a scenario's text, so that everything else stays as it was written.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_writer::ToTomlValue;

use super::events::COMMON_KEYS;
use super::fields::{self, Field, Form, Section};
use super::nearest::Known;
use crate::events::EventKind;
use crate::order;
use crate::parameters::{Kind, parameter};
use crate::presets::preset;

/// Why a value cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// The text is not TOML, so there is no telling where its values are.
    #[error("the scenario cannot be changed before its syntax is right: {message}")]
    Syntax {
        /// What the TOML parser says.
        message: String,
    },
    /// The path ends too early, or has an empty part or an open quote.
    #[error("`{path}` is not the path of a value")]
    NotAPath {
        /// The path.
        path: String,
    },
    /// There is no such key.
    #[error("there is no `{key}` in {place}")]
    UnknownKey {
        /// The key.
        key: String,
        /// Where it was looked for.
        place: Section,
        /// What there is.
        known: Known,
    },
    /// Nothing has that name.
    #[error("there is no {what} `{name}` in the scenario")]
    UnknownName {
        /// What kind of thing was named.
        what: &'static str,
        /// The name.
        name: String,
        /// What there is.
        known: Known,
    },
    /// The setting means nothing for any of the platforms or events.
    #[error("`{key}` has no effect on any {what} of the scenario")]
    NoEffect {
        /// The setting.
        key: String,
        /// What it was to change.
        what: &'static str,
    },
    /// The scenario is written in a way that leaves no place for the value.
    #[error("there is no place for `{path}` in the scenario as it is written")]
    NoPlace {
        /// The path.
        path: String,
    },
}

impl SetError {
    /// What to do about it, where that is clear.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotAPath { .. } => Some(
                "write a path such as `horizon.months`, `stream.NAME.retention`, `stream.*.growth`, `platform.NAME.broker` or `event.NAME.outage`; names with dots go in quotes"
                    .to_owned(),
            ),
            Self::UnknownKey { known, .. } | Self::UnknownName { known, .. } => known.hint(),
            Self::NoPlace { .. } => Some("add it to the file by hand".to_owned()),
            Self::NoEffect { what, .. } => Some(format!(
                "choose a setting that one of them has; {}",
                match *what {
                    "event" => "`highwater events KIND` shows those of a kind of event",
                    _ => "`highwater presets show NAME` shows those of a platform",
                }
            )),
            Self::Syntax { .. } => None,
        }
    }
}

/// Sets one value of a scenario's text, or the same value of several sections.
///
/// A path is the keys down to the value with dots between: `title`, `horizon.months`, `prices.discount.compute`,
/// `prices.override.SKU.price`, `stream.NAME.retention`, `stream.NAME.steps.MONTH.times`, `stream.NAME.keys.skew`,
/// `stream.NAME.reader.GROUP.window`, `region.NAME.share`, `link.FROM.retention`, `connector.NAME.tasks`, `lines.backups`,
/// `platform.NAME.broker`, `platform.NAME.lines.backups`, `platform.NAME.place.ON.streams`, `event.NAME.outage`,
/// `scorecard.storm_share`, `scorecard.mark.QUESTION.mark`. `*` stands for all names. A platform answers to its preset too. A value is quoted
/// where the key wants a string; a whole section is an inline table, and several are an array of them.
///
/// The result may break a rule of [`parse`](super::parse), which says so better.
///
/// ```
/// let text = "[horizon]\nmonths = 12 # a year\n";
/// assert_eq!(
///     model::scenario::set(text, "horizon.months", "24").unwrap(),
///     "[horizon]\nmonths = 24 # a year\n"
/// );
/// ```
///
/// # Errors
///
/// When the path leads nowhere, or the text is not TOML.
pub fn set(text: &str, path: &str, value: &str) -> Result<String, SetError> {
    let not_a_path = || SetError::NotAPath { path: path.to_owned() };
    let parts = split(path).ok_or_else(not_a_path)?;
    let tree = DeTable::parse(text)
        .map_err(|error| SetError::Syntax { message: error.message().to_owned() })?;
    let top = top(text, tree.get_ref());
    let mut walk = Walk { text, path, top, edits: Vec::new(), skipped: None };
    let root = Place {
        section: Section::Scenario,
        table: Some(tree.get_ref()),
        home: Home::Top,
        dotted: String::new(),
    };
    walk.descend(&root, &parts, value)?;
    if walk.edits.is_empty() {
        return Err(walk.skipped.unwrap_or_else(not_a_path));
    }
    let changed = apply(text, walk.edits);
    // A scenario written in an unusual way may have no room; better no change than a broken one.
    match DeTable::parse(&changed) {
        Ok(_) => Ok(changed),
        Err(_) => Err(SetError::NoPlace { path: path.to_owned() }),
    }
}

/// The parts of a path; names with dots are in quotes.
pub(super) fn split(path: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut rest = path.trim();
    loop {
        let (part, after) = match rest.chars().next()? {
            quote @ ('"' | '\'') => rest[1..].split_once(quote)?,
            _ => rest.split_at(rest.find('.').unwrap_or(rest.len())),
        };
        if part.is_empty() {
            return None;
        }
        parts.push(part.to_owned());
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => return Some(parts),
            None => return None,
        }
    }
}

/// Bytes of the text, and what replaces them.
type Edit = (Range<usize>, String);

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    let mut text = text.to_owned();
    order::sort_by_key(&mut edits, |(span, _)| std::cmp::Reverse(span.start));
    for (span, replacement) in edits {
        text.replace_range(span, &replacement);
    }
    text
}

/// Where a new key of a section can be written.
#[derive(Clone)]
enum Home {
    /// At the top of the text.
    Top,
    /// Below a header, or behind a brace, at this byte.
    Section(usize),
}

/// A section on the way down.
struct Place<'a> {
    section: Section,
    /// `None` when the scenario does not have it.
    table: Option<&'a DeTable<'a>>,
    home: Home,
    /// What stands before a new key, from its home down to here.
    dotted: String,
}

struct Walk<'a> {
    text: &'a str,
    path: &'a str,
    /// The byte after the keys that stand before the first header.
    top: usize,
    edits: Vec<Edit>,
    /// A setting that was left out because it means nothing for a platform or an event.
    skipped: Option<SetError>,
}

impl Walk<'_> {
    fn descend(
        &mut self,
        place: &Place<'_>,
        parts: &[String],
        value: &str,
    ) -> Result<(), SetError> {
        let Some((key, rest)) = parts.split_first() else {
            return Err(SetError::NotAPath { path: self.path.to_owned() });
        };
        let field =
            fields::find(place.section, key).ok_or_else(|| unknown_key(key, place.section))?;
        let there = place.table.and_then(|table| table.get(key.as_str()));
        match field.form {
            Form::Tables(section, _) if !rest.is_empty() => {
                self.descend_into_each(section, there, rest, value)
            }
            Form::Table(section) if !rest.is_empty() => {
                self.descend(&self.inner(place, section, key, there), rest, value)
            }
            Form::Table(_) | Form::Tables(..) if !self.takes(&field, there, value) => {
                Err(SetError::NotAPath { path: self.path.to_owned() })
            }
            _ if rest.is_empty() => self.write(place, &field, there, value),
            _ => Err(SetError::NotAPath { path: self.path.to_owned() }),
        }
    }

    /// Whether whole sections can be set: to an inline table or an array of them, where they are or are not there.
    fn takes(&self, field: &Field, there: Option<&Spanned<DeValue<'_>>>, value: &str) -> bool {
        let inline = |there: &Spanned<DeValue<'_>>| {
            let text = &self.text[there.span().start..];
            text.starts_with('{')
                || (text.starts_with('[') && !on_header(self.text, there.span().start))
        };
        there.is_none_or(inline)
            && DeValue::parse(value.trim()).is_ok_and(|value| fits(field, value.get_ref()))
    }

    /// Sections of one name: one of them, or all.
    fn descend_into_each(
        &mut self,
        section: Section,
        there: Option<&Spanned<DeValue<'_>>>,
        parts: &[String],
        value: &str,
    ) -> Result<(), SetError> {
        let Some((name, rest)) = parts.split_first() else {
            return Err(SetError::NotAPath { path: self.path.to_owned() });
        };
        let items =
            there.and_then(|there| there.get_ref().as_array()).map_or(&[][..], |items| items);
        let tables: Vec<_> = items
            .iter()
            .filter_map(|item| Some((item.span(), item.get_ref().as_table()?)))
            .collect();
        let chosen = choose(section, &tables, name);
        if chosen.is_empty() {
            return Err(unknown_name(section, &tables, name));
        }
        let all = name == "*";
        for index in chosen {
            let (span, table) = &tables[index];
            if all && idle(section, table, rest) {
                let what = kind_of_name(section);
                self.skipped = rest.first().cloned().map(|key| SetError::NoEffect { key, what });
                continue;
            }
            let home = Home::Section(self.room(span.clone()));
            let place = Place { section, table: Some(table), home, dotted: String::new() };
            self.descend(&place, rest, value)?;
        }
        Ok(())
    }

    /// Where a new key goes in a section: after its header's line, or after its opening brace.
    fn room(&self, span: Range<usize>) -> usize {
        if self.text[span.start..].starts_with('{') {
            span.start + 1
        } else {
            line_end(self.text, span.end)
        }
    }

    /// A section that stands in another only once.
    fn inner<'a>(
        &self,
        place: &Place<'a>,
        section: Section,
        key: &str,
        there: Option<&'a Spanned<DeValue<'a>>>,
    ) -> Place<'a> {
        let table = there.and_then(|there| there.get_ref().as_table());
        let span = there.map(Spanned::span);
        let own = span.filter(|span| self.text[span.start..].starts_with(['{', '[']));
        match own {
            Some(span) => Place {
                section,
                table,
                home: Home::Section(self.room(span)),
                dotted: String::new(),
            },
            None => Place {
                section,
                table,
                home: place.home.clone(),
                dotted: format!("{}{key}.", place.dotted),
            },
        }
    }

    fn write(
        &mut self,
        place: &Place<'_>,
        field: &Field,
        there: Option<&Spanned<DeValue<'_>>>,
        value: &str,
    ) -> Result<(), SetError> {
        let value = literal(field, value);
        if let Some(there) = there {
            self.edits.push((there.span(), value));
            return Ok(());
        }
        let line = format!("{}{} = {value}", place.dotted, field.key);
        let edit = match place.home {
            Home::Top => self.at_the_top(place, field, &line, &value),
            Home::Section(offset) => self.in_section(offset, &line),
        };
        self.edits.push(edit);
        Ok(())
    }

    fn in_section(&self, offset: usize, line: &str) -> Edit {
        let before = &self.text[..offset];
        let new = if offset == 0 {
            format!("{line}\n")
        } else if before.ends_with('{') {
            let empty = self.text[offset..].trim_start().starts_with('}');
            if empty { format!(" {line} ") } else { format!(" {line},") }
        } else if before.ends_with('\n') {
            format!("{line}\n")
        } else {
            format!("\n{line}\n")
        };
        (offset..offset, new)
    }

    /// A key of the top level goes above everything; a section that is not there yet goes below.
    fn at_the_top(&self, place: &Place<'_>, field: &Field, line: &str, value: &str) -> Edit {
        // A section with dotted keys at the top level (`prices.region = …`) has no header, and must not get one.
        let dotted_already = place
            .table
            .is_some_and(|table| table.keys().any(|key| !on_header(self.text, key.span().start)));
        if place.dotted.is_empty() || dotted_already {
            return self.in_section(self.top, line);
        }
        let end = self.text.len();
        let gap = if self.text.ends_with('\n') || end == 0 { "" } else { "\n" };
        let header = place.dotted.trim_end_matches('.');
        (end..end, format!("{gap}\n[{header}]\n{} = {value}\n", field.key))
    }
}

/// The byte after the line of another.
pub(super) fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |newline| offset + newline + 1)
}

/// The byte after the keys that stand before the first header.
fn top(text: &str, root: &DeTable<'_>) -> usize {
    let plain = root.iter().filter(|(key, _)| !on_header(text, key.span().start));
    plain.map(|(_, value)| line_end(text, value.span().end)).max().unwrap_or(0)
}

pub(super) fn on_header(text: &str, offset: usize) -> bool {
    let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
    text[start..].trim_start().starts_with('[')
}

pub(super) fn unknown_key(key: &str, place: Section) -> SetError {
    let keys: Vec<_> = fields::of(place).iter().map(|field| field.key).collect();
    SetError::UnknownKey {
        key: key.to_owned(),
        place,
        known: Known::new(key, keys.iter().copied()),
    }
}

/// The keys that a section answers to, the best first.
pub(super) fn name_keys(section: Section) -> &'static [&'static str] {
    match section {
        Section::Platform => &["name", "preset"],
        Section::Reader => &["group"],
        Section::Override => &["sku"],
        Section::Steps => &["month"],
        Section::Mark => &["question"],
        Section::Figure => &["what"],
        Section::Place => &["on"],
        Section::Link => &["from", "to"],
        _ => &["name"],
    }
}

pub(super) type Tables<'a> = [(Range<usize>, &'a DeTable<'a>)];

fn names<'a>(tables: &'a Tables<'_>, key: &str) -> Vec<Option<&'a str>> {
    let name = |value: &'a DeValue<'_>| match value {
        DeValue::Integer(number) => Some(number.as_str()),
        other => other.as_str(),
    };
    tables.iter().map(|(_, table)| name(table.get(key)?.get_ref())).collect()
}

/// The sections that a name means: those that have it, and only where none has, those that answer to it otherwise. A
/// platform without a name is named as its preset.
pub(super) fn choose(section: Section, tables: &Tables<'_>, name: &str) -> Vec<usize> {
    let mut named: Vec<Vec<Option<&str>>> =
        name_keys(section).iter().map(|key| names(tables, key)).collect();
    if section == Section::Platform {
        let own = named[0].iter().zip(&named[1]).map(|(name, preset)| name.or(*preset)).collect();
        named.insert(0, own);
    }
    for named in named {
        let chosen: Vec<_> =
            (0..tables.len()).filter(|index| named[*index] == Some(name)).collect();
        if !chosen.is_empty() {
            return chosen;
        }
    }
    if name == "*" { (0..tables.len()).collect() } else { Vec::new() }
}

pub(super) fn unknown_name(section: Section, tables: &Tables<'_>, name: &str) -> SetError {
    let all: Vec<_> =
        name_keys(section).iter().flat_map(|key| names(tables, key)).flatten().collect();
    SetError::UnknownName {
        what: kind_of_name(section),
        name: name.to_owned(),
        known: Known::new(name, all.iter().copied()),
    }
}

/// What has a name, in a section that repeats.
pub(super) fn kind_of_name(section: Section) -> &'static str {
    match section {
        Section::Platform => "platform",
        Section::Reader => "reader",
        Section::Override => "price override",
        Section::Connector => "connector",
        Section::Steps => "step of month",
        Section::Event => "event",
        Section::Mark => "mark",
        Section::Slip => "slip",
        Section::Figure => "published figure",
        Section::Region => "region",
        Section::Place => "place on",
        Section::Link => "link from",
        Section::Correlation => "correlation",
        Section::Commitment => "commitment",
        Section::Credit => "credit",
        _ => "stream",
    }
}

/// Whether a setting means nothing for a platform or an event, or is fixed by the platform's service.
fn idle(section: Section, table: &DeTable<'_>, parts: &[String]) -> bool {
    let text = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
    let Some(key) = parts.first().map(String::as_str) else { return false };
    match section {
        Section::Platform => {
            parameter(key).zip(text("preset").and_then(preset)).is_some_and(|(row, preset)| {
                !row.scope.covers(preset.architecture) || preset.fixed.contains(&row.key)
            })
        }
        Section::Event => text("kind")
            .and_then(EventKind::named)
            .is_some_and(|kind| !COMMON_KEYS.contains(&key) && !kind.keys().contains(&key)),
        _ => false,
    }
}

/// A value as TOML: as it is where it already has the right type, quoted otherwise.
pub(super) fn literal(field: &Field, value: &str) -> String {
    let value = value.trim();
    let one_line = !value.contains(['\n', '\r', '#']);
    match DeValue::parse(value) {
        Ok(parsed) if one_line && fits(field, parsed.get_ref()) => value.to_owned(),
        _ => value.to_toml_value(),
    }
}

fn fits(field: &Field, value: &DeValue<'_>) -> bool {
    let numeric = matches!(value, DeValue::Integer(_) | DeValue::Float(_));
    match (field.form, value) {
        (_, DeValue::String(_)) => true,
        (
            Form::Count { .. } | Form::Number { .. } | Form::Share | Form::Part | Form::Percentage,
            _,
        ) => numeric,
        (Form::Names, value) => value.is_array(),
        (Form::Setting(row), value) => match row.kind {
            Kind::Flag => value.is_bool(),
            Kind::Count | Kind::Factor | Kind::Share => numeric,
            _ => false,
        },
        (Form::Date | Form::Moment, value) => value.is_datetime(),
        (Form::Shape | Form::Sentences, value) => value.is_array(),
        (Form::Flag, value) => value.is_bool(),
        (Form::Table(_) | Form::Pairs, value) => value.is_table(),
        (Form::Tables(..), DeValue::Array(items)) => {
            items.iter().all(|item| item.get_ref().is_table())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# A comment.
schema = 1
title = "Smart meters" # another

[prices]
provider = "aws"
region = "us-east-1"

[[stream]]
name = "reads"
produce = "40 MiB/s"
retention = "7 d" # a week
keys = { count = 5 }

[[stream.reader]]
group = "validation"

[[stream]]
name = "a.b"
produce = "2 MiB/s"
retention = "8 d"

[[platform]]
preset = "kafka-gp3"
zones = 3

[[platform]]
preset = "kafka-tiered"
name = "tiered"

[[event]]
name = "storm"
kind = "reconnect-storm"
at = "day 40"

[[event]]
name = "night"
kind = "replay"
at = 2027-02-01
stream = "reads"

[[scorecard.mark]]
question = "governance"
mark = "green"
evidence = "reviewed"
"#;

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        check(
            "title",
            "Gas meters",
            &[
                ("-", "title = \"Smart meters\" # another"),
                ("+", "title = \"Gas meters\" # another"),
            ],
        );
        check(
            "stream.reads.retention",
            "30 d",
            &[("-", "retention = \"7 d\" # a week"), ("+", "retention = \"30 d\" # a week")],
        );
        check(
            "stream.\"a.b\".produce",
            "\"1 GiB/s\"",
            &[("-", "produce = \"2 MiB/s\""), ("+", "produce = \"1 GiB/s\"")],
        );
        check(
            "stream.reads.keys.count",
            "7",
            &[("-", "keys = { count = 5 }"), ("+", "keys = { count = 7 }")],
        );
        check("platform.kafka-gp3.zones", "1", &[("-", "zones = 3"), ("+", "zones = 1")]);
        check(
            "event.night.at",
            "2027-03-01",
            &[("-", "at = 2027-02-01"), ("+", "at = 2027-03-01")],
        );
        check("event.storm.at", "month 3", &[("-", "at = \"day 40\""), ("+", "at = \"month 3\"")]);
        check(
            "scorecard.mark.governance.mark",
            "red",
            &[("-", "mark = \"green\""), ("+", "mark = \"red\"")],
        );
    }

    #[test]
    fn a_value_that_is_not_there_is_added() {
        check(
            "stream.reads.keys.skew",
            "0.9",
            &[("-", "keys = { count = 5 }"), ("+", "keys = { skew = 0.9, count = 5 }")],
        );
        check("stream.reads.shape", "[1, 2]", &[("+", "shape = [1, 2]")]);
        check("stream.reads.reader.validation.share", "30 %", &[("+", "share = \"30 %\"")]);
        check("prices.discount.compute", "12 %", &[("+", "discount.compute = \"12 %\"")]);
        check(
            "slo.budget",
            "$5/month",
            &[("+", ""), ("+", "[slo]"), ("+", "budget = \"$5/month\"")],
        );
        check(
            "horizon.start",
            "2027-01-01",
            &[("+", ""), ("+", "[horizon]"), ("+", "start = 2027-01-01")],
        );
        check("platform.tiered.follower_fetching", "false", &[("+", "follower_fetching = false")]);
        check("platform.kafka-tiered.disk", "st1", &[("+", "disk = \"st1\"")]);
        check("event.storm.outage", "4 h", &[("+", "outage = \"4 h\"")]);
        check("event.storm.share", "0.3", &[("+", "share = 0.3")]);
        check("stream.reads.start", "month 3", &[("+", "start = \"month 3\"")]);
        check("stream.reads.end", "2027-02-01", &[("+", "end = 2027-02-01")]);
        check(
            "stream.reads.steps",
            "[{ month = 6, times = 2 }]",
            &[("+", "steps = [{ month = 6, times = 2 }]")],
        );
        check(
            "horizon.time_zone",
            "UTC+1",
            &[("+", ""), ("+", "[horizon]"), ("+", "time_zone = \"UTC+1\"")],
        );
        check(
            "slo.availability",
            "99.9 %",
            &[("+", ""), ("+", "[slo]"), ("+", "availability = \"99.9 %\"")],
        );
        check(
            "scorecard.storm_share",
            "30 %",
            &[("+", ""), ("+", "[scorecard]"), ("+", "storm_share = \"30 %\"")],
        );
    }

    #[test]
    fn a_star_is_every_section_that_the_value_has_an_effect_on() {
        check("stream.*.compression", "4", &[("+", "compression = 4"), ("+", "compression = 4")]);
        check("platform.*.local_retention", "6 h", &[("+", "local_retention = \"6 h\"")]);
        refuse(
            "platform.*.wal",
            "block",
            "`wal` has no effect on any platform of the scenario; choose a setting that one of them has; `highwater presets \
             show NAME` shows those of a platform",
        );
        check("event.*.within", "8 h", &[("+", "within = \"8 h\"")]);
        refuse(
            "event.*.mirror",
            "1 GiB/s",
            "`mirror` has no effect on any event of the scenario; choose a setting that one of them has; `highwater events KIND` \
             shows those of a kind of event",
        );
    }

    #[test]
    fn a_path_that_leads_nowhere_says_where_it_could() {
        refuse(
            "stream.read.retention",
            "1 d",
            "there is no stream `read` in the scenario; did you mean `reads`?",
        );
        refuse(
            "stream.gas.retention",
            "1 d",
            "there is no stream `gas` in the scenario; use one of `reads`, `a.b`",
        );
        refuse(
            "stream.reads.retension",
            "1 d",
            "there is no `retension` in `[[stream]]`; did you mean `retention`?",
        );
        refuse(
            "platform.msk.zones",
            "1",
            "there is no platform `msk` in the scenario; use one of `tiered`, `kafka-gp3`, `kafka-tiered`",
        );
        for path in [
            "stream",
            "stream.reads",
            "title.x",
            "",
            ".",
            "stream..x",
            "stream.\"a",
            "prices",
            "slo",
        ] {
            assert!(matches!(set(TEXT, path, "1"), Err(SetError::NotAPath { .. })), "{path}");
        }
    }

    #[test]
    fn sections_written_in_other_ways_have_room_too() {
        let twice = set("slo.recovery = \"1 h\"", "slo.budget", "$5/month");
        assert_eq!(twice.as_deref(), Ok("slo.recovery = \"1 h\"\nslo.budget = \"$5/month\"\n"));
        let dotted = set("[[stream]]\nname = \"a\"\nkeys.count = 1\n", "stream.a.keys.skew", "1");
        assert_eq!(
            dotted.as_deref(),
            Ok("[[stream]]\nkeys.skew = 1\nname = \"a\"\nkeys.count = 1\n")
        );
        let implied = set("[prices.discount]\ncompute = \"1 %\"", "prices.region", "us-east-1");
        assert_eq!(
            implied.as_deref(),
            Ok("[prices.discount]\ncompute = \"1 %\"\n\n[prices]\nregion = \"us-east-1\"\n")
        );
        let steps = "stream = [{ name = \"a\", steps = [{ month = 6, times = 1.4 }] }]";
        assert_eq!(
            set(steps, "stream.a.steps.6.times", "2").as_deref(),
            Ok("stream = [{ name = \"a\", steps = [{ month = 6, times = 2 }] }]")
        );
        assert_eq!(
            set(steps, "stream.a.steps", "[]").as_deref(),
            Ok("stream = [{ name = \"a\", steps = [] }]")
        );
        let inline = set("stream = [{ name = \"a\" }]", "stream.a.shape", "weekly");
        assert_eq!(inline.as_deref(), Ok("stream = [{ shape = \"weekly\", name = \"a\" }]"));
        let empty = set("slo = {}", "slo.budget", "$5/month");
        assert_eq!(empty.as_deref(), Ok("slo = { budget = \"$5/month\" }"));
        assert_eq!(set("", "title", "a \"b\"").as_deref(), Ok("title = 'a \"b\"'\n"));
    }

    #[test]
    fn setting_a_value_again_changes_nothing() {
        for (path, value) in [
            ("slo.budget", "$5/month"),
            ("stream.*.growth", "2 %/month"),
            ("platform.tiered.zones", "2"),
        ] {
            let once = set(TEXT, path, value).expect("a path that exists");
            assert_eq!(set(&once, path, value).as_deref(), Ok(once.as_str()));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_path_or_value_makes_it_panic(path in r#"(stream|platform|prices|\*|reads|keys|reader|tiered|"|\.|\PC){0,8}"#, value in "\\PC{0,20}") {
            if let Ok(changed) = set(TEXT, &path, &value) {
                proptest::prop_assert!(DeTable::parse(&changed).is_ok());
            }
        }
    }

    /// The lines that go and come, in the order of the text.
    #[track_caller]
    fn check(path: &str, value: &str, expected: &[(&str, &str)]) {
        let changed = set(TEXT, path, value).expect("a path that exists");
        let (mut old, mut found) = (TEXT.lines().peekable(), Vec::new());
        for line in changed.lines() {
            if old.peek() == Some(&line) {
                old.next();
                continue;
            }
            // A line that is replaced, rather than one before which something is new.
            if let Some(gone) = old.next_if(|old| !changed.lines().any(|line| line == *old)) {
                found.push(("-", gone));
            }
            found.push(("+", line));
        }
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn refuse(path: &str, value: &str, expected: &str) {
        let error = set(TEXT, path, value).expect_err("a path that leads nowhere");
        let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
        assert_eq!(format!("{error}{hint}"), expected);
    }
}
