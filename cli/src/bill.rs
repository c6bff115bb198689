//! Bills as files: CSV in FOCUS columns, packed or not, read row by row, so that memory does not grow with them.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use flate2::bufread::MultiGzDecoder;
use model::actuals::row::Columns;
use model::actuals::tally::Tally;

/// What is wrong with a bill: what, and the way out.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// Rows that are told of one file: whoever has more mends the first ones.
const FAULTS: usize = 10;

/// Bytes that a row may have. Rows of bills have some thousand; a quotation mark that is never closed would make the rest of
/// the file one row.
const ROW_MAX: u64 = 16 << 20;

/// What every file begins with that gzip made.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Adds all rows of a bill.
///
/// # Errors
///
/// Everything that is wrong with it, up to some number of rows.
pub(crate) fn add(name: &str, reader: &mut dyn Read, tally: &mut Tally) -> Result<(), Vec<Fault>> {
    let mut reader = BufReader::new(reader);
    let cannot = |error: io::Error| vec![broken(name, &error.to_string())];
    if reader.fill_buf().map_err(cannot)?.starts_with(&GZIP) {
        // A part of a file may follow another, as some exports write them.
        return rows(name, &mut MultiGzDecoder::new(reader), tally);
    }
    rows(name, &mut reader, tally)
}

fn broken(name: &str, what: &str) -> Fault {
    Fault {
        message: format!("cannot read `{name}`: {what}"),
        hint: "a bill is CSV in FOCUS columns, as text in UTF-8, or packed by gzip".to_owned(),
    }
}

fn rows(name: &str, reader: &mut dyn Read, tally: &mut Tally) -> Result<(), Vec<Fault>> {
    let since = Rc::new(Cell::new(0));
    let watched = Watched { inner: reader, since: Rc::clone(&since) };
    let mut csv = ReaderBuilder::new().from_reader(watched);
    let head = csv.headers().map_err(|error| vec![unread(name, &error)])?.clone();
    let columns = Columns::find(&head.iter().collect::<Vec<_>>()).map_err(|error| {
        let message = format!("`{name}` is no bill that can be read: {error}");
        vec![Fault { message, hint: error.hint().to_owned() }]
    })?;
    let mut faults = Vec::new();
    let mut record = StringRecord::new();
    loop {
        since.set(0);
        match csv.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                faults.push(unread(name, &error));
                // Whoever reads on reads the same again.
                if error.is_io_error() || faults.len() == FAULTS {
                    break;
                }
                continue;
            }
        }
        if let Err(error) = tally.add(&columns, |at| record.get(at).unwrap_or_default()) {
            let row = record.position().map_or(0, |position| position.record() + 1);
            let message = format!("`{name}`, row {row}: {error}");
            faults.push(Fault { message, hint: error.hint().to_owned() });
            if faults.len() == FAULTS {
                break;
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// What the reader of CSV says, in our words. Rows are counted as spreadsheets do: the head is the first.
fn unread(name: &str, error: &csv::Error) -> Fault {
    let row = |position: &Option<csv::Position>| {
        position.as_ref().map_or(0, |position| position.record() + 1)
    };
    match error.kind() {
        ErrorKind::UnequalLengths { pos, expected_len, len } => Fault {
            message: format!(
                "`{name}`, row {}: it has {len} cells, and the head has {expected_len}",
                row(pos)
            ),
            hint: "is a text with commas or line breaks without its quotation marks?".to_owned(),
        },
        ErrorKind::Utf8 { pos, .. } => Fault {
            message: format!("`{name}`, row {}: it is not UTF-8 text", row(pos)),
            hint: "export it as UTF-8".to_owned(),
        },
        ErrorKind::Io(error) => broken(name, &error.to_string()),
        _ => broken(name, &error.to_string()),
    }
}

/// Stops at a row that does not end.
struct Watched<'a> {
    inner: &'a mut dyn Read,
    since: Rc<Cell<u64>>,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > ROW_MAX {
            let what = "a row is longer than 16 MiB; is a quotation mark missing?";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let read = self.inner.read(buffer)?;
        self.since.set(self.since.get() + read as u64);
        Ok(read)
    }
}
