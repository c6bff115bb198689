//! A scenario's text as sections and values, each with its path and its place: what a form shows, and what a link says.
//!
//! Nothing is checked here but TOML's own syntax, so a text with wrong values has an outline too.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::{self, Form, Section};
use super::set::{choose, name_keys};
use crate::order;

/// A section with its values, and the sections in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// What it is.
    pub section: Section,
    /// The key that it stands under: `stream`, `keys`; empty for the whole scenario.
    pub key: String,
    /// What [`set`](super::set()) calls it: `stream.interval-reads.reader.validation`; empty for the whole scenario, `None`
    /// where it has no name of its own.
    pub path: Option<String>,
    /// Where its header, or its braces, stand.
    pub span: Range<usize>,
    /// Its values, in the order of the text.
    pub values: Vec<Written>,
    /// The sections in it, in the order of the text.
    pub sections: Vec<Self>,
}

/// A value as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its key.
    pub key: String,
    /// As [`set`](super::set()) takes it: a string without its quotes, all else as TOML.
    pub text: String,
    /// Where the value stands.
    pub span: Range<usize>,
}

impl Outline {
    /// A value by its key.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|value| value.key == key).map(|value| value.text.as_str())
    }

    /// The sections of one kind in it, in the order of the text.
    pub fn sections<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Self> {
        self.sections.iter().filter(move |inner| inner.key == key)
    }

    /// The path of one of its keys, whether it is there or not.
    pub fn path_of(&self, key: &str) -> Option<String> {
        let path = self.path.as_deref()?;
        Some(if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") })
    }

    /// Every value with its path, from the top down; `None` where some section has no path.
    pub fn flat(&self) -> Option<Vec<(String, String)>> {
        let mut all = Vec::new();
        for value in &self.values {
            all.push((self.path_of(&value.key)?, value.text.clone()));
        }
        for inner in &self.sections {
            all.extend(inner.flat()?);
        }
        Some(all)
    }
}

/// The outline of a text; `None` where its syntax is broken.
///
/// ```
/// let text = "title = \"Meters\"\n[[stream]]\nname = \"reads\"\nretention = \"7 d\"\n";
/// let outline = model::scenario::outline(text).unwrap();
/// assert_eq!(outline.sections[0].path.as_deref(), Some("stream.reads"));
/// assert_eq!(outline.sections[0].value("retention"), Some("7 d"));
/// assert!(model::scenario::outline("title = ").is_none());
/// ```
pub fn outline(text: &str) -> Option<Outline> {
    let tree = DeTable::parse(text).ok()?;
    let top = Place { section: Section::Scenario, key: "", path: Some(String::new()) };
    Some(read(text, &top, tree.get_ref(), 0..0))
}

/// What a section is, and what it is called.
struct Place<'a> {
    section: Section,
    key: &'a str,
    path: Option<String>,
}

fn read(text: &str, place: &Place<'_>, table: &DeTable<'_>, span: Range<usize>) -> Outline {
    let mut outline = Outline {
        section: place.section,
        key: place.key.to_owned(),
        path: place.path.clone(),
        span,
        values: Vec::new(),
        sections: Vec::new(),
    };
    let mut entries: Vec<_> = table.iter().collect();
    order::sort_by_key(&mut entries, |(key, _)| key.span().start);
    for (key, value) in entries {
        let name = key.get_ref().as_ref();
        let form = fields::find(place.section, name).map(|field| field.form);
        match (form, value.get_ref()) {
            (Some(Form::Table(section)), DeValue::Table(inner)) => {
                let place = Place { section, key: name, path: outline.path_of(name) };
                outline.sections.push(read(text, &place, inner, value.span()));
            }
            (Some(Form::Tables(section, most)), DeValue::Array(items)) => {
                // More than there may be are no scenario, and nobody reads as many.
                let items = &items[..items.len().min(most)];
                outline.sections.extend(each(text, section, name, &outline, items));
            }
            _ => outline.values.push(Written {
                key: name.to_owned(),
                text: written(text, value),
                span: value.span(),
            }),
        }
    }
    outline
}

