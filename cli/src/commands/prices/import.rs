//! `highwater prices import`

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use pricing::import::{Changes, Import, ImportError, Importer, Options, Report, Tally, is_day};
use pricing::{Catalog, CatalogError};
use serde_json::json;

use crate::commands::progress::Reading;
use crate::commands::{Context, Format};
use crate::exit::{BAD_INPUT, FINE, Told, mistake};
use crate::input;
use crate::output::{alone_in, write_files};
use crate::render::WIDTH;
use crate::render::paint::Paint;
use crate::render::problems;
use crate::render::table::{Cell, Table};
use crate::render::text::{counted, visible, wrap};

/// Counts by provider and kind.
type Tallies = BTreeMap<(String, String), Tally>;

/// What to read, and where to.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// Price lists as published, JSON or CSV; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Folder of the catalogue to write; without it, only the report is printed
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Change the catalogue that is there: replace prices of the same SKU, keep all others
    #[arg(long, requires = "output")]
    merge: bool,

    /// Only this region; may be given several times
    #[arg(long = "region", value_name = "NAME")]
    regions: Vec<String>,

    /// Date of the prices, YYYY-MM-DD, such as the day of the download; otherwise what the files say
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

pub(crate) fn run(
    args: &ImportArgs,
    reference: &Catalog,
    context: &mut Context,
) -> anyhow::Result<u8> {
    let format = context.format("prices import", &[Format::Table, Format::Json])?;
    if let Some(date) = args.as_of.as_deref().filter(|date| !is_day(date)) {
        return Err(mistake(
            format!("`{}` is not a date", visible(date)),
            "write the year, the month and the day: `--as-of 2026-11-20`",
        ));
    }
    // From reading what is there until it is changed, nobody else changes it: prices of theirs would be lost.
    let _alone = args.output.as_deref().map(alone_in).transpose()?;
    let present = present(args)?;
    let options =
        Options { regions: args.regions.iter().cloned().collect(), as_of: args.as_of.clone() };
    let import = read(&args.files, &options, &[reference, &present], context)?;
    all_found(&import, &options.regions, format, context)?;
    let changes = match import.changes(&present, reference) {
        Ok(changes) => changes,
        Err(errors) => return tell(&errors, context),
    };
    if let Some(folder) = &args.output {
        write_files(folder, &changes.in_order(), args.merge)?;
    }
    if format == Format::Json {
        context.write(&as_json(&import, &changes, args.output.is_some()))?;
        return Ok(FINE);
    }
    context.write(&regions_table(&changes, context.paint_out))?;
    let report = report(&import.report, context.paint_err);
    context.tell(&report)?;
    context.tell(&match &args.output {
        None => "nothing is written without `-o DIR`\n".to_owned(),
        Some(folder) => {
            let (folder, files) = (folder.display().to_string(), changes.files.len());
            let folder = visible(&folder);
            format!(
                "wrote {} to {folder}; now try `highwater prices check --catalog {folder}`\n",
                counted(files, "file")
            )
        }
    })?;
    Ok(FINE)
}

/// The catalogue that is to be changed, or one without files.
fn present(args: &ImportArgs) -> anyhow::Result<Catalog> {
    match &args.output {
        Some(folder) if args.merge && folder.exists() => input::folder(folder),
        _ => Ok(Catalog::from_files([])),
    }
}

fn read(
    files: &[PathBuf],
    options: &Options,
    catalogs: &[&Catalog],
    context: &mut Context,
) -> anyhow::Result<Import> {
    let mut importer = Importer::new(options);
    for file in files {
        let stdin = file == Path::new("-");
        let name = if stdin { "stdin".to_owned() } else { file.display().to_string() };
        let done = if stdin {
            let mut reading = Reading::new(&mut *context.stdin, &mut *context.err, &name, None);
            importer.read(&name, &mut reading)
        } else {
            match File::open(file) {
                Ok(mut opened) => {
                    let size = opened.metadata().ok().map(|found| found.len());
                    let inner: &mut dyn Read = &mut opened;
                    let mut reading = Reading::new(inner, &mut *context.err, &name, size);
                    importer.read(&name, &mut reading)
                }
                Err(error) => {
                    return Err(anyhow::Error::from(error).context(format!("cannot read `{name}`")));
                }
            }
        };
        done.map_err(|error: ImportError| mistake(format!("{name}:{error}"), error.hint()))?;
    }
    Ok(importer.finish(catalogs))
}

