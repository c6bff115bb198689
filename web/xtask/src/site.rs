//! Builds the page: its WebAssembly module and the one that is loaded later, their glue, the static files and the catalogue.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

use crate::arrange::arrange;
use crate::bundle::{Files, bundle};
use crate::tools::{self, WASM};
use crate::{root, target, weight};

/// The profile the page is built with.
pub const PROFILE: &str = "wasm-release";

/// The packages of the page's modules, each with what its module and its glue are called: the page itself, and what it loads
/// when somebody asks for more than it shows at once.
const MODULES: [(&str, &str); 2] = [("web", "app"), (weight::LATER, weight::LATER)];

/// Where the built page lies.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Builds the page into `dist/`, prints what it weighs, and fails where that is too much.
pub fn build() -> anyhow::Result<()> {
    make()?;
    weight::report(&dist())
}

/// Builds the page into `dist/`.
pub fn make() -> anyhow::Result<()> {
    tools::ensure_wasm_target()?;
    let dist = dist();
    clear(&dist)?;
    for (package, name) in MODULES {
        bind(&compile(package)?, name, &dist)?;
    }
    let mut files = read(&dist, "")?;
    for (_, name) in MODULES {
        let names = [format!("{name}_bg.wasm"), format!("{name}.js")];
        let [module, glue] = names.each_ref().map(|name| files.remove(name).unwrap_or_default());
        let glue = String::from_utf8(glue).with_context(|| format!("`{}` is no text", names[1]))?;
        let (module, glue) = arrange(&module, &glue)?;
        files.extend(names.into_iter().zip([module, glue.into_bytes()]));
    }
    files.extend(read(&root().join("web/static"), "")?);
    let site = bundle(files, &catalog(&root().join("pricing/catalog"))?)?;

    clear(&dist)?;
    write(&dist, &site)
}

/// Makes the folder anew.
fn clear(dist: &Path) -> anyhow::Result<()> {
    if dist.exists() {
        fs::remove_dir_all(dist).context("cannot clear `dist/`")?;
    }
    fs::create_dir(dist).context("cannot make `dist/`")
}

fn compile(package: &str) -> anyhow::Result<PathBuf> {
    let target = target();
    let mut cargo = tools::cargo();
    cargo.args(["build", "-p", package, "--lib", "--target", WASM, "--profile", PROFILE]);
    cargo.arg("--target-dir").arg(&target).env("CARGO_ENCODED_RUSTFLAGS", tools::short_paths());
    tools::run(&mut cargo)?;
    Ok(target.join(WASM).join(PROFILE).join(format!("{package}.wasm")))
}

/// Writes a module and its glue, as `wasm-bindgen --target web` would.
fn bind(module: &Path, name: &str, dist: &Path) -> anyhow::Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)?
        // Without its default path the module has no address to load from.
        .omit_default_module_path(false)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(dist)
        .with_context(|| format!("cannot bind `{}`", module.display()))
}

/// The files of a folder, which has no other in it, under names that begin so.
fn read(folder: &Path, beginning: &str) -> anyhow::Result<Files> {
    let mut files = Files::new();
    for entry in entries(folder)? {
        let path = entry.path();
        let bytes = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        files.insert(format!("{beginning}{}", entry.file_name().display()), bytes);
    }
    Ok(files)
}

/// The folders of providers: the page fetches a region that it did not bring when a scenario names one.
fn catalog(folder: &Path) -> anyhow::Result<Files> {
    let mut files = Files::new();
    for entry in entries(folder)? {
        if entry.file_type()?.is_dir() {
            let beginning = format!("catalog/{}/", entry.file_name().display());
            files.extend(read(&entry.path(), &beginning)?);
        }
    }
    Ok(files)
}

fn entries(folder: &Path) -> anyhow::Result<Vec<fs::DirEntry>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect);
    entries.with_context(|| format!("cannot read `{}`", folder.display()))
}

fn write(dist: &Path, site: &Files) -> anyhow::Result<()> {
    for (name, bytes) in site {
        let path = dist.join(name);
        let folder = path.parent().unwrap_or(dist);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, bytes))
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}
