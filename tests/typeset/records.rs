//! Records on their way to paper: every kind in its shortest and fullest form, and thirty that try to break the page. Each
//! gives verified PDFs or is refused with a code; none gives a page without its banner.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::NaiveDate;
use relto::base::diagnostic::Diagnostic;
use relto::record::field::{Need, fields_of};
use relto::record::kind::Kind;
use relto::run::notices::{Wish, notice};
use relto::run::{Request, check};
use relto::typeset::pressed::Workers;

/// How many pages each PDF of a record has, by its file name; or the codes of what refused it.
type Fate = Result<BTreeMap<String, usize>, Vec<&'static str>>;

/// What becomes of records.
fn fate(records: &str) -> Fate {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("records")).unwrap();
    std::fs::write(
        folder.path().join("relto.toml"),
        "[classification]\nceiling = \"SECRET\"\nauthority = { classified_by = \"A. Sample, Director\", derived_from = \
         \"Example Guide 1-1, 20260101\", declassify_on = \"20490101\" }\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("records/all.toml"), records).unwrap();
    let request = Request {
        workspace: Some(folder.path().to_owned()),
        as_of: NaiveDate::from_ymd_opt(2026, 1, 15),
        ..Request::default()
    };
    let mut checked = check(&request, &|_| NaiveDate::default()).unwrap();
    let codes = |found: &[Diagnostic]| {
        let mut codes: Vec<&'static str> = found
            .iter()
            .filter(|found| found.is_error())
            .map(|found| found.code.name())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    };
    let refused = codes(&checked.diagnostics);
    if !refused.is_empty() {
        return Err(refused);
    }
    let out = folder.path().join("out");
    let wish = Wish {
        workers: Workers {
            program: Some(PathBuf::from(env!("CARGO_BIN_EXE_relto"))),
            ..Workers::default()
        },
        ..Wish::default()
    };
    let noticed = notice(&mut checked, &out, &wish, &mut |_, _| {}).unwrap();
    let refused = codes(&noticed.diagnostics);
    if !refused.is_empty() {
        assert!(!out.exists(), "a refused run writes nothing");
        return Err(refused);
    }
    assert!(out.join("manifest.json").is_file());
    Ok(noticed.files.into_iter().map(|file| (file.name, file.pages)).collect())
}

/// The kinds, and what a record of each needs at least to owe a notice.
const KINDS: &[(Kind, &str)] = &[
    (
        Kind::RelToChange,
        "subject = { type = \"series\", name = \"Example Series\" }\nfrom = \"SECRET//REL TO USA, FVEY\"\nto = \
         \"SECRET//REL TO USA, RUS, FVEY\"\neffective = 2025-03-10\n",
    ),
    (
        Kind::LiaisonContact,
        "commenced = 2025-03-11\nofficial = { title = \"Director\", rank = \"head\" }\ncounterpart = { country = \"RUS\", \
         service = \"SVR\", rank = \"head\" }\n",
    ),
    (
        Kind::Exchange,
        "type = \"collection_coordination\"\nstage = \"approved\"\napproved = 2025-03-01\ncommenced = 2025-07-01\n\
         direction = \"mutual\"\ncounterpart = { category = \"state\", country = \"RUS\", service = \"GRU\" }\n",
    ),
    (
        Kind::SharingChange,
        "action = \"suspend\"\ndirection = \"us_to_foreign\"\npartner = \"UKR\"\ndecided = 2025-03-03\neffective = 2025-03-04\n",
    ),
    (
        Kind::Agreement,
        "parties = [\"USA\", \"GBR\"]\ninstrument = \"binding\"\nstage = \"in_force\"\nconcluded = 2026-01-05\n\
         effective = 2026-01-05\n",
    ),
    (
        Kind::Disclosure,
        "authorized = \"no\"\naudience = \"public\"\nsignificant = true\nactual = true\naware = 2026-01-09\ndetermined = \
         2026-01-12\nprior_level = \"S\"\n",
    ),
    (
        Kind::LegalInterpretation,
        "commenced = 2026-01-05\npreviously_notified = false\n",
    ),
    (
        Kind::PeriodicReport,
        "authority_rule = \"NSA-3106-DATES\"\nfrequency = \"semiannual\"\nperiod = \"2025-H2\"\n",
    ),
];

