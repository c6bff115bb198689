//! What stands beside a table: what the run was of, so that nothing else is added to it.
//!
//! A table is only ever appended to. So whatever stopped a run, the table is its beginning, but for a last line or point
//! that may not be whole.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::exit::mistake;
use crate::output::{cannot_write, is_stream, write_file};
use crate::render::text::visible;

/// One of several parts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shard {
    /// Which, from 1.
    pub part: u32,
    /// Of how many.
    pub of: u32,
}

/// Everything that rows depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    pub engine_version: String,
    /// SHA-256 of the scenario's text.
    pub scenario: String,
    /// SHA-256 of all files of the catalogue.
    pub catalog: String,
    pub vary: Vec<String>,
    /// SHA-256 of the list.
    pub list: Option<String>,
    pub platforms: Vec<String>,
    pub period: String,
    pub points: u64,
    /// The table's first line.
    pub head: String,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    #[serde(flatten)]
    pub identity: Identity,
    pub shard: Shard,
}

impl Identity {
    /// What is different about another run, in words.
    pub(super) fn difference(&self, other: &Self) -> Option<&'static str> {
        let differs = [
            (self.engine_version != other.engine_version, "another version of the program"),
            (self.scenario != other.scenario, "another scenario"),
            (self.catalog != other.catalog, "another catalogue of prices"),
            (self.vary != other.vary || self.list != other.list, "other values"),
            (self.platforms != other.platforms, "other platforms"),
            (self.period != other.period, "another period"),
            (self != other, "another run"),
        ];
        differs.into_iter().find(|(differs, _)| *differs).map(|(_, what)| what)
    }
}

/// SHA-256 of texts one after the other, in hexadecimal digits.
pub(super) fn sha256<'a>(texts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        // Lengths, so that no two lists of texts look the same.
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the record of a table stands.
pub(super) fn beside(table: &Path) -> PathBuf {
    let mut name = table.as_os_str().to_owned();
    name.push(".run");
    name.into()
}

/// The record of a table.
pub(super) fn read(table: &Path) -> anyhow::Result<Record> {
    let file = beside(table);
    let name = visible(&file.display().to_string());
    let text = fs::read_to_string(&file).map_err(|error| {
        let hint = "a sweep writes it beside its table, and says in it what the table is of: keep the two together";
        mistake(format!("cannot read `{name}`: {error}"), hint)
    })?;
    serde_json::from_str(&text).map_err(|error| {
        let hint = "it says what a sweep was of; sweep again with `--force` if it is lost";
        mistake(format!("`{name}` is not the record of a sweep: {error}"), hint)
    })
}

/// Writes the record of a table.
pub(super) fn write(table: &Path, record: &Record) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(record).context("cannot write the record")?;
    write_file(&beside(table), &(text + "\n"), true)
}

/// Takes away the record of a table, if there is one.
pub(super) fn remove(table: &Path) -> anyhow::Result<()> {
    let file = beside(table);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot_write(&file, error)),
        _ => Ok(()),
    }
}

/// A record beside a device or a pipe would say nothing, and neither can be added to.
pub(super) fn no_stream(table: &Path) -> anyhow::Result<()> {
    let name = visible(&table.display().to_string());
    match is_stream(table) {
        true => Err(mistake(format!("`{name}` is no file"), "name a file, or `-` for stdout")),
        false => Ok(()),
    }
}

/// Nobody else may write a table until this is dropped; `None` where it is not there.
pub(super) fn alone_with(table: &Path) -> anyhow::Result<Option<File>> {
    let Ok(file) = OpenOptions::new().read(true).write(true).open(table) else { return Ok(None) };
    locked(&file, table)?;
    Ok(Some(file))
}

fn locked(file: &File, table: &Path) -> anyhow::Result<()> {
    // Where a system knows no locks, whoever runs two sweeps into one file is on their own.
    if !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        return Ok(());
    }
    Err(mistake(
        format!("`{}` is being written by another run", visible(&table.display().to_string())),
        "wait for it, or write to another file",
    ))
}

/// A table that rows can be added to.
pub(super) struct Opened {
    pub file: File,
    /// The first point that it lacks, from 0.
    pub next: u64,
}

