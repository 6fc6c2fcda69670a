//! The recovery kit: shown to whoever knows the passphrase, read back word by word, and then its seeds
//! leave this tablet. Owns the rule that no seed is dropped before both sheets were read back.

use serde::{Deserialize, Serialize};

use crate::{
    api::{Failure, KitStage, KitView, Reply, SheetName, SheetView, WordsView},
    directory,
    engine::{Engine, cx::Cx, keyspace, replica::encode},
    kit::Sheet,
    words::{self, Words},
};

/// How many words of a sheet have to be read back.
const CHECKED_WORDS_MIN: usize = 4;

/// Which sheets were read back.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Checked {
    pub root: bool,
    pub recovery: bool,
}

impl Engine {
    pub(super) fn kit(&mut self, cx: &mut Cx, passphrase: &str) -> Result<Reply, Failure> {
        let secrets = self.try_passphrase(cx, passphrase)?;
        let (root, recovery) = secrets.founding.as_ref().ok_or(Failure::NotFound)?;
        let (replica, _) = self.parts()?;
        let url = replica.profile.url.clone();
        let sheet = |sheet: Sheet, seed, checked| {
            let words = words::write(seed);
            let code = sheet.code(&url, &words);
            let Words { en, es } = words;
            let words = WordsView { en, es };
            SheetView {
                words,
                code,
                checked,
            }
        };
        let checked = replica.kit;
        let doc = self.directory().ok_or(Failure::NotReady)?;
        let kit = KitView {
            agency: replica.profile.agency.to_string(),
            name: directory::agency(&doc.doc),
            at: cx.now,
            root: sheet(Sheet::Root, root, checked.root),
            recovery: sheet(Sheet::Recovery, recovery, checked.recovery),
            url,
        };
        Ok(Reply::Kit { kit })
    }

    /// Takes words that somebody has read from a printed sheet, each with its place from 1 on.
    pub(super) fn check_kit(
        &mut self,
        cx: &mut Cx,
        sheet: SheetName,
        read: &[(u32, String)],
    ) -> Result<Reply, Failure> {
        let (Some(replica), Some(desk)) = (&mut self.replica, &self.desk) else {
            return Err(Failure::Locked);
        };
        let founding = desk.secrets.founding.as_ref();
        let (root, recovery) = founding.ok_or(Failure::NotFound)?;
        let Words { en, es } = words::write(match sheet {
            SheetName::Root => root,
            SheetName::Recovery => recovery,
        });
        let fits = |list: &[String], (place, word): &(u32, String)| {
            let at = (*place as usize).checked_sub(1);
            let written = at.and_then(|at| list.get(at));
            written.is_some_and(|written| words::plain(written) == words::plain(word.trim()))
        };
        let mut places: Vec<u32> = read.iter().map(|(place, _)| *place).collect();
        places.sort_unstable();
        places.dedup();
        let all = |list: &[String]| read.iter().all(|one| fits(list, one));
        if places.len() < CHECKED_WORDS_MIN || !(all(&en) || all(&es)) {
            return Err(Failure::BadSheet { sheet });
        }
        match sheet {
            SheetName::Root => replica.kit.root = true,
            SheetName::Recovery => replica.kit.recovery = true,
        }
        cx.put(keyspace::KIT.into(), encode(&replica.kit));
        // It is asked for on every page.
        self.changed.insert(replica.profile.directory);
        Ok(Reply::Done)
    }

    /// Seals the vault anew without the seeds. Whoever has an older copy of the disk still has them.
    pub(super) fn drop_seeds(&mut self, cx: &mut Cx, passphrase: &str) -> Result<Reply, Failure> {
        match self.kit_stage() {
            KitStage::Checked => {}
            KitStage::Due => return Err(Failure::WrongMoment),
            KitStage::Elsewhere => return Err(Failure::NotFound),
        }
        let mut secrets = self.try_passphrase(cx, passphrase)?;
        secrets.founding = None;
        self.replace_vault(cx, &secrets, passphrase)?;
        let (Some(replica), Some(desk)) = (&self.replica, &mut self.desk) else {
            return Err(Failure::Locked);
        };
        desk.secrets.founding = None;
        desk.recovery = None;
        self.changed.insert(replica.profile.directory);
        Ok(Reply::Done)
    }

    pub(super) fn kit_stage(&self) -> KitStage {
        let Ok((replica, desk)) = self.parts() else {
            return KitStage::Elsewhere;
        };
        let Checked { root, recovery } = replica.kit;
        match &desk.secrets.founding {
            None => KitStage::Elsewhere,
            // A kit is asked for once there is something to restore.
            Some(_) if root && recovery => KitStage::Checked,
            Some(_) => KitStage::Due,
        }
    }
}
