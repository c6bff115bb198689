//! The JSON Schema of a scenario, for editors that check and complete.

use serde_json::{Map, Value, json};

use super::events::COMMON_KEYS;
use super::fields::{self, Field, Form, Section, Unit};
use super::form::expected;
use super::interval;
use super::problem::NAME_MAX;
use crate::bill::Cause;
use crate::design::Architecture;
use crate::events::EventKind;
use crate::parameters::{FleetPolicy, Kind, PARAMETERS, Parameter};
use crate::presets::PRESETS;
use crate::published::{Amount, What};
use crate::shape::{NAMED, WEEK};
use crate::units::{ByteRate, Bytes, Dimension, Frequency, Hours};

/// The format of a scenario as JSON Schema, draft 2020-12.
///
/// It says all that one key, or the keys of one section, can be held to; rules across sections are
/// [`parse`](super::parse)'s alone. A date is written without quotes in TOML, and editors hand it to the schema as a
/// string.
pub fn json_schema() -> Value {
    let mut schema = section(Section::Scenario);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "highwater scenario",
    });
    let (Some(head), Some(body)) = (head.as_object(), schema.as_object_mut()) else {
        return schema;
    };
    let mut all = head.clone();
    all.append(body);
    Value::Object(all)
}

fn section(section: Section) -> Value {
    let fields = fields::of(section);
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.key.to_owned(), property(field))).collect();
    let required: Vec<_> =
        fields.iter().filter(|field| field.required).map(|field| field.key).collect();
    let mut schema = json!({
        "type": "object",
        "description": section.doc(),
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    let rules = rules(section);
    if !rules.is_empty() {
        schema["allOf"] = Value::Array(rules);
    }
    schema
}

fn property(field: &Field) -> Value {
    let mut schema = form(field);
    if interval::is_allowed(field) {
        schema = json!({ "anyOf": [schema, { "type": "string", "pattern": r"\.\." }] });
    }
    schema["description"] = json!(field.doc);
    if let Some(default) = value(field.default) {
        schema["default"] = default;
    }
    let setting = match field.form {
        Form::Setting(row) => Some(row),
        _ => None,
    };
    match (setting, value(field.example)) {
        (Some(row), _) => schema["examples"] = json!([default(row)]),
        (None, Some(example)) => schema["examples"] = json!([example]),
        (None, None) => {}
    }
    schema
}

/// A TOML value as JSON; dates become strings.
fn value(text: &str) -> Option<Value> {
    if let Some(quoted) = text.strip_prefix('"') {
        return Some(json!(quoted.trim_end_matches('"')));
    }
    let plain = text.replace('_', "");
    match (text.is_empty(), serde_json::from_str::<Value>(&plain)) {
        (true, _) => None,
        (false, Ok(value)) => Some(value),
        (false, Err(_)) => Some(json!(text)),
    }
}

/// A setting's default as JSON.
fn default(row: &Parameter) -> Value {
    match row.kind {
        Kind::Count | Kind::Factor | Kind::Flag => {
            serde_json::from_str(row.default).unwrap_or_else(|_| json!(row.default))
        }
        _ => json!(row.default),
    }
}

fn form(field: &Field) -> Value {
    match field.form {
        Form::Text if (field.section, field.key) == (Section::Platform, "preset") => {
            json!({ "enum": PRESETS.iter().map(|preset| preset.name).collect::<Vec<_>>() })
        }
        Form::Text if (field.section, field.key) == (Section::Figure, "what") => {
            json!({ "enum": What::all().iter().map(|what| what.name()).collect::<Vec<_>>() })
        }
        Form::Text if (field.section, field.key) == (Section::Figure, "cause") => {
            json!({ "enum": Cause::ALL.iter().map(|cause| cause.name()).collect::<Vec<_>>() })
        }
        Form::Text => text(),
        Form::Count { .. } if (field.section, field.key) == (Section::Scenario, "schema") => {
            json!({ "const": 1 })
        }
        Form::Count { least, most, auto } => or_word(
            json!({ "type": "integer", "minimum": least, "maximum": most }),
            auto.then_some("auto"),
        ),
        Form::Number { least, most } => {
            json!({ "type": "number", "minimum": least, "maximum": most })
        }
        Form::Quantity { unit, word, .. } => {
            let mut schema = or_word(unit_schema(unit), word);
            schema["$comment"] = json!(expected(field));
            schema
        }
        Form::Share => share(),
        Form::Part => share(),
        Form::Pairs => json!({ "type": "object", "additionalProperties": text() }),
        Form::Names => json!({
            "type": "array",
            "minItems": 1,
            "items": { "type": "string", "minLength": 1, "maxLength": NAME_MAX },
        }),
        Form::Percentage => share(),
        Form::Growth => string(r"[-+]?[0-9][0-9_.]*\s*%\s*/\s*(month|year)(\s+linear)?"),
        Form::Exchange => string(r"[0-9][0-9_.]*\s*[A-Z]{3}\s*/\s*USD"),
        Form::Budget => string(r"\$[0-9][0-9_.]*\s*/\s*month"),
        Form::Price => string(r"\$\s*[0-9][0-9_.]*\s*/.+"),
        Form::Date => json!({ "type": "string", "format": "date" }),
        Form::Moment => string(&format!(
            "(day {ORDINAL}|month {ORDINAL}( day {ORDINAL})?|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})([ T][0-9]{{1,2}}:[0-9]{{2}}(:[0-9]{{2}})?)?"
        )),
        Form::TimeZone => string("UTC([-+][0-9]{1,2}(:(00|15|30|45))?)?"),
        Form::Choice(words) => json!({ "enum": words }),
        Form::Shape => shape(),
        Form::Setting(row) => setting(field.section, row),
        Form::Flag => json!({ "type": "boolean" }),
        Form::Sentences => json!({ "type": "array", "items": text() }),
        Form::Amount => string(&format!(
            r"(\$\s*[0-9][0-9_.]*|[0-9][0-9_.]*([eE][-+]?[0-9]+)?\s*({}))",
            Amount::units().join("|")
        )),
        Form::Table(inner) => section(inner),
        Form::Tables(inner, most) => json!({
            "type": "array",
            "minItems": u8::from(field.required),
            "maxItems": most,
            "items": section(inner),
        }),
    }
}

/// A number that counts from 1.
const ORDINAL: &str = "[1-9][0-9]{0,5}";

fn text() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": NAME_MAX })
}

