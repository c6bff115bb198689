//! A workbook as a file that spreadsheets open: Office Open XML, the same bytes for the same description.
//!
//! Nothing here knows what a cell means: what is written is a [`Workbook`], as it stands. Text is written as text, and what
//! begins like a formula is marked so that it stays text when its cell is edited. Formulas carry what they come to, so that
//! whoever does not calculate reads the same numbers.

use rust_xlsxwriter::{
    Chart as Drawn, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPatternFill,
    ChartPatternFillType, ChartSolidFill, ChartType, Color, ConditionalFormatCell,
    ConditionalFormatCellRule, DataValidation, DataValidationRule, DocProperties, ExcelDateTime,
    Format, FormatAlign, FormatBorder, FormatUnderline, Formula, Workbook as File, Worksheet,
    XlsxError,
};

use super::csv::is_formula;
use super::workbook::{
    Area, At, Chart, Content, Found, Kind, Role, Rule, Series, Sheet, Source, Style, Validation,
    Workbook,
};
use crate::map::Map;

/// Why there is no file: more cells than a sheet has, or none of what a rule asks for.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct CannotWrite(#[from] XlsxError);

/// What a file says of its making where nobody does: the first moment that a ZIP archive knows.
const NO_MOMENT: &str = "1980-01-01T00:00:00Z";

/// The most characters that a cell holds, in Excel.
const TEXT_MAX: usize = 32_767;

/// A workbook as the bytes of a file.
///
/// # Errors
///
/// When it is more than a file can hold.
pub fn bytes(workbook: &Workbook) -> Result<Vec<u8>, CannotWrite> {
    let mut file = File::new();
    let created = workbook.created.as_deref().unwrap_or(NO_MOMENT);
    let moment = ExcelDateTime::parse_from_str(created.trim_end_matches('Z'))
        .or_else(|_| ExcelDateTime::parse_from_str(NO_MOMENT.trim_end_matches('Z')))?;
    let properties = DocProperties::new()
        .set_title(workbook.title.chars().take(PROPERTY_MAX).collect::<String>())
        .set_author("highwater")
        .set_creation_datetime(&moment);
    file.set_properties(&properties);
    for name in &workbook.names {
        file.define_name(&name.name, &format!("={}", name.at.on(&name.sheet)))?;
    }
    let mut looks = Looks { decimals: workbook.decimals, known: Map::new() };
    for sheet in &workbook.sheets {
        let page = file.add_worksheet();
        write(page, sheet, &mut looks)?;
    }
    Ok(file.save_to_buffer()?)
}

/// Room on the left of a picture, in pixels.
const MARGIN: u32 = 12;

/// Heights of rows, in points.
const LINE_HEIGHT: f64 = 15.0;
const TITLE_HEIGHT: f64 = 24.0;
const HEADING_HEIGHT: f64 = 19.0;

/// Characters of a title of a file.
const PROPERTY_MAX: usize = 255;

fn write(page: &mut Worksheet, sheet: &Sheet, looks: &mut Looks) -> Result<(), XlsxError> {
    page.set_name(&sheet.name)?;
    // What comes to no text comes to that, and not to zero.
    page.set_formula_result_default("");
    for (column, width) in (0..).zip(&sheet.widths) {
        page.set_column_width(column, *width)?;
    }
    if sheet.is_input {
        page.set_tab_color(Color::RGB(INPUT));
    }
    for cell in &sheet.cells {
        let quoted = matches!(&cell.content, Content::Text(text) if is_formula(text));
        let look = looks.of(cell.style, quoted);
        let At { row, column } = cell.at;
        match &cell.content {
            Content::Blank => page.write_blank(row, column, look)?,
            Content::Text(text) => page.write_string_with_format(row, column, held(text), look)?,
            Content::Number(number) => page.write_number_with_format(row, column, *number, look)?,
            Content::Flag(flag) => page.write_boolean_with_format(row, column, *flag, look)?,
            Content::Formula { text, result } => {
                let formula = Formula::new(text).set_result(said(result));
                page.write_formula_with_format(row, column, formula, look)?
            }
        };
    }
    for area in &sheet.wide {
        merge(page, sheet, *area, looks)?;
    }
    heights(page, sheet)?;
    let At { row, column } = sheet.frozen;
    page.set_freeze_panes(row, column)?;
    if let Some(area) = sheet.filter {
        page.autofilter(area.first.row, area.first.column, area.last.row, area.last.column)?;
    }
    for validation in &sheet.validations {
        let At { row, column } = validation.at;
        page.add_data_validation(row, column, row, column, &rule(validation)?)?;
    }
    let alarm = Format::new().set_background_color(Color::RGB(ALARM)).set_bold();
    let alarm = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::EqualTo(false))
        .set_format(alarm);
    for Area { first, last } in &sheet.alarms {
        page.add_conditional_format(first.row, first.column, last.row, last.column, &alarm)?;
    }
    for chart in &sheet.charts {
        let At { row, column } = chart.at;
        page.insert_chart_with_offset(row, column, &drawn(chart)?, MARGIN, 0)?;
    }
    print(page, sheet)
}

