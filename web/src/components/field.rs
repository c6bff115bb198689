use model::parameters::Kind;
use model::scenario::Outline;
use model::scenario::fields::{Field as Row, Form, Section};
use model::units::separated;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::prose;
use crate::inputs::{self, Inputs};
use page_engine::protocol::Fault;

/// What applies where a value is not there, and where that comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fallback {
    /// As a scenario would write it.
    pub value: String,
    /// Plausible values; empty where all are.
    pub range: String,
    /// Where it comes from, and how far it can be trusted.
    pub source: String,
}

#[derive(Clone, PartialEq, Properties)]
pub struct FieldProps {
    /// What kind of section it stands in.
    pub section: Section,
    /// Its key.
    pub key_name: &'static str,
    /// Its path.
    pub path: AttrValue,
    /// Its value, where it is there.
    pub value: Option<AttrValue>,
    /// What applies otherwise.
    #[prop_or_default]
    pub fallback: Option<Fallback>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// Whether it stays in the text when it is emptied, as something that is missing.
    #[prop_or_default]
    pub kept: bool,
    /// What it is called, unless that is its key.
    #[prop_or_default]
    pub label: Option<&'static str>,
}

/// One value of a scenario: a label, a native input, what it means, and what is wrong with it.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let inputs = use_context::<Inputs>();
    // What is being typed: the text keeps no spaces at its ends, the field has to.
    let draft = use_state(|| None::<AttrValue>);
    let (Some(inputs), Some(row)) = (inputs, inputs::field(props.section, props.key_name)) else {
        return html! {};
    };
    let id = id_of(&props.path);
    let fallback = props.fallback.clone().unwrap_or_else(|| Fallback {
        value: row.default.trim_matches('"').to_owned(),
        ..Fallback::default()
    });
    let renaming = inputs.clone();
    let write = {
        let (path, required) = (props.path.clone(), row.required || props.kept);
        let there = props.value.is_some();
        Callback::from(move |value: String| {
            if !value.trim().is_empty() || required {
                inputs.set(&path, &value);
            } else if there {
                inputs.remove(&path);
            }
        })
    };
    // What others refer to by a name follows it, so that it is taken as a whole and not letter by letter.
    let is_name = matches!(props.key_name, "name" | "group");
    let counts = counts(&row);
    let read = move |typed: &str| if counts { ungrouped(typed) } else { typed.trim().to_owned() };
    let shown = props.value.clone().unwrap_or_default();
    let shown = match &*draft {
        Some(draft) if read(draft) == read(&shown) || props.value.is_none() || is_name => {
            draft.clone()
        }
        _ if counts => grouped(&shown).into(),
        _ => shown,
    };
    let wrong = !props.faults.is_empty();
    let described =
        format!("{id}-help{}", if wrong { format!(" {id}-fault") } else { String::new() });
    let choices = choices(&row, &fallback);
    let control = if choices.is_empty() {
        let oninput = {
            let (draft, write) = (draft.clone(), write.clone());
            move |event: InputEvent| {
                let value = event.target_unchecked_into::<HtmlInputElement>().value();
                if !is_name {
                    write.emit(read(&value));
                }
                draft.set(Some(value.into()));
            }
        };
        let onchange = {
            let (inputs, path, section) = (renaming, props.path.clone(), props.section);
            let old = props.value.clone().unwrap_or_default();
            move |event: Event| {
                let new = event.target_unchecked_into::<HtmlInputElement>().value();
                if is_name && new.trim() != &*old {
                    inputs.rename(section, &path, &old, new.trim());
                }
            }
        };
        let onblur = move |_| draft.set(None);
        let kind = if matches!(row.form, Form::Date) { "date" } else { "text" };
        html! {
            <input
                id={id.clone()}
                type={kind}
                value={shown}
                placeholder={fallback.value.clone()}
                aria-invalid={wrong.to_string()}
                aria-describedby={described}
                autocomplete="off"
                spellcheck="false"
                {oninput}
                {onchange}
                {onblur}
            />
        }
    } else {
        let onchange = move |event: Event| {
            write.emit(event.target_unchecked_into::<HtmlSelectElement>().value());
        };
        html! {
            <select id={id.clone()} aria-invalid={wrong.to_string()} aria-describedby={described} {onchange}>
                for (value, text) in choices {
                    <option value={value.clone()} selected={*value == *shown}>{ text }</option>
                }
            </select>
        }
    };
    html! {
        <div class={classes!("field", wrong.then_some("wrong"), props.value.is_some().then_some("own"))}>
            <span class="label">
                <label for={id.clone()}>{ props.label.map_or_else(|| inputs::label(props.key_name), str::to_owned) }</label>
            </span>
            { control }
            { help(&id, &row, &fallback) }
            if wrong {
                <div class="fault" id={format!("{id}-fault")}>
                    for fault in &props.faults {
                        <p>{ prose(&fault.message) }if let Some(hint) = &fault.hint { <span class="hint">{ "; " }{ prose(hint) }</span> }</p>
                    }
                </div>
            }
        </div>
    }
}

/// Whether a value is a whole number, which people read better with its thousands apart.
fn counts(row: &Row) -> bool {
    match row.form {
        Form::Count { .. } => true,
        Form::Setting(parameter) => matches!(parameter.kind, Kind::Count),
        _ => false,
    }
}

