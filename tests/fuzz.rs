//! Strange input: the corpus of the fuzz targets replayed, and a short run of changes to it.
//!
//! `tests/fuzz` holds the targets for libFuzzer, which look for input by what it reaches in the code; its README says how to
//! run them for long. What they check stands in `checks`, and is checked here on every input that was kept: those that reach
//! something of their own, and those that once broke something.

mod checks;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use model::parameters::Kind;
use model::presets::PRESETS;
use model::scenario::fields::{self, Form, Section};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

use crate::properties::config;

/// A target: its folder in the corpus, its door, and changed inputs of a short run. They take some seconds all together.
struct Target {
    name: &'static str,
    check: fn(&[u8]),
    cases: u32,
}

const TARGETS: [Target; 7] = [
    Target { name: "scenario", check: checks::scenario::check, cases: 300 },
    Target { name: "link", check: checks::links::check, cases: 300 },
    Target { name: "catalog", check: checks::catalog::check, cases: 60 },
    Target { name: "import", check: checks::import::check, cases: 200 },
    Target { name: "bill", check: checks::bills::check, cases: 300 },
    Target { name: "engine", check: checks::engine::check, cases: 16 },
    Target { name: "command", check: checks::command::check, cases: 8 },
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The inputs of a target, in the order of their names.
fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = folder().join("corpus").join(target);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    assert!(files.len() > 5, "{} has too few inputs", folder.display());
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, bytes)
    };
    files.into_iter().map(read).collect()
}

/// Replays the corpus of a target; names every input at which something does not hold.
fn replay(target: &Target) {
    let fails = |(path, bytes): &(PathBuf, Vec<u8>)| {
        let found = catch_unwind(AssertUnwindSafe(|| (target.check)(bytes)));
        found.is_err().then(|| path.display().to_string())
    };
    let failed: Vec<String> = corpus(target.name).iter().filter_map(fails).collect();
    assert!(failed.is_empty(), "these inputs break something:\n{}", failed.join("\n"));
}

/// A change of some bytes.
#[derive(Clone, Debug)]
enum Change {
    Flip(prop::sample::Index, u8),
    Remove(prop::sample::Index, prop::sample::Index),
    Repeat(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, prop::sample::Index),
    Splice(prop::sample::Index, prop::sample::Index),
}

fn changes() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        1 => (at(), any::<u8>()).prop_map(|(place, bits)| Change::Flip(place, bits)),
        1 => (at(), at()).prop_map(|(from, to)| Change::Remove(from, to)),
        1 => (at(), at()).prop_map(|(from, to)| Change::Repeat(from, to)),
        3 => (at(), at()).prop_map(|(place, word)| Change::Insert(place, word)),
        1 => (at(), at()).prop_map(|(place, other)| Change::Splice(place, other)),
    ]
}

/// Longest piece that is removed or repeated.
const PIECE: usize = 80;

fn apply(bytes: &mut Vec<u8>, change: &Change, words: &[Vec<u8>], corpus: &[(PathBuf, Vec<u8>)]) {
    // One more than there are, so that something can be put behind the last.
    let end = bytes.len() + 1;
    let piece = |from: &prop::sample::Index, length: &prop::sample::Index| {
        let from = from.index(end);
        from..(from + length.index(PIECE)).min(end - 1).max(from)
    };
    match change {
        Change::Flip(place, bits) => {
            if let Some(byte) = bytes.get_mut(place.index(end)) {
                *byte ^= bits;
            }
        }
        Change::Remove(from, length) => drop(bytes.drain(piece(from, length))),
        Change::Repeat(from, length) => {
            let range = piece(from, length);
            let again = bytes[range.clone()].to_vec();
            bytes.splice(range.start..range.start, again);
        }
        Change::Insert(place, word) if !words.is_empty() => {
            let place = place.index(end);
            bytes.splice(place..place, words[word.index(words.len())].iter().copied());
        }
        Change::Insert(..) => {}
        Change::Splice(place, other) => {
            let (_, other) = &corpus[other.index(corpus.len())];
            let at = place.index(end);
            bytes.truncate(at);
            bytes.extend(&other[at.min(other.len())..]);
        }
    }
}

