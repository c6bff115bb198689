//! `highwater prices`

mod import;

use model::scenario::Known;
use pricing::{Catalog, CatalogError, Row, Severity, UnitVersion};
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

/// Stands for a region where services are meant that cost the same on any provider.
const VENDORS: &str = "vendors";

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
        /// Name of the region, or `vendors` for services that cost the same on any provider
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
        PricesVerb::Show { region, sku, provider: None, .. } if region == VENDORS => {
            vendors(&catalog, sku.as_deref(), context)
        }
        PricesVerb::Show { region, sku, provider, commitments } => {
            let provider = match provider {
                Some(provider) => provider.clone(),
                None => provider_of(&catalog, region)?,
            };
            let mut rows = told(catalog.rows(&provider, region), context)?;
            rows.extend(told(catalog.vendor_rows(), context)?);
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
            let rows = told(catalog.rows(provider, region), context)?;
            listed.push((provider.clone(), region.clone(), rows.len(), dates(&rows)));
        }
    }
    let vendors = told(catalog.vendor_rows(), context)?;
    let text = if format == Format::Json {
        let regions: Vec<_> = listed
            .iter()
            .map(|(provider, region, prices, (oldest, newest))| {
                json!({
                    "provider": provider, "region": region, "prices": prices,
                    "oldest": oldest, "newest": newest,
                })
            })
            .collect();
        let (oldest, newest) = dates(&vendors);
        let document = json!({
            "schema_version": 1,
            "kind": "regions",
            "regions": regions,
            "vendors": { "prices": vendors.len(), "oldest": oldest, "newest": newest },
        });
        format!("{document:#}\n")
    } else {
        let mut table = Table::new()
            .words("Provider")
            .words("region")
            .numbers("prices")
            .words("oldest")
            .words("newest");
        if !vendors.is_empty() {
            let region = VENDORS.to_owned();
            listed.push(("any".to_owned(), region, vendors.len(), dates(&vendors)));
        }
        for (provider, region, prices, (oldest, newest)) in listed {
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

/// The oldest date and the newest one of some prices.
fn dates(rows: &[Row]) -> (String, String) {
    let dates = || rows.iter().map(|row| row.as_of.as_str());
    let (oldest, newest) = (dates().min(), dates().max());
    (oldest.unwrap_or_default().to_owned(), newest.unwrap_or_default().to_owned())
}

/// What a catalogue has, or its faults on the terminal.
fn told<T>(found: Result<T, Vec<CatalogError>>, context: &mut Context) -> anyhow::Result<T> {
    found.or_else(|errors| {
        let told = |error: &CatalogError| {
            problems::plain(&error.to_string(), Some(&error.hint()), context.paint_err)
        };
        let text: String = errors.iter().map(told).collect();
        context.tell(&text)?;
        Err(Told(BAD_INPUT).into())
    })
}

/// Prices of services that are the same on any provider, and what their vendors sell capacity by.
fn vendors(catalog: &Catalog, sku: Option<&str>, context: &mut Context) -> anyhow::Result<u8> {
    let format = context.format("prices show", &[Format::Table, Format::Json])?;
    let rows = told(catalog.vendor_rows(), context)?;
    let units = told(catalog.capacity_units(), context)?;
    let choice = Choice { sku, commitments: false };
    let (shown, _) = choice.of(rows);
    if shown.is_empty() {
        let what = sku.map_or_else(String::new, |part| format!(" of `{}`", visible(part)));
        return Err(mistake(
            format!("no vendor has a price{what}"),
            "a filter is a part of the SKU, such as `ecku` or `warpstream`",
        ));
    }
    let text = match format {
        Format::Json => {
            let mut document = prices_json("", "", &shown);
            document["capacity_units"] = units.iter().map(unit_json).collect();
            format!("{document:#}\n")
        }
        _ => {
            let prices = prices_table(&shown, false, context.paint_out);
            format!("{prices}\n{}", units_table(&units, context.paint_out))
        }
    };
    context.write(&text)?;
    Ok(FINE)
}

fn unit_json(version: &UnitVersion) -> serde_json::Value {
    let unit = &version.unit;
    json!({
        "unit": unit.name,
        "version": version.version,
        "write_mib_per_sec": unit.write.map(model::units::ByteRate::as_mib_per_sec),
        "read_mib_per_sec": unit.read.map(model::units::ByteRate::as_mib_per_sec),
        "partitions": unit.partitions,
        "valid_from": unit.valid_from,
        "valid_to": version.valid_to,
        "source": unit.source,
        "notes": version.notes,
    })
}

/// Newer versions stand below older ones; those that no longer apply are faint.
fn units_table(units: &[UnitVersion], paint: Paint) -> String {
    let mut table = Table::new()
        .words("Capacity unit")
        .numbers("write")
        .numbers("read")
        .numbers("partitions")
        .words("since")
        .words("until")
        .words("source")
        .gives_way();
    for version in units {
        let tone = if version.valid_to.is_empty() { Tone::Plain } else { Tone::Faint };
        let unit = &version.unit;
        let rate = |rate: Option<model::units::ByteRate>| {
            Cell::toned(rate.map(|rate| rate.to_string()).unwrap_or_default(), tone)
        };
        let partitions = unit.partitions.map(model::units::grouped).unwrap_or_default();
        table.row(vec![
            Cell::toned(&unit.name, tone),
            rate(unit.write),
            rate(unit.read),
            Cell::toned(partitions, tone),
            Cell::toned(&unit.valid_from, tone),
            Cell::toned(&version.valid_to, tone),
            Cell::toned(&unit.source, Tone::Faint),
        ]);
    }
    table.render(WIDTH, paint)
}

/// Which rows to show.
#[derive(Clone, Copy)]
struct Choice<'a> {
    sku: Option<&'a str>,
    commitments: bool,
}

impl Choice<'_> {
    /// Those rows, and how many more would be shown with commitments.
    fn of(self, rows: Vec<Row>) -> (Vec<Row>, usize) {
        // What has ended is history: `valid_to` says since when.
        let matching = |row: &Row| {
            row.valid_to.is_empty() && self.sku.is_none_or(|part| row.sku.contains(part))
        };
        let matching: Vec<Row> = rows.into_iter().filter(matching).collect();
        let all = matching.len();
        let on_demand = |row: &Row| self.commitments || row.commitment == "on_demand";
        let shown: Vec<Row> = matching.into_iter().filter(on_demand).collect();
        let hidden = all - shown.len();
        (shown, hidden)
    }
}

