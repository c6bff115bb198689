//! `highwater schema`

use super::{Context, Format};
use crate::exit::FINE;

/// Print the JSON Schema of scenarios, for editors
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {}

pub(crate) fn run(context: &mut Context) -> anyhow::Result<u8> {
    context.format("schema", &[Format::Table, Format::Json])?;
    let schema = model::scenario::json_schema();
    context.write(&format!("{schema:#}\n"))?;
    Ok(FINE)
}
