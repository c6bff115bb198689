//! Where rows go as they come: a file or a stream, counted and hashed on the way.

use std::fmt;
use std::io::{self, BufWriter, Write};

use sha2::{Digest, Sha256};

/// Takes text, and remembers what went wrong.
pub(super) struct Sink<W: Write> {
    writer: BufWriter<W>,
    hash: Sha256,
    bytes: u64,
    failed: Option<io::Error>,
}

/// What went through.
pub(super) struct Written {
    /// How much.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal digits.
    pub sha256: String,
}

/// Rows are gathered to pieces of this size.
const BUFFER: usize = 1 << 16;

impl<W: Write> Sink<W> {
    pub(super) fn new(writer: W) -> Self {
        let writer = BufWriter::with_capacity(BUFFER, writer);
        Self { writer, hash: Sha256::new(), bytes: 0, failed: None }
    }

    /// Writes what is left.
    pub(super) fn done(mut self) -> io::Result<Written> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.writer.flush()?;
        let sha256 = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Written { bytes: self.bytes, sha256 })
    }
}

impl<W: Write> fmt::Write for Sink<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.hash.update(text.as_bytes());
        self.bytes += text.len() as u64;
        self.writer.write_all(text.as_bytes()).map_err(|error| {
            self.failed = Some(error);
            fmt::Error
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn what_goes_through_is_counted_and_hashed() {
        let mut out = Vec::new();
        let mut sink = Sink::new(&mut out);
        sink.write_str("a").and_then(|()| sink.write_str("bc")).expect("memory");
        let written = sink.done().expect("memory");
        assert_eq!((written.bytes, out.as_slice()), (3, b"abc".as_slice()));
        assert!(written.sha256.starts_with("ba7816bf"));
    }

    #[test]
    fn what_went_wrong_is_told() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut sink = Sink::new(Full);
        assert!(sink.write_str(&"x".repeat(2 * BUFFER)).is_err());
        assert_eq!(sink.done().err().map(|error| error.kind()), Some(io::ErrorKind::StorageFull));
    }
}
