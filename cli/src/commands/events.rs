//! `highwater events`

use model::events::EventKind;
use model::export::event_settings;
use model::scenario::Known;
use model::scenario::fields::{self, Section};
use serde_json::{Value, json};

use super::{Context, Format};
use crate::exit::{FINE, mistake};
use crate::render::WIDTH;
use crate::render::paint::{Paint, Tone};
use crate::render::settings::{json_setting, setting};
use crate::render::table::{Cell, Table};
use crate::render::text::{visible, wrap};

/// List what can happen in a scenario, or show how one kind of event is modelled
#[derive(Debug, clap::Args)]
pub(crate) struct EventsArgs {
    /// Kind of event; all of them where it is left out
    kind: Option<String>,
}

pub(crate) fn run(args: &EventsArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("events", &[Format::Table, Format::Json])?;
    let text = match (&args.kind, format) {
        (None, Format::Json) => json_list(),
        (None, _) => list(context.paint_out),
        (Some(name), format) => {
            let kind = EventKind::named(name).ok_or_else(|| unknown(name))?;
            match format {
                Format::Json => json_show(kind),
                _ => show(kind, context.paint_out),
            }
        }
    };
    context.write(&text)?;
    Ok(FINE)
}

fn unknown(name: &str) -> anyhow::Error {
    let known = Known::new(name, EventKind::NAMES.iter().copied());
    let message = format!("there is no event of kind `{}`", visible(name));
    mistake(message, known.hint().unwrap_or_default())
}

/// The paragraphs of a kind's model, a line each; the first is one sentence.
fn paragraphs(kind: EventKind) -> impl Iterator<Item = String> {
    let line = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    kind.doc().split("\n\n").map(line)
}

fn summary(kind: EventKind) -> String {
    paragraphs(kind).next().unwrap_or_default()
}

fn list(paint: Paint) -> String {
    let mut table = Table::new().words("Event").words("what happens");
    for kind in EventKind::ALL {
        table.row(vec![Cell::toned(kind.name(), Tone::Strong), summary(*kind).into()]);
    }
    table.render(WIDTH, paint)
}

fn show(kind: EventKind, paint: Paint) -> String {
    let title = format!("{}: {}", kind.name(), summary(kind));
    let mut text = paint.strong(&title) + "\n";
    for paragraph in paragraphs(kind).skip(1) {
        text.push_str(&wrap(&paragraph, WIDTH, ""));
    }
    for field in beside(kind) {
        text.push('\n');
        let must = if kind.required().contains(&field.key) { "  (has to be said)" } else { "" };
        text.push_str(&format!("{}{}\n", paint.strong(&field.line()), paint.faint(must)));
        text.push_str(&wrap(field.doc, WIDTH, "    "));
    }
    for one in event_settings(kind) {
        text.push('\n');
        text.push_str(&setting(&one, paint));
    }
    text
}

/// What a kind's events say besides their settings.
fn beside(kind: EventKind) -> impl Iterator<Item = fields::Field> {
    let settings = |key: &str| model::events::parameter(key).is_some();
    let keys = kind.keys().iter().filter(move |key| !settings(key));
    keys.filter_map(|key| fields::find(Section::Event, key))
}

fn json_list() -> String {
    let events: Vec<_> = EventKind::ALL.iter().map(|kind| json_kind(*kind)).collect();
    format!("{:#}\n", json!({ "schema_version": 1, "kind": "events", "events": events }))
}

fn json_kind(kind: EventKind) -> Value {
    json!({ "name": kind, "doc": paragraphs(kind).collect::<Vec<_>>(), "keys": kind.keys() })
}

fn json_show(kind: EventKind) -> String {
    let rows: Vec<_> = event_settings(kind).iter().map(json_setting).collect();
    let mut document = json!({ "schema_version": 1, "kind": "event" });
    document["event"] = json_kind(kind);
    document["settings"] = rows.into();
    format!("{document:#}\n")
}
