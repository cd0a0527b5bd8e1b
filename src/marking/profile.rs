//! Whose rules apply: the intelligence community's or the Department of Defense's.

/// Whose rules apply where the manual and the `DoDM` differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProfileKind {
    /// The intelligence community's: the stricter.
    #[default]
    Ic,
    /// The Department of Defense's, outside intelligence.
    Dod,
}

/// The rules of one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub kind: ProfileKind,
    /// The organization codes that roll-up may expand.
    pub expand: Vec<String>,
}

impl Default for Profile {
    /// The intelligence community's rules, expanding FVEY, ACGU and TEYE (Table 3 rule 23).
    fn default() -> Self {
        Self {
            kind: ProfileKind::Ic,
            expand: ["FVEY", "ACGU", "TEYE"].map(str::to_owned).to_vec(),
        }
    }
}

impl Profile {
    pub fn dod() -> Self {
        Self {
            kind: ProfileKind::Dod,
            ..Self::default()
        }
    }
}
