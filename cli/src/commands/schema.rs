//! `highwater schema`

use super::{Context, Format};
use crate::exit::FINE;

/// Print the JSON Schema of scenarios, for editors, or of what is exported, for programs
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// Of what `export --format json` writes
    #[arg(long)]
    output: bool,
}

pub(crate) fn run(args: &SchemaArgs, context: &mut Context) -> anyhow::Result<u8> {
    context.format("schema", &[Format::Table, Format::Json])?;
    let schema = match args.output {
        true => model::export::schema::output(),
        false => model::scenario::json_schema(),
    };
    context.write(&format!("{schema:#}\n"))?;
    Ok(FINE)
}
