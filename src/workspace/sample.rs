//! The embedded sample workspaces: every file of `templates/workspaces/`, in the order of its path.

/// Which of the embedded workspaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Public cases, all unclassified, built from press reports.
    Public,
    /// Fictional records with classified markings.
    Exercise,
}

impl Which {
    /// Returns the files of the workspace.
    pub fn files(self) -> &'static [SampleFile] {
        match self {
            Which::Public => PUBLIC,
            Which::Exercise => EXERCISE,
        }
    }
}

/// One file of an embedded workspace.
#[derive(Debug, Clone, Copy)]
pub struct SampleFile {
    /// Its path in the workspace, with `/`.
    pub path: &'static str,
    pub text: &'static str,
}

macro_rules! files {
    ($folder:literal: $($path:literal)*) => {
        &[$(SampleFile {
            path: $path,
            text: include_str!(concat!("../../templates/workspaces/", $folder, "/", $path)),
        },)*]
    };
}

/// Public cases, all unclassified, built from press reports.
#[rustfmt::skip] // a table reads best in rows
pub const PUBLIC: &[SampleFile] = files!["public":
    "README.txt"
    "records/c01-ratcliffe-naryshkin.toml"
    "records/c02-burns-naryshkin-ankara.toml"
    "records/c03-burns-naryshkin-summer-2023.toml"
    "records/c04-call-disclosed-june-2025.toml"
    "records/c05-ukraine-pause.toml"
    "records/c07-noforn-memo.toml"
    "records/c08-netherlands.toml"
    "records/c09-united-kingdom-caribbean.toml"
    "records/c10-colombia.toml"
    "records/c11-st-petersburg-2017.toml"
    "records/c12-st-petersburg-2019.toml"
    "records/c13-crocus-city-hall.toml"
    "records/c14-kerman.toml"
    "records/c15-oval-office.toml"
    "records/c16-syria-joint-implementation.toml"
    "records/c17-oss-nkvd.toml"
    "records/c18-israel-drone-feed.toml"
    "records/c19-cyber-unit.toml"
    "relto.toml"
];

/// Fictional records with classified markings; nothing in them is classified.
#[rustfmt::skip] // a table reads best in rows
pub const EXERCISE: &[SampleFile] = files!["exercise":
    "README.txt"
    "records/ex-01-noforn.toml"
    "records/ex-02-two-lists.toml"
    "records/ex-03-text-only.toml"
    "records/ex-04-nato.toml"
    "records/ex-05-unmarked-classified.toml"
    "records/ex-06-relido.toml"
    "records/ex-07-display-only.toml"
    "records/ex-08-release-and-display.toml"
    "records/ex-09-coalition-codes.toml"
    "records/ex-10-forty-countries.toml"
    "records/ex-11-orcon.toml"
    "records/ex-12-unclassified-agreement.toml"
    "records/ex-13-unclassified-warning.toml"
    "records/ex-14-confidential.toml"
    "records/ex-15-told-already.toml"
    "records/ex-16-waived.toml"
    "records/ex-17-disclosure.toml"
    "records/ex-18-legal-interpretation.toml"
    "records/ex-19-periodic-report.toml"
    "relto.toml"
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::base::source::files_under;

    #[test]
    fn the_tables_are_the_folders() {
        for (name, which) in [("public", Which::Public), ("exercise", Which::Exercise)] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("templates/workspaces")
                .join(name);
            let mut found = Vec::new();
            for ending in ["toml", "txt"] {
                for file in files_under(&folder, ending, &|_, _| false).expect("the folder of the workspace") {
                    let path = file.strip_prefix(&folder).expect("a file of the folder").to_path_buf();
                    found.push(path.to_string_lossy().replace('\\', "/"));
                }
            }
            found.sort();
            let table: Vec<&str> = which.files().iter().map(|file| file.path).collect();
            assert_eq!(table, found, "{name}");
        }
    }
}