/// Fields that tie a record to others, or say that nobody need be told any more.
const LEFT_OUT: &[&str] = &[
    "id",
    "title",
    "marking",
    "basis",
    "covert_action",
    "supersedes",
    "related",
    "resumes",
    "may_duplicate",
    "notified",
    "waivers",
    "not_notified",
    "clerical",
    "corrected",
    "retracted",
    "postponed_to",
    "certified_to",
    "released_under",
    "declassified_for_purpose",
];

/// The beginning of every record.
fn begun(kind: Kind, form: &str, mark: &str) -> String {
    let name = kind.name();
    let id = format!("{}-{}", name.to_uppercase().replace('_', "."), form.to_uppercase());
    format!(
        "[[{name}]]\nid = \"{id}\"\ntitle = \"Example {id}\"\nmarking = \"{mark}\"\nbasis = \"official\"\ncovert_action = \
         \"no\"\n"
    )
}

/// Every field of the kind, with the example of the field table or, where it says so, with another value.
fn every_field(kind: Kind, own: &str, instead: &[(&str, &str)]) -> String {
    let set: toml::Table = own.parse().unwrap();
    let mut text = own.to_owned();
    for field in fields_of(kind).filter(|field| field.need != Need::Derived) {
        if LEFT_OUT.contains(&field.name) || set.contains_key(field.name) {
            continue;
        }
        // The examples of the table are of one day in March; what begins later ends later.
        let later = [("ended", "2026-01-12"), ("until", "2026-09-30")];
        let value = instead.iter().chain(&later).find(|(name, _)| *name == field.name);
        let _ = writeln!(
            text,
            "{} = {}",
            field.name,
            value.map_or(field.example, |(_, value)| value)
        );
    }
    text
}

/// Sets a record of every kind in one form; returns the most pages of a copy.
#[track_caller]
fn every_kind(form: &str, mark: &str, body: &dyn Fn(Kind, &str) -> String) -> usize {
    let records: Vec<String> = KINDS
        .iter()
        .map(|(kind, own)| format!("{}{}", begun(*kind, form, mark), body(*kind, own)))
        .collect();
    let files = fate(&records.join("\n")).unwrap_or_else(|codes| panic!("{form}: {codes:?}"));
    for (kind, _) in KINDS {
        let id = format!(
            "{}-{}--",
            kind.name().to_uppercase().replace('_', "."),
            form.to_uppercase()
        );
        assert!(files.keys().any(|name| name.starts_with(&id)), "{id}: {files:?}");
    }
    files.values().copied().max().unwrap_or_default()
}

#[test]
fn every_kind_is_in_the_table() {
    let listed: Vec<Kind> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let of_records: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Notice).collect();
    assert_eq!(listed, of_records);
}

#[test]
fn every_kind_in_its_shortest_form() {
    let most = every_kind("short", "U", &|_, own| own.to_owned());
    assert!(most <= 2, "{most} pages");
}

#[test]
fn every_kind_with_every_field() {
    let most = every_kind("full", "U", &|kind, own| every_field(kind, own, &[]));
    assert!((2..=5).contains(&most), "{most} pages");
}

#[test]
fn every_kind_with_forty_countries_in_its_banner() {
    let codes = "ALB, AUS, AUT, BEL, BGR, BRA, CAN, CHE, CHL, CZE, DEU, DNK, ESP, EST, FIN, FRA, GBR, GRC, HRV, HUN, IRL, ISL, \
                 ITA, JPN, KOR, LTU, LUX, LVA, MKD, MNE, NLD, NOR, NZL, POL, PRT, ROU, SVK, SVN, SWE, TUR";
    assert_eq!(codes.split(", ").count(), 40);
    every_kind("forty", &format!("S//REL TO USA, {codes}"), &|kind, own| {
        every_field(kind, own, &[("facts", "\"The matter is as the title says.\"")])
    });
}

