//! Every check of the project, in the order that fails soonest.

use std::process::Command;
use std::time::Instant;

use crate::tools::{self, WASM};
use crate::{site, tools::cargo};

/// Installs what is missing, then runs the checks up to the first that fails.
pub fn run() -> anyhow::Result<()> {
    let started = Instant::now();
    let mut browser = false;

    step("tools", || {
        tools::ensure_rust()?;
        browser = tools::ensure_browser()?;
        Ok(())
    })?;
    step("format", || tools::run(cargo().args(["fmt", "--all", "--check"])))?;
    step("clippy", || {
        let targets = ["--workspace", "--all-targets"];
        tools::run(cargo().arg("clippy").args(targets).args(["--", "-D", "warnings"]))
    })?;
    step("clippy, page", || {
        // The profile of the page, so that building it next finds its macros compiled.
        let targets = ["-p", "web", "--target", WASM, "--profile", site::PROFILE];
        tools::run(cargo().arg("clippy").args(targets).args(["--", "-D", "warnings"]))
    })?;
    step("page", site::build)?;
    step("tests", || tools::run(&mut tests(browser)))?;
    step("documentation", || {
        let mut doc = cargo();
        doc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        tools::run(&mut doc)
    })?;

    println!("\nAll checks passed in {:.0} s.", started.elapsed().as_secs_f64());
    if !browser {
        println!("*** SKIPPED: the browser tests (see above).");
    }
    Ok(())
}

/// The tests, told to accept no new snapshot and, with a browser, to use it.
fn tests(browser: bool) -> Command {
    let mut tests = cargo();
    tests.args(["test", "--workspace"]).env("INSTA_UPDATE", "no");
    if browser {
        tests.env("CI", "true");
    }
    tests
}

fn step(name: &str, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    println!("\n==> {name}");
    let started = Instant::now();
    work().map_err(|error| error.context(format!("step `{name}`")))?;
    println!("    {name}: {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}
