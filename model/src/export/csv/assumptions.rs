//! The table of assumptions: every key that a scenario can say and every setting behind it, with its value and who gave it.
//!
//! First what the scenario says, section by section, with the defaults of what it leaves out; then every setting of every
//! platform, event and question. Values are written as a scenario writes them, with their units.

use std::fmt;

use super::{Cell, Tables, Writer};
use crate::export::settings::{
    Origin, Setting, event_settings, line_settings, policy_settings, settings,
};
use crate::parameters::Kind;
use crate::scenario::fields::{self, Field, Form, Section, Unit};
use crate::scenario::{Outline, outline};

/// The columns, in order.
const COLUMNS: [&str; 11] = [
    "section",
    "subject",
    "key",
    "value",
    "given_by",
    "unit",
    "range",
    "default",
    "meaning",
    "source",
    "confidence",
];

/// Writes the table; the text is the scenario's.
pub(super) fn write(
    tables: &Tables<'_>,
    text: &str,
    sink: &mut dyn fmt::Write,
) -> Result<u64, fmt::Error> {
    let mut writer = Writer::new(tables.profile, sink, COLUMNS.into_iter())?;
    if let Some(outline) = outline(text) {
        said(&outline, &mut writer)?;
        for section in [Section::Horizon, Section::Finance] {
            if outline.sections(section.path()).next().is_none() {
                for field in fields::of(section).iter().filter(|field| !field.default.is_empty()) {
                    writer.row(stated(section.path(), "", field, None))?;
                }
            }
        }
    }
    let scenario = tables.scenario;
    let asked = |name: &str| tables.platform.is_none_or(|wanted| wanted == name);
    for design in scenario.platforms.iter().filter(|design| asked(&design.name)) {
        for setting in settings(design).iter().chain(&line_settings(design)) {
            writer.row(set("platform", &design.name, setting))?;
        }
    }
    for event in &scenario.events {
        for mut setting in event_settings(event.kind) {
            let value = event.settings.show(setting.parameter.key).unwrap_or_default();
            if value != setting.value {
                let (origin, source) = (Origin::Scenario, "the scenario");
                setting = Setting { value, origin, source, confidence: None, ..setting };
            }
            writer.row(set("event", &event.name, &setting))?;
        }
    }
    for setting in &policy_settings(&scenario.policy) {
        writer.row(set("scorecard", "", setting))?;
    }
    Ok(writer.rows())
}

/// What a section says, and the defaults of what it does not.
fn said(outline: &Outline, writer: &mut Writer<'_>) -> fmt::Result {
    let path = outline.section.path();
    let subject = outline.path.as_deref().unwrap_or_default();
    let subject = subject.strip_prefix(path).unwrap_or(subject).trim_start_matches('.');
    for field in fields::of(outline.section) {
        let written = outline.values.iter().find(|value| value.key == field.key);
        let section = matches!(field.form, Form::Table(_) | Form::Tables(..));
        // Settings stand with their platform or event, whoever gave them.
        let elsewhere = matches!(field.form, Form::Setting(_));
        let nothing = written.is_none() && field.default.is_empty();
        if !section && !elsewhere && !nothing {
            writer.row(stated(path, subject, &field, written.map(|value| &*value.text)))?;
        }
    }
    outline.sections.iter().try_for_each(|inner| said(inner, writer))
}

/// A key of the scenario, with its value or its default.
fn stated<'a>(
    section: &'a str,
    subject: &'a str,
    field: &Field,
    written: Option<&'a str>,
) -> [Cell<'a>; COLUMNS.len()] {
    let default = field.default.trim_matches('"');
    let (value, by) = match written {
        Some(value) => (value, Origin::Scenario),
        None => (default, Origin::Default),
    };
    [
        if section.is_empty() { "scenario" } else { section }.into(),
        subject.into(),
        field.key.into(),
        Cell::value(value),
        by.name().into(),
        unit(field.form).into(),
        range(field.form).into(),
        Cell::value(default),
        field.doc.into(),
        if written.is_some() { "the scenario" } else { "" }.into(),
        Cell::Empty,
    ]
}

/// A setting, with its value.
fn set<'a>(section: &'a str, subject: &'a str, setting: &'a Setting) -> [Cell<'a>; COLUMNS.len()] {
    let parameter = setting.parameter;
    [
        section.into(),
        subject.into(),
        parameter.key.into(),
        Cell::value(&setting.value),
        setting.origin.name().into(),
        kind(parameter.kind).into(),
        match parameter.kind {
            Kind::Choice(words) => words.join(" or ").into(),
            _ => parameter.range.into(),
        },
        Cell::value(parameter.default),
        parameter.doc.trim_ascii().into(),
        setting.source.into(),
        setting.confidence.map_or(Cell::Empty, |confidence| confidence.name().into()),
    ]
}

/// What a value counts; its unit stands with it, where it has one.
fn unit(form: Form) -> &'static str {
    match form {
        Form::Count { .. } => "count",
        Form::Number { .. } => "number",
        Form::Quantity { unit: Unit::Size, .. } => "amount of data",
        Form::Quantity { unit: Unit::Rate, .. } => "rate",
        Form::Quantity { unit: Unit::Duration, .. } => "time",
        Form::Quantity { unit: Unit::Frequency, .. } => "per second",
        Form::Share | Form::Part | Form::Percentage => "share",
        Form::Growth => "share per time",
        Form::Budget => "USD per month",
        Form::Exchange => "currency per USD",
        Form::Price => "USD per unit",
        Form::Date => "date",
        Form::Moment => "moment",
        Form::TimeZone => "offset from UTC",
        Form::Shape => "weights",
        Form::Setting(parameter) => kind(parameter.kind),
        Form::Flag => "yes or no",
        Form::Choice(_) => "word",
        Form::Amount => "figure",
        Form::Text
        | Form::Names
        | Form::Pairs
        | Form::Sentences
        | Form::Table(_)
        | Form::Tables(..) => "text",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Count => "count",
        Kind::Factor => "number",
        Kind::Share | Kind::Shares | Kind::Rates => "share",
        Kind::Flag => "yes or no",
        Kind::Size => "amount of data",
        Kind::Rate => "rate",
        Kind::Duration => "time",
        Kind::Price => "USD per unit",
        Kind::Dollars("h") => "USD per hour",
        Kind::Dollars(_) => "USD per month",
        Kind::Name => "text",
        Kind::Choice(_) => "word",
    }
}

/// What a value can be; empty where everything makes sense.
fn range(form: Form) -> String {
    match form {
        Form::Count { most: u64::MAX, .. } => String::new(),
        Form::Count { least, most, .. } => format!("{least} .. {most}"),
        Form::Number { least, most } => format!("{least} .. {most}"),
        Form::Quantity { least: "", most, .. } => format!("up to {most}"),
        Form::Quantity { least, most, .. } => format!("{least} .. {most}"),
        Form::Share => "above 0 % .. 100 %".to_owned(),
        Form::Part | Form::Percentage => "0 % .. 100 %".to_owned(),
        Form::Choice(words) => words.join(" or "),
        Form::Setting(parameter) => match parameter.kind {
            Kind::Choice(words) => words.join(" or "),
            _ => parameter.range.to_owned(),
        },
        _ => String::new(),
    }
}
