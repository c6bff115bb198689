use model::comparison::capitalized;
use model::design::{Architecture, Design};
use model::export::settings;
use model::presets::{PRESETS, Preset, preset};
use model::scenario::Outline;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::{Fallback, one};
use super::{Fold, faults};
use crate::hooks::use_unfolded;
use crate::inputs::Inputs;

/// Most platforms that the page offers to hold against each other; a scenario's text may have more.
const MOST: usize = 6;

/// Settings that people ask about first, in the order in which they do.
const FIRST: &[&str] = &[
    "broker",
    "disk",
    "zones",
    "replication_factor",
    "follower_fetching",
    "headroom",
    "flush_interval",
    "local_retention",
];

const ARCHITECTURES: [(Architecture, &str); 4] = [
    (Architecture::SharedNothing, "Every broker keeps replicas on its own disks."),
    (Architecture::Tiered, "Recent data on brokers' disks, closed segments in object storage."),
    (Architecture::SharedStorage, "Object storage first; brokers keep caches only."),
    (Architecture::ListPrice, "Services known by their price list only."),
];

/// What is compared: presets to pick, and a card with its settings for each that is.
pub fn platforms(inputs: &Inputs, outline: &Outline) -> Html {
    let chosen: Vec<&Outline> = outline.sections("platform").collect();
    html! {
        <>
            <div class="pick">
                for (architecture, doc) in ARCHITECTURES {
                    <fieldset>
                        <legend>{ architecture.name() }</legend>
                        <p class="quiet">{ doc }</p>
                        for preset in PRESETS.iter().filter(|preset| preset.architecture == architecture) {
                            { pick(inputs, &chosen, preset) }
                        }
                    </fieldset>
                }
            </div>
            if chosen.len() > MOST {
                <p class="quiet">{ format!("{} platforms are compared; two to {MOST} are easier to read.", chosen.len()) }</p>
            }
            <h3>{ "Their settings" }</h3>
            <div class="cards platforms-chosen">
                for platform in &chosen {
                    { card(inputs, platform, chosen.len()) }
                }
            </div>
        </>
    }
}

/// A preset with a box that adds it or takes it away.
fn pick(inputs: &Inputs, chosen: &[&Outline], preset: &'static Preset) -> Html {
    let of_preset: Vec<&&Outline> =
        chosen.iter().filter(|one| one.value("preset") == Some(preset.name)).collect();
    let last = chosen.len() == 1 && !of_preset.is_empty();
    let onchange = {
        let inputs = inputs.clone();
        let path = of_preset.last().and_then(|one| one.path.clone());
        move |event: Event| {
            let checked = event.target_unchecked_into::<HtmlInputElement>().checked();
            match (&path, checked) {
                (Some(path), false) => inputs.remove(path),
                _ => inputs.add("platform", &[("preset", preset.name)]),
            }
        }
    };
    html! {
        <label class="preset" key={preset.name}>
            <input type="checkbox" name="preset" value={preset.name} checked={!of_preset.is_empty()} disabled={last} {onchange} />
            <span>{ preset.name }<small>{ preset.title }</small></span>
        </label>
    }
}

