//! `highwater prices`

mod import;

use model::scenario::Known;
use pricing::{Catalog, CatalogError, Row, Severity};
use serde_json::json;

use super::{Context, Format};
use crate::exit::{BAD_INPUT, FAILED, FINE, Told, mistake};
use crate::input;
use crate::render::WIDTH;
use crate::render::figures::unit_price;
use crate::render::paint::{Paint, Tone};
use crate::render::problems;
use crate::render::table::{Cell, Table};
use crate::render::text::{counted, visible};

/// List regions, show their prices with source and date, check a catalogue, or import price lists
#[derive(Debug, clap::Args)]
pub(crate) struct PricesArgs {
    #[command(subcommand)]
    verb: PricesVerb,
}

#[derive(Debug, clap::Subcommand)]
enum PricesVerb {
    /// List providers and regions that have prices
    List {
        /// Only this provider
        #[arg(long, value_name = "NAME")]
        provider: Option<String>,
    },
    /// Show the prices of a region, with source and date
    Show {
        /// Name of the region
        region: String,

        /// Only SKUs that contain this text
        #[arg(long, value_name = "FILTER")]
        sku: Option<String>,

        /// Whose region, where several providers have one of the name
        #[arg(long, value_name = "NAME")]
        provider: Option<String>,

        /// Commitments too, and not only on-demand prices
        #[arg(long)]
        commitments: bool,
    },
    /// Check the catalogue: exit code 1 when it has faults; gaps are listed only
    Check,
    /// Read price lists as AWS, Azure and Google Cloud publish them, into a catalogue for `--catalog`
    Import(import::ImportArgs),
}

pub(crate) fn run(args: &PricesArgs, context: &mut Context) -> anyhow::Result<u8> {
    let catalog = input::catalog(context)?;
    match &args.verb {
        PricesVerb::List { provider } => list(&catalog, provider.as_deref(), context),
        PricesVerb::Show { region, sku, provider, commitments } => {
            let provider = match provider {
                Some(provider) => provider.clone(),
                None => provider_of(&catalog, region)?,
            };
            let rows = rows(&catalog, &provider, region, context)?;
            let choice = Choice { sku: sku.as_deref(), commitments: *commitments };
            show(&provider, region, rows, choice, context)
        }
        PricesVerb::Check => check(&catalog, context),
        PricesVerb::Import(args) => import::run(args, &catalog, context),
    }
}

fn list(catalog: &Catalog, provider: Option<&str>, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("prices list", &[Format::Table, Format::Json])?;
    let mut regions = catalog.regions();
    if let Some(wanted) = provider {
        if !regions.contains_key(wanted) {
            let known: Vec<String> = regions.keys().map(|name| format!("`{name}`")).collect();
            return Err(mistake(
                format!("there is no provider `{}`", visible(wanted)),
                format!("use one of {}", known.join(", ")),
            ));
        }
        regions.retain(|name, _| name == wanted);
    }
    let mut listed = Vec::new();
    for (provider, regions) in &regions {
        for region in regions {
            let rows = rows(catalog, provider, region, context)?;
            let dates = |pick: fn(&str, &str) -> bool| {
                rows.iter()
                    .map(|row| row.as_of.as_str())
                    .reduce(|one, other| if pick(one, other) { one } else { other })
            };
            let oldest = dates(|one, other| one <= other).unwrap_or_default().to_owned();
            let newest = dates(|one, other| one >= other).unwrap_or_default().to_owned();
            listed.push((provider.clone(), region.clone(), rows.len(), oldest, newest));
        }
    }
    let text = if format == Format::Json {
        let regions: Vec<_> = listed
            .iter()
            .map(|(provider, region, prices, oldest, newest)| {
                json!({
                    "provider": provider, "region": region, "prices": prices,
                    "oldest": oldest, "newest": newest,
                })
            })
            .collect();
        format!("{:#}\n", json!({ "schema_version": 1, "kind": "regions", "regions": regions }))
    } else {
        let mut table = Table::new()
            .words("Provider")
            .words("region")
            .numbers("prices")
            .words("oldest")
            .words("newest");
        for (provider, region, prices, oldest, newest) in listed {
            let prices = model::units::separated(&prices.to_string());
            table.row(vec![
                provider.into(),
                region.into(),
                prices.into(),
                oldest.into(),
                newest.into(),
            ]);
        }
        table.render(WIDTH, context.paint_out)
    };
    context.write(&text)?;
    Ok(FINE)
}

fn provider_of(catalog: &Catalog, region: &str) -> anyhow::Result<String> {
    let regions = catalog.regions();
    let owners: Vec<&String> = regions
        .iter()
        .filter(|(_, regions)| regions.contains(region))
        .map(|(name, _)| name)
        .collect();
    match owners[..] {
        [only] => Ok(only.clone()),
        [] => {
            let known = Known::new(region, regions.values().flatten().map(String::as_str));
            Err(mistake(
                format!("there are no prices of region `{}`", visible(region)),
                known.hint().unwrap_or_else(|| "see `highwater prices list`".to_owned()),
            ))
        }
        _ => {
            let names: Vec<String> = owners.iter().map(|name| format!("`{name}`")).collect();
            Err(mistake(
                format!("several providers have a region `{}`", visible(region)),
                format!("choose with `--provider`: {}", names.join(", ")),
            ))
        }
    }
}

