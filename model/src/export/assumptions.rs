//! Every key that a scenario can say and every setting behind it, with its value and who gave it.
//!
//! First what the scenario says, section by section, with the defaults of what it leaves out; then every setting of every
//! platform, event and question. Values are written as a scenario writes them, with their units.

use super::settings::{Origin, Setting, event_settings, line_settings, policy_settings, settings};
use crate::parameters::{Confidence, Kind};
use crate::scenario::fields::{self, Field, Form, Section, Unit};
use crate::scenario::{Outline, Scenario, outline};

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    /// The section of the scenario: `stream`, `platform`.
    pub section: &'static str,
    /// Which of them: the stream's or the platform's name; empty where there is one.
    pub subject: String,
    /// The key.
    pub key: &'static str,
    /// Its value, as a scenario writes it.
    pub value: String,
    /// Who gave it.
    pub given_by: Origin,
    /// What the value counts; its unit stands with it, where it has one.
    pub unit: &'static str,
    /// What it can be; empty where everything makes sense.
    pub range: String,
    /// What applies where nobody says.
    pub default: String,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// How far it can be trusted; `None` for the scenario's own, and for what is a choice.
    pub confidence: Option<Confidence>,
}

/// All of a scenario, whose text it is, or all that concerns one platform.
pub fn assumptions(scenario: &Scenario, text: &str, platform: Option<&str>) -> Vec<Assumption> {
    let mut all = written(text);
    all.extend(set(scenario, platform));
    all
}

/// What a scenario's text says, and what applies where it says nothing.
pub fn written(text: &str) -> Vec<Assumption> {
    let mut all = Vec::new();
    let Some(outline) = outline(text) else { return all };
    said(&outline, &mut all);
    for section in [Section::Horizon, Section::Finance] {
        if outline.sections(section.path()).next().is_none() {
            let fields = fields::of(section).into_iter();
            let fields = fields.filter(|field| !field.default.is_empty());
            all.extend(fields.map(|field| stated(section, "", &field, None)));
        }
    }
    all
}

/// Every setting of platforms, or of one of them, of events and of the scorecard.
pub fn set(scenario: &Scenario, platform: Option<&str>) -> Vec<Assumption> {
    let asked = |name: &str| platform.is_none_or(|wanted| wanted == name);
    let designs = scenario.platforms.iter().filter(|design| asked(&design.name));
    let of_platforms = designs.flat_map(|design| {
        let rows = settings(design).into_iter().chain(line_settings(design));
        rows.map(|setting| row("platform", &design.name, setting))
    });
    let of_events = scenario.events.iter().flat_map(|event| {
        event_settings(event.kind).into_iter().map(|setting| {
            let value = event.settings.show(setting.parameter.key).unwrap_or_default();
            let own = Setting {
                value,
                origin: Origin::Scenario,
                source: "the scenario",
                confidence: None,
                ..setting
            };
            let setting = if own.value == setting.value { setting } else { own };
            row("event", &event.name, setting)
        })
    });
    let policy = policy_settings(&scenario.policy).into_iter();
    let of_policy = policy.map(|setting| row("scorecard", "", setting));
    of_platforms.chain(of_events).chain(of_policy).collect()
}

/// What a section says, and the defaults of what it does not.
fn said(outline: &Outline, all: &mut Vec<Assumption>) {
    let path = outline.section.path();
    let subject = outline.path.as_deref().unwrap_or_default();
    let subject = subject.strip_prefix(path).unwrap_or(subject).trim_start_matches('.');
    for field in fields::of(outline.section) {
        let written = outline.value(field.key);
        let section = matches!(field.form, Form::Table(_) | Form::Tables(..));
        // Settings stand with their platform or event, whoever gave them.
        let elsewhere = matches!(field.form, Form::Setting(_));
        let nothing = written.is_none() && field.default.is_empty();
        if !section && !elsewhere && !nothing {
            all.push(stated(outline.section, subject, &field, written));
        }
    }
    outline.sections.iter().for_each(|inner| said(inner, all));
}

/// A key of the scenario, with its value or its default.
fn stated(section: Section, subject: &str, field: &Field, written: Option<&str>) -> Assumption {
    let default = field.default.trim_matches('"');
    let (value, given_by, source) = match written {
        Some(value) => (value, Origin::Scenario, "the scenario"),
        None => (default, Origin::Default, ""),
    };
    Assumption {
        section: if section == Section::Scenario { "scenario" } else { section.path() },
        subject: subject.to_owned(),
        key: field.key,
        value: value.to_owned(),
        given_by,
        unit: unit(field.form),
        range: range(field.form),
        default: default.to_owned(),
        meaning: field.doc,
        source,
        confidence: None,
    }
}

/// A setting, with its value.
fn row(section: &'static str, subject: &str, setting: Setting) -> Assumption {
    let parameter = setting.parameter;
    Assumption {
        section,
        subject: subject.to_owned(),
        key: parameter.key,
        value: setting.value,
        given_by: setting.origin,
        unit: kind(parameter.kind),
        range: range(Form::Setting(parameter)),
        default: parameter.default.to_owned(),
        meaning: parameter.doc.trim_ascii(),
        source: setting.source,
        confidence: setting.confidence,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_can_be_each_of_its_words() {
        let fleet = crate::parameters::parameter("fleet").expect("a setting");
        assert_eq!(range(Form::Setting(fleet)), "fixed or monthly or follow");
    }
}
