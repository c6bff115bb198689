//! What the checks need on the machine, and how it gets there.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::{root, target};

/// The target the page is built for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// What finds barriers in the page: the package, and the SHA-256 of the one file of it that we use.
///
/// The tests know the file's place too, `tests/browser/axe.rs`.
const AXE: &str = "axe-core@4.14.1";
const AXE_FILE: &str = "axe-core/axe.min.js";
const AXE_SHA256: &str = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c";

/// The same cargo that runs us, at the top of the repository.
pub fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command to its end; its output goes where ours goes.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let words = words(command);
    let status = command.status().with_context(|| format!("cannot start `{words}`"))?;
    if !status.success() {
        bail!("`{words}` failed ({status})");
    }
    Ok(())
}

/// Runs a command to its end: what it printed. Its messages go where ours go.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let words = words(command);
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("cannot start `{words}`"))?;
    if !output.status.success() {
        bail!("`{words}` failed ({})", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{words}` printed no text"))
}

/// Whether cargo-deny is there.
pub fn has_deny() -> bool {
    succeeds(cargo().args(["deny", "--version"]))
}

/// Looks through licences, sources and duplicates, as `deny.toml` wants them; needs no network.
pub fn deny() -> anyhow::Result<()> {
    run(cargo().args(["deny", "--offline", "--locked", "check", "licenses", "bans", "sources"]))
}

/// Flags for the compiler: what stands in its output of places in the source is the same on every machine, and short.
pub fn short_paths() -> String {
    let home = env::home_dir().unwrap_or_default();
    let cargo = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    // Of several that fit, the last one counts.
    let folders = [(home, "~"), (cargo, "~/.cargo"), (target(), "target"), (root(), "")];
    let short = folders.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    short.join("\u{1f}")
}

/// Installs rustfmt, clippy and the page's target, where absent.
pub fn ensure_rust() -> anyhow::Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !succeeds(cargo().args([subcommand, "--version"])) {
            install(command("rustup").args(["component", "add", component]))?;
        }
    }
    ensure_wasm_target()
}

/// Installs the standard library of the page's target, where absent.
pub fn ensure_wasm_target() -> anyhow::Result<()> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = command(rustc)
        .args(["--print", "target-libdir", "--target", WASM])
        .output()
        .context("cannot start `rustc`")?;
    let library = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && Path::new(&library).is_dir() {
        return Ok(());
    }
    install(command("rustup").args(["target", "add", WASM]))
}

/// Installs a browser and its driver, where absent.
///
/// `false`, loudly, when that is not possible; an error instead where `CI` is
/// set, since there a skipped test would pass for a passed one.
pub fn ensure_browser() -> anyhow::Result<bool> {
    let missing = missing_browser_packages();
    if missing.is_empty() {
        return Ok(true);
    }
    let problem = match install_packages(&missing) {
        Ok(()) if missing_browser_packages().is_empty() => return Ok(true),
        Ok(()) => "the installed browser is not on PATH".to_owned(),
        Err(error) => format!("{error:#}"),
    };
    if env::var_os("CI").is_some() {
        bail!("the browser tests need Chromium and ChromeDriver: {problem}");
    }
    eprintln!("\n*** SKIPPED: the browser tests, which need Chromium and ChromeDriver.");
    eprintln!("*** {problem}\n");
    Ok(false)
}

/// Installs what opens workbooks, where absent.
///
/// `false`, loudly, when that is not possible; an error instead where `CI` is set.
pub fn ensure_office() -> anyhow::Result<bool> {
    let there = || ["soffice", "libreoffice"].iter().any(|program| on_path(program).is_some());
    if there() {
        return Ok(true);
    }
    let problem = match install_packages(&["libreoffice-calc-nogui"]) {
        Ok(()) if there() => return Ok(true),
        Ok(()) => "the installed LibreOffice is not on PATH".to_owned(),
        Err(error) => format!("{error:#}"),
    };
    if env::var_os("CI").is_some() {
        bail!("the tests of workbooks need LibreOffice: {problem}");
    }
    eprintln!("\n*** SKIPPED: the tests of workbooks, which need LibreOffice.");
    eprintln!("*** {problem}\n");
    Ok(false)
}

/// Fetches what finds barriers in the page, where absent.
///
/// `false`, loudly, when that is not possible; an error instead where `CI` is set.
pub fn ensure_axe() -> anyhow::Result<bool> {
    let Err(problem) = axe() else { return Ok(true) };
    let fetched = npm(AXE).and_then(|()| axe());
    let Err(error) = fetched else { return Ok(true) };
    // Nothing runs what is not the file we know.
    drop(fs::remove_dir_all(npm_folder(AXE)));
    if env::var_os("CI").is_some() {
        return Err(error.context("the tests for barriers in the page need axe"));
    }
    eprintln!("\n*** SKIPPED: the tests for barriers in the page, which need axe.");
    eprintln!("*** {problem:#}; {error:#}\n");
    Ok(false)
}

/// Whether the right file is there.
fn axe() -> anyhow::Result<()> {
    let path = npm_modules(AXE).join(AXE_FILE);
    let bytes = fs::read(&path).with_context(|| format!("there is no `{AXE_FILE}`"))?;
    let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if digest != AXE_SHA256 {
        bail!("`{AXE_FILE}` is not that of {AXE}: its SHA-256 is {digest}");
    }
    Ok(())
}

/// Where a package of npm, `name@version`, lies with those that it needs.
pub fn npm_modules(package: &str) -> PathBuf {
    npm_folder(package).join("node_modules")
}

/// One for each package, since npm removes what the package that it installs does not need.
fn npm_folder(package: &str) -> PathBuf {
    let name = package.split('@').next().unwrap_or(package);
    target().join("npm").join(name)
}

/// Fetches a package of npm, `name@version`, and runs nothing of it.
pub fn npm(package: &str) -> anyhow::Result<()> {
    if on_path("npm").is_none() {
        install_packages(&["npm"])?;
    }
    let folder = npm_folder(package);
    if folder.exists() {
        // npm leaves a package alone whose version is right, whatever its files hold.
        fs::remove_dir_all(&folder).context("cannot clear the folder for packages")?;
    }
    fs::create_dir_all(&folder).context("cannot make a folder for packages")?;
    let mut npm = command("npm");
    npm.args(["install", "--no-save", "--no-package-lock", "--ignore-scripts"]);
    npm.args(["--no-audit", "--no-fund", "--loglevel=error", "--prefix"]).arg(&folder);
    install(npm.arg(package))
}

/// The Debian packages for what is not on PATH.
fn missing_browser_packages() -> Vec<&'static str> {
    let mut missing = Vec::new();
    if browser().is_none() {
        missing.push("chromium");
    }
    if on_path("chromedriver").is_none() {
        missing.push("chromium-driver");
    }
    missing
}

fn install_packages(packages: &[&str]) -> anyhow::Result<()> {
    if on_path("apt-get").is_none() {
        bail!("there is no `apt-get` here to install {}", packages.join(" and "));
    }
    if !is_root() {
        bail!("only root can install {}", packages.join(" and "));
    }
    let mut update = command("apt-get");
    update.args(["update", "-q"]);
    let mut add = command("apt-get");
    add.args(["install", "-q", "-y", "--no-install-recommends"]).args(packages);
    for command in [&mut update, &mut add] {
        install(command.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

fn install(command: &mut Command) -> anyhow::Result<()> {
    println!("    installing: {}", words(command));
    run(command)
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The browser that the tests use too.
pub fn browser() -> Option<PathBuf> {
    ["chromium", "google-chrome"].iter().find_map(|browser| on_path(browser))
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Whether a command ends well; its output is for nobody.
pub fn succeeds(command: &mut Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The command as one would type it.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = [program].into_iter().chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