fn string(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": format!(r"^\s*{pattern}\s*$") })
}

fn or_word(schema: Value, word: Option<&str>) -> Value {
    match word {
        Some(word) => json!({ "anyOf": [schema, { "const": word }] }),
        None => schema,
    }
}

fn quantity<D: Dimension>() -> Value {
    let units: Vec<_> = D::UNITS.iter().map(|(name, _)| *name).collect();
    string(&format!(r"\+?[0-9_.]+([eE][-+]?[0-9]+)?\s*({})", units.join("|")))
}

fn unit_schema(unit: Unit) -> Value {
    match unit {
        Unit::Size => quantity::<Bytes>(),
        Unit::Rate => quantity::<ByteRate>(),
        Unit::Duration => quantity::<Hours>(),
        Unit::Frequency => quantity::<Frequency>(),
    }
}

fn share() -> Value {
    json!({ "anyOf": [{ "type": "number", "minimum": 0, "maximum": 1 }, string(r"[0-9_.]+\s*%?")] })
}

fn shape() -> Value {
    let weights = |count: usize| {
        json!({
            "type": "array",
            "items": { "type": "number", "minimum": 0 },
            "minItems": count,
            "maxItems": count,
        })
    };
    let names: Vec<_> = NAMED
        .iter()
        .map(|named| json!({ "const": named.name, "description": named.doc }))
        .collect();
    json!({ "anyOf": [{ "oneOf": names }, weights(24), weights(WEEK)] })
}

fn setting(section: Section, row: &Parameter) -> Value {
    let schema = match row.kind {
        Kind::Count => json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000 }),
        Kind::Factor => json!({ "type": "number", "minimum": 0, "maximum": 1_000_000 }),
        Kind::Share => share(),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Size => quantity::<Bytes>(),
        Kind::Rate => quantity::<ByteRate>(),
        Kind::Duration => quantity::<Hours>(),
        Kind::Price => string(r"\$\s*[0-9][0-9_.]*\s*/\s*GiB"),
        Kind::Dollars(unit) => string(&format!(r"\$\s*[0-9][0-9_.]*\s*/\s*{unit}")),
        Kind::Rates => string(r"([0-9.]+\s*%\s+to\s+\$[0-9_.]+\s*,\s*)*[0-9.]+\s*%"),
        Kind::Name => json!({ "type": "string", "minLength": 1, "maxLength": NAME_MAX }),
        Kind::Shares => string(r"[0-9_.]+\s*%(\s*,\s*[0-9_.]+\s*%)*"),
        Kind::Choice(words) => json!({ "enum": words }),
    };
    let mut schema = or_word(schema, row.auto.then_some("auto"));
    // A preset or an event's kind may change it, so it is a default for people and none for programs.
    let without = match section {
        Section::Platform => "without a preset",
        _ => "by default",
    };
    let plausible = match row.range {
        "" => String::new(),
        range => format!("; plausible: {range}"),
    };
    schema["$comment"] = json!(format!("{without}: {}{plausible}; {}", row.default, row.source));
    schema
}

