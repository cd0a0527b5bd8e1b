//! The templates shipped with relto. `frame.typ`, `helpers.typ` and `relto.typ` are always these.

/// The page: banner, footer, authority block. The main file of every notice.
pub const FRAME: &str = "/frame.typ";
/// Helpers that letters and parts use.
pub const HELPERS: &str = "/helpers.typ";
/// The one module a letter imports: data first, then the helpers.
pub const MODULE: &str = "/relto.typ";

/// The first part of that module, which differs from notice to notice: the data. In Typst it is a file of its own, so that
/// the rest is parsed once for all notices.
pub const DATA: &str = "/data.typ";

/// What follows the data in `/relto.typ`.
pub const MODULE_TAIL: &str = include_str!("../../templates/relto.typ");

/// The shipped files by their path in Typst, all but the generated module.
pub const FILES: &[(&str, &str)] = &[
    (FRAME, include_str!("../../templates/frame.typ")),
    (HELPERS, include_str!("../../templates/helpers.typ")),
    (
        "/letters/correction.typ",
        include_str!("../../templates/letters/correction.typ"),
    ),
    (
        "/letters/disclosure.typ",
        include_str!("../../templates/letters/disclosure.typ"),
    ),
    (
        "/letters/exchange.typ",
        include_str!("../../templates/letters/exchange.typ"),
    ),
    (
        "/letters/legal-interpretation.typ",
        include_str!("../../templates/letters/legal-interpretation.typ"),
    ),
    (
        "/letters/liaison-contact.typ",
        include_str!("../../templates/letters/liaison-contact.typ"),
    ),
    ("/letters/memo.typ", include_str!("../../templates/letters/memo.typ")),
    (
        "/letters/periodic-report.typ",
        include_str!("../../templates/letters/periodic-report.typ"),
    ),
    ("/letters/plain.typ", include_str!("../../templates/letters/plain.typ")),
    (
        "/letters/rel-to-change.typ",
        include_str!("../../templates/letters/rel-to-change.typ"),
    ),
    (
        "/letters/sharing-change.typ",
        include_str!("../../templates/letters/sharing-change.typ"),
    ),
    (
        "/letters/transmittal.typ",
        include_str!("../../templates/letters/transmittal.typ"),
    ),
    (
        "/letters/what-if.typ",
        include_str!("../../templates/letters/what-if.typ"),
    ),
    ("/parts/address.typ", include_str!("../../templates/parts/address.typ")),
    ("/parts/basis.typ", include_str!("../../templates/parts/basis.typ")),
    ("/parts/closing.typ", include_str!("../../templates/parts/closing.typ")),
    ("/parts/earlier.typ", include_str!("../../templates/parts/earlier.typ")),
    (
        "/parts/letterhead.typ",
        include_str!("../../templates/parts/letterhead.typ"),
    ),
    ("/parts/memo.typ", include_str!("../../templates/parts/memo.typ")),
    ("/parts/report.typ", include_str!("../../templates/parts/report.typ")),
    (
        "/parts/sections.typ",
        include_str!("../../templates/parts/sections.typ"),
    ),
    ("/parts/tables.typ", include_str!("../../templates/parts/tables.typ")),
    (
        "/parts/transmittal.typ",
        include_str!("../../templates/parts/transmittal.typ"),
    ),
];

/// Returns a shipped file.
pub fn file(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// Returns the Typst path of a letter that relto ships; rules may name one that it does not, which takes the plain one.
pub fn letter_path(name: &str) -> &'static str {
    letters()
        .find(|(letter, _)| *letter == name)
        .map_or("/letters/plain.typ", |(_, path)| path)
}

/// Whether `/relto.typ` calls the function `name` of the part at `path`, so that the part must define it.
pub fn is_bound(path: &str, name: &str) -> bool {
    let part = path.trim_start_matches("/parts/").trim_end_matches(".typ");
    let bound = |end: char| MODULE_TAIL.contains(&format!(" {part}-part.{name}{end}"));
    bound('.') || bound('(')
}

/// Returns the name of the letter at a path, where a letter may stand: `/letters/plain.typ` is `plain`.
pub fn letter_name(path: &str) -> Option<&str> {
    path.strip_prefix("/letters/")?.strip_suffix(".typ")
}

/// Returns the names of the shipped letters with their paths.
pub fn letters() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(|(path, _)| Some((letter_name(path)?, *path)))
}
