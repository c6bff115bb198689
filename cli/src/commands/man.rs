//! `highwater man`

use anyhow::Context as _;
use clap_mangen::Man;

use super::{Context, command};
use crate::exit::{FINE, mistake};
use crate::output::NO_OUTPUT;
use crate::render::text::visible;

/// Print the manual page: of the command, or of one verb
#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// Whose page
    verb: Option<String>,
}

pub(crate) fn run(args: &ManArgs, context: &mut Context) -> anyhow::Result<u8> {
    context.no_format("man")?;
    let mut all = command();
    all.build();
    let page = match &args.verb {
        None => all,
        Some(verb) => match all.find_subcommand(verb) {
            Some(found) => found.clone(),
            None => {
                let message = format!("there is no verb `{}`", visible(verb));
                return Err(mistake(message, "see `highwater help`"));
            }
        },
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text)?;
    context.out.write_all(&text).context(NO_OUTPUT)?;
    Ok(FINE)
}
