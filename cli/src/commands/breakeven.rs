//! `highwater breakeven`

use std::path::PathBuf;

use model::breakeven::{self, BreakEven, PRECISION, Question, SCAN};
use model::brief::Shelf;
use model::chart::Paper;
use model::export::breakeven as export;
use model::quantity;
use model::range::{Range, RangeError, Spacing};
use model::scenario::Draft;

use super::progress::Looking;
use super::{Context, Format, Period, paper, places};
use crate::exit::{FAILED, FINE, mistake};
use crate::input::{Market, source};
use crate::render;
use crate::render::text::visible;

/// Show where along a value one platform overtakes another in cost
///
/// All crossings of the contracted monthly cost, with what both cost there and what stepped where a
/// cost jumps; or how close two come that never cross. With `--and`, the same for several values of
/// a second path, as a map of who is cheapest. For example:
///
///   highwater breakeven scenario.toml --vary stream.NAME.retention --from 1d --to 2y \
///     --between kafka-tiered automq-s3-wal
///   highwater breakeven scenario.toml --vary prices.discount.compute --from 0% --to 60% \
///     --between kafka-gp3 msk-express \
///     --and stream.NAME.produce --and-from '1 MiB/s' --and-to '1 GiB/s'
///
/// A path is written as for `whatif`; `highwater schema` has every key.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct BreakevenArgs {
    /// Scenario, or `-` for stdin
    file: PathBuf,

    /// The value that changes: stream.NAME.retention
    #[arg(long, value_name = "PATH")]
    vary: String,

    /// Where it begins, as the scenario would write it: 1d, '20 MiB/s', 3
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    from: String,

    /// Where it ends
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    to: String,

    /// Platforms of the scenario, two or more: each two are held against each other
    #[arg(long, value_name = "NAME", num_args = 2.., required = true)]
    between: Vec<String>,

    /// How closely crossings are found, as a share of their value: 0.1 % without it
    #[arg(long, value_name = "SHARE", value_parser = precision)]
    precision: Option<f64>,

    /// Values of the first scan, from 3 to 100,000: 129 without it, 65 for each row of a map
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..=100_000))]
    scan: Option<u32>,

    /// Look at equal ratios; so it does where the end is a hundred times the beginning or more
    #[arg(long, conflicts_with = "linear")]
    log: bool,

    /// Look at equal distances
    #[arg(long)]
    linear: bool,

    /// A second value, for a map of both
    #[arg(long, value_name = "PATH", requires = "and_from", requires = "and_to")]
    and: Option<String>,

    /// Where the second begins
    #[arg(long, value_name = "VALUE", requires = "and", allow_hyphen_values = true)]
    and_from: Option<String>,

    /// Where the second ends
    #[arg(long, value_name = "VALUE", requires = "and", allow_hyphen_values = true)]
    and_to: Option<String>,

    /// Rows of the map, from 2 to 200: 17 without it
    #[arg(long, value_name = "N", requires = "and", value_parser = clap::value_parser!(u32).range(2..=200))]
    and_rows: Option<u32>,

    /// Width of the picture of `--format svg` in pixels, from 240 to 4000
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u16).range(i64::from(Paper::NARROWEST)..=i64::from(Paper::WIDEST)))]
    width: Option<u16>,

    #[command(flatten)]
    period: Period,
}

/// Rows of a map where nobody asks for another number: they fit on a screen with what stands around them.
const ROWS: u32 = 17;

/// Values of each row's first scan: about as many as a map has columns.
const ROW_SCAN: usize = 65;

/// A share above nothing and below everything.
fn precision(text: &str) -> Result<f64, String> {
    let share =
        quantity::parse_share(text).map_err(|error| format!("{error}: {}", error.hint()))?;
    if (1e-9..=0.1).contains(&share) {
        return Ok(share);
    }
    Err("expected a share from 0.0000001 % to 10 %, such as 0.1 %".to_owned())
}

pub(crate) fn run(args: &BreakevenArgs, context: &mut Context) -> anyhow::Result<u8> {
    let format =
        context.format("breakeven", &[Format::Table, Format::Json, Format::Csv, Format::Svg])?;
    let paper = paper(args.width, format)?;
    let market = Market::open(context)?;
    let (case, draft) = market.draft(source(&args.file, context)?, context)?;
    let spacing = match (args.log, args.linear) {
        (true, _) => Some(Spacing::Logarithmic),
        (_, true) => Some(Spacing::Linear),
        _ => None,
    };
    let along = range(&draft, &args.vary, (&args.from, &args.to), spacing, "--vary")?;
    let across = match (&args.and, &args.and_from, &args.and_to) {
        (Some(path), Some(from), Some(to)) => Some(range(&draft, path, (from, to), None, "--and")?),
        _ => None,
    };
    if across.as_ref().is_some_and(|across| across.variable.path() == along.variable.path()) {
        return Err(mistake(
            format!("`--and` varies `{}`, as `--vary` does", visible(along.variable.path())),
            "name another value, or leave it out",
        ));
    }
    let scan = args.scan.map(|scan| scan as usize);
    let question = Question {
        draft: &draft,
        along,
        between: places(&case.scenario, &args.between, "--between")?,
        view: args.period.view(&case.scenario)?,
        precision: args.precision.unwrap_or(PRECISION),
        scan: scan.unwrap_or(if across.is_some() { ROW_SCAN } else { SCAN }),
    };
    let look_up = market.repricing();
    let mut shelf = Shelf::new(&look_up);
    let mut looking = Looking::new(context.err);
    let mut progress = |count: usize| looking.tell(count);
    let (text, compared) = match &across {
        None => {
            let answer = breakeven::breakeven(&question, &mut shelf, &mut progress);
            let text = match format {
                Format::Json => export::json(&answer),
                Format::Csv => export::csv(&answer),
                Format::Svg => export::svg(&case.scenario.title, &answer, paper),
                _ => render::breakeven::answer(&case.scenario.title, &answer, context.paint_out),
            };
            (text, compares(&answer))
        }
        Some(across) => {
            let rows = args.and_rows.unwrap_or(ROWS) as usize;
            let map = breakeven::frontier(&question, across, rows, &mut shelf, &mut progress);
            let text = match format {
                Format::Json => export::frontier_json(&map),
                Format::Csv => export::frontier_csv(&map),
                Format::Svg => export::frontier_svg(&case.scenario.title, &map, paper),
                _ => render::breakeven::frontier(&case.scenario.title, &map, context.paint_out),
            };
            (text, map.rows.iter().any(|(_, answer)| compares(answer)))
        }
    };
    looking.done();
    context.write(&context.answer(text))?;
    Ok(if compared { FINE } else { FAILED })
}

/// Whether any two have a cost at one value.
fn compares(answer: &BreakEven) -> bool {
    answer.pairs.iter().any(|pair| pair.closest.is_some() || !pair.crossings.is_empty())
}

fn range(
    draft: &Draft,
    path: &str,
    ends: (&str, &str),
    spacing: Option<Spacing>,
    flag: &str,
) -> anyhow::Result<Range> {
    Range::new(draft, path, ends, spacing).map_err(|error| range_mistake(&error, flag))
}

/// What is wrong with a range, and with which flag.
pub(crate) fn range_mistake(error: &RangeError, flag: &str) -> anyhow::Error {
    let message = format!("`{flag}`: {}", visible(&error.to_string()));
    match error.hint() {
        Some(hint) => mistake(message, visible(&hint)),
        None => anyhow::anyhow!(message),
    }
}