fn rows(
    catalog: &Catalog,
    provider: &str,
    region: &str,
    context: &mut Context,
) -> anyhow::Result<Vec<Row>> {
    match catalog.rows(provider, region) {
        Ok(rows) => Ok(rows),
        Err(errors) => {
            let told = |error: &CatalogError| {
                problems::plain(&error.to_string(), Some(&error.hint()), context.paint_err)
            };
            let text: String = errors.iter().map(told).collect();
            context.tell(&text)?;
            Err(Told(BAD_INPUT).into())
        }
    }
}

/// Which rows to show.
#[derive(Clone, Copy)]
struct Choice<'a> {
    sku: Option<&'a str>,
    commitments: bool,
}

fn show(
    provider: &str,
    region: &str,
    rows: Vec<Row>,
    choice: Choice<'_>,
    context: &mut Context,
) -> anyhow::Result<u8> {
    let format = context.format("prices show", &[Format::Table, Format::Json])?;
    let on_demand = |row: &Row| row.commitment == "on_demand";
    let matching: Vec<Row> = rows
        .into_iter()
        .filter(|row| choice.sku.is_none_or(|part| row.sku.contains(part)))
        .collect();
    let all = matching.len();
    let shown: Vec<Row> =
        matching.into_iter().filter(|row| choice.commitments || on_demand(row)).collect();
    if shown.is_empty() {
        let what = choice.sku.map_or_else(String::new, |part| format!(" of `{}`", visible(part)));
        return Err(mistake(
            format!("{provider} {region} has no on-demand price{what}"),
            "a filter is a part of the SKU, such as `gp3` or `m7g`; `--commitments` shows more",
        ));
    }
    let text = match format {
        Format::Json => prices_json(provider, region, &shown),
        _ => prices_table(&shown, choice.commitments, context.paint_out),
    };
    context.write(&text)?;
    if all > shown.len() {
        let hidden = counted(all - shown.len(), "price");
        context.tell(&format!("{hidden} of commitments not shown: add `--commitments`\n"))?;
    }
    Ok(FINE)
}

fn prices_table(rows: &[Row], commitments: bool, paint: Paint) -> String {
    let mut table = Table::new().words("SKU").numbers("price").words("per").numbers("from");
    if commitments {
        table = table.words("commitment");
    }
    table = table.words("dated").words("source").gives_way();
    for row in rows {
        let from = if row.tier_from.is_zero() {
            String::new()
        } else {
            model::units::separated(&row.tier_from.normalize().to_string())
        };
        let mut cells: Vec<Cell> = vec![
            row.sku.as_str().into(),
            unit_price(row.price).into(),
            row.per.name().into(),
            from.into(),
        ];
        if commitments {
            cells.push(row.commitment.as_str().into());
        }
        cells.push(row.as_of.as_str().into());
        cells.push(Cell::toned(&row.source, Tone::Faint));
        table.row(cells);
    }
    table.render(WIDTH, paint)
}

fn prices_json(provider: &str, region: &str, rows: &[Row]) -> String {
    let prices: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "sku": row.sku,
                "price": row.price,
                "per": row.per,
                "tier_from": row.tier_from.normalize().to_string(),
                "commitment": row.commitment,
                "basis": row.basis,
                "group": row.group,
                "source": row.source,
                "as_of": row.as_of,
                "notes": row.notes,
            })
        })
        .collect();
    let document = json!({
        "schema_version": 1,
        "kind": "prices",
        "provider": provider,
        "region": region,
        "currency": "USD",
        "prices": prices,
    });
    format!("{document:#}\n")
}

fn check(catalog: &Catalog, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("prices check", &[Format::Table, Format::Json])?;
    let findings = catalog.check();
    let faults = findings.iter().filter(|one| one.severity() == Severity::Fault).count();
    let gaps = findings.len() - faults;
    let text = if format == Format::Json {
        let listed: Vec<_> = findings
            .iter()
            .map(|one| {
                json!({
                    "severity": one.severity().name(),
                    "file": one.file,
                    "line": one.line,
                    "message": one.problem.to_string(),
                    "fix": one.fix(),
                })
            })
            .collect();
        format!("{:#}\n", json!({ "schema_version": 1, "kind": "findings", "findings": listed }))
    } else {
        let line = |one: &pricing::Finding| {
            let tone = if one.severity() == Severity::Fault { Tone::Bad } else { Tone::Warning };
            let severity = context.paint_out.paint(tone, one.severity().name());
            format!("{severity}: {}; {}\n", visible(&one.to_string()), visible(&one.fix()))
        };
        let lines: String = findings.iter().map(line).collect();
        let regions: usize = catalog.regions().values().map(|regions| regions.len()).sum();
        let (faults, gaps) = (counted(faults, "fault"), counted(gaps, "gap"));
        format!("{lines}{} checked: {faults}, {gaps}\n", counted(regions, "region"))
    };
    context.write(&text)?;
    Ok(if faults == 0 { FINE } else { FAILED })
}
