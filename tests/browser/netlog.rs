//! What the browser asks of the network, from its own log, which knows workers and service workers too.

use std::cell::Cell;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// How the log names what started a request of the browser's own.
const NOBODY: &str = "not an origin";

/// A log that the browser is writing, read up to a place.
pub struct NetLog {
    path: PathBuf,
    read: Cell<u64>,
}

impl NetLog {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_path_buf(), read: Cell::new(0) }
    }

    /// The addresses that pages have asked for since the last call.
    pub fn requests(&self) -> Vec<String> {
        let text = self.whole_lines();
        text.lines().filter_map(request).collect()
    }

    /// What has been written since the last call, but for a line that is not at its end.
    fn whole_lines(&self) -> String {
        let mut bytes = Vec::new();
        let mut file = File::open(&self.path).expect("the browser writes a log");
        file.seek(SeekFrom::Start(self.read.get())).expect("the log can be read");
        file.read_to_end(&mut bytes).expect("the log can be read");
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        bytes.truncate(whole);
        self.read.set(self.read.get() + whole as u64);
        String::from_utf8(bytes).expect("the log is text")
    }
}

/// The address, if a line is about a request that a page or a worker began.
fn request(line: &str) -> Option<String> {
    if !line.contains("\"initiator\"") {
        return None;
    }
    let event: Value = serde_json::from_str(line.trim_end_matches(',')).ok()?;
    let parameters = &event["params"];
    let began = parameters["initiator"].as_str()? != NOBODY;
    parameters["url"].as_str().filter(|_| began).map(str::to_owned)
}
