//! `highwater sweep merge`

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use model::sweep::share;

use super::record::{self, Record, Shard};
use crate::commands::Context;
use crate::exit::{FINE, mistake};
use crate::output::{Pending, cannot_write};
use crate::render::text::{counted, visible};

/// Put the shards of a sweep together to what one run writes, byte for byte
///
/// All shards have to be there, complete, and of the same run: scenario, prices, values, version.
#[derive(Debug, clap::Args)]
pub(crate) struct MergeArgs {
    /// File to write
    out: PathBuf,

    /// Every shard, in any order
    #[arg(required = true)]
    shards: Vec<PathBuf>,

    /// Replace the file
    #[arg(long)]
    force: bool,
}

/// A shard that has been looked through.
struct Part {
    file: PathBuf,
    record: Record,
}

pub(super) fn run(args: &MergeArgs, context: &mut Context) -> anyhow::Result<u8> {
    let name = visible(&args.out.display().to_string());
    record::no_stream(&args.out)?;
    if args.out.exists() && !args.force {
        return Err(mistake(
            format!("`{name}` is there already"),
            "use `--force` to replace it, or write to another file",
        ));
    }
    let parts = parts(&args.shards)?;
    for part in &parts {
        complete(part)?;
    }
    let Some(first) = parts.first() else {
        return Err(mistake("there is no shard to merge", "name every shard"));
    };
    let cannot = |error| cannot_write(&args.out, error);
    let _alone = record::alone_with(&args.out)?;
    let mut merged = Pending::new(&args.out)?;
    let head = &first.record.identity.head;
    merged.write_all(format!("{head}\n").as_bytes()).map_err(cannot)?;
    for part in &parts {
        let shown = visible(&part.file.display().to_string());
        let unreadable = || format!("cannot read `{shown}`");
        let file = File::open(&part.file).with_context(unreadable)?;
        let mut reader = BufReader::with_capacity(1 << 20, file);
        let skipped = (&mut reader).take(head.len() as u64 + 1);
        io::copy(&mut { skipped }, &mut io::sink()).with_context(unreadable)?;
        io::copy(&mut reader, &mut merged).map_err(cannot)?;
    }
    let whole = Record { shard: Shard { part: 1, of: 1 }, ..first.record.clone() };
    // Whatever stops this, no record stands beside a table of another run.
    record::remove(&args.out)?;
    merged.put()?;
    record::write(&args.out, &whole)?;
    let points = counted(first.record.identity.points as usize, "point");
    context.tell(&format!("wrote {name}: {points} of {}\n", counted(parts.len(), "shard")))?;
    Ok(FINE)
}

/// The shards in their order: every one of the same run, once.
fn parts(files: &[PathBuf]) -> anyhow::Result<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    for file in files {
        let part = Part { file: file.clone(), record: record::read(file)? };
        if let Some(first) = parts.first() {
            of_one_run(first, &part)?;
        }
        let twin = parts.iter().find(|other| other.record.shard == part.record.shard);
        if let Some(twin) = twin {
            return Err(mistake(
                format!(
                    "`{}` and `{}` are both shard {}/{}",
                    shown(&twin.file),
                    shown(file),
                    part.record.shard.part,
                    part.record.shard.of
                ),
                "name each shard once",
            ));
        }
        parts.push(part);
    }
    parts.sort_by_key(|part| part.record.shard.part);
    let of = parts.first().map_or(0, |part| part.record.shard.of);
    let there = |part: &u32| parts.iter().any(|other| other.record.shard.part == *part);
    let missing: Vec<String> =
        (1..=of).filter(|part| !there(part)).map(|part| format!("{part}/{of}")).collect();
    if missing.is_empty() {
        return Ok(parts);
    }
    const FEW: usize = 10;
    let more = match missing.len().saturating_sub(FEW) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Err(mistake(
        format!("shards are missing: {}{more}", missing[..missing.len().min(FEW)].join(", ")),
        "run them with `--shard K/N`, and name all of them",
    ))
}

fn of_one_run(first: &Part, part: &Part) -> anyhow::Result<()> {
    let what = match first.record.identity.difference(&part.record.identity) {
        Some(what) => what.to_owned(),
        None if first.record.shard.of != part.record.shard.of => {
            format!("{} shards, not {}", part.record.shard.of, first.record.shard.of)
        }
        None => return Ok(()),
    };
    Err(mistake(
        format!(
            "`{}` is of another run than `{}`, with {what}",
            shown(&part.file),
            shown(&first.file)
        ),
        "merge shards of one run",
    ))
}

/// Whether every row is there, and nothing else.
fn complete(part: &Part) -> anyhow::Result<()> {
    let name = shown(&part.file);
    let cannot = || format!("cannot read `{name}`");
    let file = File::open(&part.file).with_context(cannot)?;
    let Record { identity, shard } = &part.record;
    let points = share(identity.points, shard.part, shard.of);
    let rows = identity.platforms.len() as u64;
    let whole = record::whole(&file, &part.record, rows, points.start, &name)?;
    let length = file.metadata().with_context(cannot)?.len();
    if whole.next == points.end && whole.bytes == length && whole.bytes > 0 {
        return Ok(());
    }
    let all = points.end - points.start;
    Err(mistake(
        format!("`{name}` is not complete: it has {} of {all} points", whole.next - points.start),
        "run it again with `--resume`",
    ))
}

fn shown(file: &Path) -> String {
    visible(&file.display().to_string())
}
