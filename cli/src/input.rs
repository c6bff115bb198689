//! What the command reads: a scenario from a file or stdin, and a catalogue from a folder.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::Context as _;
use model::scenario::{self, Draft, TEXT_MAX, Vocabulary};
use model::{Prices, Scenario};
use pricing::{Catalog, CatalogError, Repricing};

use crate::commands::Context;
use crate::exit::{BAD_INPUT, Told, mistake};
use crate::render::problems;

/// A scenario's text, and what to call it.
pub(crate) struct Source {
    /// As errors name it.
    pub name: String,
    /// All of it.
    pub text: String,
}

/// Everything that a plan needs.
pub(crate) struct Case {
    /// What was read.
    pub source: Source,
    /// What it says.
    pub scenario: Scenario,
    /// The prices that it asks for.
    pub prices: Prices,
}

/// Prices, and the names that a scenario may use.
pub(crate) struct Market {
    catalog: Catalog,
    vocabulary: Vocabulary,
}

impl Market {
    /// From the folder that was asked for, or the one that comes with the program.
    pub(crate) fn open(context: &Context) -> anyhow::Result<Self> {
        let catalog = catalog(context)?;
        let vocabulary = catalog.vocabulary();
        Ok(Self { catalog, vocabulary })
    }

    /// From a folder.
    pub(crate) fn of(path: &Path) -> anyhow::Result<Self> {
        let catalog = named(path)?;
        let vocabulary = catalog.vocabulary();
        Ok(Self { catalog, vocabulary })
    }

    /// Reads a scenario's text and looks up its prices; tells every problem.
    pub(crate) fn case(&self, source: Source, context: &mut Context) -> anyhow::Result<Case> {
        let scenario = match scenario::parse(&source.text, &self.vocabulary) {
            Ok(scenario) => scenario,
            Err(found) => {
                let text = problems::in_scenario(&source, &found, context.paint_err);
                return tell(&text, context);
            }
        };
        match self.prices(&scenario) {
            Ok(prices) => Ok(Case { source, scenario, prices }),
            Err(errors) => {
                let texts = errors.iter().map(|error| {
                    problems::plain(&error.to_string(), Some(&error.hint()), context.paint_err)
                });
                let text: String = texts.collect();
                tell(&text, context)
            }
        }
    }

    /// Reads a scenario whose values change; tells every problem of its text, and of its prices as it is, and what is old.
    pub(crate) fn draft(
        &self,
        source: Source,
        context: &mut Context,
    ) -> anyhow::Result<(Case, Draft)> {
        let case = self.case(source, context)?;
        match Draft::read(&case.source.text, &self.vocabulary) {
            Ok(draft) => {
                context.tell_stale_case(&case);
                Ok((case, draft))
            }
            Err(found) => {
                let text = problems::in_scenario(&case.source, &found, context.paint_err);
                tell(&text, context)
            }
        }
    }

    /// What tells this catalogue from any other.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.catalog.files()
    }

    /// Looks up the prices of scenarios that differ little; an error is the first reason why there are none.
    pub(crate) fn repricing(&self) -> impl Fn(&Scenario) -> Result<Prices, String> + Sync {
        let repricing = Repricing::new(&self.catalog);
        move |scenario| repricing.look_up(scenario)
    }

    /// What a scenario's things cost, or everything that stands against it.
    pub(crate) fn prices(&self, scenario: &Scenario) -> Result<Prices, Vec<CatalogError>> {
        self.catalog.prices(scenario)
    }

    /// Every problem of a scenario's text.
    pub(crate) fn parse(&self, text: &str) -> Result<Scenario, Vec<scenario::ScenarioError>> {
        scenario::parse(text, &self.vocabulary)
    }
}

fn tell<T>(text: &str, context: &mut Context) -> anyhow::Result<T> {
    context.err.write_all(text.as_bytes())?;
    Err(Told(BAD_INPUT).into())
}

