use web_sys::HtmlDetailsElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct FoldProps {
    /// Its classes.
    pub class: &'static str,
    /// What stands on it.
    pub summary: Html,
    /// The platform that it is about.
    #[prop_or_default]
    pub platform: Option<AttrValue>,
    /// What is in it.
    pub children: Html,
}

/// Something to unfold. What is in it is made when somebody opens it for the first time: most of a page's fields are folded.
#[component]
pub fn Fold(props: &FoldProps) -> Html {
    let opened = use_state(|| false);
    let ontoggle = {
        let opened = opened.clone();
        move |event: Event| {
            // Folds within it tell of themselves here too; then this one is open.
            if event.target_unchecked_into::<HtmlDetailsElement>().open() {
                opened.set(true);
            }
        }
    };
    html! {
        <details class={props.class} data-platform={props.platform.clone()} {ontoggle}>
            <summary>{ props.summary.clone() }</summary>
            if *opened {
                { props.children.clone() }
            }
        </details>
    }
}
