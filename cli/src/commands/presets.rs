//! `highwater presets`

use model::design::Design;
use model::export::settings;
use model::presets::{PRESETS, Preset, preset};
use model::scenario::Known;
use serde_json::json;

use super::{Context, Format};
use crate::exit::{FINE, mistake};
use crate::render::WIDTH;
use crate::render::paint::{Paint, Tone};
use crate::render::settings::{json_setting, setting};
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
    let maturity = preset.maturity.note();
    if !maturity.is_empty() {
        text.push_str(&paint.paint(Tone::Warning, "!"));
        text.push_str(&wrap(&format!("{maturity}."), WIDTH - 2, " "));
    }
    text.push_str(&wrap(
        &format!(
            "{}; runs on machines of pool `{}`; facts of {}. `*` marks what the preset changes.",
            preset.architecture.name(),
            preset.pool,
            preset.as_of
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
    let rows: Vec<_> = settings(&Design::of(preset)).iter().map(json_setting).collect();
    let mut document = json!({ "schema_version": 1, "kind": "preset" });
    document["preset"] = json_preset(preset);
    document["settings"] = rows.into();
    format!("{document:#}\n")
}