#[test]
fn every_kind_with_foreign_names() {
    let names = [
        (
            "official",
            "{ title = \"Director\", name = \"Nguyễn Thị Ánh\", rank = \"head\" }",
        ),
        ("approver", "\"Łukasz Żółciński-Đorđević\""),
        ("disclosure_officer", "\"Ελένη Παπαδοπούλου\""),
        (
            "facts",
            "\"They named Александр Бортников, يوسف الخطيب and אברהם לוי.\"",
        ),
        ("text_location", "\"Посольство, Москва\""),
        ("place", "\"Çankırı\""),
    ];
    every_kind("names", "U", &|kind, own| every_field(kind, own, &names));
}

#[test]
fn every_kind_on_ten_pages() {
    let facts = format!(
        "\"{}\"",
        "The partner asked for the series again, and was told what the last letter said.\\n\\n".repeat(260)
    );
    let most = every_kind("long", "S//NF", &|kind, own| {
        every_field(kind, own, &[("facts", &facts)])
    });
    assert!(most >= 10, "{most} pages");
}

/// A contact that owes a notice, with some of its texts replaced.
fn contact(title: &str, facts: &str, more: &str) -> String {
    let quoted = |text: &str| {
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
            .replace('\t', "\\t")
    };
    format!(
        "[[liaison_contact]]\nid = \"LC-1\"\ntitle = \"{}\"\nmarking = \"U\"\nbasis = \"official\"\ncovert_action = \"no\"\nmode = \"call\"\n\
         commenced = 2025-03-11\nofficial = {{ title = \"Director\", rank = \"head\" }}\n\
         counterpart = {{ country = \"RUS\", service = \"SVR\", rank = \"head\" }}\nfacts = \"{}\"\n{more}\n",
        quoted(title),
        quoted(facts)
    )
}