/// Makes cells one, with what the first of them holds.
fn merge(
    page: &mut Worksheet,
    sheet: &Sheet,
    Area { first, last }: Area,
    looks: &mut Looks,
) -> Result<(), XlsxError> {
    let Some(cell) = sheet.cells.iter().find(|cell| cell.at == first) else { return Ok(()) };
    let text = match &cell.content {
        Content::Text(text) => held(text),
        _ => String::new(),
    };
    let look = looks.of(cell.style, is_formula(&text));
    page.merge_range(first.row, first.column, last.row, last.column, &text, look)?;
    if let Content::Formula { text, result } = &cell.content {
        let formula = Formula::new(text).set_result(said(result));
        page.write_formula_with_format(first.row, first.column, formula, look)?;
    }
    Ok(())
}

/// Rows are as high as what is large in them; nobody measures text when a file is opened.
fn heights(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let mut heights: Map<u32, f64> = Map::new();
    for cell in &sheet.cells {
        let height = match cell.style.kind {
            Kind::Title => TITLE_HEIGHT,
            Kind::Heading => HEADING_HEIGHT,
            Kind::Header | Kind::HeaderRight | Kind::Wrapped | Kind::Remark => {
                let wide = sheet.wide.iter().find(|area| area.first == cell.at);
                let area = wide.copied().unwrap_or(Area::cell(cell.at));
                LINE_HEIGHT * f64::from(lines(shown(&cell.content), sheet.width(area)))
            }
            _ => continue,
        };
        let known = heights.or_default(cell.at.row);
        *known = known.max(height);
    }
    for (&row, &height) in heights.iter() {
        page.set_row_height(row, height)?;
    }
    Ok(())
}

/// What a cell shows, where that is text.
fn shown(content: &Content) -> &str {
    match content {
        Content::Text(text) | Content::Formula { result: Found::Text(text), .. } => text,
        _ => "",
    }
}

/// Lines that a text takes in a cell of so many characters, broken between words; at most so many that a row can hold.
fn lines(text: &str, width: f64) -> u32 {
    let room = ((width - ROOM) * LETTERS).max(1.0) as usize;
    let mut lines = 0;
    for line in text.split('\n') {
        lines += 1;
        let mut used = 0;
        for word in line.split(' ') {
            let letters = word.chars().count();
            if used > 0 && used + 1 + letters > room {
                lines += 1;
                used = 0;
            }
            used += letters + usize::from(used > 0);
            lines += used.saturating_sub(1) / room;
            used -= used.saturating_sub(1) / room * room;
        }
    }
    (lines as u32).clamp(1, LINES_MAX)
}

/// What of a column's width its text cannot use, in characters: the indent, and the edges.
const ROOM: f64 = 1.5;
/// Letters for each digit that a cell is wide: most are narrower, bold ones less so.
const LETTERS: f64 = 1.05;
/// The most lines of a row: Excel's are at most 409 points high.
const LINES_MAX: u32 = 27;

/// Text as long as a cell can hold it.
fn held(text: &str) -> String {
    // Excel counts in units of UTF-16.
    let mut length = 0;
    let fits = |letter: &char| {
        length += letter.len_utf16();
        length <= TEXT_MAX
    };
    text.chars().take_while(fits).collect()
}

