//! What must hold of every input, however strange.
//!
//! Each file has one door, `check`: it takes bytes, and panics where something does not hold. The fuzz targets and the tests of
//! the repository call the same doors. None of them measures time or memory: libFuzzer does, by its limits.
//!
//! | Door | What it is given | What must hold |
//! |---|---|---|
//! | `scenario` | a scenario's text | a scenario, or errors with their places and ways out; changing values leaves TOML |
//! | `links` | the part of a link after `#` | a scenario, or an error in words; what is linked again leads to the same |
//! | `catalog` | files of a catalogue | price lists that can be planned with, or findings with file, line and way out |
//! | `import` | a provider's price list | rows that make a catalogue without faults, or an error with its place and way out |
//! | `bills` | a bill, packed or not | a report of it, or faults with rows and ways out |
//! | `engine` | bytes that a scenario is drawn from | its comparison adds up, and is told in every way without a number that is none |
//! | `command` | bytes that a scenario and a verb are drawn from | an exit code, what is asked for, or errors with ways out |

pub mod bills;
pub mod catalog;
pub mod command;
mod draw;
pub mod engine;
pub mod import;
pub mod links;
pub mod scenario;

use std::sync::OnceLock;

use model::scenario::Vocabulary;
use pricing::Catalog;

// What has no library to be called in: the page's links, and the command's bills. They lie beside each other, as they do at home.
#[allow(dead_code, unreachable_pub)]
#[path = "../../../cli/src/bill.rs"]
mod bill;
#[allow(dead_code, unreachable_pub)]
#[path = "../../../web/src/link.rs"]
mod link;

/// The embedded catalogue, read once.
pub(crate) fn embedded() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(Catalog::embedded)
}

/// What a scenario may name.
pub(crate) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| embedded().vocabulary())
}

/// Words that stand for no number.
const NOT_NUMBERS: [&str; 4] = ["nan", "inf", "infinity", "∞"];

/// Where a text says a number that is none, with what stands around it. The names in it must not be such words.
pub(crate) fn not_a_number(text: &str) -> Option<&str> {
    let apart = |letter: char| !(letter.is_alphanumeric() || letter == '∞');
    // Most words are longer, or begin otherwise.
    let is_none = |word: &&str| {
        word.len() <= 8 && NOT_NUMBERS.iter().any(|one| word.eq_ignore_ascii_case(one))
    };
    let word = text.split(apart).find(is_none)?;
    let at = word.as_ptr() as usize - text.as_ptr() as usize;
    let from = text.floor_char_boundary(at.saturating_sub(200));
    let to = text.ceil_char_boundary(at.saturating_add(100).min(text.len()));
    text.get(from..to)
}

/// Asserts that a text for people or programs shows no number that is none.
#[track_caller]
pub(crate) fn finite(what: &str, text: &str) {
    if let Some(found) = not_a_number(text) {
        panic!("{what} says a number that is none:\n{found}");
    }
}

/// Asserts that an error which need not have a hint says what to do about it, or what was expected.
#[track_caller]
pub(crate) fn refused(message: &str, hint: Option<&str>) {
    match hint {
        Some(hint) => told(message, hint),
        None => assert!(message.contains("expected "), "an error has no way out: {message}"),
    }
}

/// Asserts that an error says something, and something to do about it.
#[track_caller]
pub(crate) fn told(message: &str, hint: &str) {
    assert!(!message.trim().is_empty(), "an error says nothing; its way out is: {hint}");
    assert!(!hint.trim().is_empty(), "an error has no way out: {message}");
}
