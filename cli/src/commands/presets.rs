//! `highwater presets`

use model::design::Design;
use model::export::{Origin, Setting, settings};
use model::parameters::{Confidence, Kind};
use model::presets::{PRESETS, Preset, preset};
use model::scenario::Known;
use serde_json::json;

use super::{Context, Format};
use crate::exit::{FINE, mistake};
use crate::render::WIDTH;
use crate::render::paint::{Paint, Tone};
use crate::render::table::{Cell, Table};
use crate::render::text::{visible, wrap};

/// List platforms, or show one with every setting, its range and source
#[derive(Debug, clap::Args)]
pub(crate) struct PresetsArgs {
    #[command(subcommand)]
    verb: PresetsVerb,
}

#[derive(Debug, clap::Subcommand)]
enum PresetsVerb {
    /// List the platforms that a scenario can name
    List,
    /// Show every setting of one: value, plausible range, source, how far it can be trusted
    Show {
        /// Name of the preset
        name: String,
    },
}

pub(crate) fn run(args: &PresetsArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("presets", &[Format::Table, Format::Json])?;
    let text = match (&args.verb, format) {
        (PresetsVerb::List, Format::Json) => json_list(),
        (PresetsVerb::List, _) => list(context.paint_out),
        (PresetsVerb::Show { name }, format) => {
            let found = preset(name).ok_or_else(|| unknown(name))?;
            match format {
                Format::Json => json_show(found),
                _ => show(found, context.paint_out),
            }
        }
    };
    context.write(&text)?;
    Ok(FINE)
}

fn unknown(name: &str) -> anyhow::Error {
    let known = Known::new(name, PRESETS.iter().map(|preset| preset.name));
    mistake(format!("there is no preset `{}`", visible(name)), known.hint().unwrap_or_default())
}

fn list(paint: Paint) -> String {
    let mut table = Table::new().words("Preset").words("architecture").words("what it is");
    for preset in PRESETS {
        table.row(vec![
            Cell::toned(preset.name, Tone::Strong),
            preset.architecture.name().into(),
            preset.title.into(),
        ]);
    }
    table.render(WIDTH, paint)
}

fn show(preset: &'static Preset, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.strong(&format!("{}: {}", preset.name, preset.title)));
    text.push_str(&wrap(preset.doc, WIDTH, ""));
    text.push_str(&wrap(
        &format!(
            "{}; runs on machines of pool `{}`. `*` marks what the preset changes.",
            preset.architecture.name(),
            preset.pool
        ),
        WIDTH,
        "",
    ));
    for one in settings(&Design::of(preset)) {
        text.push('\n');
        text.push_str(&setting(&one, paint));
    }
    text
}

fn setting(one: &Setting, paint: Paint) -> String {
    let row = one.parameter;
    let star = if one.origin == Origin::Preset { "* " } else { "" };
    let mut facts = vec![kind(row.kind, row.auto)];
    if one.origin == Origin::Preset {
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
        Kind::Name => "name".to_owned(),
        Kind::Choice(choices) => format!("one of {}", choices.join(", ")),
    };
    if auto { format!("{words}, or auto") } else { words }
}

fn json_list() -> String {
    let presets: Vec<_> = PRESETS.iter().map(json_preset).collect();
    format!("{:#}\n", json!({ "schema_version": 1, "kind": "presets", "presets": presets }))
}

fn json_preset(preset: &Preset) -> serde_json::Value {
    json!({
        "name": preset.name,
        "title": preset.title,
        "architecture": preset.architecture,
        "doc": preset.doc,
        "pool": preset.pool,
    })
}

fn json_show(preset: &'static Preset) -> String {
    let rows: Vec<_> = settings(&Design::of(preset))
        .iter()
        .map(|one| {
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
        })
        .collect();
    let mut document = json!({ "schema_version": 1, "kind": "preset" });
    document["preset"] = json_preset(preset);
    document["settings"] = rows.into();
    format!("{document:#}\n")
}
