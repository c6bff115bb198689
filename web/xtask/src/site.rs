//! Builds the page: one WebAssembly module, its glue, and the static files.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

use crate::tools::{self, WASM};
use crate::{root, weight};

/// The profile the page is built with.
pub const PROFILE: &str = "wasm-release";

/// Where the built page lies.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Builds the page into `dist/`, prints what it weighs, and fails where that is too much.
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
    weight::report(&dist)
}

fn compile() -> anyhow::Result<PathBuf> {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut cargo = tools::cargo();
    cargo.args(["build", "-p", "web", "--lib", "--target", WASM, "--profile", PROFILE]);
    cargo.arg("--target-dir").arg(&target).env("CARGO_ENCODED_RUSTFLAGS", short_paths());
    tools::run(&mut cargo)?;
    Ok(target.join(WASM).join(PROFILE).join("web.wasm"))
}

/// Flags for the compiler: what stands in the module of places in the source is the same on every machine, and short.
fn short_paths() -> String {
    let folders = [(env::home_dir().unwrap_or_default(), "~"), (root(), "")];
    let short = folders.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    short.join("\u{1f}")
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