/// A whole number with a space between thousands, which nobody takes for a decimal mark; anything else as it is.
pub fn grouped(written: &str) -> String {
    let digits = ungrouped(written);
    match digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => separated(&digits).replace(',', " "),
        false => written.to_owned(),
    }
}

/// A whole number as a file writes it; what is none as it was typed.
pub fn ungrouped(typed: &str) -> String {
    let apart = |letter: &char| letter.is_whitespace() || *letter == '_';
    let digits: String = typed.chars().filter(|letter| !apart(letter)).collect();
    match digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => digits,
        // What is no number stays as it was typed, for whoever has to mend it.
        false => typed.trim().to_owned(),
    }
}

/// What a value means, what applies without it, what is plausible, and who says so: under the pointer, or with the focus.
fn help(id: &str, row: &Row, fallback: &Fallback) -> Html {
    // What covers other things goes with a key.
    let close = |event: KeyboardEvent| {
        if event.key() == "Escape" {
            drop(event.target_unchecked_into::<HtmlElement>().blur());
        }
    };
    html! {
        <span class="help">
            <button type="button" class="ask" onkeydown={close} aria-label={format!("About {}", inputs::label(row.key).to_ascii_lowercase())} aria-describedby={format!("{id}-help")}>{ "?" }</button>
            <span class="tip" role="tooltip" id={format!("{id}-help")}>
                { prose(row.doc) }
                if !fallback.value.is_empty() {
                    <span class="line">{ "Default: " }{ &fallback.value }</span>
                }
                if !fallback.range.is_empty() {
                    <span class="line">{ "Plausible: " }{ &fallback.range }</span>
                }
                if !fallback.source.is_empty() {
                    <span class="line">{ "Source: " }{ &fallback.source }</span>
                }
                if !row.example.is_empty() {
                    <span class="line">{ "For example: " }<code>{ row.example.trim_matches('"') }</code></span>
                }
            </span>
        </span>
    }
}

/// The values of a choice with the words for them; none where anything can be written.
fn choices(row: &Row, fallback: &Fallback) -> Vec<(AttrValue, String)> {
    let words: Vec<&str> = match row.form {
        Form::Choice(words) => words.to_vec(),
        Form::Flag => vec!["true", "false"],
        Form::Setting(parameter) => match parameter.kind {
            Kind::Choice(words) => words.to_vec(),
            Kind::Flag => vec!["true", "false"],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    if words.is_empty() {
        return Vec::new();
    }
    let said = |word: &str| match word {
        "true" => "yes".to_owned(),
        "false" => "no".to_owned(),
        word => word.to_owned(),
    };
    let default = match fallback.value.as_str() {
        "" => "–".to_owned(),
        value => format!("default: {}", said(value)),
    };
    let first = (!row.required).then(|| (AttrValue::default(), default));
    let each = words.iter().map(|word| ((*word).to_owned().into(), said(word)));
    first.into_iter().chain(each).collect()
}

/// An identifier for a path: what is no letter or digit is written in hexadecimal.
pub fn id_of(path: &str) -> String {
    let letter = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => letter.to_string(),
        '.' => "-".to_owned(),
        other => format!("-{:x}-", u32::from(other)),
    };
    format!("in-{}", path.chars().map(letter).collect::<String>())
}

/// Fields of a section by their keys; keys that it does not know are left out.
pub fn fields(inputs: &Inputs, outline: &Outline, keys: &[&'static str]) -> Html {
    keys.iter().map(|key| one(inputs, outline, key, None, None)).collect()
}

/// Fields that say what the section is: emptied, they are missing, and stay in sight.
pub fn kept(inputs: &Inputs, outline: &Outline, keys: &[&'static str]) -> Html {
    keys.iter()
        .map(|key| shown(inputs, outline, key, Said { kept: true, ..Said::default() }))
        .collect()
}

/// One field of a section.
pub fn one(
    inputs: &Inputs,
    outline: &Outline,
    key: &'static str,
    label: Option<&'static str>,
    fallback: Option<Fallback>,
) -> Html {
    shown(inputs, outline, key, Said { label, fallback, kept: false })
}

/// What is said about a field beside its key.
#[derive(Default)]
struct Said {
    label: Option<&'static str>,
    fallback: Option<Fallback>,
    kept: bool,
}

fn shown(inputs: &Inputs, outline: &Outline, key: &'static str, said: Said) -> Html {
    let Some(path) = outline.path_of(key) else { return html! {} };
    let value = outline.value(key).map(|value| AttrValue::from(value.to_owned()));
    html! {
        <Field
            key={path.clone()}
            section={outline.section}
            key_name={key}
            path={path.clone()}
            {value}
            fallback={said.fallback}
            faults={inputs.faults_of(outline, key)}
            label={said.label}
            kept={said.kept}
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart_and_commas_stay_what_they_are() {
        assert_eq!(grouped("30_000_000"), "30 000 000");
        assert_eq!(grouped("12"), "12");
        assert_eq!(grouped("1,200.50"), "1,200.50");
        assert_eq!(ungrouped("30 000 000"), "30000000");
        assert_eq!(ungrouped("1,200.50"), "1,200.50");
        assert_eq!(ungrouped("8 million "), "8 million");
    }
}
