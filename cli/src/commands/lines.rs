//! `highwater lines`

use model::bill::Component;
use model::export::line_defaults;
use model::lines::doc;
use model::scenario::Known;
use serde_json::{Value, json};

use super::{Context, Format};
use crate::exit::{FINE, mistake};
use crate::render::WIDTH;
use crate::render::paint::{Paint, Tone};
use crate::render::settings::{json_setting, setting};
use crate::render::table::{Cell, Table};
use crate::render::text::{visible, wrap};

/// List the lines of a bill that have to be asked for, or show one with every setting
#[derive(Debug, clap::Args)]
pub(crate) struct LinesArgs {
    /// Name of the line, such as `connectors`; all of them where it is left out
    line: Option<String>,
}

pub(crate) fn run(args: &LinesArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("lines", &[Format::Table, Format::Json])?;
    let text = match (&args.line, format) {
        (None, Format::Json) => json_list(),
        (None, _) => list(context.paint_out),
        (Some(name), format) => {
            let found = named(name).ok_or_else(|| unknown(name))?;
            match format {
                Format::Json => json_show(found),
                _ => show(found, context.paint_out),
            }
        }
    };
    context.write(&text)?;
    Ok(FINE)
}

/// As people type it: `client-paths`, `client_paths`, `client paths`.
fn named(name: &str) -> Option<Component> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_'], " ");
    Component::OPTIONAL.iter().copied().find(|one| plain(one.name()) == plain(name))
}

fn unknown(name: &str) -> anyhow::Error {
    let known = Known::new(name, Component::OPTIONAL.iter().map(|component| component.name()));
    let message = format!("there is no line `{}` to ask for", visible(name));
    mistake(message, known.hint().unwrap_or_default())
}

fn list(paint: Paint) -> String {
    let mut table =
        Table::new().words("Line").words("asked for by").words("what it is").gives_way();
    for component in Component::OPTIONAL {
        table.row(vec![
            Cell::toned(component.name(), Tone::Strong),
            component.asked_by().into(),
            doc(*component).into(),
        ]);
    }
    let note = "Each stands on a bill only where a scenario asks for it, and then on every platform's alike; `[platform.lines]` holds what differs on one. What is asked for and has no price is a gap, never zero.";
    format!("{}\n{}", table.render(WIDTH, paint), wrap(note, WIDTH, ""))
}

fn show(component: Component, paint: Paint) -> String {
    let title = format!("{}: {}", component.name(), doc(component));
    let mut text = paint.strong(&title) + "\n";
    text.push_str(&format!("Asked for by `{}`.\n", component.asked_by()));
    for one in line_defaults(component) {
        text.push('\n');
        text.push_str(&setting(&one, paint));
    }
    text
}

fn json_list() -> String {
    let lines: Vec<_> = Component::OPTIONAL.iter().map(|one| json_line(*one)).collect();
    format!("{:#}\n", json!({ "schema_version": 1, "kind": "lines", "lines": lines }))
}

fn json_line(component: Component) -> Value {
    json!({
        "name": component,
        "doc": doc(component),
        "asked_by": component.asked_by(),
        "invoiced": component.is_invoiced(),
    })
}

fn json_show(component: Component) -> String {
    let rows: Vec<_> = line_defaults(component).iter().map(json_setting).collect();
    let mut document = json!({ "schema_version": 1, "kind": "line" });
    document["line"] = json_line(component);
    document["settings"] = rows.into();
    format!("{document:#}\n")
}
