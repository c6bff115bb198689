//! `--format csv`

use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use anyhow::Context as _;
use clap::ValueEnum;
use model::export::audit::Audit;
use model::export::csv::{Entry, MANIFEST, Profile, Table, Tables, manifest};

use super::sink::{Sink, Written};
use super::{ExportArgs, audit_of, put};
use crate::commands::Context;
use crate::exit::mistake;
use crate::output::{NO_OUTPUT, Pending, cannot_write};

/// Which cost stands in a wide table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Cost {
    /// Cash.
    Billed,
    /// Accrual.
    Effective,
}

/// What was asked for.
pub(super) struct Asked {
    /// How cells are written.
    pub profile: Profile,
    /// Tables that were named.
    tables: Vec<Table>,
}

impl Asked {
    pub(super) fn new(args: &ExportArgs) -> anyhow::Result<Self> {
        let delimiter = args.delimiter.as_deref().unwrap_or(",");
        let decimal = args.decimal.as_deref().unwrap_or(".");
        let profile = Profile::new(delimiter, decimal, args.bom)
            .map_err(|error| mistake(error.to_string(), error.hint()))?;
        let tables = [
            (args.wide == Some(Cost::Billed), Table::WideBilled),
            (args.wide == Some(Cost::Effective), Table::WideEffective),
            (args.totals, Table::Totals),
            (args.assumptions, Table::Assumptions),
            (args.prices, Table::Prices),
        ];
        let tables = tables.into_iter().filter(|(asked, _)| *asked).map(|(_, table)| table);
        Ok(Self { profile, tables: tables.collect() })
    }
}

/// Writes one table, or a folder of them.
pub(super) fn run(
    asked: &Asked,
    tables: &Tables<'_>,
    with: (&str, &Audit),
    output: Option<&Path>,
    context: &mut Context,
) -> anyhow::Result<()> {
    if let Some(folder) = output.filter(|path| is_folder(path)) {
        let chosen = if asked.tables.is_empty() { &Table::ALL[..] } else { &asked.tables };
        return folder_of(folder, chosen, tables, with, context);
    }
    let table = match asked.tables[..] {
        [] => Table::Charges,
        [table] => table,
        _ => {
            return Err(mistake(
                "several tables need a folder",
                "ask for one of them, or write to a folder: `-o FOLDER/`",
            ));
        }
    };
    match output {
        None => {
            let mut sink = Sink::new(&mut *context.out);
            let _ = table.write(tables, with, &mut sink);
            sink.done().context(NO_OUTPUT)?;
        }
        Some(file) => {
            let (table, ..) = write(file, table, tables, with)?;
            let audit =
                audit_of(file).map(|beside| Pending::of(&beside, with.1.document().as_bytes()));
            put([Some(table), audit.transpose()?].into_iter().flatten().collect(), context)?;
        }
    }
    Ok(())
}

/// Whether a path is that of a folder: of one that is there, or that ends as folders do.
fn is_folder(path: &Path) -> bool {
    let name = path.as_os_str().to_string_lossy();
    path.is_dir() || name.ends_with('/') || name.ends_with(MAIN_SEPARATOR)
}

/// Writes tables into a folder, and a list of them.
fn folder_of(
    folder: &Path,
    chosen: &[Table],
    tables: &Tables<'_>,
    with: (&str, &Audit),
    context: &mut Context,
) -> anyhow::Result<()> {
    fs::create_dir_all(folder).map_err(|error| cannot_write(folder, error))?;
    let mut pending = Vec::new();
    let mut entries = Vec::new();
    for &table in chosen {
        let file = folder.join(table.file());
        let (written, rows, Written { bytes, sha256 }) = write(&file, table, tables, with)?;
        entries.push(Entry { table, rows, bytes, sha256 });
        pending.push(written);
    }
    let list = folder.join(MANIFEST);
    let listed = manifest(&tables.comparison.title, &entries, with.1);
    pending.push(Pending::of(&list, listed.as_bytes())?);
    put(pending, context)
}

/// A table in a file that needs only its name.
fn write(
    file: &Path,
    table: Table,
    tables: &Tables<'_>,
    with: (&str, &Audit),
) -> anyhow::Result<(Pending, u64, Written)> {
    let mut pending = Pending::new(file)?;
    let mut sink = Sink::new(&mut pending);
    let rows = table.write(tables, with, &mut sink);
    let written = sink.done().map_err(|error| cannot_write(file, error))?;
    Ok((pending, rows.unwrap_or_default(), written))
}
