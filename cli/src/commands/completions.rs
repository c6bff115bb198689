//! `highwater completions`

use anyhow::Context as _;
use clap_complete::Shell;

use super::{Context, command};
use crate::exit::FINE;
use crate::output::NO_OUTPUT;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// bash, elvish, fish, powershell or zsh
    #[arg(hide_possible_values = true)]
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs, context: &mut Context) -> anyhow::Result<u8> {
    context.no_format("completions")?;
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "highwater", &mut script);
    context.out.write_all(&script).context(NO_OUTPUT)?;
    Ok(FINE)
}