/// How the library takes a result: a number as its digits, the others as they are.
fn said(result: &Found) -> String {
    match result {
        Found::Number(number) => number.to_string(),
        Found::Text(text) => text.clone(),
        Found::Flag(true) => "TRUE".to_owned(),
        Found::Flag(false) => "FALSE".to_owned(),
    }
}

fn rule(validation: &Validation) -> Result<DataValidation, XlsxError> {
    let rule = DataValidation::new();
    let rule = match &validation.rule {
        Rule::Between(low, high) => {
            rule.allow_decimal_number(DataValidationRule::Between(*low, *high))
        }
        Rule::Whole(low, high) => rule.allow_whole_number(DataValidationRule::Between(*low, *high)),
        Rule::OneOf(Area { first, last }) => {
            let list = format!("={}:{}", first.fixed(), last.fixed());
            rule.allow_list_formula(Formula::new(list))
        }
        Rule::Text(longest) => rule.allow_text_length(DataValidationRule::Between(1, *longest)),
    };
    rule.set_error_title("This cannot be")?.set_error_message(&validation.message)
}

fn print(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    page.set_paper_size(A4);
    page.set_print_fit_to_pages(sheet.pages_wide.max(1), 0);
    if sheet.pages_wide > 1 && sheet.frozen.column > 0 {
        page.set_repeat_columns(0, sheet.frozen.column - 1)?;
    }
    if let Some(Area { first, last }) = sheet.printed {
        page.set_print_area(first.row, first.column, last.row, last.column)?;
    }
    page.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    page.set_footer("&L&F · &A&RPage &P of &N");
    if sheet.landscape {
        page.set_landscape();
    }
    if let Some(row) = sheet.printed_header {
        page.set_repeat_rows(row, row)?;
    }
    page.set_screen_gridlines(false);
    Ok(())
}

/// Colours: yellow and blue for what is to be changed, as is usual in finance; grey for what the engine computed.
const INPUT: u32 = 0xFFF2CC;
const INPUT_TEXT: u32 = 0x0000C0;
const ENGINE: u32 = 0xEDEDED;
const HEADER: u32 = 0x1F3864;
const RULE: u32 = 0xBFBFBF;
const NOTE: u32 = 0x595959;
const ALARM: u32 = 0xF4B6B6;
const WARNING: u32 = 0xB00020;

/// Formats, made once each.
struct Looks {
    decimals: u32,
    known: Map<(Style, bool), Format>,
}

impl Looks {
    fn of(&mut self, style: Style, quoted: bool) -> &Format {
        let decimals = self.decimals;
        self.known.or_insert_with((style, quoted), || {
            let look = look(style, decimals);
            if quoted { look.set_quote_prefix() } else { look }
        })
    }
}

fn look(style: Style, decimals: u32) -> Format {
    let look = Format::new().set_align(FormatAlign::Top);
    let look = match style.kind {
        Kind::Text => look.set_align(FormatAlign::Left).set_indent(1),
        Kind::Wrapped => look.set_align(FormatAlign::Left).set_text_wrap().set_indent(1),
        Kind::Title => look.set_bold().set_font_size(16).set_font_color(Color::RGB(HEADER)),
        Kind::Heading => look.set_bold().set_font_size(12).set_font_color(Color::RGB(HEADER)),
        Kind::Note => look.set_font_color(Color::RGB(NOTE)),
        Kind::Remark => {
            look.set_align(FormatAlign::Left).set_text_wrap().set_font_color(Color::RGB(NOTE))
        }
        Kind::Warning => look.set_bold().set_font_color(Color::RGB(WARNING)),
        Kind::Header => header(look).set_align(FormatAlign::Left).set_indent(1),
        Kind::HeaderRight => header(look).set_align(FormatAlign::Right),
        Kind::Unit => look.set_align(FormatAlign::Right),
        Kind::Whole => look.set_num_format("#,##0"),
        Kind::Quantity => look.set_num_format("#,##0.00####"),
        Kind::Money => look.set_num_format(money(2)),
        Kind::Converted => look.set_num_format(money(decimals)),
        Kind::UnitPrice => look.set_num_format("0.00##########"),
        Kind::Percent => look.set_num_format("0.0##%"),
        Kind::Exchange => look.set_num_format("0.0000##"),
        Kind::Flag => look.set_align(FormatAlign::Center),
    };
    match style.role {
        Role::Plain => look,
        Role::Input => look
            .set_background_color(Color::RGB(INPUT))
            .set_font_color(Color::RGB(INPUT_TEXT))
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(RULE)),
        Role::Engine => look.set_background_color(Color::RGB(ENGINE)),
        Role::Total => look.set_bold().set_border_top(FormatBorder::Thin),
    }
}

