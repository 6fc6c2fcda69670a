//! The agency's rules: read from the directory, written by admins, and what follows from them on this
//! tablet. Owns the rule that a tablet which has been out of touch for too long does not open.

mod terms;

use std::collections::BTreeMap;

use satchel_wire::{Millis, ProfileId, Role, StreamId, envelope::sha256};

use crate::{
    api::{EarlierView, Failure, PolicyView, Reply, RuleView, WrittenView},
    directory::{self, Decreed},
    doc::Origin,
    engine::{Engine, cx::Cx, keyspace, replica::encode, writers},
    policy::{
        OUT_OF_TOUCH, Policy, RULES, Rule,
        document::{self, Document, ZONES},
    },
};

/// The agency's rules as they are read here.
#[derive(Default)]
pub(super) struct Rules {
    pub in_force: Policy,
    /// The policy document.
    pub document: Document,
    /// Names it: what was reckoned with another one is reckoned anew.
    pub digest: [u8; 32],
    decreed: BTreeMap<String, Decreed>,
    authors: BTreeMap<Origin, ProfileId>,
}

/// Names what stands of the policy document.
fn digest(standing: &[(&str, &str)]) -> [u8; 32] {
    let dated = standing
        .iter()
        .filter(|(place, _)| document::split(place).is_some());
    let lines: Vec<String> = dated
        .map(|(place, text)| format!("{place}\n{text}\n"))
        .collect();
    sha256(&[b"satchel/policy/1", lines.concat().as_bytes()])
}

impl Engine {
    /// Reads the rules anew: the directory has changed, or has just been opened.
    pub(super) fn read_policy(&mut self) {
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return;
        };
        let Some((doc, writers)) = writers::directory(replica, &mut desk.docs) else {
            return;
        };
        let decreed = directory::policy(doc, |origin| writers.is_admin(origin));
        let origins = decreed.values().flat_map(|one| {
            let written = one.standing.iter().chain(&one.earlier);
            written.map(|past| &past.origin).chain(&one.ignored)
        });
        let known = origins.filter_map(|origin| Some((origin.clone(), writers.author(origin)?)));
        let standing: Vec<(&str, &str)> = decreed
            .iter()
            .filter_map(|(key, one)| {
                let past = one.standing.as_ref()?;
                Some((key.as_str(), past.text.as_str()))
            })
            .collect();
        desk.rules = Rules {
            in_force: Policy::new(standing.iter().copied()),
            document: Document::new(standing.iter().copied()),
            digest: digest(&standing),
            authors: known.collect(),
            decreed,
        };
        let digest = desk.rules.digest;
        let all = desk.summaries.iter();
        let other = all.filter(|(_, case)| case.policy != digest);
        desk.stale.extend(other.map(|(id, _)| *id));
    }

    /// What holds of a rule, as far as is known here; its default while the vault is locked.
    pub(super) fn rule_value(&self, rule: &Rule) -> u32 {
        let desk = self.desk.as_ref();
        desk.map_or(rule.default, |desk| desk.rules.in_force.value(rule))
    }

    pub(super) fn policy_view(&self, now: Millis) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        let rules = &desk.rules;
        let written = |origin: &Origin| self.rule_written(origin);
        let view = |rule: &Rule| {
            let none = Decreed::default();
            let decreed = rules.decreed.get(rule.key).unwrap_or(&none);
            let standing = decreed.standing.as_ref();
            let earlier = decreed.earlier.iter().filter_map(|past| {
                Some(EarlierView {
                    value: rule.read(&past.text)?,
                    written: written(&past.origin),
                })
            });
            RuleView {
                key: rule.key.into(),
                value: rules.in_force.value(rule),
                default: rule.default,
                min: rule.min,
                max: rule.max,
                may_be_off: rule.may_be_off,
                unit: rule.unit.as_str().into(),
                source: rule.source.into(),
                written: standing.map(|past| written(&past.origin)),
                earlier: earlier.collect(),
                ignored: decreed.ignored.iter().map(written).collect(),
            }
        };
        Ok(Reply::Policy {
            policy: PolicyView {
                rules: RULES.iter().map(view).collect(),
                terms: self.term_views(rules, now),
                holidays: self.holiday_views(rules, now),
                zone: rules.document.zone().into(),
                zone_written: self.zone_written(rules),
                zones: ZONES.iter().map(|(code, _)| (*code).into()).collect(),
                may_change: replica.profile.role == Role::Admin,
            },
        })
    }

    /// Who wrote a rule and when.
    fn rule_written(&self, origin: &Origin) -> WrittenView {
        let rules = self.desk.as_ref().map(|desk| &desk.rules);
        let author = rules.and_then(|rules| rules.authors.get(origin));
        WrittenView {
            author: author
                .map(|author| self.name_of(*author))
                .unwrap_or_default(),
            at: origin.at,
        }
    }

    /// Sets rules; one that holds already is not written again.
    pub(super) fn set_policy(
        &mut self,
        cx: &mut Cx,
        rules: &[(String, String)],
    ) -> Result<Reply, Failure> {
        let (replica, desk) = self.parts()?;
        if replica.profile.role != Role::Admin {
            return Err(Failure::NotAllowed);
        }
        let directory = replica.profile.directory;
        let mut fresh = BTreeMap::new();
        for (key, text) in rules {
            let rule = Rule::of(key).ok_or_else(|| Failure::UnknownField { field: key.clone() })?;
            let value = rule.check(text).map_err(|expected| Failure::BadValue {
                field: key.clone(),
                expected,
            })?;
            if value != desk.rules.in_force.value(rule) {
                fresh.insert(key.clone(), value.to_string());
            }
        }
        let fresh: Vec<_> = fresh.into_iter().collect();
        self.write_policy(cx, directory, &fresh)
    }

    fn write_policy(
        &mut self,
        cx: &mut Cx,
        directory: StreamId,
        fresh: &[(String, String)],
    ) -> Result<Reply, Failure> {
        if !fresh.is_empty() {
            let change = directory::set_policy(self.doc(directory)?, cx.now, fresh);
            self.publish(cx, directory, &change.map_err(|_| Failure::NotReady)?)?;
        }
        Ok(Reply::Done)
    }

    /// Whether the tablet may open, by the rules that have just been read from the sealed directory.
    pub(super) fn check_contact(&self) -> Result<(), Failure> {
        let days = self.rule_value(&OUT_OF_TOUCH);
        let contact = self.replica.as_ref().map(|replica| replica.contact);
        match contact.filter(|contact| contact.is_over(days)) {
            None => Ok(()),
            Some(contact) => Err(Failure::OutOfTouch {
                since: contact.heard_at(),
            }),
        }
    }

    /// Stores how long the relay has not been heard, now and then.
    pub(super) fn keep_contact(&mut self, cx: &mut Cx) {
        if let Some(replica) = &mut self.replica
            && replica.contact.is_to_be_stored()
        {
            cx.put(keyspace::CONTACT.into(), encode(&replica.contact));
        }
    }
}
