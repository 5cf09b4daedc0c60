//! A frame as a picture for the documents: the buffer of a snapshot, its roles in the colours of a theme.

use crate::tui::role::Role;
use crate::tui::theme::Theme;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier, Style};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// Of a cell, in tenths of a pixel, and where text stands in it.
const WIDE: usize = 84;
const HIGH: usize = 170;
const BASE: usize = 125;
const MARGIN: usize = 80;

const PAPER: &str = "#161b22";
const INK: &str = "#e6edf3";

const ARMS: [(&str, [bool; 4]); 8] = [
    ("─", [true, true, false, false]),
    ("│", [false, false, true, true]),
    ("┌", [false, true, false, true]),
    ("┐", [true, false, false, true]),
    ("└", [false, true, true, false]),
    ("┘", [true, false, true, false]),
    ("├", [false, true, true, true]),
    ("┤", [true, false, true, true]),
];

/// In pixels.
fn px(tenths: usize) -> String {
    let (whole, part) = (tenths / 10, tenths % 10);
    match part {
        0 => whole.to_string(),
        part => format!("{whole}.{part}"),
    }
}

/// Drawn with [`Theme::indexed`], what lies under first.
fn style(cell: &Cell, theme: &Theme) -> Style {
    let role = |color| match color {
        Color::Indexed(n) => Role::ALL.get(usize::from(n)).copied(),
        _ => None,
    };
    let roles = [role(cell.bg), role(cell.fg)].into_iter().flatten();
    roles.fold(Style::new(), |style, role| style.patch(theme.style(role)))
}

fn color(color: Option<Color>, other: &str) -> String {
    match color {
        Some(Color::Rgb(r, g, b)) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => other.into(),
    }
}

/// Text and what is behind it; none where that is the paper.
fn colors(style: Style) -> (String, Option<String>) {
    let ink = color(style.fg, INK);
    let behind = style.bg.map(|bg| color(Some(bg), PAPER));
    match style.add_modifier.contains(Modifier::REVERSED) {
        true => (behind.unwrap_or(PAPER.into()), Some(ink)),
        false => (ink, behind),
    }
}

