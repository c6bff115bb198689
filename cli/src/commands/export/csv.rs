//! `--format csv`

use std::fs;
use std::io::Write;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum;
use model::export::audit::Audit;
use model::export::csv::{Entry, MANIFEST, Profile, Table, Tables, manifest};

use super::sink::{Sink, Written};
use super::{ExportArgs, tell};
use crate::commands::Context;
use crate::exit::mistake;
use crate::output::temporary;
use crate::render::text::visible;

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
            sink.done()?;
        }
        Some(file) => {
            let beside = file.with_extension("audit.json");
            let (ready, ..) = write(file, table, tables, with)?;
            let audit = with.1.document();
            let audited = text(&beside, &audit)?;
            persist(vec![(ready, file.to_owned()), (audited, beside)], context)?;
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
    let name = visible(&folder.display().to_string());
    fs::create_dir_all(folder).with_context(|| format!("cannot write `{name}`"))?;
    let mut ready = Vec::new();
    let mut entries = Vec::new();
    for &table in chosen {
        let file = folder.join(table.file());
        let (temporary, rows, Written { bytes, sha256 }) = write(&file, table, tables, with)?;
        entries.push(Entry { table, rows, bytes, sha256 });
        ready.push((temporary, file));
    }
    let list = folder.join(MANIFEST);
    let listed = manifest(&tables.comparison.title, &entries, with.1);
    ready.push((text(&list, &listed)?, list));
    persist(ready, context)
}

/// A table in a file that needs only its name.
fn write(
    file: &Path,
    table: Table,
    tables: &Tables<'_>,
    with: (&str, &Audit),
) -> anyhow::Result<(tempfile::NamedTempFile, u64, Written)> {
    let name = visible(&file.display().to_string());
    let cannot = || format!("cannot write `{name}`");
    let mut temporary = temporary(file)?;
    let mut sink = Sink::new(temporary.as_file_mut());
    let rows = table.write(tables, with, &mut sink);
    let written = sink.done().with_context(cannot)?;
    Ok((temporary, rows.unwrap_or_default(), written))
}

fn text(file: &Path, text: &str) -> anyhow::Result<tempfile::NamedTempFile> {
    let name = visible(&file.display().to_string());
    let mut temporary = temporary(file)?;
    temporary.write_all(text.as_bytes()).with_context(|| format!("cannot write `{name}`"))?;
    Ok(temporary)
}

/// Gives files their names: whatever can fail has done so before the first of them is in its place.
fn persist(
    ready: Vec<(tempfile::NamedTempFile, PathBuf)>,
    context: &mut Context,
) -> anyhow::Result<()> {
    for (temporary, file) in ready {
        let name = visible(&file.display().to_string());
        temporary
            .persist(&file)
            .map_err(|error| error.error)
            .with_context(|| format!("cannot write `{name}`"))?;
        tell(&format!("wrote {name}"), context)?;
    }
    Ok(())
}