#[test]
fn thirty_hostile_records() {
    let word = "x".repeat(100_000);
    let digits = "9".repeat(4_000);
    let long = "A sentence that goes on. ".repeat(2_000);
    let deep = format!("{}text{}", "[".repeat(500), "]".repeat(500));
    let columns = (0..60).map(|n| format!("topic {n}")).collect::<Vec<_>>().join("\", \"");
    let set: &[(&str, &str)] = &[
        ("*bold* _italic_ `raw` $x^2$", "= Heading\n- item\n+ item\n/ term: text"),
        (
            "#eval(\"1\") #read(\"/etc/passwd\")",
            "#set page(foreground: none) #pagebreak() #place(rect())",
        ),
        ("(S//NF) he met // a comment", "/* swallowed */ text // and gone"),
        ("\\u{202e} as typed", "\\\" + sys.version + \\\" \\\\ \\n"),
        (
            "<label> @reference",
            "jane@example.gov <b>bold</b> <script>alert(1)</script>",
        ),
        (
            "#notice.banner.text = \"X\"",
            "#let notice = none; #metadata((relto: \"frame\"))",
        ),
        ("SECRET//NOFORN", "TOP SECRET//SI//NOFORN stands in this text as words"),
        ("UNCLASSIFIED UNCLASSIFIED", "DRAFT UNCLASSIFIED (U) (S//NF) (TS)"),
        (
            "\u{201c}Quotes\u{201d} \u{2014} dashes \u{2026}",
            "It\u{2019}s 5\u{2032} \u{00d7} 7\u{2033}; \u{00bd} \u{20ac} \u{00a3} \u{00a9}",
        ),
        (
            "\u{0410}\u{043b}\u{0435}\u{043a}\u{0441}\u{0430}\u{043d}\u{0434}\u{0440}",
            "\u{0395}\u{03bb}\u{03bb}\u{03b7}\u{03bd}\u{03b9}\u{03ba}\u{03ac}",
        ),
        (
            "\u{05d0}\u{05d1}\u{05e8}\u{05d4}\u{05dd}",
            "\u{05e9}\u{05dc}\u{05d5}\u{05dd} and then English again",
        ),
        ("Nguy\u{1ec5}n", "e\u{0301} with a combining accent"),
        ("=HYPERLINK(\"http://example.org\")", "+1-2-3 @SUM(A1) -1"),
        (";rm -rf / `id` $(id) ../../etc/passwd", "%n%s%x {0} ${HOME} {{not}}"),
        ("0", "."),
        ("A\tB", "line\n\n\n\nline\n \n\t\nline"),
        ("~~~ --- ... ''' \"\"\"", "1. 2. 3. #3 No. #4"),
        ("\u{fb01}\u{fb02} ligatures", "a\u{00a0}b\u{2009}c\u{2003}d"),
    ];
    let mut fates: Vec<(String, Fate)> = set
        .iter()
        .map(|(title, facts)| ((*title).to_owned(), fate(&contact(title, facts, ""))))
        .collect();
    let more: [(&str, String); 12] = [
        ("a word of 100 kB", contact("T-1", &word, "")),
        ("a number of 4,000 digits", contact("T-2", &digits, "")),
        ("50 kB of sentences", contact("T-3", &long, "")),
        ("500 brackets", contact("T-4", &deep, "")),
        (
            "a title of 3,000 characters",
            contact(&"Very long title. ".repeat(180), "x", ""),
        ),
        (
            "sixty topics",
            contact("T-6", "x", &format!("topics = [\"{columns}\"]")),
        ),
        ("a right-to-left override", contact("T-7 \u{202e}live", "x", "")),
        ("a zero-width blank", contact("T-8", "a\u{200b}b", "")),
        ("a bell", contact("T-9", "x", "place = \"\\u0007\"")),
        ("a character without a font", contact("T-10", "\u{6f22}\u{5b57}", "")),
        ("something to fill in", contact("T-11", "The date is TBD.", "")),
        (
            "a part above its record",
            contact("T-12", "x", "given = { mark = \"S//NF\", text = \"x\" }"),
        ),
    ];
    fates.extend(more.into_iter().map(|(name, record)| (name.to_owned(), fate(&record))));
    assert_eq!(fates.len(), 30);
    let told: Vec<String> = fates
        .iter()
        .map(|(name, fate)| match fate {
            Ok(files) => format!("{name}: {} PDFs", files.len()),
            Err(codes) => format!("{name}: {}", codes.join(", ")),
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r###"
    *bold* _italic_ `raw` $x^2$: 2 PDFs
    #eval("1") #read("/etc/passwd"): 2 PDFs
    (S//NF) he met // a comment: 2 PDFs
    \u{202e} as typed: 2 PDFs
    <label> @reference: 2 PDFs
    #notice.banner.text = "X": 2 PDFs
    SECRET//NOFORN: 2 PDFs
    UNCLASSIFIED UNCLASSIFIED: 2 PDFs
    “Quotes” — dashes …: 2 PDFs
    Александр: 2 PDFs
    אברהם: 2 PDFs
    Nguyễn: 2 PDFs
    =HYPERLINK("http://example.org"): 2 PDFs
    ;rm -rf / `id` $(id) ../../etc/passwd: letter-invalid
    0: 2 PDFs
    A	B: 2 PDFs
    ~~~ --- ... ''' """: 2 PDFs
    ﬁﬂ ligatures: 2 PDFs
    a word of 100 kB: element-missing, letter-invalid
    a number of 4,000 digits: element-missing, letter-invalid
    50 kB of sentences: 2 PDFs
    500 brackets: element-missing, letter-invalid
    a title of 3,000 characters: 2 PDFs
    sixty topics: 2 PDFs
    a right-to-left override: hidden-character
    a zero-width blank: hidden-character
    a bell: hidden-character
    a character without a font: missing-glyph
    something to fill in: letter-invalid
    a part above its record: part-above-record
    "###);
}
