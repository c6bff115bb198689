//! `highwater explain`

use std::path::PathBuf;

use model::explain::{Explanation, explain};
use model::export::json;
use model::horizon::Asked;
use model::scenario::Known;

use super::progress::compared;
use super::{Context, Format, Period, platform};
use crate::exit::{FAILED, FINE, mistake};
use crate::input;
use crate::render::explain::{lines, lines_of};
use crate::render::text::visible;

/// Explain any line of a bill: its formula, where each input comes from, and its price
///
/// Without a line, all lines are listed by the names to ask for. A component, such as
/// `zone-crossing`, or a component and a cause, such as `zone-crossing/replicate`, means all
/// lines that it begins.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct ExplainArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// The line, such as `zone-crossing/replicate`; a list of them where it is left out
    line: Option<String>,

    /// One platform by its name; all in turn without it
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    #[command(flatten)]
    period: Period,
}

/// The lines of one platform that are asked for.
pub(crate) type Explained<'a> = (&'a model::Plan, Vec<Explanation>);

pub(crate) fn run(args: &ExplainArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("explain", &[Format::Table, Format::Json])?;
    let case = input::case(&args.file, context)?;
    let view = args.period.view(&case.scenario)?;
    let wanted = args.platform.as_deref();
    platform(&case.scenario, wanted)?;

    let comparison = compared(&case, view, Asked::default(), context);
    let shown = |plan: &&model::Plan| wanted.is_none_or(|name| name == plan.design.name);
    let mut plans: Vec<Explained> = comparison
        .plans()
        .filter(shown)
        .map(|plan| (plan, explain(plan, &case.scenario)))
        .collect();
    if let Some(line) = &args.line {
        plans = asked(plans, line)?;
    }
    let text = match (format, &args.line) {
        (Format::Json, _) => json::explain(&comparison, &plans, wanted),
        (_, Some(_)) if !plans.is_empty() => lines_of(&plans, context.paint_out),
        _ => lines(&comparison, &case.scenario, &plans, wanted, context.paint_out),
    };
    context.write(&context.answer(text))?;
    Ok(if plans.is_empty() { FAILED } else { FINE })
}

/// The lines that a name means; platforms that have none of them are left out.
fn asked<'a>(plans: Vec<Explained<'a>>, line: &str) -> anyhow::Result<Vec<Explained<'a>>> {
    if plans.is_empty() {
        return Ok(plans);
    }
    let unknown = unknown(&plans, line);
    let mut found = Vec::new();
    for (plan, mut list) in plans {
        list.retain(|one| one.answers(line));
        if !list.is_empty() {
            found.push((plan, list));
        }
    }
    if found.is_empty() { Err(unknown) } else { Ok(found) }
}

fn unknown(plans: &[Explained], line: &str) -> anyhow::Error {
    let mut names: Vec<String> = Vec::new();
    let mut know = |name: &str| {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    };
    // What is meant is nearest to a name of as many steps.
    let steps = line.matches('/').count();
    for one in plans.iter().flat_map(|(_, list)| list) {
        let id = one.id.split('@').next().unwrap_or_default();
        let name: Vec<&str> = id.split('/').take(steps + 1).collect();
        know(&name.join("/"));
    }
    let known = Known::new(line, names.iter().map(String::as_str));
    let message = format!("no bill here has a line `{}`", visible(line));
    mistake(message, known.hint().unwrap_or_default())
}
