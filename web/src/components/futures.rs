use std::cell::Cell;
use std::rc::Rc;

use yew::prelude::*;

use super::pick::{into_state, pick, pick_name};
use super::plot::table;
use super::{Choice, prose, scrolling};
use crate::desk::{Desk, Lane};
use crate::download;
use crate::inputs::Inputs;
use crate::levers::interval;
use page_engine::protocol::{Drawn, Later, Sheet, Told, Tornado, What};

#[derive(Clone, Properties)]
pub struct FuturesProps {
    /// The scenario.
    pub text: Rc<str>,
    /// Its answer.
    pub sheet: Rc<Sheet>,
    /// Who runs futures.
    pub desk: Desk,
}

impl PartialEq for FuturesProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.sheet, &other.sheet)
    }
}

/// What there is of the futures of a scenario.
#[derive(Clone, PartialEq)]
enum Progress {
    Nothing,
    Running(usize, usize),
    Done(Rc<Drawn>),
    Failed(String),
}

/// Futures of the scenario's intervals: a button that runs them, how far they are, and what they come to.
#[component]
pub fn FuturesOf(props: &FuturesProps) -> Html {
    let told = use_state(|| Progress::Nothing);
    let steady = use_state(|| true);
    let platform = use_state(String::new);
    // Counts what was begun and stopped: an answer to what is no longer wanted begins nothing.
    let turn = use_memo((), |()| Cell::new(0_u32));
    {
        let (told, turn) = (told.clone(), turn.clone());
        use_effect_with((props.text.clone(), *steady), move |_| {
            turn.set(turn.get() + 1);
            told.set(Progress::Nothing);
        });
    }
    let begin = {
        let (props, told, turn, steady) = (props.clone(), told.clone(), turn.clone(), *steady);
        move |_| {
            turn.set(turn.get() + 1);
            told.set(Progress::Running(0, props.sheet.futures as usize));
            let told = told.clone();
            let heard = Callback::from(move |heard| told.set(heard));
            run(Run { props: props.clone(), steady, turn: turn.clone(), of: turn.get(), heard });
        }
    };
    let stop = {
        let (told, turn) = (told.clone(), turn.clone());
        move |_| {
            turn.set(turn.get() + 1);
            told.set(Progress::Nothing);
        }
    };
    let choose = {
        let steady = steady.clone();
        Callback::from(move |chosen| steady.set(chosen))
    };
    let take = |csv: bool| {
        let (props, steady) = (props.clone(), *steady);
        move |_| {
            let then = Callback::from(|told| {
                if let Told::File(file) = told {
                    download::file(&file);
                }
            });
            let what = What::Later(Later::FuturesFile { steady, csv });
            props.desk.ask(Lane::Long, "futures-file", &props.text, what, then);
        }
    };
    let count = props.sheet.futures;
    let options = vec![(true, "a steady month"), (false, "the whole horizon")];
    let running = matches!(*told, Progress::Running(..));
    html! {
        <>
            <Uncertain />
            if count > 0 {
                <div class="choices">
                    <Choice<bool> legend="Plan in each future" {options} value={*steady} {choose} />
                </div>
                <p class="actions">
                    <button type="button" class="primary" id="futures-run" onclick={begin} disabled={running}>{ format!("Run {count} futures") }</button>
                    if running {
                        <button type="button" id="futures-stop" onclick={stop}>{ "Stop" }</button>
                    }
                </p>
            }
            <div aria-live="polite" data-futures={match &*told { Progress::Done(_) => "done", Progress::Running(..) => "running", _ => "none" }}>
                { match &*told {
                    Progress::Nothing => html! {},
                    Progress::Running(done, of) => html! {
                        <p><label>{ "Futures run " }<progress value={done.to_string()} max={of.to_string()} /></label></p>
                    },
                    Progress::Failed(why) => html! { <p class="fault">{ prose(why) }</p> },
                    Progress::Done(drawn) => html! {
                        for (index, sentence) in drawn.sentences.iter().enumerate() {
                            <p class={if index == 0 { "headline" } else { "" }}>{ prose(sentence) }</p>
                        }
                    },
                } }
            </div>
            if let Progress::Done(drawn) = &*told {
                { for drawn.tables.iter().map(table) }
                { tornados(drawn, &platform) }
                <p class="actions files">
                    <button type="button" data-file="futures-csv" onclick={take(true)}>{ "Every future, CSV" }</button>
                    <button type="button" data-file="futures-json" onclick={take(false)}>{ "What they come to, JSON" }</button>
                </p>
            }
        </>
    }
}

/// Futures that are being run.
struct Run {
    props: FuturesProps,
    steady: bool,
    turn: Rc<Cell<u32>>,
    of: u32,
    heard: Callback<Progress>,
}

