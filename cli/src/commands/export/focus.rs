//! `--format focus`

use std::io::{BufWriter, Write as _};
use std::path::Path;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use model::bill::Component;
use model::export::audit::Audit;
use model::export::focus::{self, Version};
use model::money::Usd;
use model::{Comparison, Scenario};

use super::{ExportArgs, plans, put, tell};
use crate::commands::Context;
use crate::exit::{BAD_INPUT, FAILED, FINE, Told, mistake};
use crate::input::Case;
use crate::output::{Pending, cannot_write};
use crate::render::problems;
use crate::render::text::visible;

/// Versions by their names.
pub(super) fn versions() -> impl TypedValueParser<Value = Version> {
    PossibleValuesParser::new(Version::ALL.map(Version::name)).map(|name| {
        let known = Version::ALL.into_iter().find(|version| version.name() == name);
        known.expect("only the names of versions are possible")
    })
}

/// The platform that a file is of; `None` for all of them. Tells which, where nobody named it.
pub(super) fn wanted<'a>(
    args: &'a ExportArgs,
    comparison: &'a Comparison,
    context: &mut Context,
) -> anyhow::Result<Option<&'a str>> {
    if args.all_platforms { Ok(None) } else { chosen(args, comparison, context).map(Some) }
}

/// Writes rows, and what they add up to beside them.
pub(super) fn run(
    args: &ExportArgs,
    case: &Case,
    comparison: &Comparison,
    (wanted, audit): (Option<&str>, &Audit),
    output: Option<&Path>,
    context: &mut Context,
) -> anyhow::Result<u8> {
    for rejection in comparison.outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        if wanted.is_none_or(|name| name == rejection.design.name) {
            let reasons: Vec<String> = rejection.reasons.iter().map(ToString::to_string).collect();
            let name = &rejection.design.name;
            tell(&format!("`{name}` cannot be planned: {}", reasons.join("; ")), context)?;
        }
    }
    if plans(comparison, wanted).next().is_none() {
        return Ok(FAILED);
    }
    let version = args.focus_version.unwrap_or_default();
    let scenario = &case.scenario;
    let file = focus::File { comparison, scenario, version, platform: wanted, audit };
    let mut lines = match file.lines() {
        Ok(lines) => lines,
        Err(refusals) => {
            for refusal in refusals {
                let message = problems::plain(
                    &visible(&refusal.to_string()),
                    Some(refusal.hint()),
                    context.paint_err,
                );
                context.tell(&message)?;
            }
            return Err(Told(BAD_INPUT).into());
        }
    };
    left_out(comparison, scenario, wanted, context)?;
    match output {
        None => lines.try_for_each(|line| context.write(&line))?,
        Some(output) => {
            let table = written(output, lines)?;
            let beside = super::metadata_of(output)
                .map(|beside| Pending::of(&beside, file.metadata().as_bytes()));
            put([Some(table), beside.transpose()?].into_iter().flatten().collect(), context)?;
        }
    }
    Ok(FINE)
}

/// Rows in a file that needs only its name.
fn written(file: &Path, mut lines: impl Iterator<Item = String>) -> anyhow::Result<Pending> {
    let mut pending = BufWriter::new(Pending::new(file)?);
    let cannot = |error| cannot_write(file, error);
    lines.try_for_each(|line| pending.write_all(line.as_bytes())).map_err(cannot)?;
    pending.into_inner().map_err(|error| cannot(error.into_error()))
}

/// The platform that a file is about; tells which, where nobody named it.
pub(super) fn chosen<'a>(
    args: &'a ExportArgs,
    comparison: &'a Comparison,
    context: &mut Context,
) -> anyhow::Result<&'a str> {
    if let Some(name) = &args.platform {
        return Ok(name);
    }
    let Some(name) = focus::default_platform(comparison) else {
        return Err(mistake(
            "no platform has a complete bill, so that none costs least",
            "name one with `--platform NAME`: what has no price has no row",
        ));
    };
    let others = comparison.outcomes.len() - 1;
    if others > 0 {
        let note =
            format!("`{name}`, the cheapest that is complete; `--platform NAME` for another");
        tell(&note, context)?;
    }
    Ok(name)
}

/// Whoever adds up the rows should know what is not among them.
fn left_out(
    comparison: &Comparison,
    scenario: &Scenario,
    wanted: Option<&str>,
    context: &mut Context,
) -> anyhow::Result<()> {
    let end = scenario.horizon.months;
    for plan in plans(comparison, wanted) {
        let name = &plan.design.name;
        for contract in plan.contracts.iter().filter(|contract| contract.until() > end) {
            let ahead = contract.ahead(end);
            let what = if ahead > Usd::ZERO {
                format!("{ahead} of what is paid for it is for months after the horizon")
            } else {
                format!("it binds until {} months after the horizon", contract.until() - end)
            };
            tell(&format!("`{name}`, commitment `{}`: {what}", contract.id), context)?;
        }
        for gap in plan.bill.gaps.iter().filter(|gap| gap.component.is_invoiced()) {
            let note = format!(
                "`{name}` has no row for {}: {}; {}",
                gap.component.name(),
                gap.what,
                gap.hint
            );
            tell(&note, context)?;
        }
        let labour = plan.bill.of_component(Component::Labour);
        if labour > Usd::ZERO {
            let note = format!("`{name}` has no row for labour, {labour}: nobody invoices it");
            tell(&note, context)?;
        }
    }
    Ok(())
}
