//! Settings in full, for whoever asks where a number comes from.

use model::export::{Origin, Setting};
use model::parameters::{Confidence, Kind};
use serde_json::{Value, json};

use super::WIDTH;
use super::paint::Paint;
use super::text::wrap;

/// A setting with its form, its plausible range and where its value comes from; `*` marks what the preset
/// or the event's kind changes.
pub(crate) fn setting(one: &Setting, paint: Paint) -> String {
    let row = one.parameter;
    let changed = matches!(one.origin, Origin::Preset | Origin::EventKind);
    let star = if changed { "* " } else { "" };
    let mut facts = vec![kind(row.kind, row.auto)];
    if changed {
        facts.push(format!("default {}", row.default));
    }
    if !row.range.is_empty() {
        facts.push(format!("plausible {}", row.range));
    }
    let trust = one.confidence.map_or("", Confidence::name);
    let mut text = format!(
        "{}  {}\n",
        paint.strong(&format!("{star}{} = {}", row.key, one.value)),
        paint.faint(&format!("({})", facts.join("; ")))
    );
    text.push_str(&wrap(row.doc, WIDTH, "    "));
    let source = wrap(&format!("{trust}: {}", one.source), WIDTH, "    ");
    text.push_str(&paint.faint(&source));
    text
}

/// The same for programs.
pub(crate) fn json_setting(one: &Setting) -> Value {
    let row = one.parameter;
    json!({
        "key": row.key,
        "value": one.value,
        "changed_by": one.origin,
        "default": row.default,
        "range": row.range,
        "form": kind(row.kind, row.auto),
        "doc": row.doc.trim(),
        "source": one.source,
        "confidence": one.confidence,
    })
}

/// What a value looks like, in words.
fn kind(kind: Kind, auto: bool) -> String {
    let words = match kind {
        Kind::Count => "whole number".to_owned(),
        Kind::Factor => "number".to_owned(),
        Kind::Share => "share".to_owned(),
        Kind::Flag => "true or false".to_owned(),
        Kind::Size => "amount of data".to_owned(),
        Kind::Rate => "rate of data".to_owned(),
        Kind::Duration => "length of time".to_owned(),
        Kind::Price => "price".to_owned(),
        Kind::Dollars(unit) => format!("dollars per {unit}"),
        Kind::Rates => "rates by what is spent".to_owned(),
        Kind::Name => "name".to_owned(),
        Kind::Shares => "growing shares".to_owned(),
        Kind::Choice(choices) => format!("one of {}", choices.join(", ")),
    };
    if auto { format!("{words}, or auto") } else { words }
}
