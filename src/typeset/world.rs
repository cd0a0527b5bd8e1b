//! The world a notice is set in: files in memory, given fonts, one date, and a library that reads nothing.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Binding, Bytes, Datetime, Duration, Module, Scope};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_as_lib::{TypstEngine, TypstTemplateMainFile, TypstWorld};

use crate::template::set::Templates;
use crate::template::{lookup, module};

/// What a letter must not reach — code from strings, plugins, and everything that opens a file — and what to do instead.
const WITHHELD: &[(&str, &str)] = &[
    (
        "eval",
        "letters run no code from texts: write it in the letter itself, or leave it out",
    ),
    ("plugin", "letters run no other programs: leave it out"),
    ("read", NO_FILES),
    ("json", NO_FILES),
    ("toml", NO_FILES),
    ("csv", NO_FILES),
    ("xml", NO_FILES),
    ("yaml", NO_FILES),
    ("cbor", NO_FILES),
    ("image", "letters show no pictures and read no files: leave it out"),
    ("bibliography", NO_SOURCES),
    ("cite", NO_SOURCES),
];
const NO_FILES: &str = "letters read no files: leave it out; `relto template fields` lists what a letter may print";
const NO_SOURCES: &str = "letters read no files, and so have no list of sources: write the source in words";

/// Why a letter does not have a name of Typst's own, and what to do instead.
pub(super) fn withheld(name: &str) -> Option<&'static str> {
    let known = WITHHELD.iter().find(|(known, _)| *known == name);
    known.map(|(_, instead)| *instead)
}

/// The faces that come with relto, parsed once a process.
static SHIPPED: LazyLock<Vec<Font>> = LazyLock::new(|| {
    typst_assets::fonts()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .collect()
});

/// Built once a run: fonts parsed, library built, shipped templates parsed.
pub(super) struct Desk {
    engine: TypstEngine<TypstTemplateMainFile>,
    library: LazyHash<Library>,
    /// What follows the data of a notice, parsed once.
    module: Source,
    /// Templates of the workspace, in place of the shipped ones of their names.
    own: Vec<Source>,
    /// Families of the workspace's own fonts, in their order.
    pub(super) families: Vec<String>,
}

impl Desk {
    /// Takes fonts after the shipped ones. A face that cannot be read is left out: its family is then not there.
    pub(super) fn new(fonts: &[Vec<u8>], templates: &Templates) -> Self {
        let shipped = SHIPPED.iter().cloned();
        let own: Vec<Font> = fonts
            .iter()
            .flat_map(|data| Font::iter(Bytes::new(data.clone())))
            .collect();
        let mut families: Vec<String> = Vec::new();
        for font in &own {
            let family = font.info().family.as_str();
            if !families.iter().any(|known| known == family) {
                families.push(family.to_owned());
            }
        }
        let (main, others): (Vec<_>, Vec<_>) = lookup::FILES.iter().partition(|(path, _)| *path == lookup::FRAME);
        let (path, text) = main.first().expect("the frame is shipped");
        let engine = TypstEngine::builder()
            .main_file((*path, *text))
            .with_static_source_file_resolver(others)
            .fonts(shipped.chain(own))
            .build();
        Self {
            engine,
            library: LazyHash::new(library()),
            module: Source::new(file_id(lookup::MODULE), module::rest()),
            own: templates
                .own()
                .iter()
                .map(|template| Source::new(file_id(&template.path), template.text.clone()))
                .collect(),
            families,
        }
    }

    /// Returns the world of one copy: the shipped files, overlaid by the workspace's and by `files`.
    pub(super) fn world(&self, mut files: Vec<Source>, today: Datetime) -> NoticeWorld<'_> {
        let inner = self.engine.world_builder().build().expect("no inputs are injected");
        files.push(self.module.clone());
        files.extend(self.own.iter().cloned());
        NoticeWorld {
            inner,
            library: &self.library,
            files,
            today,
        }
    }
}

/// The world of one copy of a notice. `typst-as-lib` keeps fonts and files; date, library and overlay are ours.
pub(super) struct NoticeWorld<'a> {
    inner: TypstWorld<'a>,
    library: &'a LazyHash<Library>,
    files: Vec<Source>,
    today: Datetime,
}

impl World for NoticeWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.inner.book()
    }

    fn main(&self) -> FileId {
        self.inner.main()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match self.files.iter().find(|source| source.id() == id) {
            Some(source) => Ok(source.clone()),
            None => self.inner.source(id),
        }
    }

    fn file(&self, _id: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.inner.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}

/// Returns the id of a path such as `/relto.typ`.
pub(super) fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("paths of templates are written by relto");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// The standard library without what [`WITHHELD`] names, neither as globals nor through `std`.
fn library() -> Library {
    let mut library = Library::builder().build();
    let mut scope = Scope::new();
    for (name, binding) in library.global.scope().iter() {
        if withheld(name).is_none() {
            scope.bind(name.clone(), binding.clone());
        }
    }
    let global = Module::new("global", scope);
    library.global = global.clone();
    library.std = Binding::detached(global);
    library
}