/// An import without a price, or without one of a region that was asked for, is a mistake; the report says why.
fn all_found(
    import: &Import,
    wanted: &BTreeSet<String>,
    format: Format,
    context: &mut Context,
) -> anyhow::Result<()> {
    let found: BTreeSet<&String> = import.regions.keys().map(|(_, region)| region).collect();
    let missing: Vec<String> = wanted
        .iter()
        .filter(|region| !found.contains(region))
        .map(|region| format!("`{region}`"))
        .collect();
    let error = if !missing.is_empty() {
        mistake(
            format!("the files have no price that maps to a SKU in region {}", missing.join(", ")),
            "leave out `--region` and `-o` to see what they have",
        )
    } else if import.regions.is_empty() {
        mistake(
            "the files have no price that maps to a SKU",
            "import files of the services that a plan needs: AmazonEC2, AmazonS3, AmazonMSK, AWSDataTransfer; Virtual Machines, Storage, Bandwidth; Compute Engine, Cloud Storage",
        )
    } else {
        return Ok(());
    };
    if format == Format::Table {
        let report = report(&import.report, context.paint_err);
        context.tell(&report)?;
    }
    Err(error)
}

fn tell(errors: &[CatalogError], context: &mut Context) -> anyhow::Result<u8> {
    let told = |error: &CatalogError| {
        problems::plain(&error.to_string(), Some(&error.hint()), context.paint_err)
    };
    let text: String = errors.iter().map(told).collect();
    context.tell(&text)?;
    Err(Told(BAD_INPUT).into())
}

fn regions_table(changes: &Changes, paint: Paint) -> String {
    let mut table = Table::new()
        .words("Provider")
        .words("region")
        .numbers("new")
        .numbers("replaced")
        .numbers("kept")
        .words("oldest")
        .words("newest");
    let number = |count: usize| Cell::from(model::units::separated(&count.to_string()));
    for change in &changes.regions {
        table.row(vec![
            change.provider.as_str().into(),
            change.region.as_str().into(),
            number(change.added),
            number(change.replaced),
            number(change.kept),
            change.dates.0.as_str().into(),
            change.dates.1.as_str().into(),
        ]);
    }
    let newer: usize = changes.regions.iter().map(|change| change.newer).sum();
    let note = match newer {
        0 => String::new(),
        _ => {
            format!("{} kept although imported: newer than what was read.\n", counted(newer, "row"))
        }
    };
    table.render(WIDTH, paint) + &note
}

/// What was read, what was left out and why, and what no rule knows.
fn report(report: &Report, paint: Paint) -> String {
    let mut text = String::new();
    for file in &report.files {
        let products = counted(usize::try_from(file.products).unwrap_or(usize::MAX), "product");
        let dated = if file.date.is_empty() { String::new() } else { format!(" of {}", file.date) };
        text.push_str(&visible(&format!("{}: {}{dated}, {products}", file.name, file.what)));
        text.push('\n');
    }
    let left_out = tallies("Left out", &report.left_out);
    let unmapped = tallies("Without a SKU, since no rule knows them", &report.unmapped);
    text.extend([left_out, unmapped]);
    for warning in &report.warnings {
        text.push('\n');
        text.push_str(&problems::warning(warning, paint));
    }
    text.push('\n');
    text
}

/// Columns that a count takes, with what follows it.
const COUNT: usize = 11;

/// A paragraph for each kind: how many, what, and the first few.
fn tallies(title: &str, tallies: &Tallies) -> String {
    let mut kinds: Vec<_> = tallies.iter().collect();
    kinds.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.count));
    let mut text = String::new();
    for (index, ((provider, kind), tally)) in kinds.into_iter().enumerate() {
        if index == 0 {
            text.push_str(&format!("\n{title}:\n"));
        }
        let count = model::units::separated(&tally.count.to_string());
        let line = format!("{provider}, {kind}: {}", tally.examples.join(" · "));
        let lines = wrap(&line, WIDTH - COUNT, &" ".repeat(COUNT));
        let rest = lines.get(COUNT..).unwrap_or_default();
        text.push_str(&format!("{count:>width$}  {rest}", width = COUNT - 2));
    }
    text
}

fn as_json(import: &Import, changes: &Changes, written: bool) -> String {
    let regions: Vec<_> = changes
        .regions
        .iter()
        .map(|change| {
            json!({
                "provider": change.provider,
                "region": change.region,
                "new": change.added,
                "replaced": change.replaced,
                "newer": change.newer,
                "kept": change.kept,
                "oldest": change.dates.0,
                "newest": change.dates.1,
            })
        })
        .collect();
    let report = &import.report;
    let files: Vec<_> = report
        .files
        .iter()
        .map(|file| {
            json!({
                "name": file.name, "what": file.what, "date": file.date, "products": file.products,
            })
        })
        .collect();
    let listed = |name: &str, tallies: &Tallies| {
        let one = |((provider, kind), tally): (&(String, String), &Tally)| {
            json!({
                "provider": provider, name: kind, "count": tally.count, "examples": tally.examples,
            })
        };
        tallies.iter().map(one).collect::<Vec<_>>()
    };
    let document = json!({
        "schema_version": 1,
        "kind": "import",
        "files": files,
        "regions": regions,
        "written": if written { changes.files.keys().collect() } else { Vec::new() },
        "left_out": listed("reason", &report.left_out),
        "unmapped": listed("family", &report.unmapped),
        "warnings": report.warnings,
    });
    format!("{document:#}\n")
}