/// What the keys of one section demand of each other.
fn rules(section: Section) -> Vec<Value> {
    match section {
        Section::Scenario => vec![json!({
            "if": { "not": { "required": ["region"] } },
            "then": { "properties": { "prices": { "required": ["region"] } } },
        })],
        Section::Link | Section::Place => {
            vec![json!({ "anyOf": [{ "required": ["stream"] }, { "required": ["streams"] }] })]
        }
        Section::Horizon => vec![json!({
            "if": has("month", &["calendar"]),
            "then": { "required": ["start"] },
        })],
        Section::Stream => vec![rate(), live()],
        Section::Reader => vec![json!({
            "if": has("kind", &["replay"]),
            "then": { "required": ["window", "every", "within"], "properties": without(&["lag_budget"]) },
            "else": { "properties": without(&["window", "every", "within"]) },
        })],
        Section::Platform => {
            [Architecture::SharedNothing, Architecture::Tiered, Architecture::SharedStorage]
                .into_iter()
                .map(only_with_effect)
                .collect()
        }
        Section::Connector => vec![json!({
            "if": has("direction", &["source"]),
            "then": { "properties": without(&["group"]) },
        })],
        Section::Published => vec![json!({
            "if": { "properties": { "consistent": { "const": false } }, "required": ["consistent"] },
            "then": { "required": ["slip"] },
            "else": { "properties": without(&["slip"]) },
        })],
        Section::Event => EventKind::ALL.iter().map(|kind| only_of_kind(*kind)).collect(),
        _ => Vec::new(),
    }
}

fn has(key: &str, words: &[&str]) -> Value {
    json!({ "properties": { key: { "enum": words } }, "required": [key] })
}

fn without(keys: &[&str]) -> Map<String, Value> {
    keys.iter().map(|key| ((*key).to_owned(), json!(false))).collect()
}

fn rate() -> Value {
    json!({ "oneOf": [
        { "required": ["sources", "every", "record"], "properties": without(&["records", "produce"]) },
        { "required": ["records", "record"], "properties": without(&["sources", "every", "produce"]) },
        { "required": ["produce"], "properties": without(&["sources", "every", "records"]) },
    ] })
}

fn live() -> Value {
    json!({ "if": { "required": ["live"] }, "then": has("cleanup", &["compact"]) })
}

/// Settings that mean nothing for an architecture's presets are not allowed there.
fn only_with_effect(architecture: Architecture) -> Value {
    let presets = PRESETS.iter().filter(|preset| preset.architecture == architecture);
    let names: Vec<_> = presets.map(|preset| preset.name).collect();
    let idle = PARAMETERS.iter().filter(|row| !row.scope.covers(architecture));
    let keys: Vec<_> = idle.map(|row| row.key).collect();
    let mut rules = without(&keys);
    if architecture != Architecture::SharedStorage {
        rules.insert("fleet".to_owned(), json!({ "not": { "const": FleetPolicy::Follow.name() } }));
    }
    json!({ "if": has("preset", &names), "then": { "properties": rules } })
}

/// Keys that mean nothing for an event's kind are not allowed there, and some have to be.
fn only_of_kind(kind: EventKind) -> Value {
    let means = |key: &str| COMMON_KEYS.contains(&key) || kind.keys().contains(&key);
    let fields = fields::of(Section::Event);
    let keys: Vec<_> = fields.iter().map(|field| field.key).filter(|key| !means(key)).collect();
    json!({
        "if": has("kind", &[kind.name()]),
        "then": { "required": kind.required(), "properties": without(&keys) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_described() {
        let schema = json_schema();
        for section in Section::ALL {
            let properties = properties(&schema, section);
            for field in fields::of(section) {
                let property = &properties[field.key];
                assert_eq!(property["description"], json!(field.doc), "{section} {}", field.key);
                let typed = ["type", "anyOf", "oneOf", "enum", "const"];
                assert!(typed.iter().any(|key| property.get(key).is_some()), "{}", field.key);
            }
            let known = properties.as_object().map(Map::len);
            assert_eq!(known, Some(fields::of(section).len()), "{section}");
        }
    }

    #[test]
    fn defaults_and_examples_are_values() {
        let schema = json_schema();
        let stream = properties(&schema, Section::Stream);
        assert_eq!(stream["sources"]["examples"], json!([5_000_000]));
        assert_eq!(stream["compression"]["default"], json!(1.0));
        assert_eq!(stream["retention"]["examples"], json!(["7 d"]));
        let horizon = properties(&schema, Section::Horizon);
        assert_eq!(horizon["start"]["examples"], json!(["2027-01-01"]));
        let platform = properties(&schema, Section::Platform);
        assert_eq!(platform["zones"]["examples"], json!([3]));
    }

    /// The properties of a section, found by its path.
    fn properties(schema: &Value, section: Section) -> &Value {
        let parts = section.path().split('.').filter(|part| !part.is_empty());
        let found = parts.fold(schema, |schema, part| {
            let property = &schema["properties"][part];
            property.get("items").unwrap_or(property)
        });
        &found["properties"]
    }
}
