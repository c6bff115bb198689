//! Whatever stops the command (a kill, a full disk, a folder that is not its to write, another run of itself), what it writes
//! is whole or as it was, and the next run goes on.
//!
//! The gate kills a few runs. `HIGHWATER_KILLS=100 cargo test -p tests --test tests resilience` kills a hundred;
//! `HIGHWATER_SEED` chooses other moments, and `HIGHWATER_BINARY` a binary to kill in place of this one.
#![cfg(unix)]

mod killed;
mod refused;
mod together;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Kills that the gate waits for.
const FEW: u64 = 9;

/// Where moments come from, if nobody says otherwise.
const SEED: u64 = 8;

/// What left-over files are called.
const STRAY: (&str, &str) = (".highwater-", ".tmp");

/// What the command is to do, where this program runs as the command.
const ARGUMENTS: &str = "HIGHWATER_RESILIENCE";

/// Not a test by itself: see [`Folder::command`].
#[test]
fn the_command_itself() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    let (mut out, mut err) = (Vec::new(), std::io::stderr());
    let code = cli::run(arguments.split('\n'), &mut std::io::empty(), &mut out, &mut err);
    std::process::exit(i32::from(code));
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().expect(name))
}

/// Numbers that look random and are the same each time: SplitMix64.
struct Random(u64);

impl Random {
    fn new(salt: u64) -> Self {
        Self(number("HIGHWATER_SEED", SEED).wrapping_mul(1_000_003).wrapping_add(salt))
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }
}

/// How much a process may write to a file, in blocks of 512 bytes, and what becomes of it then.
#[derive(Clone, Copy, Debug)]
enum Room {
    Any,
    /// It is killed: the file ends in the middle of what was to be written.
    Killed(u64),
    /// It is told, as by a disk that is full.
    Full(u64),
}

/// A folder of its own to run the command in.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file of ours");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The command as a process.
    fn command(&self, arguments: &[&str], room: Room) -> Command {
        let binary = std::env::var_os("HIGHWATER_BINARY");
        let itself = std::env::current_exe().expect("a program knows where it is");
        let program = binary.clone().map_or(itself, PathBuf::from);
        let limit = match room {
            Room::Any => String::new(),
            Room::Killed(blocks) => format!("ulimit -c 0; ulimit -f {blocks}; "),
            Room::Full(blocks) => format!("trap '' XFSZ; ulimit -f {blocks}; "),
        };
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{limit}exec \"$@\""), "sh"]).arg(program);
        if binary.is_some() {
            command.args(arguments);
        } else {
            command.args(["--exact", "resilience::the_command_itself", "--nocapture"]);
            command.env(ARGUMENTS, [&["highwater"], arguments].concat().join("\n"));
        }
        command.current_dir(self.0.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn start(&self, arguments: &[&str], room: Room) -> Child {
        self.command(arguments, room).spawn().expect("a process")
    }

    /// Runs the command to its end, whatever that is.
    fn run(&self, arguments: &[&str], room: Room) -> Output {
        self.start(arguments, room).wait_with_output().expect("a process that ends")
    }

    #[track_caller]
    fn fine(&self, arguments: &[&str]) {
        let output = self.run(arguments, Room::Any);
        assert!(output.status.success(), "{arguments:?}: {}", messages(&output));
    }

    /// Every file below, by its path there; left-over files are for [`Folder::strays`].
    fn files(&self, below: &str) -> BTreeMap<String, String> {
        let (files, _) = self.tree(below);
        files
    }

    fn strays(&self) -> Vec<String> {
        let (_, strays) = self.tree("");
        strays
    }

    fn tree(&self, below: &str) -> (BTreeMap<String, String>, Vec<String>) {
        let (mut files, mut strays) = (BTreeMap::new(), Vec::new());
        let top = self.path(below);
        let mut folders = vec![top.clone()];
        while let Some(folder) = folders.pop() {
            // A folder that is not there has no files; one that is replaced meanwhile neither.
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                let name = path.strip_prefix(&top).expect("it is below").display().to_string();
                let file = entry.file_name().into_string().expect("our names are text");
                if file.starts_with(STRAY.0) && file.ends_with(STRAY.1) {
                    strays.push(name);
                } else if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(name, fs::read_to_string(&path).expect("a text file"));
                }
            }
        }
        (files, strays)
    }

    /// How long a run takes that nobody kills.
    fn time(&self, arguments: &[&str]) -> Duration {
        let begun = Instant::now();
        self.fine(arguments);
        begun.elapsed()
    }

    /// Runs the command and kills it at a moment: anywhere in its time, when it begins to write, or in the middle of a file
    /// of so many bytes at most. Whether it was killed.
    fn killed(
        &self,
        arguments: &[&str],
        time: Duration,
        bytes: usize,
        random: &mut Random,
    ) -> bool {
        let kind = random.below(3);
        if kind == 0 {
            let room = Room::Killed(random.below(bytes as u64 / 512 + 1));
            let output = self.run(arguments, room);
            assert_ne!(output.status.code(), Some(2), "{}", messages(&output));
            return output.status.signal().is_some();
        }
        let strays = self.strays().len();
        let mut child = self.start(arguments, Room::Any);
        let begun = Instant::now();
        let moment = Duration::from_nanos(random.below(time.as_nanos() as u64));
        let mut looks = random.below(4);
        let ended = loop {
            if child.try_wait().expect("our own process").is_some() {
                break true;
            }
            if kind == 1 && begun.elapsed() >= moment {
                break false;
            }
            if kind == 2 && self.strays().len() > strays {
                if looks == 0 {
                    break false;
                }
                looks -= 1;
            }
            std::thread::yield_now();
        };
        child.kill().expect("our own process");
        child.wait().expect("our own process");
        !ended
    }

    /// Takes away what killed runs have left.
    fn sweep_up(&self) {
        for name in self.strays() {
            let path = self.path(&name);
            let done = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            done.expect("it was there");
        }
    }
}

fn messages(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The reference, small enough to be planned in a moment: `rate` tells one from another.
fn scenario(rate: &str) -> String {
    let text = crate::example("reference-100mib.toml");
    let produce = "\"100 MiB/s\"";
    assert!(text.contains(produce), "the reference produces something else");
    let text = text.replacen(produce, &format!("\"{rate}\""), 1);
    // Exports for finance have dates.
    text.replacen("[horizon]\n", "[horizon]\nstart = \"2027-01-01\"\n", 1)
}

fn kills() -> u64 {
    // A third for each of three tests.
    number("HIGHWATER_KILLS", FEW).div_ceil(3)
}

const SWEEP: [&str; 10] = [
    "sweep",
    "scenario.toml",
    "--steady",
    "--vary",
    "stream.events.retention=1 h..200 h by 1 h",
    "--vary",
    "platform.kafka-gp3.replication_factor=2,3",
    "--platform",
    "kafka-gp3",
    "--out",
];

/// A sweep that is done in a moment.
fn short() -> Vec<&'static str> {
    let mut short = SWEEP.to_vec();
    short[4] = "stream.events.retention=1 h..20 h by 1 h";
    short
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/prices")
}

fn fixture(name: &str) -> String {
    fixtures().join(name).display().to_string()
}