fn show(
    provider: &str,
    region: &str,
    rows: Vec<Row>,
    choice: Choice<'_>,
    context: &mut Context,
) -> anyhow::Result<u8> {
    let format = context.format("prices show", &[Format::Table, Format::Json])?;
    let (shown, hidden) = choice.of(rows);
    if shown.is_empty() {
        let what = choice.sku.map_or_else(String::new, |part| format!(" of `{}`", visible(part)));
        return Err(mistake(
            format!("{provider} {region} has no on-demand price{what}"),
            "a filter is a part of the SKU, such as `gp3` or `m7g`; `--commitments` shows more",
        ));
    }
    let text = match format {
        Format::Json => format!("{:#}\n", prices_json(provider, region, &shown)),
        _ => prices_table(&shown, choice.commitments, context.paint_out),
    };
    context.write(&text)?;
    if hidden > 0 {
        let hidden = counted(hidden, "price");
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
        let mut cells: Vec<Cell> =
            vec![row.sku.as_str().into(), price(row).into(), row.per.name().into(), from.into()];
        if commitments {
            cells.push(row.commitment.as_str().into());
        }
        cells.push(row.as_of.as_str().into());
        cells.push(Cell::toned(&row.source, Tone::Faint));
        table.row(cells);
    }
    table.render(WIDTH, paint)
}

/// One price, or both ends of a range.
fn price(row: &Row) -> String {
    let least = unit_price(row.price);
    match row.price_max {
        Some(most) => format!("{least} to {}", unit_price(most)),
        None => least,
    }
}

fn prices_json(provider: &str, region: &str, rows: &[Row]) -> serde_json::Value {
    let prices: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "sku": row.sku,
                "price": row.price,
                "price_max": row.price_max,
                "per": row.per,
                "tier_from": row.tier_from.normalize().to_string(),
                "commitment": row.commitment,
                "basis": row.basis,
                "group": row.group,
                "source": row.source,
                "as_of": row.as_of,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
                "notes": row.notes,
            })
        })
        .collect();
    json!({
        "schema_version": 1,
        "kind": "prices",
        "provider": provider,
        "region": region,
        "currency": "USD",
        "prices": prices,
    })
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