fn header(look: Format) -> Format {
    look.set_bold()
        .set_font_color(Color::White)
        .set_background_color(Color::RGB(HEADER))
        .set_text_wrap()
        .set_underline(FormatUnderline::None)
}

/// Money to so many decimals.
fn money(decimals: u32) -> String {
    match decimals {
        0 => "#,##0".to_owned(),
        decimals => format!("#,##0.{}", "0".repeat(decimals as usize)),
    }
}

fn drawn(chart: &Chart) -> Result<Drawn, XlsxError> {
    let kind = if chart.is_stacked { ChartType::ColumnStacked } else { ChartType::Line };
    let mut drawn = Drawn::new(kind);
    for series in &chart.series {
        let mut look = fill(series, chart.is_stacked);
        let one = drawn.add_series();
        one.set_name(&*reference(&series.name))
            .set_values(&*reference(&series.values))
            .set_categories(&*reference(&chart.categories))
            .set_format(&mut look);
        if chart.is_stacked {
            one.set_gap(GAP).set_overlap(100);
        }
    }
    let mut title = ChartFont::new();
    title.set_size(TITLE_SIZE).set_bold();
    drawn.title().set_name(&chart.title).set_font(&title);
    drawn.y_axis().set_name(&*reference(&chart.unit)).set_num_format("#,##0");
    if chart.series.len() > 1 {
        drawn.legend().set_position(ChartLegendPosition::Bottom);
    } else {
        drawn.legend().set_hidden();
    }
    drawn.set_width(chart.size.0).set_height(chart.size.1);
    drawn.set_alt_text(&chart.title);
    Ok(drawn)
}

/// Size of a picture's title, in points.
const TITLE_SIZE: f64 = 12.0;

/// Room between columns, in percent of one.
const GAP: u16 = 40;

fn fill(series: &Series, is_surface: bool) -> ChartFormat {
    let rgb = u32::from_str_radix(series.color.trim_start_matches('#'), 16).unwrap_or(0);
    let color = Color::RGB(rgb);
    let mut format = ChartFormat::new();
    if !is_surface {
        format.set_line(ChartLine::new().set_color(color).set_width(LINE));
    } else if series.is_hatched {
        let mut fill = ChartPatternFill::new();
        fill.set_pattern(ChartPatternFillType::DiagonalStripesWideUpwards)
            .set_foreground_color(color)
            .set_background_color(Color::RGB(tint(rgb)));
        format.set_pattern_fill(&fill);
    } else {
        let transparency = 100 - series.strength.min(100);
        format
            .set_solid_fill(ChartSolidFill::new().set_color(color).set_transparency(transparency));
    }
    format
}

/// A light shade of a colour, as if it were a third of it on white paper.
fn tint(rgb: u32) -> u32 {
    let part = |shift: u32| {
        let part = rgb >> shift & 0xFF;
        (0xFF - (0xFF - part) / 3) << shift
    };
    part(16) | part(8) | part(0)
}

/// Width of a line, in points.
const LINE: f64 = 2.25;

/// Cells as pictures name them.
fn reference(source: &Source) -> String {
    let Area { first, last } = source.area;
    if first == last {
        format!("={}", first.on(&source.sheet))
    } else {
        format!("={}", source.area.on(&source.sheet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_takes_the_lines_that_its_words_need() {
        // 1.05 letters for each of 20 characters, less 1.5: 19 of them.
        for (text, expected) in [
            ("", 1),
            ("nineteen characters", 1),
            ("twenty characters...", 2),
            ("two\nlines", 2),
            ("one two three four five", 2),
            (&*"x".repeat(39), 3),
            (&*"x ".repeat(10_000), 27),
        ] {
            assert_eq!(lines(text, 20.0), expected, "{text:.40}");
        }
    }
}
