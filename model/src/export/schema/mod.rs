//! The JSON Schema of what `export --format json` writes, for whoever reads it with a program.
//!
//! It is strict: a key that is not here is not written, and a key without `null` is always there. Tests hold the export of
//! every example to it, so that it cannot fall behind.

mod ledger;
mod plan;

use serde_json::{Map, Value, json};

use super::json::SCHEMA_VERSION;

/// The schema, draft 2020-12.
pub fn output() -> Value {
    let mut schema = object(&[
        must(
            "schema_version",
            json!({ "const": SCHEMA_VERSION }),
            "Changes when a key changes its meaning or goes away.",
        ),
        must("kind", words(&["comparison", "plan"]), "`plan` where one platform was asked for."),
        must("engine_version", text(), "Version of the program."),
        must("title", text(), "What the scenario is about."),
        must("provider", text(), "Whose prices; those of all regions."),
        must("region", text(), "Where; all regions, as their providers spell them."),
        must("currency", json!({ "const": "USD" }), "Of all amounts that do not say otherwise."),
        must("view", words(&["horizon", "month", "steady-month"]), "What of the horizon it shows."),
        must("month", month(), "The first month that is planned."),
        must("workload", nullable(plan::workload()), "What clients ask for in that month."),
        must("platforms", list(plan::platform()), "In the order of the scenario."),
        may("regions", list(plan::region()), "Where it is produced and kept."),
        may("links", list(plan::link()), "What is copied from region to region."),
        may("verdict", plan::verdict(), "What to make of it."),
        may(
            "published",
            plan::published(),
            "What others published for the case, beside the plans.",
        ),
        must(
            "ledger",
            list(ledger::platform()),
            "Charges with four costs, of each platform that can be planned.",
        ),
        must("finance", ledger::finance(), "What the scenario says about money through time."),
        must("audit", ledger::audit(), "What it was made from, and whether it adds up."),
    ]);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("highwater export");
    schema["$defs"] = json!({ "plan": plan::plan() });
    schema
}

/// A key: its name, what it holds, whether it is always there.
type Key = (&'static str, Value, bool);

fn must(name: &'static str, schema: Value, doc: &str) -> Key {
    (name, described(schema, doc), true)
}

fn may(name: &'static str, schema: Value, doc: &str) -> Key {
    (name, described(schema, doc), false)
}

fn described(mut schema: Value, doc: &str) -> Value {
    if !doc.is_empty() {
        schema["description"] = json!(doc);
    }
    schema
}

/// An object with these keys and no others.
fn object(keys: &[Key]) -> Value {
    let properties: Map<String, Value> =
        keys.iter().map(|(name, schema, _)| ((*name).to_owned(), schema.clone())).collect();
    let required: Vec<&str> =
        keys.iter().filter(|(_, _, required)| *required).map(|(name, ..)| *name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn nullable(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn number() -> Value {
    json!({ "type": "number" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

/// A decimal with all its digits, as a string, so that no reader turns it into a float by accident.
fn decimal() -> Value {
    json!({ "type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$" })
}

fn words(words: &[&str]) -> Value {
    json!({ "enum": words })
}

/// Every variant of something as documents spell it.
fn variants<T: serde::Serialize>(all: &[T]) -> Value {
    json!({ "enum": all })
}

fn month() -> Value {
    object(&[must("index", count(), "Counted from 1."), must("hours", number(), "Its length.")])
}