/// Reads a scenario and its prices; tells every problem.
pub(crate) fn case(file: &Path, context: &mut Context) -> anyhow::Result<Case> {
    let source = source(file, context)?;
    Market::open(context)?.case(source, context)
}

/// Reads a scenario's text; `-` is stdin.
pub(crate) fn source(file: &Path, context: &mut Context) -> anyhow::Result<Source> {
    if file == Path::new("-") {
        return text(&mut *context.stdin, "stdin");
    }
    let name = file.display().to_string();
    let opened = fs::File::open(file).with_context(|| format!("cannot read `{name}`"));
    match opened {
        Ok(mut opened) => text(&mut opened, &name),
        Err(error) if file.extension().is_none() && is_example(file) => Err(mistake(
            format!("{error:#}"),
            format!("`highwater init {name}` writes the example of that name"),
        )),
        Err(error) => Err(error),
    }
}

/// Whether a name that is no file is that of an example.
fn is_example(file: &Path) -> bool {
    let name = file.to_string_lossy();
    crate::commands::init::EXAMPLES.iter().any(|(example, _)| *example == name)
}

fn text(reader: &mut dyn Read, name: &str) -> anyhow::Result<Source> {
    let mut bytes = Vec::new();
    let limit = TEXT_MAX as u64 + 1;
    let read = reader.take(limit).read_to_end(&mut bytes);
    read.with_context(|| format!("cannot read `{name}`"))?;
    if bytes.len() > TEXT_MAX {
        return Err(mistake(
            format!("`{name}` is larger than 1 MiB"),
            "a scenario is a page or two of text; is this the right file?",
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name: name.to_owned(), text }),
        Err(error) => {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(mistake(
                format!("`{name}` is not UTF-8 text: line {line} has other bytes"),
                "save it as UTF-8",
            ))
        }
    }
}

/// The catalogue that was asked for, or the one that comes with the program.
pub(crate) fn catalog(context: &Context) -> anyhow::Result<Catalog> {
    context.common.catalog.as_deref().map_or_else(|| Ok(Catalog::embedded()), named)
}

/// The catalogue of a folder that must have files.
fn named(folder: &Path) -> anyhow::Result<Catalog> {
    let mut files = Vec::new();
    collect(folder, "", 0, &mut files)?;
    if files.is_empty() {
        return Err(mistake(
            format!("`{}` has no CSV files", folder.display()),
            "a catalogue holds `sources.csv` and `PROVIDER/REGION.csv`",
        ));
    }
    Ok(Catalog::from_files(files))
}

/// The catalogue of a folder, which may have no files yet.
pub(crate) fn folder(folder: &Path) -> anyhow::Result<Catalog> {
    let mut files = Vec::new();
    collect(folder, "", 0, &mut files)?;
    Ok(Catalog::from_files(files))
}

/// Folders in folders that a catalogue may have: one is enough, and links may go in circles.
const DEPTH: u32 = 4;

/// Largest file of a catalogue: the largest of ours has 0.2 MB.
const FILE_MAX: u64 = 64 << 20;

fn collect(
    folder: &Path,
    prefix: &str,
    depth: u32,
    files: &mut Vec<(String, String)>,
) -> anyhow::Result<()> {
    let cannot = |path: &Path| format!("cannot read `{}`", path.display());
    let mut entries = fs::read_dir(folder)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| cannot(folder))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        // Hidden, such as what a killed import has left.
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let found = fs::metadata(&path).with_context(|| cannot(&path))?;
        if found.is_dir() && depth < DEPTH {
            collect(&path, &format!("{name}/"), depth + 1, files)?;
        } else if found.is_file() && name.ends_with(".csv") {
            if found.len() > FILE_MAX {
                anyhow::bail!("`{}` is larger than 64 MiB", path.display());
            }
            let text = fs::read_to_string(&path).with_context(|| cannot(&path))?;
            files.push((name, text));
        }
    }
    Ok(())
}
