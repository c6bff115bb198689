//! What an export is made from, for its audit block.

use std::ffi::OsStr;
use std::path::Path;

use model::export::audit::{self, Origin};

use crate::commands::Context;
use crate::input::{Case, Market};
use crate::render::text::visible;
use crate::today;

/// What stands in the audit block of an export besides what the model knows.
pub(crate) fn origin(
    case: &Case,
    market: &Market,
    paths: &[&Path],
    reproducible: bool,
    context: &Context,
) -> anyhow::Result<Origin> {
    let created = (!reproducible).then(now).transpose()?;
    Ok(Origin {
        scenario_sha256: audit::of_scenario(&case.source.text),
        catalog_sha256: audit::of_catalog(market.files()),
        command: command(context.given.iter().map(|one| &**one), paths),
        created,
        // By the clock only where the moment stands in it anyway.
        today: if reproducible { context.common.today } else { context.today },
    })
}

/// The moment, to the second.
fn now() -> anyhow::Result<String> {
    Ok(today::now()?.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// The command line as it can be given again beside the same files: folders are nobody's business, and differ from
/// machine to machine.
fn command<'a>(given: impl Iterator<Item = &'a OsStr>, paths: &[&Path]) -> String {
    let words = given.skip(1).map(|word| {
        let word = word.to_string_lossy();
        quoted(&without_folder(&word, paths))
    });
    ["highwater".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// A path by its last part, alone or behind its flag.
fn without_folder(word: &str, paths: &[&Path]) -> String {
    let known = |text: &str| {
        let path = paths.iter().find(|path| path.as_os_str().to_string_lossy() == text)?;
        let name = path.file_name().map_or_else(|| ".".into(), OsStr::to_string_lossy);
        let folder = if text.ends_with('/') { "/" } else { "" };
        Some(format!("{name}{folder}"))
    };
    let behind = |flag: &str, rest: &str| known(rest).map(|name| format!("{flag}{name}"));
    if word == "-" {
        return word.to_owned();
    }
    let found = known(word)
        .or_else(|| word.split_once('=').and_then(|(flag, rest)| behind(&format!("{flag}="), rest)))
        .or_else(|| word.strip_prefix("-o").and_then(|rest| behind("-o", rest)));
    found.unwrap_or_else(|| word.to_owned())
}

/// As a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", visible(word).replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_left_out_of_the_command() {
        let paths = ["/home/someone/plan.toml", "../out/plan.csv", "/srv/prices", "/tmp/plans/"]
            .map(Path::new);
        let check = |given: &[&str], expected: &str| {
            let given = [&["/usr/bin/highwater"], given].concat();
            assert_eq!(command(given.iter().map(|word| OsStr::new(*word)), &paths), expected);
        };
        check(&["export", "/home/someone/plan.toml"], "highwater export plan.toml");
        check(&["-o", "/tmp/plans/"], "highwater -o plans/");
        check(&["--output=../out/plan.csv", "-"], "highwater --output=plan.csv -");
        check(
            &["-o../out/plan.csv", "--catalog", "/srv/prices"],
            "highwater -oplan.csv --catalog prices",
        );
        check(&["--delimiter", ";", "it's"], "highwater --delimiter ';' 'it'\\''s'");
    }
}
