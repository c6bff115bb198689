//! `highwater diff`

use std::path::{Path, PathBuf};

use model::export::variance::{Sides, csv, json};
use model::horizon::Asked;
use model::variance::{Rates, Variance, variance};
use model::{Comparison, Plan};

use super::progress::compared;
use super::{Context, Format, Period, platform};
use crate::exit::{FAILED, FINE, mistake};
use crate::input::{Case, Market, Source, source};
use crate::render::diff::{Shown, differences};
use crate::render::pairs::{Pair, pairs};

/// Show why one plan costs something else than another: price, volume, mix, architecture, commitments, exchange rate
///
/// Two scenarios, or one scenario with two catalogues (`--catalog` and `--catalog-b`), or two platforms. The parts add up
/// to the difference to the last digit. They are taken in a fixed order, which the output states; the first month of one
/// plan is set beside the first of the other, whatever their dates.
///
///   highwater diff march.toml june.toml
///   highwater diff scenario.toml --catalog old --catalog-b new
///   highwater diff scenario.toml --platform-a kafka-gp3 --platform-b kafka-tiered
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct DiffArgs {
    /// Scenario A: what it was
    a: PathBuf,

    /// Scenario B: what it is; A again without it
    b: Option<PathBuf>,

    /// Folder of prices for B; those of A without it
    #[arg(long, value_name = "DIR")]
    catalog_b: Option<PathBuf>,

    /// One platform by its name; all that both have without it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["platform_a", "platform_b"])]
    platform: Option<String>,

    /// A's platform, beside another one of B
    #[arg(long, value_name = "NAME", requires = "platform_b")]
    platform_a: Option<String>,

    /// B's platform, beside another one of A
    #[arg(long, value_name = "NAME", requires = "platform_a")]
    platform_b: Option<String>,

    #[command(flatten)]
    period: Period,
}

pub(crate) fn run(args: &DiffArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("diff", &[Format::Table, Format::Json, Format::Csv])?;
    if args.b.is_none() && args.catalog_b.is_none() && args.platform_b.is_none() {
        return Err(mistake(
            "there is nothing to compare it with",
            "name a second scenario, a second catalogue with `--catalog-b`, or two platforms with `--platform-a` and \
             `--platform-b`",
        ));
    }
    let (case_a, case_b) = cases(args, context)?;
    let one = args.platform.as_deref();
    platform(&case_a.scenario, args.platform_a.as_deref().or(one))?;
    platform(&case_b.scenario, args.platform_b.as_deref().or(one))?;
    let (view_a, view_b) =
        (args.period.view(&case_a.scenario)?, args.period.view(&case_b.scenario)?);
    let a = compared(&case_a, view_a, Asked::default(), context);
    let b = compared(&case_b, view_b, Asked::default(), context);

    let rates = Rates::of(&case_a.scenario.finance, &case_b.scenario.finance);
    let taken_apart = |pair: &Pair| -> Variance {
        let old = (pair.before, &case_a.scenario.finance);
        variance(old, (pair.after, &case_b.scenario.finance), &rates)
    };
    let found: Vec<Variance> = chosen(args, &a, &b).iter().map(taken_apart).collect();
    let (name_a, name_b) = names(args);
    let sides = Sides { a: &name_a, b: &name_b };
    let text = match format {
        Format::Json => json(sides, &found),
        Format::Csv => csv(&found),
        _ => {
            let named = [&args.platform, &args.platform_a, &args.platform_b];
            let wanted = named.into_iter().flatten().map(String::as_str).collect();
            let shown = Shown { sides, a: &a, b: &b, wanted };
            differences(&shown, &found, context.paint_out)
        }
    };
    context.write(&context.answer(text))?;
    tell_of_dollars(&case_a, &case_b, context)?;
    Ok(if found.is_empty() { FAILED } else { FINE })
}

/// Both scenarios with their prices; stdin is read once.
fn cases(args: &DiffArgs, context: &mut Context) -> anyhow::Result<(Case, Case)> {
    let text_a = source(&args.a, context)?;
    let text_b = match &args.b {
        Some(path) if path == Path::new("-") && args.a == *path => {
            return Err(mistake(
                "both scenarios are stdin",
                "leave out the second: it is the first again",
            ));
        }
        Some(path) => source(path, context)?,
        None => Source { name: text_a.name.clone(), text: text_a.text.clone() },
    };
    let market = Market::open(context)?;
    let case_a = market.case(text_a, context)?;
    let case_b = match &args.catalog_b {
        Some(folder) => Market::of(folder)?.case(text_b, context)?,
        None => market.case(text_b, context)?,
    };
    Ok((case_a, case_b))
}

/// The platforms that are set beside each other.
fn chosen<'a>(args: &DiffArgs, a: &'a Comparison, b: &'a Comparison) -> Vec<Pair<'a>> {
    let (Some(name_a), Some(name_b)) = (&args.platform_a, &args.platform_b) else {
        return pairs(a, b, args.platform.as_deref());
    };
    fn named<'a>(list: &'a Comparison, name: &str) -> Option<&'a Plan> {
        list.plans().find(|plan| plan.design.name == name)
    }
    let found = named(a, name_a).zip(named(b, name_b));
    found.map(|(before, after)| Pair { before, after }).into_iter().collect()
}

/// What is compared, as it was asked for.
fn names(args: &DiffArgs) -> (String, String) {
    let file = |path: &Path| path.display().to_string();
    let (a, b) = (file(&args.a), file(args.b.as_deref().unwrap_or(&args.a)));
    match &args.catalog_b {
        Some(folder) => (a, format!("{b} with prices of {}", folder.display())),
        None => (a, b),
    }
}

/// Whoever exports in a currency should know why this is none.
fn tell_of_dollars(a: &Case, b: &Case, context: &mut Context) -> anyhow::Result<()> {
    let code = |case: &Case| case.scenario.finance.exchange.as_ref().map(|one| one.currency.code);
    if code(a) != code(b) {
        context.tell("amounts are in dollars: the scenarios export in different currencies\n")?;
    }
    Ok(())
}
