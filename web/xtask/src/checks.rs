//! Every check of the project, in the order that fails soonest.

use std::process::Command;
use std::time::Instant;

use crate::tools::{self, WASM, cargo};
use crate::{inventory, site};

/// Installs what is missing, then runs the checks up to the first that fails.
pub fn run() -> anyhow::Result<()> {
    let started = Instant::now();
    let mut tools = Tools::default();

    step("tools", || {
        tools = install()?;
        Ok(())
    })?;
    step("format", || tools::run(cargo().args(["fmt", "--all", "--check"])))?;
    step("clippy", || {
        let targets = ["--workspace", "--all-targets"];
        tools::run(cargo().arg("clippy").args(targets).args(["--", "-D", "warnings"]))
    })?;
    step("clippy, page", || {
        // The profile of the page, so that building it next finds its macros compiled.
        let targets = ["-p", "web", "-p", "later", "--target", WASM, "--profile", site::PROFILE];
        tools::run(cargo().arg("clippy").args(targets).args(["--", "-D", "warnings"]))
    })?;
    step("inventory", inventory::check)?;
    step("supply chain", supply_chain)?;
    step("page", site::build)?;
    step("tests", || tools::run(tests(tools.all()).arg("--workspace")))?;
    step("response time", || {
        // Alone, since other tests would share its processors. It fails for no slow machine: it prints.
        let mut alone = tests(tools.all());
        alone.args(["--workspace", "browser::speed", "--", "--ignored"]);
        tools::run(&mut alone)
    })?;
    step("documentation", || {
        let mut doc = cargo();
        doc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        tools::run(&mut doc)
    })?;

    println!("\nAll checks passed in {:.0} s.", started.elapsed().as_secs_f64());
    if !tools.browser {
        println!("*** SKIPPED: the browser tests (see above).");
    } else if !tools.axe {
        println!("*** SKIPPED: the tests for barriers in the page (see above).");
    }
    if !tools.office {
        println!("*** SKIPPED: the tests of workbooks (see above).");
    }
    if !tools::has_deny() {
        println!("*** SKIPPED: cargo-deny (see above).");
    }
    Ok(())
}

/// Which of the tools are there that a machine may lack.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tools {
    browser: bool,
    axe: bool,
    office: bool,
}

impl Tools {
    fn all(self) -> bool {
        self.browser && self.axe && self.office
    }
}

/// Installs what is missing.
pub fn install() -> anyhow::Result<Tools> {
    tools::ensure_rust()?;
    let browser = tools::ensure_browser()?;
    let axe = browser && tools::ensure_axe()?;
    Ok(Tools { browser, axe, office: tools::ensure_office()? })
}

/// Licences, sources and duplicates, where cargo-deny is there: `.ci/supply` installs it, which takes some minutes.
fn supply_chain() -> anyhow::Result<()> {
    if tools::has_deny() {
        return tools::deny();
    }
    println!(
        "*** SKIPPED: licences, sources and duplicates, which need cargo-deny: `.ci/supply` installs and runs it."
    );
    Ok(())
}

/// The tests, told to accept no new snapshot and, with all that they need, to skip none.
fn tests(whole: bool) -> Command {
    let mut tests = cargo();
    tests.arg("test").env("INSTA_UPDATE", "no");
    if whole {
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