/// The lines of a frame are drawn, so that they meet.
fn line(symbol: &str, x: usize, y: usize) -> Option<String> {
    let (_, [left, right, up, down]) = ARMS.iter().find(|(known, _)| *known == symbol)?;
    let (mid_x, mid_y) = (x + WIDE / 2, y + HIGH / 2);
    let across = (
        if *left { x } else { mid_x },
        if *right { x + WIDE } else { mid_x },
    );
    let along = (
        if *up { y } else { mid_y },
        if *down { y + HIGH } else { mid_y },
    );
    let mut path = String::new();
    if across.0 < across.1 {
        write!(path, "M{} {}H{}", px(across.0), px(mid_y), px(across.1)).unwrap();
    }
    if along.0 < along.1 {
        write!(path, "M{} {}V{}", px(mid_x), px(along.0), px(along.1)).unwrap();
    }
    Some(path)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A part of a row that looks alike.
#[derive(Default)]
struct Run {
    from: usize,
    cells: usize,
    text: String,
    style: Style,
}

impl Run {
    fn paint(&self, y: usize, svg: &mut String) {
        let (ink, behind) = colors(self.style);
        if let Some(behind) = behind {
            let (x, wide) = (px(MARGIN + self.from * WIDE), px(self.cells * WIDE));
            let (y, high) = (px(y), px(HIGH));
            writeln!(
                svg,
                r#"<rect x="{x}" y="{y}" width="{wide}" height="{high}" fill="{behind}"/>"#
            )
            .unwrap();
        }
        let has = |modifier| self.style.add_modifier.contains(modifier);
        let looks = [
            (Modifier::BOLD, r#" font-weight="bold""#),
            (Modifier::UNDERLINED, r#" text-decoration="underline""#),
        ];
        let looks = looks.map(|(modifier, words)| if has(modifier) { words } else { "" });
        let looks = looks.concat();
        for (from, text) in words(&self.text) {
            let x = px(MARGIN + (self.from + from) * WIDE);
            let (y, wide, text) = (px(y + BASE), px(text.width() * WIDE), escaped(text));
            writeln!(
                svg,
                r#"<text x="{x}" y="{y}" textLength="{wide}" fill="{ink}"{looks}>{text}</text>"#
            )
            .unwrap();
        }
    }
}

/// The parts between two blanks or more, which a browser would make one, and at which cell each begins.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut parts = vec![];
    let mut from = 0;
    for part in text.split("  ") {
        let word = part.trim_start();
        let blanks = part.len() - word.len();
        if !word.trim().is_empty() {
            parts.push((from + blanks, word.trim_end()));
        }
        from += part.width() + 2;
    }
    parts
}

/// A row in runs; the paths of its frames go to `frames`, each with its colour.
fn runs(buffer: &Buffer, row: u16, theme: &Theme, frames: &mut Vec<(String, String)>) -> Vec<Run> {
    let mut runs: Vec<Run> = vec![];
    let mut column = 0;
    while column < buffer.area.width {
        let cell = &buffer[(column, row)];
        let (symbol, style) = (cell.symbol(), style(cell, theme));
        let (from, wide) = (usize::from(column), symbol.width().max(1));
        let (x, y) = (MARGIN + from * WIDE, MARGIN + usize::from(row) * HIGH);
        let path = line(symbol, x, y);
        let text = if path.is_some() { " " } else { symbol };
        if let Some(path) = path {
            let ink = colors(style).0;
            match frames.iter_mut().find(|(known, _)| *known == ink) {
                Some((_, all)) => all.push_str(&path),
                None => frames.push((ink, path)),
            }
        }
        match runs.last_mut() {
            Some(run) if run.style == style => {
                run.text.push_str(text);
                run.cells += wide;
            }
            _ => runs.push(Run {
                from,
                cells: wide,
                text: text.into(),
                style,
            }),
        }
        column += u16::try_from(wide).unwrap();
    }
    runs
}

/// The frame without what is around it.
fn content(buffer: &Buffer, theme: &Theme) -> String {
    let (mut svg, mut frames) = (String::new(), vec![]);
    for row in 0..buffer.area.height {
        let y = MARGIN + usize::from(row) * HIGH;
        for run in runs(buffer, row, theme, &mut frames) {
            run.paint(y, &mut svg);
        }
    }
    for (ink, path) in frames {
        writeln!(svg, r#"<path d="{path}" stroke="{ink}" fill="none"/>"#).unwrap();
    }
    svg
}

/// The beginning of a picture of so many rows of this frame's width.
fn paper(buffer: &Buffer, rows: usize, title: &str) -> String {
    let wide = px(usize::from(buffer.area.width) * WIDE + 2 * MARGIN);
    let high = px(rows * HIGH + 2 * MARGIN);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">
<title>{}</title>
<rect width="{wide}" height="{high}" rx="6" fill="{PAPER}"/>
"#,
        escaped(title)
    )
}

pub(crate) fn picture(buffer: &Buffer, theme: &Theme, title: &str) -> String {
    let mut svg = paper(buffer, usize::from(buffer.area.height), title);
    svg.push_str(&content(buffer, theme));
    svg.push_str("</svg>\n");
    svg
}

/// How long each frame of a walk is shown, in seconds.
const SHOWN: usize = 4;

/// Frames one after another, each with what led to it under it. Where nothing may move, the first one is shown.
pub(crate) fn walk(frames: &[(Buffer, &str)], theme: &Theme, title: &str) -> String {
    let rows = usize::from(frames[0].0.area.height);
    let mut svg = paper(&frames[0].0, rows + 2, title);
    let (lasts, part) = (frames.len() * SHOWN, 100.0 / frames.len() as f64);
    writeln!(
        svg,
        "<style>@keyframes show{{0%{{opacity:1}}{part:.3}%{{opacity:0}}}}\
         .f{{opacity:0;animation:show {lasts}s infinite step-end}}.f0{{opacity:1}}\
         @media(prefers-reduced-motion:reduce){{.f{{animation:none}}}}</style>"
    )
    .unwrap();
    for (at, (buffer, words)) in frames.iter().enumerate() {
        let (begins, x) = (at * SHOWN, px(MARGIN + WIDE));
        let y = px(MARGIN + (rows + 1) * HIGH + BASE);
        let (frame, words) = (content(buffer, theme), escaped(words));
        writeln!(
            svg,
            r#"<g class="f f{at}" style="animation-delay:{begins}s">
{frame}<text x="{x}" y="{y}" fill="{INK}" font-weight="bold">{words}</text>
</g>"#
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}
