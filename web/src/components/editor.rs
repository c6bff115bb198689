use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct EditorProps {
    /// The scenario.
    pub text: AttrValue,
    /// Where the field will be found.
    pub field: NodeRef,
    /// Called with the text after each change.
    pub edit: Callback<String>,
}

/// The scenario as text.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let edit = props.edit.clone();
    let oninput = move |event: InputEvent| {
        edit.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value());
    };
    html! {
        <>
            <label class="caption" for="scenario">{ "Scenario, in TOML: the answer follows as you type" }</label>
            <textarea
                id="scenario"
                ref={props.field.clone()}
                value={props.text.clone()}
                {oninput}
                rows="18"
                wrap="off"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
            />
        </>
    }
}
