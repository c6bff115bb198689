use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::answer::Asked;
use super::{prose, scrolling};
use crate::desk::{Desk, Lane};
use page_engine::protocol::{Explained, Told, What};

#[derive(Clone, PartialEq, Properties)]
pub struct WhyProps {
    /// The scenario.
    pub text: Rc<str>,
    /// Who is asked.
    pub desk: Desk,
    /// What is asked about; nothing keeps it closed.
    pub asked: Option<Asked>,
    /// Called when it is closed.
    pub close: Callback<()>,
}

/// Why a number is what it is: formula, inputs with where they come from, steps, and the price with its source and date.
#[component]
pub fn Why(props: &WhyProps) -> Html {
    let dialog = use_node_ref();
    let lines = use_state(|| None::<Result<Vec<Explained>, String>>);
    {
        let (dialog, lines) = (dialog.clone(), lines.clone());
        use_effect_with(
            (props.text.clone(), props.asked.clone(), props.desk.clone()),
            move |(text, asked, desk)| {
                let Some(element) = dialog.cast::<HtmlDialogElement>() else { return };
                let Some(Asked { platform, .. }) = asked else { return };
                lines.set(None);
                if !element.open() {
                    // Where a browser shows no dialogs, the explanation stands in the page.
                    drop(element.show_modal());
                }
                let what = What::Why { platform: platform.clone() };
                let then = Callback::from(move |told| match told {
                    Told::Why(all) => lines.set(Some(Ok(all))),
                    Told::Nothing(why) => lines.set(Some(Err(why))),
                    _ => {}
                });
                desk.ask(Lane::Quick, "why", text, what, then);
            },
        );
    }
    let onclose = props.close.reform(|_: Event| ());
    let close = {
        let dialog = dialog.clone();
        move |_| {
            if let Some(element) = dialog.cast::<HtmlDialogElement>() {
                element.close();
            }
        }
    };
    let title = match &props.asked {
        Some(Asked { platform, component, amount }) => match component.as_str() {
            "" => format!("Why {platform} costs {amount}"),
            component => format!("Why {platform} pays {amount} for {component}"),
        },
        None => String::new(),
    };
    let wanted = props.asked.as_ref().map(|asked| asked.component.clone()).unwrap_or_default();
    html! {
        <dialog ref={dialog} class="why-dialog" aria-labelledby="why-title" {onclose}>
            <div class="head">
                <h2 id="why-title">{ title }</h2>
                <button type="button" onclick={close}>{ "Close" }</button>
            </div>
            { match &*lines {
                None => html! { <p class="quiet">{ "Working it out…" }</p> },
                Some(Err(why)) => html! { <p class="fault">{ prose(why) }</p> },
                Some(Ok(lines)) => {
                    let lines: Vec<&Explained> =
                        lines.iter().filter(|line| wanted.is_empty() || line.component == wanted).collect();
                    // One stands open, to be read; of several one sees first what adds up.
                    let several = lines.len() > 2;
                    html! {
                        for line in lines {
                            { explained(line, several) }
                        }
                    }
                }
            } }
        </dialog>
    }
}

fn explained(line: &Explained, folded: bool) -> Html {
    let inputs = html! {
        <table class="dense">
            <caption><span>{ "What goes in" }</span></caption>
            <thead><tr>
                for head in ["", "What", "Value", "From"] {
                    <th scope="col">{ if head.is_empty() { "Symbol" } else { head } }</th>
                }
            </tr></thead>
            <tbody>
                for [symbol, name, value, origin] in &line.inputs {
                    <tr><td><code>{ symbol }</code></td><td>{ name }</td><td class="number">{ value }</td><td>{ prose(origin) }</td></tr>
                }
            </tbody>
        </table>
    };
    html! {
        <details class="explained" open={!folded}>
            <summary><strong>{ &line.title }</strong><span class="cost">{ &line.cost }</span></summary>
            <p>{ prose(&line.what) }</p>
            <p class="formula">{ &line.words }<br /><code>{ &line.formula }</code></p>
            { scrolling(format!("What goes into {}", line.title), inputs) }
            <ol class="steps">
                for step in &line.steps {
                    <li>{ step }</li>
                }
            </ol>
            <dl class="price">
                for (name, value) in &line.price {
                    <div><dt>{ name }</dt><dd>{ prose(value) }</dd></div>
                }
                <div><dt>{ "Grows with" }</dt><dd>{ &line.grows_with }</dd></div>
            </dl>
        </details>
    }
}