/// Asks for the next few futures, and again until there are all.
fn run(begun: Run) {
    let (desk, text) = (begun.props.desk.clone(), begun.props.text.clone());
    let what = What::Later(Later::Futures { steady: begun.steady });
    let next = Cell::new(Some(begun));
    let then = Callback::from(move |told| {
        let Some(begun) = next.take().filter(|begun| begun.turn.get() == begun.of) else { return };
        match told {
            Told::Futures(drawn) if drawn.done < drawn.of => {
                begun.heard.emit(Progress::Running(drawn.done, drawn.of));
                run(begun);
            }
            Told::Futures(drawn) => begun.heard.emit(Progress::Done(Rc::new(*drawn))),
            Told::Nothing(why) => begun.heard.emit(Progress::Failed(why)),
            Told::Wrong(faults) => {
                let first = faults.first().map(|fault| fault.message.clone());
                begun.heard.emit(Progress::Failed(first.unwrap_or_default()));
            }
            _ => {}
        }
    });
    desk.ask(Lane::Long, "futures", &text, what, then);
}

/// What each platform depends on, one at a time.
fn tornados(drawn: &Drawn, platform: &UseStateHandle<String>) -> Html {
    let chosen = |name: &str| drawn.tornados.iter().find(|one| one.platform == name);
    let shown = chosen(platform).or_else(|| chosen(&drawn.best)).or(drawn.tornados.first());
    let Some(shown) = shown else { return html! {} };
    let names = drawn.tornados.iter().map(|one| &one.platform);
    html! {
        <>
            { pick_name("futures-platform", "What it depends on, for", names, &shown.platform, into_state(platform)) }
            { tornado(shown) }
            { for shown.more.iter().map(table) }
        </>
    }
}

/// A row for each input, with a bar from its low to its high end.
fn tornado(shown: &Tornado) -> Html {
    let rows = shown.table.rows.iter().zip(&shown.bars).map(|(row, bar)| {
        html! {
            <tr>
                <th scope="row">{ row.first() }</th>
                for cell in row.iter().skip(1) {
                    <td class="number">{ cell }</td>
                }
                <td>
                    if let Some((from, to)) = bar {
                        <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                            <rect class="all" width="100" height="4" />
                            <rect class="used" x={format!("{:.1}", from * 100.0)} width={format!("{:.1}", ((to - from) * 100.0).max(1.0))} height="4" />
                        </svg>
                    }
                </td>
            </tr>
        }
    });
    scrolling(
        shown.table.caption.clone(),
        html! {
            <table class="dense tornado">
                <caption><span>{ format!("{}: {}", shown.platform, shown.table.caption) }</span></caption>
                <thead><tr>
                    for (index, head) in shown.table.columns.iter().enumerate() {
                        <th scope="col" class={classes!((index > 0).then_some("number"))}>{ head }</th>
                    }
                    <th scope="col">{ "from low to high" }</th>
                </tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
        },
    )
}

/// How far a quantity may be off: its tenth and its ninetieth percentile, in multiples of what is planned.
const SPREADS: [(&str, f64, f64); 3] = [
    ("a quarter less to a quarter more", 0.75, 1.25),
    ("half to twice as much", 0.5, 2.0),
    ("a fifth to five times as much", 0.2, 5.0),
];

/// The spread that is offered first.
const USUAL: usize = 1;

/// Values of streams that people are seldom sure of.
const OPEN: [&str; 7] =
    ["sources", "every", "records", "produce", "record", "compression", "retention"];

/// Makes an interval of a quantity that is certain.
#[component]
fn Uncertain() -> Html {
    let inputs = use_context::<Inputs>();
    let path = use_state(String::new);
    let spread = use_state(|| USUAL.to_string());
    let Some((inputs, outline)) = inputs.and_then(|inputs| Some((inputs.clone(), inputs.outline?)))
    else {
        return html! {};
    };
    let certain: Vec<(String, String)> = outline
        .sections("stream")
        .flat_map(|stream| {
            OPEN.into_iter().filter_map(|key| {
                let value = stream.value(key).filter(|value| !value.contains(".."))?;
                Some((stream.path_of(key)?, value.to_owned()))
            })
        })
        .collect();
    let Some(chosen) = certain.iter().find(|(one, _)| *one == *path).or(certain.first()) else {
        return html! { <p class="quiet">{ "Every quantity of a stream is an interval." }</p> };
    };
    let (_, low, high) = SPREADS[spread.parse().unwrap_or(USUAL)];
    let made = interval(&chosen.1, low, high);
    let write = {
        let (inputs, chosen, made) = (inputs.clone(), chosen.0.clone(), made.clone());
        move |_| {
            if let Some(made) = &made {
                inputs.set(&chosen, made);
            }
        }
    };
    let paths = certain.iter().map(|(one, value)| (one.clone(), format!("{one}: {value}")));
    let spreads = SPREADS.iter().enumerate();
    let spreads = spreads.map(|(index, (name, _, _))| (index.to_string(), (*name).to_owned()));
    html! {
        <>
            <p>{ "A value of any field above can be an interval: its tenth, fiftieth and ninetieth percentile with two dots between, such as " }<code>{ "20 MiB/s .. 40 MiB/s .. 90 MiB/s" }</code>{ ". Everything else on this page plans the middle." }</p>
            <div class="choices">
                { pick("uncertain-path", "Not sure of", paths, &chosen.0, into_state(&path)) }
                { pick("uncertain-spread", "It may be", spreads, &spread, into_state(&spread)) }
            </div>
            <p class="actions">
                <button type="button" id="uncertain-make" onclick={write} disabled={made.is_none()}>{ "Make it an interval" }</button>
                if let Some(made) = &made {
                    <span class="quiet"><code>{ made }</code></span>
                }
            </p>
        </>
    }
}
