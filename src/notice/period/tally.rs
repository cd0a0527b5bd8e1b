//! The figures of a period as plain data. Every number of the printed report, the text summary and the JSON is one of these.

use serde::Serialize;

/// Everything counted for one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// `2025-Q1`.
    pub period: String,
    /// "the first quarter of 2025".
    pub words: String,
    /// First and last day, `2025-01-01`.
    pub from: String,
    pub to: String,
    /// The day the states are judged by.
    pub as_of: String,
    /// Records dated wholly within the period.
    pub records: usize,
    /// Records that may or may not belong to the period, by id: they are in no other figure.
    pub date_not_certain: Vec<String>,
    pub by_kind: Vec<KindCount>,
    pub by_month: Vec<MonthCount>,
    pub by_partner: Vec<PartnerCount>,
    pub by_rule: Vec<RuleCount>,
    pub timeliness: States,
    pub timeliness_by_month: Vec<MonthStates>,
    pub late: Vec<LateItem>,
    pub notices: Vec<NoticeLine>,
    pub indicators: Vec<Indicator>,
    /// Changes with a code whose membership is not public: nobody can say whom they let in.
    pub undeterminable_changes: usize,
}

/// How many records of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindCount {
    pub kind: String,
    /// "REL TO change".
    pub words: String,
    pub count: usize,
}

/// How many records of a month, by group of partners. A record with partners of two groups counts in both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MonthCount {
    /// `2025-01`; empty where a record's month is not certain.
    pub month: String,
    pub words: String,
    pub records: usize,
    pub adversaries: usize,
    pub allies: usize,
    pub others: usize,
}

/// Where a partner stands, by the sets of the model rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Adversary,
    Ally,
    Other,
}

impl Side {
    pub fn words(self) -> &'static str {
        match self {
            Side::Adversary => "Adversary",
            Side::Ally => "Ally",
            Side::Other => "Other partner",
        }
    }
}

/// How many records of a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartnerCount {
    pub partner: String,
    pub name: String,
    pub side: Side,
    pub rel_to_changes: usize,
    pub contacts: usize,
    pub exchanges: usize,
    pub sharing_changes: usize,
    pub agreements: usize,
    pub other: usize,
    pub total: usize,
}

/// Obligations by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct States {
    pub owed: usize,
    pub met: usize,
    pub met_late: usize,
    pub open: usize,
    pub overdue: usize,
    pub upcoming: usize,
    pub waived: usize,
    pub not_notified: usize,
}

/// Obligations of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    pub rule: String,
    pub title: String,
    pub status: String,
    #[serde(flatten)]
    pub states: States,
}

/// Obligations by the month they were due in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthStates {
    /// `2025-01`; empty where no day is certain.
    pub month: String,
    pub words: String,
    #[serde(flatten)]
    pub states: States,
}

/// A notice that was late, or still is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LateItem {
    pub record: String,
    pub title: String,
    pub rule: String,
    pub due: String,
    /// "March 18, 2025".
    pub due_words: String,
    /// Days late: until it was given, or until the as-of date.
    pub days: i64,
    pub given: bool,
    pub reason: Option<String>,
}

/// One line of the list of notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoticeLine {
    pub record: String,
    pub title: String,
    /// The record's date in words.
    pub date: String,
    pub rules: Vec<String>,
    pub recipients: Vec<String>,
    /// `met`, `overdue`, …: the worst of its obligations.
    pub state: String,
}

/// What happened with one partner in one quarter: the steps of a realignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Indicator {
    pub partner: String,
    pub name: String,
    pub side: Side,
    /// `2025-Q1`, or "quarter not certain".
    pub quarter: String,
    #[serde(flatten)]
    pub steps: Steps,
    /// The highest rung reached on the ladder from contact to standing release.
    pub rung: Option<Rung>,
}

/// The steps counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Steps {
    pub audiences_widened: usize,
    pub audiences_narrowed: usize,
    pub contacts_by_heads: usize,
    pub contacts_by_deputies: usize,
    pub contacts_by_senior_officials: usize,
    pub contacts_at_working_level: usize,
    pub contacts_of_unknown_rank: usize,
    pub regular_contacts: usize,
    pub ad_hoc_exchanges: usize,
    pub analytic_exchanges: usize,
    pub collection_coordination: usize,
    pub standing_releases: usize,
    pub pauses: usize,
    pub resumptions: usize,
}

impl Steps {
    /// The steps with their names, in the order of the report.
    pub fn named(&self) -> [(&'static str, usize); 14] {
        [
            ("Audiences widened", self.audiences_widened),
            ("Audiences narrowed", self.audiences_narrowed),
            ("Contacts by heads of services", self.contacts_by_heads),
            ("Contacts by deputy heads", self.contacts_by_deputies),
            ("Contacts by senior officials", self.contacts_by_senior_officials),
            ("Contacts at working level", self.contacts_at_working_level),
            ("Contacts of unknown rank", self.contacts_of_unknown_rank),
            ("Regular contact", self.regular_contacts),
            ("Ad hoc exchanges", self.ad_hoc_exchanges),
            ("Analytic exchanges", self.analytic_exchanges),
            ("Collection coordinated", self.collection_coordination),
            ("Standing REL TO releases", self.standing_releases),
            ("Pauses and restrictions", self.pauses),
            ("Resumptions", self.resumptions),
        ]
    }

    pub fn contacts(&self) -> usize {
        self.contacts_by_heads
            + self.contacts_by_deputies
            + self.contacts_by_senior_officials
            + self.contacts_at_working_level
            + self.contacts_of_unknown_rank
    }

    pub(super) fn add(&mut self, other: &Steps) {
        self.audiences_widened += other.audiences_widened;
        self.audiences_narrowed += other.audiences_narrowed;
        self.contacts_by_heads += other.contacts_by_heads;
        self.contacts_by_deputies += other.contacts_by_deputies;
        self.contacts_by_senior_officials += other.contacts_by_senior_officials;
        self.contacts_at_working_level += other.contacts_at_working_level;
        self.contacts_of_unknown_rank += other.contacts_of_unknown_rank;
        self.regular_contacts += other.regular_contacts;
        self.ad_hoc_exchanges += other.ad_hoc_exchanges;
        self.analytic_exchanges += other.analytic_exchanges;
        self.collection_coordination += other.collection_coordination;
        self.standing_releases += other.standing_releases;
        self.pauses += other.pauses;
        self.resumptions += other.resumptions;
    }
}

/// The ladder of closeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    Contact,
    RegularContact,
    AdHocExchange,
    AnalyticExchange,
    CollectionCoordination,
    StandingRelease,
}

impl Rung {
    pub fn words(self) -> &'static str {
        match self {
            Rung::Contact => "Contact",
            Rung::RegularContact => "Regular contact",
            Rung::AdHocExchange => "Ad hoc exchange",
            Rung::AnalyticExchange => "Analytic exchange",
            Rung::CollectionCoordination => "Collection coordination",
            Rung::StandingRelease => "Standing REL TO release",
        }
    }

    /// The highest rung that these steps reach.
    pub(super) fn of(steps: &Steps) -> Option<Rung> {
        [
            (steps.standing_releases, Rung::StandingRelease),
            (steps.collection_coordination, Rung::CollectionCoordination),
            (steps.analytic_exchanges, Rung::AnalyticExchange),
            (steps.ad_hoc_exchanges, Rung::AdHocExchange),
            (steps.regular_contacts, Rung::RegularContact),
            (steps.contacts(), Rung::Contact),
        ]
        .into_iter()
        .find(|(count, _)| *count > 0)
        .map(|(_, rung)| rung)
    }
}
