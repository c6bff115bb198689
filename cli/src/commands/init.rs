//! `highwater init`

use std::path::{Path, PathBuf};

use super::Context;
use crate::exit::{FINE, mistake};
use crate::output::write_file;
use crate::render::text::{visible, wrap};

macro_rules! examples {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../examples/", $name, ".toml")))),*]
    };
}

/// Examples by name, the one to start with first.
pub(crate) const EXAMPLES: &[(&str, &str)] = examples![
    "smart-meter",
    "edge-telemetry",
    "ev-charging",
    "fleet-telemetry",
    "iot-platform",
    "migration",
    "two-regions",
    "whole-bill",
    "uncertain-rollout",
    "commitments",
    "reference-100mib",
];

/// Write an example scenario to start from
#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    /// Which example: see `--list`
    #[arg(default_value = EXAMPLES[0].0)]
    example: String,

    /// File to write, or `-` for stdout
    #[arg(short, long, value_name = "FILE", default_value = "scenario.toml")]
    output: PathBuf,

    /// Replace a file that is there already
    #[arg(long)]
    force: bool,

    /// List the examples and what each teaches
    #[arg(long)]
    list: bool,
}

pub(crate) fn run(args: &InitArgs, context: &mut Context) -> anyhow::Result<u8> {
    context.no_format("init")?;
    if args.list {
        let list: String = EXAMPLES.iter().map(|(name, text)| listed(name, text)).collect();
        context.write(&list)?;
        return Ok(FINE);
    }
    let Some((_, text)) = EXAMPLES.iter().find(|(name, _)| *name == args.example) else {
        let names: Vec<String> = EXAMPLES.iter().map(|(name, _)| format!("`{name}`")).collect();
        return Err(mistake(
            format!("there is no example `{}`", visible(&args.example)),
            format!("use one of {}", names.join(", ")),
        ));
    };
    if args.output == Path::new("-") {
        context.write(text)?;
        return Ok(FINE);
    }
    write_file(&args.output, text, args.force)?;
    let file = visible(&args.output.display().to_string());
    context.tell(&format!("wrote {file}; now try `highwater compare {file}`\n"))?;
    Ok(FINE)
}

/// An example and what it teaches.
fn listed(name: &str, text: &str) -> String {
    let lesson = text.lines().next().and_then(|line| line.strip_prefix("# Teaches: "));
    let lesson = wrap(lesson.unwrap_or_default(), 80, "");
    let mut lines = lesson.lines();
    let mut entry = format!("{name:<18}{}\n", lines.next().unwrap_or_default());
    for line in lines {
        entry.push_str(&format!("{:18}{line}\n", ""));
    }
    entry
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_example_is_embedded_and_teaches() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
        let files = fs::read_dir(folder).expect("the examples are here").flatten();
        let found = files.filter(|file| file.path().extension().is_some_and(|end| end == "toml"));
        assert_eq!(found.count(), EXAMPLES.len());
        for (name, text) in EXAMPLES {
            assert!(text.starts_with("# Teaches: "), "{name}");
        }
    }
}