fn card(inputs: &Inputs, platform: &Outline, count: usize) -> Html {
    let preset = platform.value("preset").and_then(preset);
    let name =
        platform.value("name").or(platform.value("preset")).unwrap_or("a platform").to_owned();
    let (Some(path), Some(preset)) = (platform.path.clone(), preset) else {
        return html! {
            <section class="card">
                <strong>{ &name }</strong>
                { faults(&inputs.faults_of_section(platform)) }
                <p class="quiet">{ "It has no known preset, or a name that another has too: see the text below." }</p>
            </section>
        };
    };
    let remove = {
        let (inputs, path) = (inputs.clone(), path.clone());
        move |_| inputs.remove(&path)
    };
    let twin = {
        let (inputs, preset) = (inputs.clone(), preset.name);
        let whole = inputs.outline.clone();
        move |_| {
            let Some(whole) = &whole else { return };
            let name = inputs.free_name(whole, "platform", "name", &format!("{preset}-variant"));
            inputs.add("platform", &[("preset", preset), ("name", &name)]);
        }
    };
    html! {
        <Fold class="card platform" key={path.clone()} platform={AttrValue::from(name.clone())} summary={html! { <>
                <strong>{ &name }</strong>
                <small>{ preset.title }{ " · " }{ preset.architecture.name() }</small>
                <small class="changed">{ changed(platform) }</small>
            </> }}>
            if !preset.maturity.note().is_empty() {
                <p class="quiet">{ sentence(preset.maturity.note()) }{ format!(" Facts of {}.", preset.as_of) }</p>
            }
            { faults(&inputs.faults_of_section(platform)) }
            <PlatformSettings platform={platform.clone()} preset={preset.name} />
            <p class="actions">
                <button type="button" onclick={twin} aria-label={format!("Compare with a variant: {name}")}>{ "Compare with a variant" }</button>
                if count > 1 {
                    <button type="button" class="remove" onclick={remove} aria-label={format!("Remove platform {name}")}>{ "Remove" }</button>
                }
            </p>
        </Fold>
    }
}

/// What differs from the preset, in a line.
fn changed(platform: &Outline) -> String {
    let own =
        platform.values.iter().filter(|value| !matches!(value.key.as_str(), "preset" | "name"));
    let own: Vec<String> = own.map(|value| format!("{} = {}", value.key, value.text)).collect();
    match own.is_empty() {
        true => "as its preset says".to_owned(),
        false => own.join(", "),
    }
}

/// A remark as a sentence.
fn sentence(remark: &str) -> String {
    let end = if remark.ends_with('.') { "" } else { "." };
    capitalized(format!("{remark}{end}"))
}

#[derive(PartialEq, Properties)]
pub struct PlatformSettingsProps {
    platform: Outline,
    preset: &'static str,
}

/// The settings of one platform: those that people ask about first, and on demand all others.
#[component]
pub fn PlatformSettings(props: &PlatformSettingsProps) -> Html {
    let inputs = use_context::<Inputs>();
    let (all, ontoggle) = use_unfolded();
    let (Some(inputs), Some(preset)) = (inputs, preset(props.preset)) else { return html! {} };
    let rows = settings(&Design::of(preset));
    let fixed = |key: &str| preset.fixed.contains(&key);
    let platform = &props.platform;
    let field = |setting: &model::export::Setting| {
        let row = setting.parameter;
        let confidence = setting
            .confidence
            .map(|confidence| format!(" ({})", confidence.name()))
            .unwrap_or_default();
        let fallback = Fallback {
            value: setting.value.clone(),
            range: row.range.to_owned(),
            source: format!("{}{confidence}", setting.source),
        };
        one(&inputs, platform, row.key, None, Some(fallback))
    };
    let own = |key: &str| platform.value(key).is_some();
    let first = rows.iter().filter(|one| {
        let key = one.parameter.key;
        !fixed(key) && (own(key) || FIRST.contains(&key) && is_told(one))
    });
    let rest: Vec<_> = rows
        .iter()
        .filter(|one| {
            let key = one.parameter.key;
            !(fixed(key) || own(key) || FIRST.contains(&key) && is_told(one))
        })
        .collect();
    html! {
        <>
            <div class="grid">
                { one(&inputs, platform, "name", None, Some(Fallback { value: preset.name.to_owned(), ..Fallback::default() })) }
                { for first.map(field) }
            </div>
            <details class="more" {ontoggle}>
                <summary>{ format!("All other settings ({})", rest.len()) }</summary>
                if all {
                    <div class="grid">{ for rest.iter().map(|one| field(one)) }</div>
                }
            </details>
        </>
    }
}

/// Whether a setting means something on the platform: a service without brokers has none to choose.
fn is_told(setting: &model::export::Setting) -> bool {
    !setting.value.is_empty()
}
