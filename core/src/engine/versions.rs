//! What an app of another version writes into a case, for tests: any change of its document, sealed
//! and sent like one of ours. Knows no rule of what a case may hold.

use satchel_wire::Millis;

use crate::{
    api::Failure,
    doc::{Doc, DocError},
    engine::{Engine, cx::Cx, streams},
    io::{Effect, Rng},
};

impl Engine {
    /// Changes a case that is open, or `directory`; or begins a case for those who lead and for me.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for a case that is not open, [`Failure::Damaged`] when nothing is
    /// written.
    pub fn write_as_another_version(
        &mut self,
        now: Millis,
        rng: &mut dyn Rng,
        case: Option<&str>,
        write: impl FnOnce(&mut Doc, Millis) -> Result<Option<Vec<u8>>, DocError>,
    ) -> Result<(String, Vec<Effect>), Failure> {
        let mut cx = Cx::new(now, rng);
        let stream = match case {
            Some("directory") => self.parts()?.0.profile.directory,
            Some(case) => self.case_id(case)?,
            None => {
                let (Some(replica), Some(desk)) = (&mut self.replica, &mut self.desk) else {
                    return Err(Failure::Locked);
                };
                let stream = streams::begin(replica, desk, &mut cx, Vec::new())?;
                let doc = Doc::new(self.begin_writing(&mut cx, stream)?);
                self.open_new(stream, doc)?;
                stream
            }
        };
        let change = write(self.doc(stream)?, now).map_err(|_| Failure::Damaged)?;
        let change = change.ok_or(Failure::Damaged)?;
        self.publish(&mut cx, stream, &change)?;
        self.tell(&mut cx);
        Ok((stream.to_string(), cx.finish()))
    }
}