/// Changes inputs of the corpus, always the same ones; what breaks is made small and told.
fn run(target: &Target) {
    let corpus = corpus(target.name);
    let words = dictionary(target.name);
    let inputs = (any::<prop::sample::Index>(), prop::collection::vec(changes(), 1..6));
    let result = TestRunner::new(ProptestConfig { cases: target.cases, ..config() }).run(
        &inputs,
        |(seed, changes)| {
            let mut bytes = seed.get(&corpus).1.clone();
            changes.iter().for_each(|change| apply(&mut bytes, change, &words, &corpus));
            let found = catch_unwind(AssertUnwindSafe(|| (target.check)(&bytes)));
            found.map_err(|_| TestCaseError::fail(String::from_utf8_lossy(&bytes).into_owned()))
        },
    );
    if let Err(error) = result {
        panic!("`{}` breaks at an input that is not in its corpus: {error}", target.name);
    }
}

/// Words of a target's dictionary, as libFuzzer writes them: in quotation marks, bytes that do not show as `\\x0a`.
fn dictionary(target: &str) -> Vec<Vec<u8>> {
    let path = folder().join("dictionaries").join(format!("{target}.dict"));
    let Ok(text) = fs::read_to_string(&path) else { return Vec::new() };
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let words: Vec<_> = lines
        .map(|line| {
            let inner = line.strip_prefix('"').and_then(|line| line.strip_suffix('"'));
            inner.and_then(unescaped).unwrap_or_else(|| panic!("{}: {line}", path.display()))
        })
        .collect();
    assert!(!words.is_empty(), "{} has no word", path.display());
    words
}

fn unescaped(word: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = word.bytes();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'\\' => match rest.next()? {
                b'x' => {
                    let digits = [rest.next()?, rest.next()?];
                    u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
                }
                other => other,
            },
            byte => byte,
        };
        bytes.push(byte);
    }
    Some(bytes)
}

/// Whoever adds a key, a choice or a preset adds it to what scenarios are fuzzed with.
#[test]
fn the_dictionary_knows_every_word_of_a_scenario() {
    let mut wanted: Vec<String> = PRESETS.iter().map(|preset| preset.name.to_owned()).collect();
    for section in Section::ALL {
        wanted.push(section.path().to_owned());
        for field in fields::of(section) {
            wanted.push(field.key.to_owned());
            match field.form {
                Form::Choice(words) => wanted.extend(words.iter().map(|&word| word.to_owned())),
                Form::Setting(parameter) => {
                    if let Kind::Choice(words) = parameter.kind {
                        wanted.extend(words.iter().map(|&word| word.to_owned()));
                    }
                }
                _ => {}
            }
        }
    }
    let known: BTreeSet<Vec<u8>> = dictionary("scenario").into_iter().collect();
    let missing: BTreeSet<String> = wanted
        .into_iter()
        .filter(|word| !word.is_empty() && !known.contains(word.as_bytes()))
        .map(|word| format!("\"{word}\""))
        .collect();
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(missing.is_empty(), "add to scenario.dict:\n{}", missing.join("\n"));
}

macro_rules! targets {
    ($($name:ident = $index:literal),* $(,)?) => {
        $(mod $name {
            use super::{TARGETS, replay, run};

            #[test]
            fn what_is_in_the_corpus_holds() {
                assert_eq!(TARGETS[$index].name, stringify!($name));
                replay(&TARGETS[$index]);
            }

            #[test]
            fn what_is_near_the_corpus_holds() {
                run(&TARGETS[$index]);
            }
        })*
    };
}

targets! { scenario = 0, link = 1, catalog = 2, import = 3, bill = 4, engine = 5, command = 6 }
