//! Builds the page: one WebAssembly module, its glue, and the static files.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

use crate::root;
use crate::tools::{self, WASM};

/// The profile the page is built with.
pub const PROFILE: &str = "wasm-release";

/// Where the built page lies.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Builds the page into `dist/` and prints what it weighs.
pub fn build() -> anyhow::Result<()> {
    tools::ensure_wasm_target()?;
    let module = compile()?;

    let dist = dist();
    if dist.exists() {
        fs::remove_dir_all(&dist).context("cannot clear `dist/`")?;
    }
    fs::create_dir(&dist).context("cannot make `dist/`")?;
    bind(&module, &dist)?;
    copy(&root().join("web/static"), &dist)?;
    copy_catalog(&root().join("pricing/catalog"), &dist.join("catalog"))?;
    print_sizes(&dist)
}

fn compile() -> anyhow::Result<PathBuf> {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut cargo = tools::cargo();
    cargo.args(["build", "-p", "web", "--lib", "--target", WASM, "--profile", PROFILE]);
    cargo.arg("--target-dir").arg(&target);
    tools::run(&mut cargo)?;
    Ok(target.join(WASM).join(PROFILE).join("web.wasm"))
}

/// Writes `app.js` and `app_bg.wasm`, as `wasm-bindgen --target web` would.
fn bind(module: &Path, dist: &Path) -> anyhow::Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name("app")
        .web(true)?
        // Without its default path the module has no address to load from.
        .omit_default_module_path(false)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(dist)
        .with_context(|| format!("cannot bind `{}`", module.display()))
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("cannot read `{}`", from.display()))? {
        let entry = entry?;
        let copied = to.join(entry.file_name());
        fs::copy(entry.path(), &copied)
            .with_context(|| format!("cannot write `{}`", copied.display()))?;
    }
    Ok(())
}

/// Copies the folders of providers: the page fetches a region that it did not bring when a scenario names one.
fn copy_catalog(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("cannot read `{}`", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            let folder = to.join(entry.file_name());
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot make `{}`", folder.display()))?;
            copy(&entry.path(), &folder)?;
        }
    }
    Ok(())
}

fn print_sizes(dist: &Path) -> anyhow::Result<()> {
    let mut files: Vec<_> = fs::read_dir(dist)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    files.retain(|file| file.path().is_file());
    println!("dist/ holds, in bytes, besides the catalogue:");
    for file in files {
        let gzip = gzip_size(&file.path()).map_or_else(|| "-".to_owned(), |size| size.to_string());
        let name = file.file_name();
        println!("  {:14} {:>9}   gzip {gzip:>8}", name.display(), file.metadata()?.len());
    }
    Ok(())
}

/// What a server that compresses would send; `None` without the `gzip` tool.
fn gzip_size(path: &Path) -> Option<usize> {
    let output = Command::new("gzip")
        .args(["-9", "-c"])
        .stdin(File::open(path).ok()?)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then_some(output.stdout.len())
}
