//! `highwater whatif`

use std::path::PathBuf;

use model::Comparison;
use model::export::json;
use model::horizon::Asked;
use model::scenario;

use super::progress::compared;
use super::{Context, Format, Period, platform};
use crate::exit::{FAILED, FINE, mistake};
use crate::input::{Case, Market, Source, source};
use crate::render::whatif::changes;

/// Change values of a scenario and show what that does to cost and capacity
///
/// A path is the keys down to a value with dots between; `*` stands for all names. For example:
///
///   horizon.months=24
///   stream.NAME.retention=365 d
///   stream.NAME.reader.GROUP.window=30 d
///   platform.NAME.broker=m7g.2xlarge
///   platform.*.zones=2
///   prices.discount.compute=20 %
///
/// The file is not changed.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct WhatifArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// What to change, as often as needed: 'stream.*.retention=365 d'
    #[arg(long, value_name = "PATH=VALUE", required = true, value_parser = change)]
    set: Vec<(String, String)>,

    /// One platform by its name; all without it
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    #[command(flatten)]
    period: Period,
}

/// A path and the value behind the first equals sign.
pub(crate) fn change(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, value)) if !path.trim().is_empty() => {
            Ok((path.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("expected PATH=VALUE, such as 'stream.*.retention=365 d'".to_owned()),
    }
}

pub(crate) fn run(args: &WhatifArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("whatif", &[Format::Table, Format::Json])?;
    let source = source(&args.file, context)?;
    let market = Market::open(context)?;
    let before = market.case(source, context)?;
    let after = market.case(changed(&before.source, &args.set)?, context)?;
    let wanted = args.platform.as_deref();
    platform(&after.scenario, wanted)?;

    let (old, new) =
        (planned(&before, args.period, context)?, planned(&after, args.period, context)?);
    let text = match format {
        Format::Json => {
            json::whatif(&args.set, (&old, &before.scenario), (&new, &after.scenario), wanted)
        }
        _ => changes(&args.set, &old, &new, wanted, context.paint_out),
    };
    context.write(&context.answer(text))?;
    Ok(if new.plans().next().is_some() { FINE } else { FAILED })
}

fn planned(case: &Case, period: Period, context: &mut Context) -> anyhow::Result<Comparison> {
    let view = period.view(&case.scenario)?;
    Ok(compared(case, view, Asked::default(), context))
}

/// The text with its values changed, one after the other.
pub(crate) fn changed(source: &Source, changes: &[(String, String)]) -> anyhow::Result<Source> {
    let mut text = source.text.clone();
    for (path, value) in changes {
        text = scenario::set(&text, path, value).map_err(|error| match error.hint() {
            Some(hint) => mistake(&error, hint),
            None => anyhow::anyhow!("{error}"),
        })?;
    }
    Ok(Source { name: format!("{} (changed)", source.name), text })
}