fn each(
    text: &str,
    section: Section,
    key: &str,
    above: &Outline,
    items: &[Spanned<DeValue<'_>>],
) -> Vec<Outline> {
    let tables: Vec<_> =
        items.iter().filter_map(|item| Some((item.span(), item.get_ref().as_table()?))).collect();
    let path = above.path_of(key);
    let one = |index: usize| {
        let (span, table) = &tables[index];
        let name = || {
            let texts = name_keys(section).iter().filter_map(|key| table.get(*key));
            let mut names = texts.map(|value| written(text, value));
            names.find(|name| choose(section, &tables, name) == [index])
        };
        let name = name().and_then(|name| quoted(&name));
        let path = path.as_ref().zip(name).map(|(path, name)| format!("{path}.{name}"));
        read(text, &Place { section, key, path }, table, span.clone())
    };
    (0..tables.len()).map(one).collect()
}

/// A name as a part of a path; `None` where no quotes can hold it.
fn quoted(name: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(plain) {
        return Some(name.to_owned());
    }
    ['"', '\'']
        .into_iter()
        .find(|quote| !name.contains(*quote))
        .map(|quote| format!("{quote}{name}{quote}"))
}

fn written(text: &str, value: &Spanned<DeValue<'_>>) -> String {
    match value.get_ref() {
        DeValue::String(string) => string.to_string(),
        _ => text.get(value.span()).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::set;

    const TEXT: &str = r#"
schema = 1
title = "Meters"
prices = { provider = "aws", region = "us-east-1", discount = { compute = "12 %" } }

[[stream]]
name = "reads"
sources = 5_000_000
keys = { count = 5, skew = 0.5 }
shape = [1, 2]

[[stream.reader]]
group = "a.b"
kind = "replay"

[[stream.reader]]
group = "say \"hi\""

[[platform]]
preset = "kafka-gp3"

[[platform]]
preset = "kafka-gp3"
name = "bigger"
broker = "m7g.4xlarge"

[platform.lines]
backups = true

[[event]]
name = "storm"
at = 2027-02-10
"#;

    #[test]
    fn every_value_has_a_path_that_sets_it() {
        let flat = outline(TEXT).and_then(|outline| outline.flat()).expect("everything has a name");
        assert!(flat.contains(&("stream.reads.reader.\"a.b\".kind".into(), "replay".into())));
        assert!(flat.contains(&("platform.bigger.lines.backups".into(), "true".into())));
        assert!(flat.contains(&("platform.kafka-gp3.preset".into(), "kafka-gp3".into())));
        assert!(flat.contains(&("event.storm.at".into(), "2027-02-10".into())));
        assert!(flat.contains(&("prices.discount.compute".into(), "12 %".into())));
        for (path, value) in &flat {
            // Setting what is there already keeps what the text means.
            let again = set(TEXT, path, value).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(outline(&again).and_then(|outline| outline.flat()), Some(flat.clone()));
        }
    }

    #[test]
    fn what_has_no_name_of_its_own_has_no_path() {
        let text =
            "[[stream]]\nretention = \"7 d\"\n[[stream]]\nname = \"a\"\n[[stream]]\nname = \"a\"\n";
        let outline = outline(text).expect("it is TOML");
        assert!(outline.sections.iter().all(|section| section.path.is_none()), "{outline:?}");
        assert_eq!(outline.flat(), None);
        assert_eq!(outline.sections("stream").count(), 3);
    }

    #[test]
    fn values_and_sections_have_their_places() {
        let outline = outline(TEXT).expect("it is TOML");
        let stream = outline.sections("stream").next().expect("a stream");
        let sources = stream.values.iter().find(|value| value.key == "sources").expect("a value");
        assert_eq!(&TEXT[sources.span.clone()], "5_000_000");
        assert!(TEXT[stream.span.start..].starts_with("[[stream]]"));
    }
}
