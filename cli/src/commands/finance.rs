//! `highwater finance`

use std::path::PathBuf;

use model::View;
use model::comparison;
use model::events::EventKind;
use model::export::finance as export;
use model::finance::{Ask, Key, accounts, changes};
use model::horizon::Asked;

use super::progress::{Progress, compared};
use super::{Context, Format, platform};
use crate::exit::{FAILED, FINE};
use crate::input;
use crate::render;

/// Cash and accrual through time, commitments, discounts, unit costs, and who bears what
///
/// Cash is what is billed in a month, accrual what the month bears: commitments are paid when their terms say, and borne by
/// the hours that they are for. `[finance]` says what present values are discounted at, when fiscal years begin and what
/// currency exports are in; `[[commitment]]` and `[[credit]]` what is bought and granted, `owner` of a stream who it is for.
/// Marginal costs are those of one per cent more: the engine runs again for each; those of streams, groups and owners come with
/// `--platform`.
#[derive(Debug, clap::Args)]
pub(crate) struct FinanceArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// One platform by its name, month by month and stream by stream; all side by side without it
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,

    /// The platform that others have to pay back; the one that a migration leaves, or the first, without it
    #[arg(long, value_name = "NAME")]
    against: Option<String>,

    /// What shared costs are divided by: proportional (to direct costs), bytes-in, bytes-kept, bytes-read, records or even
    #[arg(long, value_name = "KEY", value_parser = key, default_value = "proportional", hide_default_value = true)]
    key: Key,
}

fn key(text: &str) -> Result<Key, String> {
    let found = Key::ALL.iter().find(|key| key.name() == text);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = Key::ALL.iter().map(|key| key.name()).collect();
        format!("use one of {}", names.join(", "))
    })
}

pub(crate) fn run(args: &FinanceArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("finance", &[Format::Table, Format::Json, Format::Csv])?;
    let case = input::case(&args.file, context)?;
    let scenario = &case.scenario;
    let wanted = args.platform.as_deref();
    platform(scenario, wanted)?;
    platform(scenario, args.against.as_deref())?;

    let comparison = compared(&case, View::Horizon, Asked::default(), context);
    let mut more = changes(scenario);
    if wanted.is_none() {
        // Every stream, group and owner is a run of each platform: hundreds of them are asked for one by one.
        more.truncate(OVERALL);
    }
    let mut progress = Progress::of(context.err, more.len());
    // Platforms that nobody asks for are planned again only where a migration needs them.
    let needed = |name: &str| {
        let migrations = scenario.events.iter().filter(|one| one.kind == EventKind::Migration);
        let mut left = migrations.filter_map(|event| event.from.as_deref());
        wanted.is_none_or(|wanted| wanted == name) || left.any(|from| from == name)
    };
    let mut again = |scaled: &model::Scenario| {
        progress.tell("one per cent more");
        let mut scaled = scaled.clone();
        scaled.platforms.retain(|design| needed(&design.name));
        let asked = Asked::default();
        comparison::outcomes(&scaled, &case.prices, View::Horizon, asked, &mut |_| ())
    };
    let ask = Ask { key: args.key, against: args.against.as_deref(), platform: wanted };
    let found = accounts(&comparison, scenario, ask, &more, &mut again);
    progress.clear();

    let text = match format {
        Format::Json => export::json(&comparison, scenario, &found, wanted),
        Format::Csv => export::csv(&comparison, scenario, &found, wanted),
        _ if wanted.is_some() => {
            render::finance::in_full(&comparison, scenario, &found, wanted, context.paint_out)
        }
        _ => render::finance::overview(&comparison, scenario, &found, context.paint_out),
    };
    context.write(&context.answer(text))?;
    Ok(if found.is_empty() { FAILED } else { FINE })
}

/// Changes that are asked for of all platforms: more is produced, everything is kept for longer.
const OVERALL: usize = 2;