/// Opens a table that has so many rows for each of some points: a new one, or one that goes on.
///
/// Rows and record never are of two runs, whatever stops this: a table is empty before its record changes, and its record is
/// there before its head.
pub(super) fn open(
    table: &Path,
    record: &Record,
    rows: u64,
    points: &Range<u64>,
    (resume, force): (bool, bool),
) -> anyhow::Result<Opened> {
    let name = visible(&table.display().to_string());
    let cannot = |error| cannot_write(table, error);
    if table.is_dir() {
        return Err(mistake(format!("`{name}` is a folder"), "name a file"));
    }
    no_stream(table)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match resume || force {
        true => options.create(true).truncate(false),
        // Asked and made in one step: what another run has made meanwhile is not ours to empty.
        false => options.create_new(true),
    };
    let mut file = options.open(table).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => mistake(
            format!("`{name}` is there already"),
            "use `--resume` to go on with it, `--force` to replace it, or another file",
        ),
        _ => cannot(error),
    })?;
    locked(&file, table)?;
    // Nothing was begun in a table without a byte, so whose it was does not matter.
    let empty = file.metadata().map_err(cannot)?.len() == 0;
    if resume && !empty {
        same_run(table, record)?;
    } else {
        file.set_len(0).map_err(cannot)?;
        write(table, record)?;
    }
    let whole = whole(&file, record, rows, points.start, &name)?;
    if whole.next > points.end {
        return Err(not_of_this_run(&name, "it has more rows than the run"));
    }
    file.set_len(whole.bytes).map_err(cannot)?;
    file.seek(SeekFrom::End(0)).map_err(cannot)?;
    if whole.bytes == 0 {
        file.write_all(format!("{}\n", record.identity.head).as_bytes()).map_err(cannot)?;
    }
    Ok(Opened { file, next: whole.next })
}

fn same_run(table: &Path, record: &Record) -> anyhow::Result<()> {
    let before = read(table)?;
    let name = visible(&table.display().to_string());
    let what = match before.identity.difference(&record.identity) {
        Some(what) => what.to_owned(),
        None if before.shard != record.shard => {
            format!("shard {}/{}", before.shard.part, before.shard.of)
        }
        None => return Ok(()),
    };
    Err(mistake(
        format!("`{name}` is of another run, with {what}"),
        "run it as it was, or write to another file",
    ))
}

fn not_of_this_run(name: &str, why: &str) -> anyhow::Error {
    mistake(
        format!("`{name}` is not what this run has written: {why}"),
        "write to another file, or use `--force` to begin again",
    )
}

/// The part of a table that is whole.
pub(super) struct Whole {
    /// Its length.
    pub bytes: u64,
    /// The point after it, from 0.
    pub next: u64,
}

/// Looks through a table of so many rows for each point, beginning with one.
pub(super) fn whole(
    file: &File,
    record: &Record,
    rows: u64,
    first: u64,
    name: &str,
) -> anyhow::Result<Whole> {
    let cannot = || format!("cannot read `{name}`");
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let mut line = Vec::new();
    let mut next_line = |line: &mut Vec<u8>| {
        line.clear();
        reader.read_until(b'\n', line).with_context(cannot)?;
        anyhow::Ok(line.ends_with(b"\n"))
    };
    let mut whole = Whole { bytes: 0, next: first };
    if !next_line(&mut line)? {
        // Of a head that is not whole nothing stays.
        return Ok(whole);
    }
    if line[..line.len() - 1] != *record.identity.head.as_bytes() {
        return Err(not_of_this_run(name, "it has other columns"));
    }
    whole.bytes = line.len() as u64;
    let (mut row, mut length) = (0, 0);
    while next_line(&mut line)? {
        let number = (whole.next + 1).to_string();
        let begins =
            line.strip_prefix(number.as_bytes()).is_some_and(|rest| rest.starts_with(b","));
        if !begins {
            let why = format!("point {number} is not where it should be");
            return Err(not_of_this_run(name, &why));
        }
        row += 1;
        length += line.len() as u64;
        if row == rows {
            whole.bytes += length;
            whole.next += 1;
            (row, length) = (0, 0);
        }
    }
    Ok(whole)
}
